//! Which of the files at hand is a role's, and what it means if none is.
//!
//! Files come from anywhere: of another moment, of another repository, a
//! stranger's. So a file that does not fit is an alarm only if it claims to be
//! this role's and was changed after it was signed. See [`Standing`].

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::order::Map as BTreeMap;

use super::codes;
use super::file::{File, Form};
use super::hashes::FileMeta;
use super::key::Key;
use super::signature::{self, Signed};
use crate::base::code::Class;
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Signatures and keys that are tried across ids, to tell an altered key id
/// from a stranger's. Real files have one or two of each.
const TRIED: usize = 4;

/// Who may sign a role's file.
pub(super) struct Keys<'k> {
    /// The role.
    pub(super) role: &'k str,
    /// Its keys.
    pub(super) keys: Vec<&'k Key>,
    /// How many different ones must sign.
    pub(super) threshold: u64,
    /// Every key of the file that names the role.
    pub(super) known: &'k BTreeMap<String, Key>,
}

/// What a file is to a role.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// Signed by as many of the role's keys as it must be.
    Signed(Signed),
    /// It claims keys of this repository, and does not hold: altered, signed
    /// by another role's key, or by too few.
    Fails(Error),
    /// Signed by keys that the repository does not know: another
    /// repository's, a retired key's, a stranger's. It says nothing.
    Stranger,
}

/// A file that was taken for a role.
#[derive(Clone, Debug)]
pub(super) struct Chosen<'f> {
    pub(super) file: &'f File,
    pub(super) signed: Signed,
    /// The layout that agreed with the hash listed above it.
    pub(super) form: Option<Form>,
}

impl Keys<'_> {
    /// What `file` is to the role.
    pub(super) fn standing(&self, file: &File) -> Standing {
        match signature::threshold(self.role, file, &self.keys, self.threshold) {
            Ok(signed) => Standing::Signed(signed),
            Err(error) if error.code() == codes::SIGNED_BY_OTHERS && !self.concern(file) => {
                Standing::Stranger
            }
            Err(error) => Standing::Fails(error),
        }
    }

    /// Whether a signature names a key that is known here, or was made by one
    /// of the role's keys under an altered id.
    fn concern(&self, file: &File) -> bool {
        let made = |value: &[u8]| {
            let publics = self.keys.iter().take(TRIED).filter_map(|key| key.public().ok());
            publics.into_iter().any(|public| public.verify_raw(file.canonical(), value).is_ok())
        };
        file.signatures().iter().any(|entry| self.known.contains_key(&entry.key_id))
            || file.signatures().iter().take(TRIED).any(|entry| made(&entry.value))
    }

    /// Examines files. Of more signatures under known ids than are verified none counts, and
    /// the limit is why the files fail; what has none is looked at up to a limit, and is a
    /// stranger's beyond.
    pub(super) fn examine<'f>(&self, files: &[&'f File]) -> Vec<(&'f File, Standing)> {
        let known = |id: &str| self.known.contains_key(id);
        let hinted = |file: &File| file.signatures().iter().any(|entry| known(&entry.key_id));
        let (ours, others): (Vec<&File>, Vec<&File>) = files.iter().partition(|file| hinted(file));
        let reach = signature::within_reach(ours.iter().copied(), &known);
        let standing = |file: &File| match &reach {
            Ok(()) => self.standing(file),
            Err(error) => Standing::Fails(error.clone()),
        };
        let mut examined = ours.into_iter().map(|file| (file, standing(file))).collect_vec();
        examined.push_all(others.into_iter().enumerate().map(|(n, file)| {
            let looked = n < limits::NOTARY_FILES;
            (file, if looked { self.standing(file) } else { Standing::Stranger })
        }));
        examined
    }
}

/// The file of a role that a verified file above it lists. `files` are all
/// of its kind; `claimants` are those that may be this role's although their
/// hash differs. `Ok(None)` if none is at hand.
///
/// # Errors
/// - The listed bytes are here and not signed as they must be, or agree in
///   SHA-256 only: [`codes::SHA512`], [`codes::LENGTH`], the codes of
///   signatures. An alarm: the signed metadata vouches for these bytes.
/// - [`codes::OTHER_MOMENT`]: a claimant is authentic. No alarm.
/// - [`codes::HASH`]: a claimant was altered after it was signed. An alarm.
pub(super) fn listed<'f>(
    keys: &Keys<'_>,
    meta: &FileMeta,
    files: &[&'f File],
    claimants: &[(&'f File, Standing)],
) -> Result<Option<Chosen<'f>>> {
    let place = || format!("{}.json", keys.role);
    if let (Err(error), false) = (meta.sha256(keys.role), claimants.is_empty()) {
        return Err(error);
    }
    let mut fits: Option<(&File, Form)> = None;
    let mut partly = None;
    for file in files {
        match meta.check_file(file) {
            Ok(form) if fits.is_none() || matches!(form, Form::AsGiven(_)) => fits = Some((file, form)),
            Ok(_) => {}
            Err(error) if [codes::SHA512, codes::LENGTH].contains(&error.code()) => {
                partly.get_or_insert(error);
            }
            Err(_) => {}
        }
    }
    if let Some((file, form)) = fits {
        let signed = signature::threshold(keys.role, file, &keys.keys, keys.threshold)?;
        return Ok(Some(Chosen { file, signed, form: Some(form) }));
    }
    if let Some(error) = partly {
        return Err(error.in_place(place()));
    }
    let differs = |file: &File| match meta.check_file(file) {
        Err(error) => error.in_place(place()),
        Ok(_) => Error::new(codes::HASH).in_place(place()),
    };
    if let Some((file, _)) = claimants.iter().find(|(_, s)| matches!(s, Standing::Signed(_))) {
        let other = differs(file);
        return Err(Error::new(codes::OTHER_MOMENT)
            .in_place(place())
            .expected(other.expected_text().unwrap_or_default())
            .found(other.found_text().unwrap_or_default()));
    }
    let failed = claimants.iter().find_map(|(file, standing)| match standing {
        Standing::Fails(error) => Some((file, error)),
        _ => None,
    });
    match failed {
        Some((_, error)) if error.class() == Class::NotChecked => Err(error.clone()),
        Some((file, _)) => Err(differs(file)),
        None => Ok(None),
    }
}

/// The newest authentic file of a role that nothing lists. `Ok(None)` if none
/// is at hand but strangers'.
///
/// # Errors
/// [`codes::TWO_FILES`] if two authentic ones share a version; without any
/// authentic one, why the first that claims to be one fails.
pub(super) fn newest<'f>(role: &str, examined: &[(&'f File, Standing)]) -> Result<Option<Chosen<'f>>> {
    let signed = signed(examined);
    let Some(first) = signed.first() else {
        let failure = examined.iter().find_map(|(_, standing)| match standing {
            Standing::Fails(error) => Some(error.clone()),
            _ => None,
        });
        return failure.map_or(Ok(None), Err);
    };
    let rival = |other: &&Chosen<'_>| {
        other.file.body().version == first.file.body().version
            && other.file.canonical() != first.file.canonical()
    };
    if signed.iter().any(|other| rival(&other)) {
        return Err(Error::new(codes::TWO_FILES).found(format!("{role}.json")));
    }
    Ok(Some(first.clone()))
}

/// The authentic ones, the newest first.
pub(super) fn signed<'f>(examined: &[(&'f File, Standing)]) -> Vec<Chosen<'f>> {
    let mut signed: Vec<Chosen<'f>> = examined
        .iter()
        .filter_map(|(file, standing)| match standing {
            Standing::Signed(signed) => Some(Chosen { file, signed: signed.clone(), form: None }),
            _ => None,
        })
        .collect_vec();
    order::sort_by_key(&mut signed, |chosen| core::cmp::Reverse(chosen.file.body().version));
    signed
}
