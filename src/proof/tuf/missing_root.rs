//! A chain of roots with a link that is not at hand. TUF 0.9, section 5.1,
//! step 1, walks from version to version; where version 3 is missing, nobody
//! can say whose keys rule, so what they signed is no alarm, and no proof.

use super::body::{Content, Kind};
use super::file::File;
use super::gather::Pool;
use super::key::Key;
use super::proof::{RoleOutcome, RoleReport, Verdict};
use super::root::Trusted;
use super::verification::{MissingFile, Verification};
use super::verify::listed_root;
use super::{codes, signature};
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::CollectVec as _;

/// Later roots that are tried; a real chain has one at its end.
const TRIED: usize = 4;

/// The root that is missing between the trusted one and a newer one at hand.
pub(super) fn beyond(trusted: &Trusted<'_>) -> Option<u64> {
    let next = trusted.file.body().version.saturating_add(1);
    trusted.unlinked.iter().any(|file| file.body().version > next).then_some(next)
}

/// Where a newer root, which the missing one may introduce, names the keys
/// that signed the files at hand, the trusted root's other keys refute
/// nothing: the roles they fail say that a root is missing.
pub(super) fn excuse(roles: &mut [RoleReport], pool: &Pool, trusted: &Trusted<'_>) {
    let Some(next) = beyond(trusted).filter(|next| later_keys_signed(pool, trusted, *next)) else {
        return;
    };
    for report in roles {
        let top = [Kind::Timestamp, Kind::Snapshot, Kind::Targets].iter().any(|k| k.role() == report.role);
        let RoleOutcome::Failed(error) = &mut report.outcome else { continue };
        if top && [codes::SIGNED_BY_OTHERS, codes::REPOSITORY_KEY_DIFFERS].contains(&error.code()) {
            *error = Error::new(codes::ROOT_GAP).found(next.to_string());
        }
    }
}

/// Where a snapshot lists another root than the one at hand, the files are of two moments,
/// and keys may have been changed between them: what only keys signed that this root does
/// not name is no alarm.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn of_another_moment(roles: &mut [RoleReport], pool: &Pool, trusted: &Trusted<'_>) {
    let by_others = |report: &RoleReport| matches!(&report.outcome, RoleOutcome::Failed(error) if error.code() == codes::SIGNED_BY_OTHERS);
    if !roles.iter().any(by_others) {
        return;
    }
    let lists_another = |file: &&File| match &file.body().content {
        Content::Snapshot { meta } => {
            meta.get("root").is_some_and(|root| listed_root(trusted, root).is_err())
        }
        _ => false,
    };
    if !pool.of(Kind::Snapshot).iter().take(limits::NOTARY_FILES).any(lists_another) {
        return;
    }
    for report in roles.iter_mut().filter(|report| by_others(report)) {
        let place = format!("{}.json", report.role);
        report.outcome = RoleOutcome::Failed(Error::new(codes::ROOT_OF_ANOTHER_MOMENT).in_place(place));
    }
}

/// Whether a root beyond the missing one lists the keys of a file at hand.
fn later_keys_signed(pool: &Pool, trusted: &Trusted<'_>, next: u64) -> bool {
    let later = trusted.unlinked.iter().filter(|root| root.body().version > next).take(TRIED);
    later.into_iter().any(|root| {
        let Content::Root { keys, roles } = &root.body().content else { return false };
        [Kind::Timestamp, Kind::Snapshot, Kind::Targets].into_iter().any(|kind| {
            let Some(role) = roles.get(kind.role()) else { return false };
            let keys: Vec<&Key> = role.key_ids.iter().filter_map(|id| keys.get(id)).collect_vec();
            let mut files = pool.of(kind).into_iter().take(limits::NOTARY_FILES);
            files.any(|file| signature::threshold(kind.role(), file, &keys, role.threshold).is_ok())
        })
    })
}

/// Where nothing is refused but something is missing, and a newer root at
/// hand could not be reached, the root between them may be what is missing.
pub(super) fn name(result: &mut Verification, trusted: &Trusted<'_>) {
    let Some(next) = beyond(trusted).filter(|_| result.verdict == Verdict::Incomplete) else {
        return;
    };
    let role = format!("{next}.root");
    result.missing.retain(|file| file.role != role);
    result.missing.insert(0, MissingFile { role, required: true });
    result.cause = Some(Error::new(codes::ROOT_GAP).found(next.to_string()));
}
