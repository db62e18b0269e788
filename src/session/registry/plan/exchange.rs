//! A plan as drivers see it.

use super::{Plan, Progress, RateLimit, Resolved};
use crate::engine::tag_answer::{Route, TagAnswer};
use crate::session::registry::codes;
use crate::session::registry::request::{Exchange, Reply, Request, RequestId};

impl Plan {
    /// The same with a number, which its requests carry.
    #[must_use]
    pub const fn numbered(mut self, number: usize) -> Self {
        self.number = number;
        self
    }

    /// What the registry said that the tag of the reference means. Beside a digest
    /// only where it is that, or a list with it: a tag moves on, and the digest is what
    /// was asked for.
    #[must_use]
    pub fn tag_answer(&self) -> Option<TagAnswer> {
        let tag = self.reference.tag_or_latest()?;
        if let Some(asked) = self.reference.digest() {
            let means = |found: &&Resolved| found.tag == tag;
            let digest = &self.resolved.iter().find(means)?.digest;
            if digest != asked && !self.lists.contains(digest) {
                return None;
            }
        }
        let failed = || self.jobs.iter().find(|job| job.subject && job.error.is_some());
        let answer = match self.resolved.iter().find(|resolved| resolved.tag == tag) {
            // A registry that names a digest and does not have it names nothing.
            Some(found) if !self.subject_failed() => Ok(found.digest.clone()),
            _ => Err(failed().and_then(|job| job.error.as_ref())?.into()),
        };
        let (repository, tag) = (self.reference.name(), tag.to_owned());
        let unread = [codes::SCHEMA1, codes::LIST];
        let unread = failed().and_then(|job| job.error.as_ref()).is_some_and(|e| unread.contains(&e.code()));
        Some(TagAnswer { repository, tag, proxy: self.options.route == Route::Proxy, unread, answer })
    }
}

impl Exchange for Plan {
    fn next_requests(&mut self) -> Vec<Request> {
        Self::next_requests(self)
    }

    fn feed(&mut self, id: RequestId, reply: Reply) {
        Self::feed(self, id, reply);
    }

    fn cancel(&mut self) {
        Self::cancel(self);
    }

    fn progress(&self) -> Progress {
        Self::progress(self)
    }

    fn rate_limit(&self) -> Option<&RateLimit> {
        Self::rate_limit(self)
    }
}
