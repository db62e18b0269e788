//! The answer as data: one outcome, the links that led to it, and what it
//! leaves open.
//!
//! The JSON form is versioned ([`SCHEMA`]) and described by
//! `docs/report.schema.json`. Renderers (page, element, command line) show
//! this and nothing else.

use serde::Serialize;

use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::engine::link::Link;
use crate::engine::need::Need;

/// Identifies the version of the JSON form.
pub const SCHEMA: &str = "https://webdis-verify.dev/report/v1";

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// What no signature can show.
        NOT_SHOWN_SAFE = "not-shown-safe", Fact,
            "That the image is free of bugs or malware.", "";
        /// Key custody is outside of mathematics.
        NOT_SHOWN_KEY = "not-shown-key", Fact,
            "That the key is still only in its owner's hands.", "";
        /// A tag moves.
        NOT_SHOWN_TAG = "not-shown-tag", Fact,
            "That the tag will point here tomorrow.", "";
        /// The local daemon was not asked.
        NOT_SHOWN_LOCAL = "not-shown-local", Fact,
            "That your computer runs this digest.",
            "Compare with: docker inspect --format '{{.RepoDigests}}' IMAGE";
        /// The page itself.
        NOT_SHOWN_PAGE = "not-shown-page", Fact,
            "That this copy of the verifier was not altered.", "";
    }
}

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The verdict: the weakest link of the chain.
    pub outcome: Outcome,
    /// The code of the headline.
    pub code: &'static str,
    /// The verdict in one English sentence.
    pub headline: String,
    /// The headline's arguments, for translations.
    pub args: crate::base::order::Map<String, String>,
    /// What the user can do next, in English; empty if nothing.
    pub next: String,
    /// The image asked about.
    pub subject: Subject,
    /// Whose signature was demanded.
    pub publisher: Publisher,
    /// What was demanded before anything was checked.
    pub criteria: Vec<Message>,
    /// The chain from the root of trust to the image in hand, then what
    /// branches off it and what was set aside; nested by `parent`.
    pub links: Vec<Link>,
    /// Qualifications of a proven verdict; none otherwise.
    pub caveats: Vec<Message>,
    /// What is still missing.
    pub needs: Vec<Need>,
    /// What the verdict shows; empty unless proven.
    pub shows: Vec<Message>,
    /// What the verdict does not show.
    pub not_shown: Vec<Message>,
    /// What the user gave: each recognised item.
    pub items: Vec<Item>,
    /// Equivalent commands for a terminal.
    pub commands: Vec<Command>,
    /// The time the check was made for, RFC 3339.
    pub now: String,
}

/// The image a report is about.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// As the user wrote it.
    pub reference: Option<String>,
    /// `sha256:…`
    pub digest: Option<String>,
    /// `index`, `manifest`, `config`, `file` or `unknown`.
    pub kind: &'static str,
    /// `os/architecture[/variant]` if the subject is for one platform.
    pub platform: Option<String>,
}

/// Whose signature was demanded.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Publisher {
    /// Name of the profile, `key` for a bare key, or `none`.
    pub name: String,
    /// Where it comes from: `built-in`, `profile`, `option`.
    pub source: &'static str,
    /// Keys accepted, each with name and fingerprint.
    pub keys: Vec<PinnedKey>,
}

/// A key accepted for a publisher.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PinnedKey {
    /// For example `webdis.pub`.
    pub name: String,
    /// SHA-256 of the DER form, hexadecimal.
    pub fingerprint: String,
}

/// One thing the user gave, as it was recognised.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// File name, `paste 1`, or the address it was fetched from.
    pub name: String,
    /// What it was recognised as: a stable kebab-case name.
    pub kind: &'static str,
    /// Length in bytes of what was hashed.
    pub size: usize,
    /// Digest of what was hashed.
    pub digest: String,
    /// What was repaired to restore the original bytes, step by step.
    pub repairs: Vec<Message>,
    /// Remarks: why it was set aside, or what was dropped from it.
    pub notes: Vec<Message>,
    /// Index of the item this one was found in.
    pub parent: Option<usize>,
    /// The bytes hashed, base64; only where the caller asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

/// A command that does one step in a terminal.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    /// What it does: a code for translations.
    pub code: &'static str,
    /// What it does, in English.
    pub label: String,
    /// The command line.
    pub command: String,
    /// What it should print, if that is known.
    pub prints: Option<String>,
}
