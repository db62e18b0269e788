//! The parts of a plan: jobs, and the places signatures are looked for.

use super::documents::{Entry, SelfDescription};
use super::request::Method;
use super::url::Url;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::engine::lookup::{Answer, Lookup, Place};

/// A thing to fetch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// HEAD of a tag, to learn its digest.
    Resolve { tag: String },
    /// A manifest or index by tag: its bytes say which digest it has.
    ByTag { tag: String },
    /// A manifest or index by digest.
    Manifest { digest: ClaimedDigest },
    /// A blob by digest.
    Blob { digest: ClaimedDigest, cap: usize },
    /// A page of referrers.
    Referrers { subject: ClaimedDigest, url: Url },
    /// A tag that signatures are kept under.
    PlaceTag { tag: String },
    /// A Notary v1 file.
    Metadata { role: String, url: Url },
    /// A page of tags.
    TagList { url: Url },
    /// A token.
    Token { url: Url, audience: String },
}

impl Task {
    pub(super) const fn method(&self) -> Method {
        match self {
            Self::Resolve { .. } => Method::Head,
            _ => Method::Get,
        }
    }

    pub(super) const fn accept(&self) -> &'static str {
        match self {
            Self::Resolve { .. } | Self::ByTag { .. } | Self::Manifest { .. } | Self::PlaceTag { .. } => {
                crate::report::commands::ACCEPT
            }
            Self::Referrers { .. } => REFERRERS_TYPE,
            Self::Metadata { .. } | Self::TagList { .. } | Self::Token { .. } => "application/json",
            Self::Blob { .. } => "*/*",
        }
    }

    pub(super) const fn cap(&self) -> usize {
        match self {
            Self::Blob { cap, .. } => *cap,
            Self::Metadata { .. } => limits::NOTARY_BYTES,
            Self::Token { .. } => super::token::TOKEN_BYTES,
            _ => limits::MANIFEST_BYTES,
        }
    }
}

/// The media type of a list of referrers (distribution-spec).
pub(super) const REFERRERS_TYPE: &str = "application/vnd.oci.image.index.v1+json";

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ready,
    InFlight,
    /// Waits for a token.
    Waiting,
    Done,
}

/// A task on its way.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) state: State,
    /// Whether the request in flight carries a token.
    pub(super) with_token: bool,
    /// This is the image asked about.
    pub(super) subject: bool,
    /// This is what a tag beside the digest asked about means: it may list that.
    pub(super) list: bool,
    /// This is a platform's manifest: its config is wanted too.
    pub(super) child: bool,
    /// Places that wait for this document.
    pub(super) looks: Vec<usize>,
    /// Why it failed.
    pub(super) error: Option<Error>,
    /// Signature layers of the manifest, once it is there.
    pub(super) signatures: Vec<Entry>,
    /// The media type of the descriptor that led here.
    pub(super) announced: Option<String>,
    /// What the manifest says of itself, once it is there.
    pub(super) says: Option<SelfDescription>,
}

impl Job {
    pub(super) const fn new(task: Task) -> Self {
        Self {
            task,
            state: State::Ready,
            with_token: false,
            subject: false,
            list: false,
            child: false,
            looks: Vec::new(),
            error: None,
            signatures: Vec::new(),
            announced: None,
            says: None,
        }
    }
}

/// Most kinds of things at one place that are told.
const KINDS: usize = 16;

/// A place being looked at: done when nothing is pending.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) subject: ClaimedDigest,
    pub(super) place: Place,
    pub(super) pending: usize,
    pub(super) count: usize,
    /// Artifact types of what is there, each once.
    pub(super) kinds: Vec<String>,
    pub(super) unsupported: bool,
    pub(super) error: Option<Error>,
}

impl Look {
    pub(super) const fn new(subject: ClaimedDigest, place: Place) -> Self {
        Self { subject, place, pending: 0, count: 0, kinds: Vec::new(), unsupported: false, error: None }
    }

    /// Something is there, of this kind.
    pub(super) fn holds(&mut self, count: usize, kind: &str) {
        self.count += count;
        if self.kinds.len() < KINDS && self.kinds.iter().all(|known| known != kind) {
            self.kinds.push(kind.to_owned());
        }
    }

    /// Keeps the first trouble.
    pub(super) fn fail(&mut self, error: &Error) {
        if self.error.is_none() {
            self.error = Some(error.clone());
        }
    }

    /// The result as the engine takes it. Trouble outweighs what was found:
    /// evidence that was found is evidence all the same.
    pub(super) fn lookup(&self, repository: &str) -> Lookup {
        let answer = match &self.error {
            Some(error) => Answer::Failed { cause: error.into() },
            None if self.pending > 0 => {
                let stopped =
                    Error::new(super::codes::CANCELLED).in_place(self.place.describe(&self.subject));
                Answer::Failed { cause: (&stopped).into() }
            }
            None if self.count > 0 => Answer::Found { count: self.count, kinds: self.kinds.clone() },
            None if self.unsupported => Answer::Unsupported,
            None => Answer::Absent,
        };
        Lookup { repository: repository.to_owned(), subject: self.subject.clone(), place: self.place, answer }
    }
}
