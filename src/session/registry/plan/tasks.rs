//! Which tasks a wish leads to, and where a task goes.

use super::{Plan, Token};
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::engine::lookup::Place;
use crate::model::reference::Host;
use crate::session::registry::job::{Job, Look, State, Task};
use crate::session::registry::request::{Method, Request};
use crate::session::registry::url::Url;

impl Plan {
    pub(super) fn want_role(&mut self, role: &str) {
        let Some(host) = self.options.notary.clone() else { return };
        let base = Url::of_host(&host, "/".to_owned());
        let path = format!("/v2/{}/_trust/tuf/{role}.json", self.reference.gun());
        if let Ok(url) = base.join(&path) {
            self.add(Task::Metadata { role: role.to_owned(), url });
        }
    }

    /// A Notary server that cannot be reached is not tried for file after
    /// file: nobody waits for it more than once.
    pub(super) fn skip_metadata(&mut self, failed: &Task, error: &Error) {
        if !matches!(failed, Task::Metadata { .. }) {
            return;
        }
        for at in 0..self.jobs.len() {
            let waits = |job: &&Job| {
                matches!(job.state, State::Ready | State::Waiting)
                    && matches!(job.task, Task::Metadata { .. })
            };
            if self.jobs.get(at).filter(waits).is_some() {
                self.fail(at, error);
            }
        }
    }

    /// Looks for signatures of a digest in every place.
    pub(super) fn look(&mut self, subject: &ClaimedDigest) {
        if self.looks.iter().any(|look| look.subject == *subject) {
            return;
        }
        let flat = format!("{}-{}", subject.algorithm().name(), subject.hex());
        let url = self.url(&format!("referrers/{subject}"));
        let mut places = vec![
            (Place::Referrers, Task::Referrers { subject: subject.clone(), url }),
            (Place::ReferrersTag, Task::PlaceTag { tag: flat.clone() }),
            (Place::SignatureTag, Task::PlaceTag { tag: format!("{flat}.sig") }),
        ];
        if self.options.attestations {
            places.push((Place::AttestationTag, Task::PlaceTag { tag: format!("{flat}.att") }));
        }
        for (place, task) in places {
            self.look_at(subject, place, task);
        }
    }

    /// Where nothing is kept that signs, an attestation may be: that is not "nothing there".
    pub(super) fn look_further(&mut self) {
        let empty = |look: &&Look| look.pending == 0 && look.count == 0 && look.error.is_none();
        let mut subjects: Vec<ClaimedDigest> = Vec::new();
        for look in &self.looks {
            let mut all = self.looks.iter().filter(|other| other.subject == look.subject);
            if look.place == Place::SignatureTag && all.all(|look| empty(&look)) {
                subjects.push(look.subject.clone());
            }
        }
        let known = |look: &Look, subject: &ClaimedDigest| {
            look.place == Place::AttestationTag && look.subject == *subject
        };
        for subject in subjects {
            if !self.looks.iter().any(|look| known(look, &subject)) {
                let tag = format!("{}-{}.att", subject.algorithm().name(), subject.hex());
                self.look_at(&subject, Place::AttestationTag, Task::PlaceTag { tag });
            }
        }
    }

    fn look_at(&mut self, subject: &ClaimedDigest, place: Place, task: Task) {
        let look = self.looks.len();
        self.looks.push(Look::new(subject.clone(), place));
        let at = self.add(task);
        self.attach(look, at);
    }

    /// Adds a task, or finds the job that has it already.
    pub(super) fn add(&mut self, task: Task) -> usize {
        if let Some(at) = self.known.get(&task) {
            return *at;
        }
        let at = self.jobs.len();
        self.known.insert(task.clone(), at);
        self.jobs.push(Job::new(task));
        at
    }

    pub(super) fn with(&mut self, at: usize, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.jobs.get_mut(at) {
            change(job);
        }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        let host = self.reference.host();
        let target = format!("/v2/{}/{path}", self.reference.repository());
        match Host::parse(host.api()) {
            Ok(api) => Url::of_host(&api, target),
            Err(_) => Url::of_host(host, target),
        }
    }

    /// The request for a layer, with the token that the registry gave. It is
    /// of no job: its body is streamed, and measured by whoever sends it.
    #[must_use]
    pub fn layer_request(&self, digest: &ClaimedDigest, size: u64) -> Request {
        let cap = usize::try_from(size).unwrap_or(usize::MAX);
        let task = Task::Blob { digest: digest.clone(), cap };
        let url = self.task_url(&task);
        let authorization = match self.tokens.get(url.host().as_str()) {
            Some(Token::Have(secret)) => Some(secret.clone()),
            _ => None,
        };
        let request = Request::outside_plan(Method::Get, url, cap, self.purpose(&task));
        Request { authorization, ..request }
    }

    pub(super) fn task_url(&self, task: &Task) -> Url {
        match task {
            Task::Resolve { tag } | Task::ByTag { tag } | Task::PlaceTag { tag } => {
                self.url(&format!("manifests/{tag}"))
            }
            Task::Manifest { digest } => self.url(&format!("manifests/{digest}")),
            Task::Blob { digest, .. } => self.url(&format!("blobs/{digest}")),
            Task::Referrers { url, .. }
            | Task::Metadata { url, .. }
            | Task::TagList { url }
            | Task::Token { url, .. } => url.clone(),
        }
    }

    /// What a task is for, for people.
    pub(super) fn purpose(&self, task: &Task) -> String {
        let name = self.reference.name();
        match task {
            Task::Resolve { tag } | Task::ByTag { tag } | Task::PlaceTag { tag } => format!("{name}:{tag}"),
            Task::Manifest { digest } => format!("{name}@{digest}"),
            Task::Blob { digest, .. } => format!("blob {digest} of {name}"),
            Task::Referrers { subject, .. } => format!("referrers of {name}@{subject}"),
            Task::Metadata { role, .. } => format!("{role}.json of {name}"),
            Task::TagList { .. } => format!("tags of {name}"),
            Task::Token { url, .. } => format!("a token from {}", url.host()),
        }
    }
}
