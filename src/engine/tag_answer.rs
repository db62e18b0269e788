//! What registries said that a tag means: their word, which proves nothing.
//!
//! A tag is resolved by `HEAD /v2/NAME/manifests/TAG` and its
//! `Docker-Content-Digest` (distribution-spec, "Pulling manifests"). A driver
//! notes each answer here, so that the engine can hold the word of one
//! registry against that of another.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::base::digest::ClaimedDigest;
use crate::base::message::Message;

/// The way to a registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The registry answers itself.
    #[default]
    Direct,
    /// A proxy answers, which could make answers up.
    Proxy,
}

/// One registry's answer to what a tag means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagAnswer {
    /// `registry/repository`.
    pub repository: String,
    /// The tag asked for.
    pub tag: String,
    /// Whether the answer came by way of a proxy, which could have made it up.
    pub proxy: bool,
    /// Whether it answered with a document that is not read: the tag means that, whatever else
    /// is at hand.
    pub unread: bool,
    /// The digest named, or why there is none.
    pub answer: Result<ClaimedDigest, Message>,
}

/// As a place looked at is written, with the place `tag`.
impl Serialize for TagAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("repository", &self.repository)?;
        map.serialize_entry("place", "tag")?;
        map.serialize_entry("tag", &self.tag)?;
        map.serialize_entry("proxy", &self.proxy)?;
        match &self.answer {
            Ok(digest) => {
                map.serialize_entry("answer", "named")?;
                map.serialize_entry("subject", &digest.to_string())?;
            }
            Err(cause) => {
                map.serialize_entry("answer", "failed")?;
                map.serialize_entry("cause", cause)?;
            }
        }
        map.end()
    }
}
