//! The roles below targets: each delegated by the file above it, listed in
//! the snapshot, and signed by its own keys.
//!
//! A targets file does not name its repository, and a delegate may sign for
//! several. Only the snapshot binds a delegation to its repository: without a
//! verified one, no delegation proves anything.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::Map as BTreeMap;

use super::body::{Content, Delegation, Kind};
use super::choose::{self, Chosen, Keys};
use super::collection::SignedTags;
use super::file::{File, Form};
use super::gather::Pool;
use super::hashes::FileMeta;
use super::key::Key;
use super::signature::{self, Signed};
use super::{Pins, RELEASES, codes};
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Takes note of what became of each delegation.
pub(super) trait Recorder {
    fn proven(&mut self, role: &str, file: &File, signed: Signed, form: Option<Form>);
    fn failed(&mut self, role: &str, error: Error);
    fn no_file(&mut self, role: &str);
    fn unpublished(&mut self, role: &str);
    /// No snapshot binds the role to the repository.
    fn unbound(&mut self, role: &str);
}

/// A walk from targets down through all delegations.
pub(super) struct Walk<'f> {
    pool: &'f Pool,
    snapshot: Option<&'f BTreeMap<String, FileMeta>>,
    pins: &'f Pins,
    /// Files that were taken for a role.
    pub(super) used: Vec<&'f File>,
}

/// A file whose delegations are still to be followed.
struct Parent<'f> {
    file: &'f File,
    /// Prefixes it may sign; `None` for all.
    paths: Option<Vec<String>>,
}

impl<'f> Walk<'f> {
    pub(super) fn new(
        pool: &'f Pool,
        snapshot: Option<&'f BTreeMap<String, FileMeta>>,
        pins: &'f Pins,
    ) -> Self {
        Self { pool, snapshot, pins, used: Vec::new() }
    }

    /// Follows every delegation; returns the released tags and the others.
    pub(super) fn all(
        &mut self,
        targets: &'f File,
        recorder: &mut dyn Recorder,
    ) -> (Option<SignedTags>, Vec<SignedTags>) {
        let mut releases = None;
        let mut others = Vec::new();
        let mut open = vec![Parent { file: targets, paths: None }];
        let mut count = 0;
        while let Some(parent) = open.pop() {
            let Content::Targets { keys, delegations, .. } = &parent.file.body().content else {
                continue;
            };
            for delegation in delegations {
                count += 1;
                if let Err(error) = limits::within("delegations", count, limits::NOTARY_ROLES) {
                    recorder.failed(&delegation.name, error);
                    return (releases, others);
                }
                match self.one(delegation, keys) {
                    Ok(Found::File(Chosen { file, signed, form })) => {
                        let paths = restrict(&delegation.paths, parent.paths.as_deref());
                        let tags = tags(&delegation.name, file, &signed, Some(paths.clone()));
                        if delegation.name == RELEASES {
                            releases = tags;
                        } else {
                            others.push_all(tags);
                        }
                        recorder.proven(&delegation.name, file, signed, form);
                        open.push(Parent { file, paths: Some(paths) });
                    }
                    Ok(Found::Unpublished) => recorder.unpublished(&delegation.name),
                    Ok(Found::Nothing) => recorder.no_file(&delegation.name),
                    Ok(Found::Unbound) => recorder.unbound(&delegation.name),
                    Err(error) => recorder.failed(&delegation.name, error),
                }
            }
        }
        (releases, others)
    }

    fn one(&mut self, delegation: &Delegation, keys: &BTreeMap<String, Key>) -> Result<Found<'f>> {
        let role = delegation.name.as_str();
        let Some(snapshot) = self.snapshot else {
            return Ok(Found::Unbound);
        };
        let known: Vec<&Key> = delegation.role.key_ids.iter().filter_map(|id| keys.get(id)).collect_vec();
        let signers = Keys { role, keys: known.clone(), threshold: delegation.role.threshold, known: keys };
        let claimants = signers.examine(&self.pool.claiming(role, false));
        let Some(meta) = snapshot.get(role) else {
            let authentic = choose::newest(role, &claimants)?;
            return match authentic {
                Some(_) => Err(Error::new(codes::NOT_IN_SNAPSHOT).found(role)),
                None => Ok(Found::Unpublished),
            };
        };
        let files = self.pool.of(Kind::Targets);
        let Some(Chosen { file, form, .. }) = choose::listed(&signers, meta, &files, &claimants)? else {
            return Ok(Found::Nothing);
        };
        self.used.push(file);
        let signed = self.signed(delegation, file, &known)?;
        check_children(role, file)?;
        Ok(Found::File(Chosen { file, signed, form }))
    }

    /// The delegation's threshold; with documented signers only their keys
    /// count.
    fn signed(&self, delegation: &Delegation, file: &File, keys: &[&Key]) -> Result<Signed> {
        let role = delegation.name.as_str();
        let threshold = delegation.role.threshold;
        let any = signature::threshold(role, file, keys, threshold)?;
        if self.pins.signers.is_empty() {
            return Ok(any);
        }
        let name = role.strip_prefix("targets/").and_then(|rest| rest.split('/').next()).unwrap_or(role);
        let expected: Vec<&str> = self
            .pins
            .signers
            .iter()
            .filter(|signer| role == RELEASES || signer.name == name)
            .map(|signer| signer.key_id.as_str())
            .collect_vec();
        let documented: Vec<&Key> =
            keys.iter().copied().filter(|key| expected.contains(&key.canonical_id().as_str())).collect_vec();
        signature::threshold(role, file, &documented, threshold).map_err(|_| {
            let found: Vec<String> = keys.iter().map(|key| key.canonical_id()).collect_vec();
            let expected =
                if expected.is_empty() { "no such signer".to_owned() } else { expected.join(", ") };
            Error::new(codes::SIGNER_KEY_DIFFERS).in_place(role).expected(expected).found(found.join(", "))
        })
    }
}

enum Found<'f> {
    File(Chosen<'f>),
    Unpublished,
    Unbound,
    Nothing,
}

/// The prefixes that a child may use: those that lie within one of its
/// parent's.
fn restrict(paths: &[String], parent: Option<&[String]>) -> Vec<String> {
    let within = |path: &&String| {
        parent.is_none_or(|parent| parent.iter().any(|prefix| path.starts_with(prefix.as_str())))
    };
    paths.iter().filter(within).cloned().collect_vec()
}

/// Demands that a file delegates only to direct children of its role.
pub(super) fn check_children(role: &str, file: &File) -> Result<()> {
    let Content::Targets { delegations, .. } = &file.body().content else {
        return Ok(());
    };
    for delegation in delegations {
        let child = delegation.name.strip_prefix(role).and_then(|rest| rest.strip_prefix('/'));
        if child.is_none_or(|child| child.contains('/')) {
            return Err(Error::new(codes::DELEGATION_CHILD)
                .expected(format!("{role}/"))
                .found(delegation.name.clone()));
        }
    }
    Ok(())
}

/// The tags of a verified file.
pub(super) fn tags(
    role: &str,
    file: &File,
    signed: &Signed,
    paths: Option<Vec<String>>,
) -> Option<SignedTags> {
    match &file.body().content {
        Content::Targets { targets, .. } => Some(SignedTags {
            role: role.to_owned(),
            paths,
            entries: targets.clone(),
            key_ids: signed.key_ids().to_vec(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::restrict;

    #[test]
    fn a_child_may_use_what_lies_within_its_parent_s_paths() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let child = texts(&["1.", "1.2", "2.", ""]);
        assert_eq!(restrict(&child, None), child);
        assert_eq!(restrict(&child, Some(&texts(&["1."]))), texts(&["1.", "1.2"]));
        assert_eq!(restrict(&child, Some(&texts(&["1.2", "2."]))), texts(&["1.2", "2."]));
        assert_eq!(restrict(&child, Some(&texts(&[""]))), child);
        assert!(restrict(&child, Some(&[])).is_empty());
    }
}
