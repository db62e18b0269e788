//! A plan as drivers see it.

use super::{Plan, Progress, RateLimit};
use crate::session::registry::request::{Exchange, Reply, Request, RequestId};

impl Plan {
    /// The same with a number, which its requests carry.
    #[must_use]
    pub const fn numbered(mut self, number: usize) -> Self {
        self.number = number;
        self
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
