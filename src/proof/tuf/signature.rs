//! Did enough different keys of a role sign a file?

use crate::base::order::Map as BTreeMap;

use super::codes;
use super::file::File;
use super::key::Key;
use crate::base::digest::Digest;
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Proof that a file carries valid signatures of at least the demanded
/// number of different keys. Only `threshold` makes one.
#[derive(Clone, Debug)]
pub struct Signed {
    key_ids: Vec<String>,
    made: Vec<Made>,
    canonical: Digest,
}

/// A key and the signature that it validly made.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// The key: DER SubjectPublicKeyInfo.
    pub(super) key: Vec<u8>,
    /// The signature: 64 bytes, `r || s`.
    pub(super) signature: Vec<u8>,
}

impl Signed {
    /// Ids of the keys whose signatures are valid, each public key once.
    #[must_use]
    pub fn key_ids(&self) -> &[String] {
        &self.key_ids
    }

    /// The keys and their signatures, in the order of [`Self::key_ids`].
    pub(super) fn made(&self) -> &[Made] {
        &self.made
    }

    /// SHA-256 of the signed bytes.
    #[must_use]
    pub const fn canonical(&self) -> Digest {
        self.canonical
    }
}

/// Demands that files do not carry more signatures under known ids than are verified for one
/// role: strangers may write any number of them. A bound that is passed is named, so that no
/// file falls out unseen.
///
/// # Errors
/// [`limits::codes::LIMIT`].
pub(super) fn within_reach<'f>(
    files: impl Iterator<Item = &'f File>,
    known: &dyn Fn(&str) -> bool,
) -> Result<()> {
    let entries = files.flat_map(File::signatures).filter(|entry| known(&entry.key_id));
    limits::within("signatures of a role", entries.count(), limits::NOTARY_TRIED)
}

/// Counts the different public keys among `keys` that validly signed `file`.
/// One public key under two ids counts once; signatures by other ids are
/// ignored.
///
/// # Errors
/// [`codes::NO_SIGNATURES`], [`codes::SIGNED_BY_OTHERS`],
/// [`codes::SIGNATURE`], [`codes::METHOD`], [`codes::THRESHOLD`], the codes
/// of [`crate::model::key::codes`], or [`codes::KEY_UNSUPPORTED`] when a key of an
/// unsupported type might have made up the number.
pub(super) fn threshold(role: &str, file: &File, keys: &[&Key], threshold: u64) -> Result<Signed> {
    if file.signatures().is_empty() {
        return Err(Error::new(codes::NO_SIGNATURES));
    }
    let mut valid: BTreeMap<Digest, (String, Made)> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    let mut unsupported = None;
    let mut failure = None;
    for entry in file.signatures() {
        let Some(key) = keys.iter().find(|key| key.id() == entry.key_id) else {
            continue;
        };
        let public = match key.public() {
            Ok(public) => public,
            Err(error) if error.code() == codes::KEY_UNSUPPORTED => {
                unsupported.get_or_insert(error);
                if !open.contains(&key.id()) {
                    open.push(key.id());
                }
                continue;
            }
            Err(error) => {
                failure.get_or_insert(error);
                continue;
            }
        };
        if valid.contains_key(&public.fingerprint()) {
            continue;
        }
        if entry.method != "ecdsa" {
            failure.get_or_insert(Error::new(codes::METHOD).expected("ecdsa").found(entry.method.clone()));
            continue;
        }
        match public.verify_raw(file.canonical(), &entry.value) {
            Ok(proof) => {
                let made = Made { key: public.der().to_vec(), signature: entry.value.clone() };
                valid.insert(proof.fingerprint(), (key.id().to_owned(), made));
            }
            Err(error) => {
                let error = match error.code() == crate::model::key::codes::SIGNATURE_INVALID {
                    true => Error::new(codes::SIGNATURE).found(key.id()),
                    false => error,
                };
                failure.get_or_insert(error);
            }
        }
    }
    let enough = |count: usize| u64::try_from(count).is_ok_and(|count| count >= threshold);
    if !valid.is_empty() && enough(valid.len()) {
        let (key_ids, made) = valid.into_values().unzip();
        return Ok(Signed { key_ids, made, canonical: Digest::of(file.canonical()) });
    }
    if let Some(error) = unsupported.filter(|_| enough(valid.len() + open.len())) {
        return Err(error.in_place(role));
    }
    if valid.is_empty() {
        return Err(failure.unwrap_or_else(|| Error::new(codes::SIGNED_BY_OTHERS).in_place(role)));
    }
    Err(Error::new(codes::THRESHOLD).expected(threshold.to_string()).found(valid.len().to_string()))
}
