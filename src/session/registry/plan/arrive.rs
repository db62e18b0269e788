//! What a reply leads to.

use super::{CHILDREN, Failure, Plan, Resolved, Token};
use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::evidence::{Given, Origin};
use crate::session::registry::challenge::Challenge;
use crate::session::registry::documents::{self, Document, Entry};
use crate::session::registry::job::{Job, State, Task};
use crate::session::registry::links::NextPage;
use crate::session::registry::request::Response;
use crate::session::registry::{codes, status, token};

/// Most pages of a list that are followed.
const PAGES: usize = 64;
/// Referrers that a registry sends in one page, whatever the size of its pages.
const SHORT: usize = 10;
/// Most tags that are listed.
const TAGS: usize = 10_000;

impl Plan {
    /// A 401: asks for a token, waits for the one under way, or gives up.
    pub(super) fn challenged(&mut self, at: usize, job: &Job, host: &str, response: &Response) {
        let place = self.purpose(&job.task);
        if job.with_token {
            return self.fail(at, &status::error(response, &place));
        }
        match self.tokens.get(host) {
            Some(Token::Have(_)) => self.with(at, |job| job.state = State::Ready),
            Some(Token::Pending) => self.with(at, |job| job.state = State::Waiting),
            Some(Token::Failed(error)) => {
                let error = error.clone();
                self.fail(at, &error);
            }
            None => match Challenge::parse(response.headers.all("www-authenticate")) {
                Ok(challenge) => {
                    let name = match job.task {
                        Task::Metadata { .. } => self.reference.gun(),
                        _ => self.reference.repository().to_owned(),
                    };
                    let url = challenge.token_url(&format!("repository:{name}:pull"));
                    self.tokens.insert(host.to_owned(), Token::Pending);
                    self.with(at, |job| job.state = State::Waiting);
                    self.add(Task::Token { url, audience: host.to_owned() });
                }
                Err(error) => self.fail(at, &error.in_place(place)),
            },
        }
    }

    /// A reply that is not a challenge.
    pub(super) fn arrived(&mut self, at: usize, job: &Job, response: Response) {
        let place = self.purpose(&job.task);
        let outcome = match &job.task {
            Task::Token { audience, .. } => return self.token(at, audience, &response),
            Task::Resolve { tag } => self.resolve(at, job, tag, &response, &place),
            Task::Referrers { subject, .. } => self.referrers(at, job, subject, &response, &place),
            _ if response.status != 200 => match &job.task {
                Task::PlaceTag { .. } if response.status == 404 => Ok(()),
                _ => Err(status::error(&response, &place)),
            },
            _ => whole(&response, &place).and_then(|()| self.document(at, job, response, &place)),
        };
        match outcome {
            Ok(()) => self.finish(at),
            Err(error) => self.fail(at, &error),
        }
    }

    fn token(&mut self, at: usize, audience: &str, response: &Response) {
        match token::read(response) {
            Ok(secret) => {
                self.tokens.insert(audience.to_owned(), Token::Have(secret));
                self.release(audience);
                self.finish(at);
            }
            Err(error) => self.fail(at, &error.in_place(audience)),
        }
    }

    /// Jobs that waited for a token go on; without one they fail.
    fn release(&mut self, audience: &str) {
        let failed = match self.tokens.get(audience) {
            Some(Token::Failed(error)) => Some(error.clone()),
            _ => None,
        };
        for at in 0..self.jobs.len() {
            let waits = self.jobs.get(at).is_some_and(|job| {
                job.state == State::Waiting && self.task_url(&job.task).host().as_str() == audience
            });
            match &failed {
                _ if !waits => {}
                Some(error) => self.fail(at, error),
                None => self.with(at, |job| job.state = State::Ready),
            }
        }
    }

    /// HEAD of a tag: the header names the digest to ask for. Registries
    /// without the header, or without HEAD, are asked for the tag itself.
    fn resolve(&mut self, at: usize, job: &Job, tag: &str, response: &Response, place: &str) -> Result<()> {
        let header =
            response.headers.get("docker-content-digest").and_then(|text| ClaimedDigest::parse(text).ok());
        if response.headers.media_type().is_some_and(|kind| kind.contains("distribution.manifest.v1+")) {
            return Err(Error::new(codes::SCHEMA1).in_place(place));
        }
        let next = match (response.status, header) {
            (200, Some(digest)) => {
                self.resolved.push(Resolved { tag: tag.to_owned(), digest: digest.clone() });
                if job.subject {
                    self.look(&digest);
                } else if !job.list {
                    return Ok(());
                }
                self.add(Task::Manifest { digest })
            }
            (200 | 400 | 405 | 501, _) => self.add(Task::ByTag { tag: tag.to_owned() }),
            _ => return Err(status::error(response, place)),
        };
        let (subject, list) = self.jobs.get(at).map_or((false, false), |job| (job.subject, job.list));
        self.with(next, |job| (job.subject, job.list) = (job.subject || subject, job.list || list));
        Ok(())
    }

    /// A body that should be a document.
    fn document(&mut self, at: usize, job: &Job, response: Response, place: &str) -> Result<()> {
        let computed = Digest::of(&response.body);
        match &job.task {
            Task::Manifest { digest } | Task::Blob { digest, .. } if !digest.matches(&computed) => {
                return Err(other_bytes(digest, &computed, place));
            }
            Task::ByTag { .. } | Task::PlaceTag { .. } => {
                if let Some(claimed) = response.headers.get("docker-content-digest")
                    && claimed != computed.to_string()
                {
                    if documents::read(&response.body) == Document::Schema1 {
                        return Err(Error::new(codes::SCHEMA1).in_place(place));
                    }
                    let error = Error::new(codes::HEADER).in_place(place);
                    return Err(error
                        .expected(crate::base::digest::shorten(claimed))
                        .found(computed.to_string()));
                }
            }
            _ => {}
        }
        // `cosign copy` puts the image itself under the tag its list of
        // referrers would have: nothing is kept there.
        if matches!(&job.task, Task::PlaceTag { tag } if *tag == format!("sha256-{}", computed.hex())) {
            return Ok(());
        }
        match &job.task {
            Task::ByTag { tag } => {
                self.resolved.push(Resolved { tag: tag.clone(), digest: computed.to_claim() });
                if job.subject {
                    self.look(&computed.to_claim());
                }
            }
            Task::Metadata { role, .. } if role == "snapshot" => {
                for role in documents::delegations(&response.body) {
                    self.want_role(&role);
                }
            }
            Task::Metadata { role, .. } if role == "root" => {
                for role in documents::earlier_roots(&response.body) {
                    self.want_role(&role);
                }
            }
            Task::TagList { .. } => return self.tag_page(job, &response, place),
            _ => {}
        }
        if matches!(job.task, Task::Manifest { .. } | Task::ByTag { .. } | Task::PlaceTag { .. }) {
            self.with(at, |job| job.says = Some(documents::self_description(&response.body)));
            self.compare_types(at);
            self.manifest(at, job, &response.body, place)?;
        }
        self.keep(job, response.body, place);
        Ok(())
    }

    /// A manifest or index leads to children, configs, signatures.
    fn manifest(&mut self, at: usize, job: &Job, body: &[u8], place: &str) -> Result<()> {
        match documents::read(body) {
            Document::Index { entries, complete } => {
                let asked = self.reference.digest();
                if asked.is_some_and(|asked| entries.iter().any(|entry| entry.digest == *asked)) {
                    self.lists.push(Digest::of(body).to_claim());
                }
                if matches!(job.task, Task::PlaceTag { .. }) {
                    self.attached(at, &entries, complete, place);
                } else if job.subject && self.options.children {
                    let children = entries.iter().filter(|entry| entry.runs_somewhere).take(CHILDREN);
                    for entry in children.cloned().collect_vec() {
                        let child = self.add(Task::Manifest { digest: entry.digest.clone() });
                        self.announce(child, &entry);
                        self.with(child, |job| job.child = true);
                    }
                } else {
                    for look in job.looks.clone() {
                        self.found(look, at);
                    }
                }
            }
            Document::Image { config, layers, complete } => {
                let signatures: Vec<Entry> =
                    layers.into_iter().filter(|layer| layer.signature_cap().is_some()).collect_vec();
                let wants_config = job.child || (job.subject && self.options.children);
                if let Some(config) = config.filter(|_| wants_config) {
                    self.add(Task::Blob { digest: config.digest, cap: limits::MANIFEST_BYTES });
                }
                if !complete && !job.looks.is_empty() {
                    self.trouble(at, &Error::new(codes::LIST).in_place(place));
                }
                self.with(at, |job| job.signatures = signatures);
                for look in job.looks.clone() {
                    self.found(look, at);
                }
            }
            Document::Schema1 => return Err(Error::new(codes::SCHEMA1).in_place(place)),
            Document::Other => return Err(Error::new(codes::LIST).in_place(place)),
        }
        Ok(())
    }

    fn referrers(
        &mut self,
        at: usize,
        job: &Job,
        subject: &ClaimedDigest,
        response: &Response,
        place: &str,
    ) -> Result<()> {
        // distribution-spec: 404 means that the registry has no such API;
        // others answer 400, 405, 406 or 501. A 200 is an answer: a list, of
        // whatever media type, or nothing that can be read. A registry that gave a page of it
        // has it.
        let here = self.task_url(&job.task);
        if matches!(response.status, 400 | 404 | 405 | 406 | 501) && here.target() == here.path() {
            for look in &job.looks {
                if let Some(look) = self.looks.get_mut(*look) {
                    look.unsupported = true;
                }
            }
            return Ok(());
        }
        if response.status != 200 {
            return Err(status::error(response, place));
        }
        whole(response, place)?;
        let Document::Index { entries, complete } = documents::read(&response.body) else {
            return Err(Error::new(codes::LIST).in_place(place));
        };
        self.attached(at, &entries, complete, place);
        self.keep(job, response.body.clone(), place);
        if let Some(url) = self.next_page(job, response, place)? {
            let page = self.add(Task::Referrers { subject: subject.clone(), url });
            for look in job.looks.clone() {
                self.attach(look, page);
            }
        } else if response.headers.may_hide_a_link() && entries.len() >= SHORT {
            self.trouble(at, &Error::new(codes::PAGES_HIDDEN).in_place(place));
        }
        Ok(())
    }

    fn tag_page(&mut self, job: &Job, response: &Response, place: &str) -> Result<()> {
        let list = || Error::new(codes::LIST).in_place(place);
        let page = documents::tag_list(&response.body).ok_or_else(list)?;
        self.tags.push_all(page.names);
        if page.malformed > 0 {
            let error = Error::new(codes::TAG_NAME).in_place(place).found(page.malformed.to_string());
            self.tell(place.to_owned(), error, false);
        }
        limits::within(place, self.tags.len(), TAGS)?;
        if let Some(url) = self.next_page(job, response, place)? {
            self.add(Task::TagList { url });
        }
        Ok(())
    }

    /// The `Link` header's next page (RFC 8288), on the same path only.
    fn next_page(
        &self,
        job: &Job,
        response: &Response,
        place: &str,
    ) -> Result<Option<crate::session::registry::url::Url>> {
        let target = match response.headers.next_page() {
            NextPage::Last => return Ok(None),
            NextPage::At(target) => target,
            NextPage::Unread(header) => {
                let error = Error::new(codes::PAGES).in_place(place);
                return Err(error.found(crate::base::digest::shorten(header)));
            }
        };
        let here = self.task_url(&job.task);
        let same = |task: &Task| core::mem::discriminant(task) == core::mem::discriminant(&job.task);
        let pages = self.jobs.iter().filter(|job| same(&job.task)).count();
        let url = here.join(target).map_err(|error| error.in_place(place))?;
        if pages >= PAGES || !url.same_origin(&here) || url.path() != here.path() {
            return Err(Error::new(codes::REDIRECT)
                .in_place(place)
                .found(crate::base::digest::shorten(target)));
        }
        // A page that was read leads nowhere: what answers does not go on in the list.
        if self.jobs.iter().any(|job| same(&job.task) && self.task_url(&job.task) == url) {
            let error = Error::new(codes::PAGES).in_place(place);
            return Err(error.found(crate::base::digest::shorten(target)));
        }
        Ok(Some(url))
    }

    pub(super) fn fail(&mut self, at: usize, error: &Error) {
        let Some(job) = self.jobs.get(at).cloned() else { return };
        let required = job.subject || !job.looks.is_empty() || matches!(job.task, Task::Token { .. });
        self.failures.push(Failure { purpose: self.purpose(&job.task), error: error.clone(), required });
        self.with(at, |job| job.error = Some(error.clone()));
        self.trouble(at, error);
        self.finish(at);
        if let Task::Token { audience, .. } = job.task {
            self.tokens.insert(audience.clone(), Token::Failed(error.clone()));
            self.release(&audience);
        }
    }

    fn keep(&mut self, job: &Job, bytes: Vec<u8>, place: &str) {
        let name = match &job.task {
            Task::Metadata { role, .. } => format!("{role}.json"),
            _ => place.to_owned(),
        };
        // The image asked for by a tag came from that tag's address: HEAD said
        // which digest to ask for.
        let task = match (&job.task, self.reference.digest(), self.reference.tag_or_latest()) {
            (Task::Manifest { .. }, None, Some(tag)) if job.subject => &Task::ByTag { tag: tag.to_owned() },
            // What stands beside a digest is no answer to it.
            (Task::ByTag { .. }, Some(_), _) => &Task::Manifest { digest: Digest::of(&bytes).to_claim() },
            (task, _, _) => task,
        };
        let origin = Origin::Fetched(self.task_url(task).to_string());
        self.evidence.push(Given { name, origin, bytes });
    }
}

fn other_bytes(asked: &ClaimedDigest, computed: &Digest, place: &str) -> Error {
    let error = Error::new(codes::OTHER_BYTES).in_place(place);
    error.expected(asked.to_string()).found(computed.to_string())
}

/// Refuses a body that is not as long as announced, unless it was decoded on
/// the way.
fn whole(response: &Response, place: &str) -> Result<()> {
    let announced = response.headers.get("content-length").and_then(|text| text.parse::<usize>().ok());
    let decoded = response.headers.get("content-encoding").is_some();
    match announced {
        Some(length) if length != response.body.len() && !decoded => {
            Err(Error::new(codes::TRUNCATED).in_place(place).expected(length.to_string()))
        }
        _ => Ok(()),
    }
}
