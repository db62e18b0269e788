//! From pinned key ids to the current root: directly, or over a chain of
//! rotations in which each root is signed by the keys of the one before.

use std::collections::BTreeMap;

use super::body::{Content, Role};
use super::file::File;
use super::key::Key;
use super::signature::{self, Signed};
use super::{Pins, codes};
use crate::base::error::{Error, Result};
use crate::base::time::Time;

/// The current root, established from the pins.
#[derive(Debug)]
pub(super) struct Trusted<'f> {
    pub(super) file: &'f File,
    pub(super) signed: Signed,
    /// The earliest end of validity among the root and the certificates of
    /// the keys that were counted.
    pub(super) ends: Time,
    /// Versions walked from the pinned root to this one, both included;
    /// empty if this root is itself signed by a pinned key.
    pub(super) rotation: Vec<u64>,
    pub(super) keys: &'f BTreeMap<String, Key>,
    pub(super) roles: &'f BTreeMap<String, Role>,
}

/// A root file with its content at hand.
#[derive(Clone, Copy)]
struct RootFile<'f> {
    file: &'f File,
    keys: &'f BTreeMap<String, Key>,
    roles: &'f BTreeMap<String, Role>,
}

impl<'f> RootFile<'f> {
    fn of(file: &'f File) -> Option<Self> {
        match &file.body().content {
            Content::Root { keys, roles } => Some(Self { file, keys, roles }),
            _ => None,
        }
    }

    fn version(&self) -> u64 {
        self.file.body().version
    }

    fn role(&self) -> Result<&'f Role> {
        self.roles.get("root").ok_or_else(|| Error::new(codes::ROLE_ABSENT).found("root"))
    }

    fn role_keys(&self) -> Result<Vec<&'f Key>> {
        Ok(self.role()?.key_ids.iter().filter_map(|id| self.keys.get(id)).collect())
    }

    fn pinned_keys(&self, pins: &Pins) -> Result<Vec<&'f Key>> {
        Ok(self.role_keys()?.into_iter().filter(|key| pins.root.iter().any(|pin| pin == key.id())).collect())
    }
}

/// Establishes the newest of `files` as the root.
///
/// # Errors
/// [`codes::NO_PINS`], [`codes::FILE_MISSING`], [`codes::TWO_FILES`],
/// [`codes::ROOT_KEY_DIFFERS`], [`codes::ROOT_GAP`],
/// [`codes::ROOT_NOT_CROSS_SIGNED`], and those of certificates and
/// signatures. The end of validity is reported, not enforced, here.
pub(super) fn establish<'f>(files: &[&'f File], gun: &str, pins: &Pins, now: Time) -> Result<Trusted<'f>> {
    if pins.root.is_empty() {
        return Err(Error::new(codes::NO_PINS));
    }
    let mut versions: BTreeMap<u64, RootFile<'f>> = BTreeMap::new();
    for root in files.iter().filter_map(|file| RootFile::of(file)) {
        if let Some(other) = versions.insert(root.version(), root)
            && !other.file.same(root.file)
        {
            let name = format!("root.json of version {}", root.version());
            return Err(Error::new(codes::TWO_FILES).found(name));
        }
    }
    let Some((_, &newest)) = versions.last_key_value() else {
        return Err(Error::new(codes::FILE_MISSING).found("root.json"));
    };
    let pinned = newest.pinned_keys(pins)?;
    if !pinned.is_empty() {
        let (signed, ends) = own_signatures(newest, &pinned, gun, now)?;
        return Ok(trusted(newest, signed, ends, Vec::new()));
    }
    let base = versions.values().rev().find(|root| root.pinned_keys(pins).is_ok_and(|keys| !keys.is_empty()));
    let Some(&base) = base else {
        return Err(key_differs(newest, pins));
    };
    let (_, mut ends) = own_signatures(base, &base.pinned_keys(pins)?, gun, now)?;
    let mut rotation = vec![base.version()];
    let mut current = base;
    let mut last = None;
    while current.version() < newest.version() {
        let wanted = current.version().saturating_add(1);
        let Some(&next) = versions.get(&wanted) else {
            return Err(Error::new(codes::ROOT_GAP).found(wanted.to_string()));
        };
        let predecessor = certified(&current.role_keys()?, gun, now)?;
        signature::threshold("root", next.file, &predecessor, current.role()?.threshold).map_err(
            |error| match error.class() {
                crate::base::code::Class::NotChecked => error,
                _ => Error::new(codes::ROOT_NOT_CROSS_SIGNED).found(wanted.to_string()),
            },
        )?;
        let (signed, end) = own_signatures(next, &next.role_keys()?, gun, now)?;
        last = Some(signed);
        ends = end;
        rotation.push(wanted);
        current = next;
    }
    let signed = last.ok_or_else(|| key_differs(newest, pins))?;
    Ok(trusted(current, signed, ends, rotation))
}

fn trusted<'f>(root: RootFile<'f>, signed: Signed, ends: Time, rotation: Vec<u64>) -> Trusted<'f> {
    Trusted { file: root.file, signed, ends, rotation, keys: root.keys, roles: root.roles }
}

fn key_differs(root: RootFile<'_>, pins: &Pins) -> Error {
    let found = root.role().map(|role| role.key_ids.join(", ")).unwrap_or_default();
    Error::new(codes::ROOT_KEY_DIFFERS).expected(pins.root.join(", ")).found(found)
}

/// Verifies a root's own threshold with those of `keys` whose certificate
/// fits; certificates that have not ended at `now` are preferred. Returns the
/// end of validity of the root and of the certificates that counted.
fn own_signatures(root: RootFile<'_>, keys: &[&Key], gun: &str, now: Time) -> Result<(Signed, Time)> {
    let threshold = root.role()?.threshold;
    let usable = certified(keys, gun, now)?;
    let ends_of = |key: &Key| key.certificate().map(super::Certificate::not_after);
    let current: Vec<&Key> =
        usable.iter().copied().filter(|key| ends_of(key).is_some_and(|end| end >= now)).collect();
    let signed = signature::threshold("root", root.file, &current, threshold)
        .or_else(|_| signature::threshold("root", root.file, &usable, threshold))?;
    let ends = usable
        .iter()
        .filter(|key| signed.key_ids().iter().any(|id| id == key.id()))
        .filter_map(|key| ends_of(key))
        .fold(root.file.body().expires, Time::min);
    Ok((signed, ends))
}

/// The keys whose certificate is for this repository and usable; the first
/// problem if there is none.
fn certified<'k>(keys: &[&'k Key], gun: &str, now: Time) -> Result<Vec<&'k Key>> {
    let mut usable = Vec::new();
    let mut problem = None;
    for key in keys {
        let checked = match key.certificate() {
            Some(certificate) => certificate.check(gun, now),
            None => Err(match key.public() {
                Err(error) => error,
                Ok(_) => Error::new(codes::ROOT_NOT_CERTIFICATE).found(key.id()),
            }),
        };
        match checked {
            Ok(()) => usable.push(*key),
            Err(error) => {
                problem.get_or_insert(error);
            }
        }
    }
    match problem {
        Some(error) if usable.is_empty() => Err(error),
        _ => Ok(usable),
    }
}
