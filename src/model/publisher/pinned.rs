//! A key that was pinned before any evidence was looked at.

use crate::base::error::Result;
use crate::base::proof::{Evidence, Proof, sealed};
use crate::model::key::PublicKey;

/// Where a pin comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Compiled into this program.
    BuiltIn,
    /// A profile the user handed in as such.
    Profile,
    /// A key the user handed in as such.
    Option,
}

impl Source {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Profile => "profile",
            Self::Option => "option",
        }
    }
}

/// A public key chosen as root of trust: by a profile or by the user's
/// explicit option, never by evidence. Only `engine::policy` and
/// [`super::Profile`] make one.
#[derive(Clone, Debug)]
pub struct PinnedKey {
    name: String,
    key: PublicKey,
    source: Source,
}

impl PinnedKey {
    pub(crate) fn new(name: &str, pem_or_der: &[u8], source: Source) -> Result<Self> {
        Ok(Self { name: name.to_owned(), key: PublicKey::parse(pem_or_der)?, source })
    }

    /// What the key is called, for example `webdis.pub`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }
}

impl sealed::Sealed for PinnedKey {}

impl Proof for PinnedKey {
    fn evidence(&self) -> Evidence {
        let fingerprint = self.key.fingerprint();
        Evidence {
            digest: Some(fingerprint.to_string()),
            size: Some(self.key.der().len()),
            rule: "Chosen before any evidence was read; SHA-256 of the DER SubjectPublicKeyInfo (RFC 5480)"
                .to_owned(),
            facts: vec![
                ("from".to_owned(), self.source.name().to_owned()),
                ("fingerprint".to_owned(), fingerprint.hex()),
                ("cosign hint".to_owned(), self.key.hint()),
            ],
            bytes: Some(crate::base::encoding::base64::encode(self.key.der())),
            ..Evidence::default()
        }
    }
}
