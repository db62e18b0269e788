//! Who may sign what: the publisher's profile, and the policy of one check.
//!
//! A profile names keys, repositories and release ranges. The built-in one is
//! `profiles/webdis.json`; anyone can hand in another (`docs/profile.md`).
//! Keys found among the evidence never become part of a policy.

mod pinned;
mod profile;
mod published;
mod release;

pub use pinned::{PinnedKey, Source};
pub(crate) use profile::key_id;
pub use profile::{ContentTrust, LogPolicy, Profile};
pub use published::Published;
pub use release::{Release, Scheme, Version};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// The root of trust of a chain.
        KEY_PINNED = "key-pinned", Fact,
            "{name} is the key to check against: {fingerprint}.",
            "Compare the fingerprint with the one the publisher prints in a second place.";
        /// A profile that cannot be used.
        PROFILE = "profile-malformed", NotChecked,
            "This publisher profile cannot be used: {found}.",
            "Compare it with docs/profile.md.";
        /// A profile's key whose fingerprint is not the one written beside it.
        PROFILE_KEY = "profile-key-mismatch", NotChecked,
            "The profile's key has the fingerprint {found}, but the profile says {expected}.",
            "Do not use this profile; get it from the publisher again.";
        /// No profile, key or identity for this image.
        PUBLISHER_UNKNOWN = "publisher-unknown", NotChecked,
            "No publisher is known for {image}, so nothing was held against a key.",
            "Give the publisher's public key, or its profile.";
        /// No key to verify with.
        NO_KEY = "no-key", NotChecked,
            "There is no key to verify this signature with.",
            "Give the publisher's public key, or its profile.";
        /// An identity was demanded, and identities are not checked yet.
        IDENTITY_UNSUPPORTED = "identity-unsupported", NotChecked,
            "Signatures by identity ({found}) are not checked by this version.",
            "Check them with: cosign verify --certificate-identity … --certificate-oidc-issuer …";
    }
}
