//! What an image is made of, parsed only from bytes that were hashed.
//!
//! ```text
//! index ──lists──► manifest ──names──► config (classic image ID) and layers
//! ```
//! OCI image-spec 1.1 (image-index.md, manifest.md, config.md, descriptor.md)
//! and Docker's manifest list and schema 2, which have the same shape.
//!
//! A document that reads as both index and manifest, or whose `mediaType`
//! contradicts its members, is refused (CVE-2021-41190).

mod config;
mod descriptor;
mod document;
mod index;
mod manifest;
mod media_type;
mod platform;
mod written_anew;

pub use config::Config;
pub use descriptor::{Descriptor, DescriptorMatch};
pub use document::{Document, read};
pub use index::{Index, Listed};
pub use manifest::{Manifest, NamesConfig};
pub use media_type::MediaType;
pub use platform::Platform;
pub use written_anew::{Likeness, likeness};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// A document that two programs would read as different things.
        AMBIGUOUS_DOCUMENT = "oci-ambiguous-document", Contradicted,
            "This document can be read both as {expected} and as {found}.",
            "Do not use this image. Ask its publisher for one that is not ambiguous.";
        /// A media type that contradicts the members.
        MEDIA_TYPE = "oci-media-type", Contradicted,
            "The media type says {found}, the members are those of {expected}.",
            "Do not use this image. Ask its publisher for one that is not ambiguous.";
        /// Not an index, manifest or config.
        NOT_OCI = "oci-unknown-document", NotChecked,
            "This is neither an image index nor a manifest nor a config.",
            "Add what `docker buildx imagetools inspect --raw IMAGE` prints.";
        /// Docker schema 1.
        SCHEMA1 = "oci-schema1", NotChecked,
            "This is a schema 1 manifest. Registries make and sign it anew for each request, so its digest can never match the published one.",
            "Ask the registry for the current formats, for example with `docker buildx imagetools inspect --raw IMAGE`.";
        /// A schema version this program does not know.
        SCHEMA_VERSION = "oci-schema-version", NotChecked,
            "The schemaVersion is {found}, expected {expected}.",
            "Add what `docker buildx imagetools inspect --raw IMAGE` prints.";
        /// An index lists a manifest.
        LISTED = "oci-listed", Fact,
            "The index lists {digest} for {platform}.", "";
        /// Bytes are those a descriptor names.
        CHILD_MATCHES = "oci-child-matches", Fact,
            "These bytes are the {kind} for {platform} that its parent lists: {digest}.", "";
        /// A manifest names its config.
        CONFIG_NAMED = "oci-config-named", Fact,
            "The manifest for {platform} names the config {digest}, the classic image ID.", "";
    }
}
