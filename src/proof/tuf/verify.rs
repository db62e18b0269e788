//! The whole check: from files to a verdict, role by role.
//!
//! TUF 0.9, section 5.1, without its memory of earlier states. What a
//! stateless check cannot see is a rollback to an older consistent set whose
//! timestamp has not expired.

use std::collections::BTreeMap;

use super::body::{Content, Kind};
use super::collection::{Collection, SignedTags};
use super::delegations::{self, Walk};
use super::file::{File, Form};
use super::hashes::FileMeta;
use super::place::{self, Placed, Sought, kind_of_role, role_of_name};
use super::proof::{RoleOutcome, RoleProof, RoleReport, Verdict};
use super::root::{self, Trusted};
use super::signature::{self, Signed};
use super::verification::{Aside, MissingFile, Verification};
use super::{CHAIN, NamedFile, Pins, RELEASES, codes};
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::message::Message;
use crate::base::time::Time;

/// Verifies the metadata of one repository, `gun` (`docker.io/nicolas/webdis`),
/// from pinned key ids, at the time `now`. Files may come in any order and
/// layout, with or without names.
#[must_use]
pub fn verify(files: &[NamedFile<'_>], gun: &str, pins: &Pins, now: Time) -> Verification {
    let mut check = Check::read(files, pins, now);
    let placed = core::mem::take(&mut check.placed);
    let collection = check.run(&placed, gun);
    check.conclude(collection)
}

/// The state of one check.
struct Check<'p> {
    pins: &'p Pins,
    now: Time,
    placed: Vec<Placed>,
    /// Errors of files that could not be used, by the role their name claims.
    broken: BTreeMap<String, Error>,
    roles: Vec<RoleReport>,
    aside: Vec<Aside>,
    missing: Vec<MissingFile>,
    /// Why the set is not fresh.
    stale: Vec<String>,
    caveats: Vec<Message>,
}

impl<'p> Check<'p> {
    fn read(files: &[NamedFile<'_>], pins: &'p Pins, now: Time) -> Self {
        let mut check = Self {
            pins,
            now,
            placed: Vec::new(),
            broken: BTreeMap::new(),
            roles: Vec::new(),
            aside: Vec::new(),
            missing: Vec::new(),
            stale: Vec::new(),
            caveats: Vec::new(),
        };
        if let Err(error) = limits::within("Notary files", files.len(), limits::NOTARY_FILES) {
            check.aside.push(Aside { name: String::new(), reason: error });
            return check;
        }
        for given in files {
            let claimed = role_of_name(given.name);
            let parsed = File::read(given.name, given.bytes).and_then(|file| match &claimed {
                Some(role) if kind_of_role(role) != file.body().kind => Err(Error::new(codes::WRONG_TYPE)
                    .expected(kind_of_role(role).type_name())
                    .found(file.body().kind.type_name())),
                _ => Ok(file),
            });
            match (parsed, claimed) {
                (Ok(file), claimed) => check.placed.push(Placed { file, claimed }),
                (Err(reason), claimed) => {
                    if let Some(role) = claimed {
                        check.broken.entry(role).or_insert_with(|| reason.clone());
                    }
                    check.aside.push(Aside { name: given.name.to_owned(), reason });
                }
            }
        }
        check
    }

    fn report(&mut self, role: &str, outcome: RoleOutcome) {
        self.roles.push(RoleReport::new(role, outcome));
    }

    /// The outcome for a role without a usable file.
    fn absent(&mut self, role: &str, required: bool) {
        match self.broken.get(role) {
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

    fn run(&mut self, files: &[Placed], gun: &str) -> Option<Collection> {
        let of_kind = |kind: Kind| -> Vec<&File> {
            files.iter().map(|placed| &placed.file).filter(|file| file.body().kind == kind).collect()
        };
        let trusted = match root::establish(&of_kind(Kind::Root), gun, self.pins, self.now) {
            Ok(trusted) => trusted,
            Err(error) => {
                self.root_failed(error);
                for role in ["timestamp", "snapshot", "targets"] {
                    if of_kind(kind_of_role(role)).is_empty() {
                        self.absent(role, role == "targets");
                    } else {
                        let error = Error::new(codes::NOT_REACHED).found(role);
                        self.report(role, RoleOutcome::Failed(error));
                    }
                }
                return None;
            }
        };
        let timestamp = self.timestamp(&of_kind(Kind::Timestamp), &trusted);
        let snapshot = self.snapshot(&of_kind(Kind::Snapshot), &trusted, timestamp);
        self.root(&trusted, snapshot);
        let targets = self.targets(files, &trusted, snapshot)?;
        let mut walk = Walk::new(files, snapshot, self.pins);
        let (releases, others) = walk.all(targets.0, self);
        self.put_aside(files, &walk.used, targets.0);
        Some(Collection { gun: gun.to_owned(), targets: targets.1, releases, others, caveats: Vec::new() })
    }

    fn root_failed(&mut self, error: Error) {
        let broken = self
            .broken
            .get("root")
            .filter(|_| [codes::FILE_MISSING, codes::ROOT_GAP].contains(&error.code()));
        let error = broken.cloned().unwrap_or(error);
        if error.code() == codes::FILE_MISSING {
            self.absent("root", true);
            return;
        }
        if error.code() == codes::ROOT_GAP {
            let role = format!("{}.root", error.found_text().unwrap_or_default());
            self.missing.push(MissingFile { role, required: true });
        }
        self.report("root", RoleOutcome::Failed(error));
    }

    fn root(&mut self, trusted: &Trusted<'_>, snapshot: Option<&BTreeMap<String, FileMeta>>) {
        let listed = snapshot.and_then(|meta| meta.get("root")).map(|meta| meta.check_file(trusted.file));
        let outcome = match listed.transpose() {
            Err(error) => RoleOutcome::Failed(error.in_place("root.json")),
            Ok(_) if trusted.ends < self.now => {
                RoleOutcome::Failed(Error::new(codes::ROOT_EXPIRED).expected(trusted.ends.to_string()))
            }
            Ok(form) => {
                RoleOutcome::Proven(RoleProof::new("root", trusted.file, trusted.signed.clone(), form))
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

    fn timestamp<'f>(&mut self, files: &[&'f File], trusted: &Trusted<'_>) -> Option<&'f FileMeta> {
        let Some(first) = files.first() else {
            self.absent("timestamp", false);
            self.stale.push("no timestamp was given".to_owned());
            return None;
        };
        let checked = place::single(files, first, "timestamp", |_| false).and_then(|file| {
            let file = file.unwrap_or(first);
            Ok((file, signed_by(trusted, "timestamp", file)?))
        });
        let (file, signed) = self.settle("timestamp", checked)?;
        self.report("timestamp", RoleOutcome::Proven(RoleProof::new("timestamp", file, signed, None)));
        self.note_expiry("timestamp", file.body().expires);
        match &file.body().content {
            Content::Timestamp { snapshot } => Some(snapshot),
            _ => None,
        }
    }

    fn snapshot<'f>(
        &mut self,
        files: &[&'f File],
        trusted: &Trusted<'_>,
        listed: Option<&FileMeta>,
    ) -> Option<&'f BTreeMap<String, FileMeta>> {
        let Some(first) = files.first() else {
            self.absent("snapshot", false);
            self.stale.push("no snapshot was given".to_owned());
            return None;
        };
        let is_listed = |file: &File| listed.is_some_and(|meta| meta.check_file(file).is_ok());
        let checked = place::single(files, first, "snapshot", is_listed).and_then(|file| {
            let file = file.unwrap_or(first);
            let form = listed.map(|meta| meta.check_file(file)).transpose();
            let form = form.map_err(|error| error.in_place("snapshot.json"))?;
            Ok((file, form, signed_by(trusted, "snapshot", file)?))
        });
        let (file, form, signed) = self.settle("snapshot", checked)?;
        self.report("snapshot", RoleOutcome::Proven(RoleProof::new("snapshot", file, signed, form)));
        self.note_expiry("snapshot", file.body().expires);
        match &file.body().content {
            Content::Snapshot { meta } => Some(meta),
            _ => None,
        }
    }

    fn targets<'f>(
        &mut self,
        files: &'f [Placed],
        trusted: &Trusted<'_>,
        snapshot: Option<&BTreeMap<String, FileMeta>>,
    ) -> Option<(&'f File, SignedTags)> {
        let role = trusted.roles.get("targets")?;
        if let Some(error) = self.repository_differs(&role.key_ids) {
            self.report("targets", RoleOutcome::Failed(error));
            return None;
        }
        let sought = Sought { role: "targets", key_ids: &role.key_ids, snapshot, siblings: &[] };
        let file = match place::find(files, &sought) {
            Ok(Some(file)) => file,
            Ok(None) => {
                self.absent("targets", true);
                return None;
            }
            Err(error) => {
                self.report("targets", RoleOutcome::Failed(error));
                return None;
            }
        };
        let listed = snapshot.and_then(|meta| meta.get("targets"));
        let checked = listed_as("targets", listed, file).and_then(|form| {
            let signed = signed_by(trusted, "targets", file)?;
            self.signed_by_documented(trusted, &role.key_ids, file)?;
            delegations::check_children("targets", file)?;
            Ok((form, signed))
        });
        let (form, signed) = self.settle("targets", checked)?;
        let tags = delegations::tags("targets", file, &signed, None)?;
        self.report("targets", RoleOutcome::Proven(RoleProof::new("targets", file, signed, form)));
        self.note_expiry("targets", file.body().expires);
        self.note_other_keys(&role.key_ids);
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
    fn signed_by_documented(&self, trusted: &Trusted<'_>, key_ids: &[String], file: &File) -> Result<()> {
        let pinned = &self.pins.repository;
        if pinned.is_empty() {
            return Ok(());
        }
        let ids = key_ids.iter().filter(|id| pinned.contains(id));
        let keys: Vec<_> = ids.filter_map(|id| trusted.keys.get(id)).collect();
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
            key_ids.iter().filter(|id| !pinned.contains(id)).map(String::as_str).collect();
        if pinned.is_empty() || others.is_empty() {
            return;
        }
        let caveat = Message::new(codes::OTHER_REPOSITORY_KEY, &[("found", &others.join(", "))]);
        if let Some(report) = self.roles.last_mut() {
            report.caveats.push(caveat.clone());
        }
        self.caveats.push(caveat);
    }

    /// Records a failure as the role's outcome.
    fn settle<T>(&mut self, role: &str, checked: Result<T>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(error) => {
                self.report(role, RoleOutcome::Failed(error));
                None
            }
        }
    }

    fn put_aside(&mut self, files: &[Placed], used: &[&File], targets: &File) {
        let unused = files.iter().map(|placed| &placed.file).filter(|file| {
            file.body().kind == Kind::Targets
                && !core::ptr::eq(*file, targets)
                && !file.same(targets)
                && !used.iter().any(|other| other.same(file))
        });
        for file in unused {
            let reason = Error::new(codes::NOT_DELEGATED).found(file.name());
            self.aside.push(Aside { name: file.name().to_owned(), reason });
        }
    }

    fn conclude(mut self, collection: Option<Collection>) -> Verification {
        let rank = |report: &RoleReport| CHAIN.iter().position(|name| *name == report.role);
        self.roles.sort_by_key(|report| rank(report).unwrap_or(CHAIN.len()));
        let mut causes: Vec<Error> = Vec::new();
        for report in self.roles.iter().filter(|report| report.on_chain()) {
            match &report.outcome {
                RoleOutcome::Failed(error) => causes.push(error.clone()),
                RoleOutcome::Missing { required: true } => {
                    // A file that could not be read may be the missing one.
                    let unread = self.aside.iter().find(|aside| role_of_name(&aside.name).is_none());
                    let unread = unread.filter(|aside| aside.reason.code() != codes::NOT_DELEGATED);
                    causes.extend(unread.map(|aside| aside.reason.clone()));
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
        self.report(role, RoleOutcome::Proven(RoleProof::new(role, file, signed, form)));
        self.note_expiry(role, file.body().expires);
    }

    fn failed(&mut self, role: &str, error: Error) {
        self.report(role, RoleOutcome::Failed(error));
    }

    fn no_file(&mut self, role: &str) {
        self.absent(role, role == RELEASES);
    }

    fn unpublished(&mut self, role: &str) {
        self.report(role, RoleOutcome::Unpublished);
    }
}

/// Verifies a file with the keys that the root gives a top-level role.
fn signed_by(trusted: &Trusted<'_>, name: &str, file: &File) -> Result<Signed> {
    let role = trusted.roles.get(name).ok_or_else(|| Error::new(codes::ROLE_ABSENT).found(name))?;
    let keys: Vec<_> = role.key_ids.iter().filter_map(|id| trusted.keys.get(id)).collect();
    signature::threshold(name, file, &keys, role.threshold)
}

/// Holds a file against its entry in the snapshot, where there is one.
pub(super) fn listed_as(role: &str, listed: Option<&FileMeta>, file: &File) -> Result<Option<Form>> {
    listed.map(|meta| meta.check_file(file)).transpose().map_err(|e| e.in_place(format!("{role}.json")))
}
