//! Which timestamp and snapshot belong together: the files at hand may be of
//! several moments, and strangers' among them.

use core::cmp::Reverse;

use super::body::{Content, Kind};
use super::choose::{self, Chosen, Keys, Standing};
use super::file::File;
use super::gather::Pool;
use super::root::Trusted;
use crate::base::error::Result;
use crate::base::list::CollectVec as _;
use crate::base::order;

/// Moments that are tried; each costs a walk over all delegations.
const TRIED: usize = 8;

/// One way to read the files: a timestamp and the snapshot it lists.
#[derive(Debug)]
pub(super) struct Moment<'f> {
    pub(super) timestamp: Result<Option<Chosen<'f>>>,
    pub(super) snapshot: Result<Option<Chosen<'f>>>,
    /// Authentic files at hand that are newer than these: `timestamp.json of
    /// version 7`.
    pub(super) newer: Vec<String>,
}

/// Authentic and other files of a role.
type Examined<'f> = Vec<(&'f File, Standing)>;

/// All moments at hand, the newest complete one first; at least one.
pub(super) fn all<'f>(pool: &'f Pool, trusted: &Trusted<'_>) -> Vec<Moment<'f>> {
    let (timestamps, snapshots) = (pool.of(Kind::Timestamp), pool.of(Kind::Snapshot));
    let (first, second) = (trusted.role_keys("timestamp"), trusted.role_keys("snapshot"));
    let stamps: Examined<'f> = first.examine(&timestamps);
    let shots: Examined<'f> = second.examine(&snapshots);
    let (signed_stamps, signed_shots) = (choose::signed(&stamps), choose::signed(&shots));
    let mut moments: Vec<Moment<'f>> = Vec::new();
    for stamp in &signed_stamps {
        let snapshot = match &stamp.file.body().content {
            Content::Timestamp { snapshot } => choose::listed(&second, snapshot, &snapshots, &shots),
            _ => Ok(None),
        };
        moments.push(Moment { timestamp: Ok(Some(stamp.clone())), snapshot, newer: Vec::new() });
    }
    if signed_stamps.is_empty() {
        let timestamp = choose::newest("timestamp", &stamps);
        for shot in &signed_shots {
            let (timestamp, snapshot) = (timestamp.clone(), Ok(Some(shot.clone())));
            moments.push(Moment { timestamp, snapshot, newer: Vec::new() });
        }
        if signed_shots.is_empty() {
            let snapshot = choose::newest("snapshot", &shots);
            moments.push(Moment { timestamp, snapshot, newer: Vec::new() });
        }
    }
    // A timestamp without its snapshot says less than one with it.
    order::sort_by_key(&mut moments, |moment| Reverse(matches!(moment.snapshot, Ok(Some(_)))));
    moments.truncate(TRIED);
    for moment in &mut moments {
        moment.newer = newer("timestamp", &moment.timestamp, &signed_stamps)
            .into_iter()
            .chain(newer("snapshot", &moment.snapshot, &signed_shots))
            .collect_vec();
    }
    moments
}

/// The newest authentic file of a role, if it is newer than the chosen one.
fn newer(role: &str, chosen: &Result<Option<Chosen<'_>>>, signed: &[Chosen<'_>]) -> Option<String> {
    let chosen = chosen.as_ref().ok()?.as_ref()?.file.body().version;
    let newest = signed.first()?.file.body().version;
    (newest > chosen).then(|| format!("{role}.json of version {newest}, at hand too, is newer"))
}

impl<'f> Trusted<'f> {
    /// Who may sign for a top-level role.
    pub(super) fn role_keys<'k>(&self, role: &'k str) -> Keys<'k>
    where
        'f: 'k,
    {
        let listed = self.roles.get(role);
        let ids = listed.into_iter().flat_map(|role| &role.key_ids);
        Keys {
            role,
            keys: ids.filter_map(|id| self.keys.get(id)).collect_vec(),
            threshold: listed.map_or(u64::MAX, |role| role.threshold),
            known: self.keys,
        }
    }
}
