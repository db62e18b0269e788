//! Digests that a publisher wrote down in a place of its own: a README at a
//! commit. Pinned in a profile, such a digest is a root of trust like a key,
//! and documentation, never a signature.

use super::codes;
use super::pinned::Source;
use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::json::Object;
use crate::base::proof::{Anchor, Evidence, Proof, sealed};

/// One release's digest as the publisher documented it. Made only by a
/// profile, so that evidence cannot bring one.
#[derive(Clone, Debug)]
pub struct Published {
    tag: String,
    digest: ClaimedDigest,
    file: String,
    commit: String,
    date: String,
    source: Source,
}

impl Published {
    /// Reads an element of a profile's `published`.
    ///
    /// # Errors
    /// [`codes::PROFILE`] for a digest that is none, or those of JSON.
    pub(super) fn read(object: &Object<'_, '_>, source: Source) -> Result<Self> {
        object.known(&["tag", "digest", "file", "commit", "date"])?;
        let text = |name: &str| object.need_text(name).map(str::to_owned);
        let digest = ClaimedDigest::parse(object.need_text("digest")?)
            .map_err(|_| Error::new(codes::PROFILE).found("a published digest that is not sha256:…"))?;
        let (file, commit, date) = (text("file")?, text("commit")?, text("date")?);
        Ok(Self { tag: text("tag")?, digest, file, commit, date, source })
    }

    /// The release's tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The digest of its index or manifest.
    #[must_use]
    pub const fn digest(&self) -> &ClaimedDigest {
        &self.digest
    }

    /// Where it stands: file, commit and date.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{} at {}, {}", self.file, self.commit, self.date)
    }

    /// The date of the commit, `YYYY-MM-DD`.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }
}

impl sealed::Sealed for Published {}

impl Anchor for Published {
    fn stated(&self) -> &ClaimedDigest {
        self.digest()
    }
}

impl Proof for Published {
    fn evidence(&self) -> Evidence {
        let digest = self.digest.to_string();
        Evidence {
            expected: Some(digest.clone()),
            found: Some(digest),
            rule: "Pinned in the publisher's profile before any evidence was read".to_owned(),
            facts: vec![
                ("from".to_owned(), self.source.name().to_owned()),
                ("file".to_owned(), self.file.clone()),
                ("commit".to_owned(), self.commit.clone()),
                ("date".to_owned(), self.date.clone()),
            ],
            ..Evidence::default()
        }
    }
}
