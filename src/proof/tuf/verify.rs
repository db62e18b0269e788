//! The whole check: from files to a verdict, role by role.
//!
//! TUF 0.9, section 5.1, without its memory of earlier states. What a
//! stateless check cannot see is a rollback to an older consistent set whose
//! timestamp has not expired.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::order::Map as BTreeMap;

use super::body::{Content, Kind};
use super::choose::{self, Chosen};
use super::collection::{Collection, SignedTags};
use super::delegations::{self, Walk};
use super::file::{File, Form};
use super::gather::Pool;
use super::hashes::FileMeta;
use super::key::Key;
use super::missing_root;
use super::moment::{self, Moment};
use super::proof::{RoleOutcome, RoleProof, RoleReport, Verdict};
use super::role_matching::kind_of_role;
use super::root::{self, Trusted};
use super::signature::{self, Signed};
use super::verification::{Aside, MissingFile, Verification};
use super::{CHAIN, NamedFile, Pins, RELEASES, codes};
use crate::base::code::Code;
use crate::base::error::{Error, Result};
use crate::base::message::Message;
use crate::base::time::Time;

/// Verifies the metadata of one repository, `gun` (`docker.io/nicolas/webdis`),
/// from pinned key ids, at the time `now`. Files may come in any order and
/// layout, with or without names, twice, and among files of other
/// repositories, of other moments and of strangers.
#[must_use]
pub fn verify(files: &[NamedFile<'_>], gun: &str, pins: &Pins, now: Time) -> Verification {
    let pool = Pool::read(files, gun);
    let rest: Vec<&File> =
        [Kind::Targets, Kind::Snapshot, Kind::Timestamp].iter().flat_map(|kind| pool.of(*kind)).collect_vec();
    let check = Check::new(&pool, gun, pins, now);
    let trusted = match root::establish(&pool.of(Kind::Root), &rest, gun, pins, now) {
        Ok(trusted) => trusted,
        Err(error) => return check.without_root(error),
    };
    let mut first = None;
    for moment in moment::all(&pool, &trusted) {
        let found = check.clone().at(&trusted, &moment);
        if found.collection().is_some() {
            return found;
        }
        first.get_or_insert(found);
    }
    first.unwrap_or_else(|| check.without_root(Error::new(codes::NOT_REACHED).found("root")))
}

/// The state of one check.
#[derive(Clone)]
struct Check<'p> {
    pool: &'p Pool,
    gun: &'p str,
    pins: &'p Pins,
    now: Time,
    roles: Vec<RoleReport>,
    aside: Vec<Aside>,
    missing: Vec<MissingFile>,
    /// Why the set is not fresh.
    stale: Vec<String>,
    caveats: Vec<Message>,
}

impl<'p> Check<'p> {
    fn new(pool: &'p Pool, gun: &'p str, pins: &'p Pins, now: Time) -> Self {
        Self {
            pool,
            gun,
            pins,
            now,
            roles: Vec::new(),
            aside: pool.aside.clone(),
            missing: Vec::new(),
            stale: Vec::new(),
            caveats: Vec::new(),
        }
    }

    fn report(&mut self, role: &str, outcome: RoleOutcome) {
        self.roles.push(RoleReport::new(role, outcome));
    }

    /// The outcome for a role without a usable file.
    fn absent(&mut self, role: &str, required: bool) {
        match self.pool.broken.get(role) {
            Some(error) => self.report(role, RoleOutcome::Failed(error.clone())),
            None => {
                self.report(role, RoleOutcome::Missing { required });
                self.missing.push(MissingFile { role: role.to_owned(), required });
            }
        }
    }

    /// Notes that a role's file is past its end.
    fn note_expiry(&mut self, role: &str, expires: Time) {
        if expires >= self.now {
            return;
        }
        let reason = format!("{role} expired on {expires}");
        if let Some(report) = self.roles.last_mut() {
            report.caveats.push(Message::new(codes::NOT_FRESH, &[("found", &reason)]));
        }
        if CHAIN.contains(&role) {
            self.stale.push(reason);
        }
    }

    fn put_aside(&mut self, file: &File, reason: Code) {
        let reason = Error::new(reason).found(file.name());
        self.aside.push(Aside { name: file.name().to_owned(), reason });
    }

    /// The result where no root is linked to the pins.
    fn without_root(mut self, error: Error) -> Verification {
        let unread = [codes::FILE_MISSING, codes::ROOT_GAP, codes::ROOT_UNLINKED].contains(&error.code());
        let broken = self.pool.broken.get("root").filter(|_| unread).cloned();
        let foreign = self.pool.foreign.clone().filter(|_| error.code() == codes::FILE_MISSING);
        let error = broken.or(foreign).unwrap_or(error);
        match error.found_text() {
            _ if error.code() == codes::FILE_MISSING => self.absent("root", true),
            found => {
                let version = found.and_then(|found| found.parse::<u64>().ok()).unwrap_or_default();
                let role = match version {
                    _ if error.code() == codes::ROOT_GAP => Some(format!("{version}.root")),
                    2.. if error.code() == codes::ROOT_UNLINKED => {
                        Some(format!("{}.root", version.saturating_sub(1)))
                    }
                    _ => (error.code() == codes::ROOT_UNLINKED).then(|| "root".to_owned()),
                };
                self.missing.push_all(role.map(|role| MissingFile { role, required: true }));
                self.report("root", RoleOutcome::Failed(error));
            }
        }
        for kind in [Kind::Timestamp, Kind::Snapshot, Kind::Targets] {
            if self.pool.of(kind).is_empty() {
                self.absent(kind.role(), kind == Kind::Targets);
            } else {
                let error = Error::new(codes::NOT_REACHED).found(kind.role());
                self.report(kind.role(), RoleOutcome::Failed(error));
            }
        }
        self.conclude(None)
    }

    /// The result for one moment.
    fn at(mut self, trusted: &Trusted<'p>, moment: &Moment<'p>) -> Verification {
        for file in &trusted.unlinked {
            self.put_aside(file, codes::NOT_VOUCHED);
        }
        self.single("timestamp", &moment.timestamp);
        self.single("snapshot", &moment.snapshot);
        self.stale.push_all(moment.newer.iter().cloned());
        let snapshot = match &moment.snapshot {
            Ok(Some(Chosen { file, .. })) => match &file.body().content {
                Content::Snapshot { meta } => Some(meta),
                _ => None,
            },
            _ => None,
        };
        self.root(trusted, snapshot);
        let collection = self.targets(trusted, snapshot).map(|(file, targets)| {
            let mut walk = Walk::new(self.pool, snapshot, self.pins);
            let (releases, others) = walk.all(file, &mut self);
            self.unused(file, &walk.used, snapshot.is_some());
            let complete = snapshot.is_some() && self.stale.is_empty();
            let gun = self.gun.to_owned();
            Collection { gun, targets, releases, others, complete, caveats: Vec::new() }
        });
        missing_root::excuse(&mut self.roles, self.pool, trusted);
        missing_root::of_another_moment(&mut self.roles, self.pool, trusted);
        let mut result = self.conclude(collection);
        missing_root::name(&mut result, trusted);
        result
    }

    /// The root's own report: it must be the one that the snapshot lists.
    fn root(&mut self, trusted: &Trusted<'_>, snapshot: Option<&BTreeMap<String, FileMeta>>) {
        let form = snapshot.and_then(|meta| meta.get("root")).map(|meta| listed_root(trusted, meta));
        let outcome = match form.transpose() {
            Err(error) => RoleOutcome::Failed(error),
            Ok(_) if trusted.ends < self.now => {
                RoleOutcome::Failed(Error::new(codes::ROOT_EXPIRED).expected(trusted.ends.to_string()))
            }
            Ok(found) => {
                let (file, form) = found.map_or((trusted.file, None), |(file, form)| (file, Some(form)));
                RoleOutcome::Proven(Box::new(RoleProof::new("root", file, trusted.signed.clone(), form)))
            }
        };
        let mut report = RoleReport::new("root", outcome);
        if !trusted.rotation.is_empty() {
            let now = trusted.signed.key_ids().join(", ");
            let caveat = Message::new(codes::ROTATED, &[("found", &now)]);
            report.caveats.push(caveat.clone());
            self.caveats.push(caveat);
        }
        self.roles.insert(0, report);
    }

    /// The report of the timestamp or the snapshot.
    fn single(&mut self, role: &str, chosen: &Result<Option<Chosen<'_>>>) {
        let kind = kind_of_role(role);
        let used = match chosen {
            Ok(Some(Chosen { file, signed, form })) => {
                self.report(
                    role,
                    RoleOutcome::Proven(Box::new(RoleProof::new(role, file, signed.clone(), *form))),
                );
                self.note_expiry(role, file.body().expires);
                Some(*file)
            }
            Ok(None) => {
                self.absent(role, false);
                self.stale.push(format!("no {role} was given"));
                None
            }
            Err(error) => return self.report(role, RoleOutcome::Failed(error.clone())),
        };
        for file in self.pool.of(kind) {
            if !used.is_some_and(|used| used.same(file)) {
                self.put_aside(file, codes::NOT_VOUCHED);
            }
        }
    }

    fn targets(
        &mut self,
        trusted: &Trusted<'_>,
        snapshot: Option<&'p BTreeMap<String, FileMeta>>,
    ) -> Option<(&'p File, SignedTags)> {
        let keys = trusted.role_keys("targets");
        let key_ids: Vec<String> = keys.keys.iter().map(|key| key.id().to_owned()).collect_vec();
        if let Some(error) = self.repository_differs(&key_ids) {
            // Behind a root that is missing, the key may have been changed.
            let error = missing_root::beyond(trusted)
                .map_or(error, |version| Error::new(codes::ROOT_GAP).found(version.to_string()));
            self.report("targets", RoleOutcome::Failed(error));
            return None;
        }
        let claimants = keys.examine(&self.pool.claiming("targets", true));
        let found = match snapshot.and_then(|meta| meta.get("targets")) {
            Some(meta) => choose::listed(&keys, meta, &self.pool.of(Kind::Targets), &claimants),
            None => choose::newest("targets", &claimants),
        };
        let found = found.and_then(|found| {
            if let Some(Chosen { file, .. }) = &found {
                self.signed_by_documented(&keys.keys, file)?;
                delegations::check_children("targets", file)?;
            }
            Ok(found)
        });
        let Chosen { file, signed, form } = match found {
            Ok(Some(chosen)) => chosen,
            Ok(None) => {
                self.absent("targets", true);
                return None;
            }
            Err(error) => {
                self.report("targets", RoleOutcome::Failed(error));
                return None;
            }
        };
        let tags = delegations::tags("targets", file, &signed, None)?;
        self.report("targets", RoleOutcome::Proven(Box::new(RoleProof::new("targets", file, signed, form))));
        self.note_expiry("targets", file.body().expires);
        self.note_other_keys(&key_ids);
        Some((file, tags))
    }

    /// An error if none of the keys is a documented repository key.
    fn repository_differs(&self, key_ids: &[String]) -> Option<Error> {
        let pinned = &self.pins.repository;
        let differs = !pinned.is_empty() && !key_ids.iter().any(|id| pinned.contains(id));
        differs.then(|| {
            Error::new(codes::REPOSITORY_KEY_DIFFERS).expected(pinned.join(", ")).found(key_ids.join(", "))
        })
    }

    /// Demands that a documented repository key is among those that signed:
    /// a second key, which the root lists too, cannot stand in for it.
    fn signed_by_documented(&self, keys: &[&Key], file: &File) -> Result<()> {
        let pinned = &self.pins.repository;
        if pinned.is_empty() {
            return Ok(());
        }
        let keys: Vec<&Key> =
            keys.iter().copied().filter(|key| pinned.iter().any(|pin| pin == key.id())).collect_vec();
        signature::threshold("targets", file, &keys, 1).map_err(|error| {
            if error.code() != codes::SIGNED_BY_OTHERS {
                return error;
            }
            Error::new(codes::REPOSITORY_KEY_DIFFERS)
                .expected(pinned.join(", "))
                .found("a signature by another key only")
        })?;
        Ok(())
    }

    /// Notes that the root lists repository keys beside the documented ones.
    fn note_other_keys(&mut self, key_ids: &[String]) {
        let pinned = &self.pins.repository;
        let others: Vec<&str> =
            key_ids.iter().filter(|id| !pinned.contains(id)).map(String::as_str).collect_vec();
        if pinned.is_empty() || others.is_empty() {
            return;
        }
        let caveat = Message::new(codes::OTHER_REPOSITORY_KEY, &[("found", &others.join(", "))]);
        if let Some(report) = self.roles.last_mut() {
            report.caveats.push(caveat.clone());
        }
        self.caveats.push(caveat);
    }

    /// Puts the targets files aside that are no role's.
    fn unused(&mut self, targets: &File, used: &[&File], bound: bool) {
        for file in self.pool.of(Kind::Targets) {
            if !file.same(targets) && !used.iter().any(|other| other.same(file)) {
                self.put_aside(file, if bound { codes::NOT_DELEGATED } else { codes::UNBOUND });
            }
        }
    }

    fn conclude(mut self, collection: Option<Collection>) -> Verification {
        let rank = |report: &RoleReport| CHAIN.iter().position(|name| *name == report.role);
        order::sort_by_key(&mut self.roles, |report| rank(report).unwrap_or(CHAIN.len()));
        let mut causes: Vec<Error> = Vec::new();
        for report in self.roles.iter().filter(|report| report.on_chain()) {
            match &report.outcome {
                RoleOutcome::Failed(error) => causes.push(error.clone()),
                RoleOutcome::Missing { required: true } => {
                    causes.push(Error::new(codes::FILE_MISSING).found(format!("{}.json", report.role)));
                }
                _ => {}
            }
        }
        let gravity = |error: &Error| Verdict::of(error).gravity();
        let worst = causes.iter().map(gravity).max();
        let cause = causes.into_iter().find(|error| Some(gravity(error)) == worst);
        let verdict = match &cause {
            Some(error) => Verdict::of(error),
            None if collection.is_none() => Verdict::Incomplete,
            None if self.stale.is_empty() => Verdict::Fresh,
            None => Verdict::AuthenticNotFresh,
        };
        let collection = collection.filter(|_| cause.is_none()).map(|mut collection| {
            collection.caveats = core::mem::take(&mut self.caveats);
            if !self.stale.is_empty() {
                let found = self.stale.join(", ");
                collection.caveats.push(Message::new(codes::NOT_FRESH, &[("found", &found)]));
            }
            collection
        });
        Verification {
            roles: self.roles,
            aside: self.aside,
            missing: self.missing,
            verdict,
            cause,
            collection,
        }
    }
}

/// What the walk over delegations tells the check.
impl delegations::Recorder for Check<'_> {
    fn proven(&mut self, role: &str, file: &File, signed: Signed, form: Option<Form>) {
        self.report(role, RoleOutcome::Proven(Box::new(RoleProof::new(role, file, signed, form))));
        self.note_expiry(role, file.body().expires);
    }

    fn failed(&mut self, role: &str, error: Error) {
        self.report(role, RoleOutcome::Failed(error));
    }

    fn unbound(&mut self, role: &str) {
        if role == RELEASES {
            self.missing.retain(|file| file.role != "snapshot");
            self.missing.push(MissingFile { role: "snapshot".to_owned(), required: true });
        }
    }

    fn no_file(&mut self, role: &str) {
        self.absent(role, role == RELEASES);
    }

    fn unpublished(&mut self, role: &str) {
        self.report(role, RoleOutcome::Unpublished);
    }
}

/// The file of the trusted root that the snapshot lists.
///
/// # Errors
/// [`codes::OTHER_MOMENT`]; [`codes::ROOT_NOT_CROSS_SIGNED`], an alarm, if it
/// lists a root at hand as the next which the trusted root's keys did not
/// sign; [`codes::ROOT_GAP`] for a later one; [`codes::SHA512`] and
/// [`codes::LENGTH`] if only SHA-256 agrees.
pub(super) fn listed_root<'f>(trusted: &Trusted<'f>, meta: &FileMeta) -> Result<(&'f File, Form)> {
    let mut differs = Error::new(codes::ROLE_ABSENT).found("root");
    for file in &trusted.copies {
        match meta.check_file(file) {
            Ok(form) => return Ok((file, form)),
            Err(error) if error.code() != codes::HASH => return Err(error.in_place("root.json")),
            Err(error) => differs = error,
        }
    }
    let version = trusted.file.body().version;
    let next = version.saturating_add(1);
    match trusted.unlinked.iter().find(|file| meta.check_file(file).is_ok()) {
        Some(file) if file.body().version == next => {
            Err(Error::new(codes::ROOT_NOT_CROSS_SIGNED).found(next.to_string()))
        }
        Some(file) if file.body().version > next => Err(Error::new(codes::ROOT_GAP).found(next.to_string())),
        _ => Err(Error::new(codes::OTHER_MOMENT)
            .in_place("root.json")
            .expected(differs.expected_text().unwrap_or_default())
            .found(differs.found_text().unwrap_or_default())),
    }
}
