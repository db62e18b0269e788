//! One metadata file: `{"signed":…,"signatures":[…]}`.

use super::body::Body;
use super::codes;
use crate::base::digest::{Digest, shorten};
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node, Object, notary};
use crate::base::limits;

/// Which bytes of a file agreed with the hash that another file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The bytes as they were given.
    AsGiven(Digest),
    /// The bytes after indentation and foreign escapes were taken out.
    Recompacted(Digest),
}

impl Form {
    /// The digest that agreed.
    #[must_use]
    pub const fn digest(self) -> Digest {
        match self {
            Self::AsGiven(digest) | Self::Recompacted(digest) => digest,
        }
    }
}

/// A signature as it stands in the file; nothing about it was checked.
#[derive(Clone, Debug)]
pub struct SignatureEntry {
    pub(super) key_id: String,
    pub(super) method: String,
    pub(super) value: Vec<u8>,
}

/// A parsed Notary v1 file. Its signatures are not yet checked.
#[derive(Clone, Debug)]
pub struct File {
    name: String,
    bytes: Vec<u8>,
    recompacted: Vec<u8>,
    digests: (Digest, Digest),
    canonical: Vec<u8>,
    body: Body,
    signatures: Vec<SignatureEntry>,
}

impl File {
    /// Parses a file strictly. `name` is its file name or path if it has
    /// one; it serves to tell delegations apart and in messages.
    ///
    /// # Errors
    /// The codes of [`codes`], [`crate::base::json::codes`] and
    /// [`crate::base::encoding::codes`]; [`limits::codes::LIMIT`] past 4 MiB or
    /// [`limits::NOTARY_SIGNATURES`].
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        limits::within("a Notary file", bytes.len(), limits::NOTARY_BYTES)?;
        let node = json::parse(bytes)?;
        let file = node.object("").map_err(|_| not_metadata(node.value.kind()))?;
        file.known(&["signed", "signatures"])?;
        let (Some(signed), Some(list)) = (file.get("signed"), file.get("signatures")) else {
            return Err(not_metadata("JSON without signed and signatures"));
        };
        let canonical = notary::canonical(signed)?;
        let entries = match list.is_null() {
            true => &[],
            false => list.array("signatures")?,
        };
        limits::within("signatures of a Notary file", entries.len(), limits::NOTARY_SIGNATURES)?;
        let entries: Vec<_> = entries.iter().map(Entry::read).collect::<Result<_>>()?;
        let recompacted = recompact(&canonical, &entries);
        let body = Body::read(&signed.object("signed")?)?;
        let signatures = entries.iter().map(Entry::decode).collect::<Result<_>>()?;
        Ok(Self {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
            digests: (Digest::of(bytes), Digest::of(recompacted.as_bytes())),
            recompacted: recompacted.into_bytes(),
            canonical: canonical.into_bytes(),
            body,
            signatures,
        })
    }

    /// The name it was given with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes as they were given.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Digests of [`File::bytes`] and of [`File::recompacted`].
    pub(super) const fn digests(&self) -> (Digest, Digest) {
        self.digests
    }

    /// The bytes as Notary would write the same content.
    #[must_use]
    pub fn recompacted(&self) -> &[u8] {
        &self.recompacted
    }

    /// The bytes the signatures cover: the canonical form of `signed`.
    #[must_use]
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// What the file says, unchecked.
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// The signatures, unchecked.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureEntry] {
        &self.signatures
    }

    /// Whether two files are the same file in perhaps another layout.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.recompacted == other.recompacted
    }
}

fn not_metadata(found: &str) -> Error {
    Error::new(codes::NOT_METADATA).found(found)
}

struct Entry<'n> {
    key_id: &'n str,
    method: &'n str,
    value: &'n str,
}

impl<'n> Entry<'n> {
    fn read(node: &'n Node<'_>) -> Result<Self> {
        let object: Object<'n, '_> = node.object("signatures[]")?;
        object.known(&["keyid", "method", "sig"])?;
        Ok(Self {
            key_id: object.need_text("keyid")?,
            method: object.need_text("method")?,
            value: object.need_text("sig")?,
        })
    }

    fn decode(&self) -> Result<SignatureEntry> {
        Ok(SignatureEntry {
            key_id: shorten(self.key_id),
            method: shorten(self.method).to_ascii_lowercase(),
            value: base64::decode(self.value).map_err(|e| e.in_place("signatures[].sig"))?,
        })
    }
}

/// The file as Notary writes it: no white space, members of a signature in
/// the order keyid, method, sig, Go's escapes in strings.
fn recompact(canonical: &str, entries: &[Entry<'_>]) -> String {
    let mut out = "{\"signed\":".to_owned();
    out.push_str(canonical);
    out.push_str(",\"signatures\":[");
    for (i, entry) in entries.iter().enumerate() {
        out.push_str(if i > 0 { ",{\"keyid\":" } else { "{\"keyid\":" });
        notary::write_string(entry.key_id, &mut out);
        out.push_str(",\"method\":");
        notary::write_string(entry.method, &mut out);
        out.push_str(",\"sig\":");
        notary::write_string(entry.value, &mut out);
        out.push('}');
    }
    out.push_str("]}");
    notary::go_escapes(&out)
}
