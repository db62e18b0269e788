//! Which request comes next, given what is known. No I/O, no clock.
//!
//! A driver loops: [`Plan::next_requests`], send them (in parallel if it
//! likes), [`Plan::feed`] each reply, until there are none. The evidence
//! goes to the engine; what the engine still needs goes to [`Plan::want`];
//! and again, until nothing new is wanted.
//!
//! - A tag is resolved by HEAD, then fetched by digest: what counts is the
//!   digest of the bytes, and a header that disagrees is an error.
//! - Whatever was asked for by digest and hashes to another one is thrown
//!   away: it is no evidence about the image, for or against.
//! - Signatures are looked for in every place; each place's answer is kept.
//! - A token is asked for when a registry demands one, once per host, and is
//!   sent to that host only.

mod arrive;
mod exchange;
mod places;
mod tasks;

use crate::base::list::CollectVec as _;
use crate::base::order::Map as BTreeMap;

use super::codes;
use super::job::{Job, Look, State, Task};
use super::request::{Reply, Request, RequestId, Secret};
use super::status;
pub use super::status::RateLimit;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::engine::lookup::Lookup;
use crate::engine::need::{Need, NeedKind};
use crate::engine::tag_answer::Route;
use crate::evidence::Given;
use crate::model::reference::{Host, Reference};

/// Most requests of one plan. A signed image of two platforms takes about 15.
pub const REQUESTS: usize = 1_024;
/// Most bytes of one plan: 64 MiB.
pub const TOTAL_BYTES: usize = 64 << 20;
/// Most platforms whose manifests and configs are fetched without being
/// asked for.
pub const CHILDREN: usize = 32;
/// Most tags that are asked about at once: after a refusal, no more are.
pub const TAGS_AT_ONCE: usize = 6;

/// What to fetch beyond what is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The manifests and configs of an index's platforms.
    pub children: bool,
    /// cosign's tag for attestations.
    pub attestations: bool,
    /// Notary v1 server; without one no metadata is fetched.
    pub notary: Option<Host>,
    /// Whether that server is asked where signatures do not decide. What the
    /// engine needs is asked for in any case.
    pub content_trust: bool,
    /// Who answers: what a tag means is their word.
    pub route: Route,
}

impl Default for Options {
    fn default() -> Self {
        Self { children: true, attestations: false, notary: None, content_trust: false, route: Route::Direct }
    }
}

/// A tag the registry resolved. Its word, nothing more; the digest is the
/// one of the bytes it then sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The tag.
    pub tag: String,
    /// What it names now.
    pub digest: ClaimedDigest,
}

/// A request that did not end well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What it was for.
    pub purpose: String,
    /// Why.
    pub error: Error,
    /// Whether the verdict depends on it: the image asked about, or a place
    /// of signatures.
    pub required: bool,
}

/// Counts for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// Requests answered, tokens included.
    pub requests: usize,
    /// Bytes of body received.
    pub bytes: usize,
    /// Documents finished.
    pub done: usize,
    /// Documents known to be wanted.
    pub total: usize,
}

#[derive(Clone, Debug)]
enum Token {
    Pending,
    Have(Secret),
    Failed(Error),
}

/// The state of fetching from one repository.
#[derive(Debug)]
pub struct Plan {
    number: usize,
    reference: Reference,
    options: Options,
    jobs: Vec<Job>,
    known: BTreeMap<Task, usize>,
    looks: Vec<Look>,
    tokens: BTreeMap<String, Token>,
    answered: Vec<String>,
    evidence: Vec<Given>,
    resolved: Vec<Resolved>,
    /// Lists that were fetched and have the digest asked about in them.
    lists: Vec<ClaimedDigest>,
    failures: Vec<Failure>,
    tags: Vec<String>,
    rate: Option<RateLimit>,
    progress: Progress,
    cancelled: bool,
}

impl Plan {
    /// A plan for the repository of `reference` that wants nothing yet.
    #[must_use]
    pub fn new(reference: Reference, options: Options) -> Self {
        Self {
            number: 0,
            reference,
            options,
            jobs: Vec::new(),
            known: BTreeMap::new(),
            looks: Vec::new(),
            tokens: BTreeMap::new(),
            answered: Vec::new(),
            evidence: Vec::new(),
            resolved: Vec::new(),
            lists: Vec::new(),
            failures: Vec::new(),
            tags: Vec::new(),
            rate: None,
            progress: Progress::default(),
            cancelled: false,
        }
    }

    /// Wants the image of the reference, and its signatures.
    pub fn want_subject(&mut self) {
        let task = match (self.reference.digest(), self.reference.tag_or_latest()) {
            (Some(digest), _) => Task::Manifest { digest: digest.clone() },
            (None, tag) => Task::Resolve { tag: tag.unwrap_or("latest").to_owned() },
        };
        if let Some(digest) = self.reference.digest().cloned() {
            self.look(&digest);
        }
        let at = self.add(task);
        self.with(at, |job| job.subject = true);
    }

    /// Wants what the engine needs. Says whether that leads to a request: a
    /// need that was tried before, or that no registry can meet, does not.
    pub fn want(&mut self, need: &Need) -> bool {
        if need.repository.as_ref().is_some_and(|repository| *repository != self.reference.name()) {
            return false;
        }
        let before = self.jobs.len();
        let digest = |text: &str| ClaimedDigest::parse(text).ok();
        match &need.kind {
            NeedKind::Tag { tag } if crate::model::reference::is_tag(tag) => {
                let at = self.add(Task::Resolve { tag: tag.clone() });
                let beside = self.reference.digest().is_some();
                self.with(at, |job| job.list |= beside);
            }
            NeedKind::Manifest { digest: text } => {
                if let Some(digest) = digest(text) {
                    self.add(Task::Manifest { digest });
                }
            }
            NeedKind::Blob { digest: text } => {
                if let Some(digest) = digest(text) {
                    self.add(Task::Blob { digest, cap: limits::MANIFEST_BYTES });
                }
            }
            NeedKind::Signature { digest: text } => {
                if let Some(digest) = digest(text) {
                    self.look(&digest);
                }
            }
            NeedKind::Metadata { role } => self.want_role(role),
            NeedKind::Subject => self.want_subject(),
            NeedKind::Tag { .. } | NeedKind::LogEvidence { .. } | NeedKind::Publisher => {}
        }
        self.jobs.len() > before
    }

    /// Wants all Notary v1 metadata of the repository: timestamp, snapshot,
    /// root, targets, and the delegations the snapshot names. Says whether
    /// that leads to a request.
    pub fn want_trust(&mut self) -> bool {
        let before = self.jobs.len();
        for role in ["timestamp", "snapshot", "root", "targets", "targets/releases"] {
            self.want_role(role);
        }
        self.jobs.len() > before
    }

    /// Whether the Notary server may be asked where signatures do not decide.
    #[must_use]
    pub const fn may_ask_notary(&self) -> bool {
        self.options.content_trust
    }

    /// The Notary server of the image.
    #[must_use]
    pub const fn notary(&self) -> Option<&Host> {
        self.options.notary.as_ref()
    }

    /// The Notary server that did not give the root or targets file, and why.
    #[must_use]
    pub fn notary_failure(&self) -> Option<(&Host, &Error)> {
        let chain = |job: &&Job| matches!(&job.task, Task::Metadata { role, .. } if role == "root" || role == "targets");
        let failed = self.jobs.iter().filter(chain).find_map(|job| job.error.as_ref())?;
        Some((self.notary()?, failed))
    }

    /// Wants the repository's list of tags.
    pub fn want_tags(&mut self) {
        let url = self.url("tags/list").with_query(&[("n", "1000")]);
        self.add(Task::TagList { url });
    }

    /// Wants to know what a tag names, without the image behind it.
    pub fn want_tag(&mut self, tag: &str) {
        if crate::model::reference::is_tag(tag) {
            self.add(Task::Resolve { tag: tag.to_owned() });
        }
    }

    /// Wants a manifest or index by digest; a malformed one is ignored.
    pub fn want_manifest(&mut self, digest: &str) {
        if let Ok(digest) = ClaimedDigest::parse(digest) {
            self.add(Task::Manifest { digest });
        }
    }

    /// The requests that can be sent now. Each is handed out once.
    pub fn next_requests(&mut self) -> Vec<Request> {
        self.look_further();
        let mut out = Vec::new();
        for at in 0..self.jobs.len() {
            if let Some(request) = self.request(at) {
                out.push(request);
            }
        }
        out
    }

    fn request(&mut self, at: usize) -> Option<Request> {
        let job = self.jobs.get(at).filter(|job| job.state == State::Ready)?.clone();
        if self.cancelled || self.progress.requests >= REQUESTS || self.progress.bytes >= TOTAL_BYTES {
            let purpose = self.purpose(&job.task);
            let error = match self.cancelled {
                true => Error::new(codes::CANCELLED).in_place(purpose),
                false => Error::new(limits::codes::LIMIT)
                    .in_place("requests and bytes of one check")
                    .expected(format!("{REQUESTS} and {TOTAL_BYTES}"))
                    .found(format!("{} and {}", self.progress.requests, self.progress.bytes)),
            };
            self.fail(at, &error);
            return None;
        }
        // A registry that limits its answers is not asked for more tags.
        let limited = |failure: &&Failure| failure.error.code().name() == codes::RATE_LIMITED.name();
        if matches!(job.task, Task::Resolve { .. })
            && let Some(error) = self.failures.iter().find(limited).map(|failure| failure.error.clone())
        {
            self.fail(at, &error);
            return None;
        }
        let asking = |job: &&Job| job.state == State::InFlight && matches!(job.task, Task::Resolve { .. });
        if matches!(job.task, Task::Resolve { .. }) && self.jobs.iter().filter(asking).count() >= TAGS_AT_ONCE
        {
            return None;
        }
        let url = self.task_url(&job.task);
        let host = url.host().as_str().to_owned();
        // Until a host has answered once, one request finds out whether it
        // wants a token; the others wait for that.
        let probing = self.jobs.iter().any(|other| other.state == State::InFlight);
        if probing && !self.answered.contains(&host) && !matches!(job.task, Task::Token { .. }) {
            return None;
        }
        let authorization = match self.tokens.get(&host) {
            Some(Token::Have(secret)) if !matches!(job.task, Task::Token { .. }) => Some(secret.clone()),
            Some(Token::Pending) if !matches!(job.task, Task::Token { .. }) => {
                self.with(at, |job| job.state = State::Waiting);
                return None;
            }
            _ => None,
        };
        self.with(at, |job| {
            job.state = State::InFlight;
            job.with_token = authorization.is_some();
        });
        Some(Request {
            id: RequestId { plan: self.number, job: at },
            method: job.task.method(),
            url,
            accept: job.task.accept().into(),
            authorization,
            max_bytes: job.task.cap(),
            purpose: self.purpose(&job.task),
        })
    }

    /// Takes a reply. Replies to requests that were not handed out are
    /// ignored.
    pub fn feed(&mut self, id: RequestId, reply: Reply) {
        let at = id.job;
        let in_flight = |job: &&Job| id.plan == self.number && job.state == State::InFlight;
        let Some(job) = self.jobs.get(at).filter(in_flight).cloned() else { return };
        let response = match reply {
            Ok(response) => response,
            Err(error) => {
                self.progress.requests += 1;
                self.fail(at, &error);
                return self.skip_metadata(&job.task, &error);
            }
        };
        self.progress.requests += 1;
        self.progress.bytes += response.body.len();
        let host = self.task_url(&job.task).host().as_str().to_owned();
        if !self.answered.contains(&host) {
            self.answered.push(host.clone());
        }
        if let Some(rate) = status::rate_limit(&response) {
            self.rate = Some(rate);
        }
        if response.body.len() > job.task.cap() {
            let error = limits::within(&self.purpose(&job.task), response.body.len(), job.task.cap());
            return self.fail(at, &error.err().unwrap_or_else(|| Error::new(codes::LIST)));
        }
        if response.status == 401 && !matches!(job.task, Task::Token { .. }) {
            return self.challenged(at, &job, &host, &response);
        }
        self.arrived(at, &job, response);
    }

    /// Nothing more is sent; what is under way may still arrive.
    pub fn cancel(&mut self) {
        self.cancelled = true;
    }

    /// The evidence that arrived since the last call.
    pub fn take_evidence(&mut self) -> Vec<Given> {
        core::mem::take(&mut self.evidence)
    }

    /// The places looked at, with their answers so far. A place that was not
    /// read to its end counts as failed.
    #[must_use]
    pub fn lookups(&self) -> Vec<Lookup> {
        let name = self.reference.name();
        self.looks.iter().map(|look| look.lookup(&name)).collect_vec()
    }

    /// Requests that did not end well.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// Whether the image asked about could not be fetched.
    #[must_use]
    pub fn subject_failed(&self) -> bool {
        self.subject_error().is_some()
    }

    /// Why the image asked about could not be fetched.
    #[must_use]
    pub fn subject_error(&self) -> Option<&Error> {
        self.jobs.iter().filter(|job| job.subject).find_map(|job| job.error.as_ref())
    }

    /// What it was made for.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Tags the registry resolved.
    #[must_use]
    pub fn resolved(&self) -> &[Resolved] {
        &self.resolved
    }

    /// The reference, pinned to the digest that its tag was resolved to.
    #[must_use]
    pub fn pinned(&self) -> Option<Reference> {
        if self.reference.digest().is_some() {
            return Some(self.reference.clone());
        }
        let tag = self.reference.tag_or_latest()?;
        let found = self.resolved.iter().find(|resolved| resolved.tag == tag)?;
        Some(self.reference.with_digest(found.digest.clone()))
    }

    /// The repository's tags, once fetched, in the registry's order.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// The latest rate limit the registry told.
    #[must_use]
    pub const fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate.as_ref()
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let documents = self.jobs.iter().filter(|job| !matches!(job.task, Task::Token { .. }));
        let (mut done, mut total) = (0, 0);
        for job in documents {
            total += 1;
            done += usize::from(job.state == State::Done);
        }
        Progress { done, total, ..self.progress }
    }
}
