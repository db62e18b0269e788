//! The evidence of a session: what was added, then what was fetched.

use crate::evidence::Given;

/// Names a thing in a session. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EvidenceId(pub(super) u32);

impl EvidenceId {
    /// The id of this number, as JavaScript holds it.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Where a thing comes from.
#[derive(Clone, Copy, Debug)]
struct Label {
    id: EvidenceId,
    /// The fetch that brought it; none if the user gave it.
    fetch: Option<usize>,
}

/// Things in the order in which the engine sees them. What the user added
/// stands first, so that it can be judged alone.
#[derive(Debug, Default)]
pub(super) struct Collected {
    things: Vec<Given>,
    labels: Vec<Label>,
    added: usize,
    used: u32,
}

impl Collected {
    fn id(&mut self) -> EvidenceId {
        self.used = self.used.saturating_add(1);
        EvidenceId(self.used)
    }

    /// Keeps what the user gave.
    pub(super) fn add(&mut self, given: Given) -> EvidenceId {
        let id = self.id();
        self.things.insert(self.added, given);
        self.labels.insert(self.added, Label { id, fetch: None });
        self.added += 1;
        id
    }

    /// Keeps what a fetch brought.
    pub(super) fn extend(&mut self, fetch: usize, arrived: Vec<Given>) {
        for given in arrived {
            let label = Label { id: self.id(), fetch: Some(fetch) };
            self.things.push(given);
            self.labels.push(label);
        }
    }

    /// Forgets one thing. Says whether it was there.
    pub(super) fn remove(&mut self, id: EvidenceId) -> bool {
        let before = self.things.len();
        self.retain(|label| label.id != id);
        self.things.len() < before
    }

    /// Forgets what these fetches brought.
    pub(super) fn forget(&mut self, fetches: impl Fn(usize) -> bool) {
        self.retain(|label| !label.fetch.is_some_and(&fetches));
    }

    /// Forgets what was fetched after there were `length` things.
    pub(super) fn truncate(&mut self, length: usize) {
        let length = length.max(self.added);
        self.things.truncate(length);
        self.labels.truncate(length);
    }

    fn retain(&mut self, keep: impl Fn(&Label) -> bool) {
        let mut kept = self.labels.iter().map(&keep);
        self.things.retain(|_| kept.next().unwrap_or(false));
        self.labels.retain(keep);
        self.added = self.labels.iter().filter(|label| label.fetch.is_none()).count();
    }

    /// Everything.
    pub(super) fn all(&self) -> &[Given] {
        &self.things
    }

    /// What the user added.
    pub(super) fn added(&self) -> &[Given] {
        self.things.get(..self.added).unwrap_or_default()
    }

    /// Everything with its id.
    pub(super) fn iter(&self) -> impl Iterator<Item = (EvidenceId, &Given)> {
        self.labels.iter().map(|label| label.id).zip(&self.things)
    }
}
