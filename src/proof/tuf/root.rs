//! From pinned key ids to the root that rules: directly, or over a chain of
//! rotations in which each root is signed by the keys of the one before.
//! TUF 0.9, section 5.1, step 1; here all roots come at once, in any order,
//! strangers' among them.

use crate::base::list::CollectVec as _;
use crate::base::order;
use crate::base::order::Map as BTreeMap;

use super::body::{Content, Kind, Role};
use super::file::File;
use super::key::Key;
use super::signature::{self, Signed};
use super::{Pins, codes};
use crate::base::code::Class;
use crate::base::error::{Error, Result};
use crate::base::limits;
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
    /// Files that say the same as this root.
    pub(super) copies: Vec<&'f File>,
    /// Roots that are not on the chain from the pin to this one.
    pub(super) unlinked: Vec<&'f File>,
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

    fn role_keys(&self) -> Vec<&'f Key> {
        let ids = self.roles.get("root").into_iter().flat_map(|role| &role.key_ids);
        ids.filter_map(|id| self.keys.get(id)).collect_vec()
    }

    fn pinned_keys(&self, pins: &Pins) -> Vec<&'f Key> {
        self.role_keys().into_iter().filter(|key| pins.root.iter().any(|pin| pin == key.id())).collect_vec()
    }

    /// Whether a signature says that it is a pinned key's.
    fn claims(&self, pins: &Pins) -> bool {
        self.file.signatures().iter().any(|entry| pins.root.contains(&entry.key_id))
    }

    /// Whether both say the same, in whatever layout and with whatever
    /// signatures.
    fn says(&self, other: &Self) -> bool {
        self.file.canonical() == other.file.canonical()
    }
}

/// Establishes the root that rules: from a root that a pinned key signed, on
/// over every newer one at hand that the keys of the one before introduced.
/// `rest` are the other files at hand.
///
/// A root that nothing links to the pin is set aside, whatever its version.
/// A key that a root at hand has retired links nothing any more.
///
/// # Errors
/// [`codes::NO_PINS`], [`codes::FILE_MISSING`], [`codes::ROOT_GAP`],
/// [`codes::ROOT_UNLINKED`], [`codes::ROOT_KEY_DIFFERS`],
/// [`codes::TWO_FILES`], and those of certificates and signatures. The end of
/// validity is reported, not enforced, here.
pub(super) fn establish<'f>(
    files: &[&'f File],
    rest: &[&File],
    gun: &str,
    pins: &Pins,
    now: Time,
) -> Result<Trusted<'f>> {
    if pins.root.is_empty() {
        return Err(Error::new(codes::NO_PINS));
    }
    let mut roots: Vec<RootFile<'f>> = files.iter().filter_map(|file| RootFile::of(file)).collect_vec();
    order::sort_by_key(&mut roots, |root| root.version());
    let Some(newest) = roots.last() else {
        return Err(Error::new(codes::FILE_MISSING).found("root.json"));
    };
    let mut anchors = Vec::new();
    let mut failure = None;
    signature::within_reach(roots.iter().map(|root| root.file), &|id| pins.root.iter().any(|pin| pin == id))?;
    for root in roots.iter().filter(|root| !root.pinned_keys(pins).is_empty()) {
        match own_signatures(*root, &root.pinned_keys(pins), gun, now) {
            Ok((signed, _)) => anchors.push((*root, signed)),
            // It only lists the pinned key, and nothing signs a tag under it.
            Err(error) if error.code() == codes::SIGNED_BY_OTHERS && !root.claims(pins) && !tags(rest) => {}
            Err(error) => failure = Some(error),
        }
    }
    let found_anchor = !anchors.is_empty();
    let retired = |signed: &Signed, version: u64| retiring(&roots, signed, version, gun, now);
    let gap = anchors.iter().find_map(|(root, signed)| retired(signed, root.version()));
    anchors.retain(|(root, signed)| retired(signed, root.version()).is_none());
    let Some((base, _)) = anchors.first() else {
        return Err(match (found_anchor, failure, gap) {
            (true, _, Some(version)) => Error::new(codes::ROOT_GAP).found(version.to_string()),
            (_, Some(error), _) => error,
            _ => unlinked(&roots, newest, rest, pins),
        });
    };
    let same_version = |root: &RootFile<'_>| root.version() == base.version();
    let bases: Vec<RootFile<'f>> =
        anchors.iter().map(|(root, _)| *root).filter(|root| same_version(root)).collect_vec();
    let mut walk = vec![only(&bases)?];
    while let Some(next) = step(&walk, &roots, &anchors, gun, now)? {
        walk.push(next);
    }
    let current = walk.last().copied().unwrap_or(*base);
    only_ruler(current, &roots, gun, now)?;
    let own = current.pinned_keys(pins);
    let (signed, ends) = own_signatures(current, &own, gun, now)
        .or_else(|_| own_signatures(current, &current.role_keys(), gun, now))?;
    let rotation = if own.is_empty() { walk.iter().map(RootFile::version).collect_vec() } else { Vec::new() };
    let stays = |root: &&RootFile<'_>| walk.iter().any(|known| known.says(root));
    let (linked, others): (Vec<&RootFile<'f>>, Vec<_>) = roots.iter().partition(stays);
    Ok(Trusted {
        file: current.file,
        signed,
        ends,
        rotation,
        keys: current.keys,
        roles: current.roles,
        copies: linked.into_iter().filter(|root| current.says(root)).map(|root| root.file).collect_vec(),
        unlinked: others.into_iter().map(|root| root.file).collect_vec(),
    })
}

/// The next root after the last of `walk`: the following version, signed by
/// as many keys of the one before as it demands and by its own, or a later
/// one that a pinned key signed which the last one has not retired.
fn step<'f>(
    walk: &[RootFile<'f>],
    roots: &[RootFile<'f>],
    anchors: &[(RootFile<'f>, Signed)],
    gun: &str,
    now: Time,
) -> Result<Option<RootFile<'f>>> {
    let Some(current) = walk.last() else { return Ok(None) };
    let wanted = current.version().saturating_add(1);
    let predecessor = certified(&current.role_keys(), gun, now)?;
    let threshold = current.role()?.threshold;
    let introduced =
        |root: &&RootFile<'_>| signature::threshold("root", root.file, &predecessor, threshold).is_ok();
    let following: Vec<&RootFile<'_>> = roots.iter().filter(|root| root.version() == wanted).collect_vec();
    within_reach_of(&following, &predecessor)?;
    let mut linked = Vec::new();
    for root in following.into_iter().filter(introduced) {
        match own_signatures(*root, &root.role_keys(), gun, now) {
            Ok(_) => linked.push(*root),
            // Introduced, but not to be examined: nothing older rules any more.
            Err(error) if error.class() == Class::NotChecked => return Err(error),
            Err(_) => {}
        }
    }
    if !linked.is_empty() {
        return only(&linked).map(Some);
    }
    let holds = |signed: &Signed| {
        current.role().is_ok_and(|role| signed.key_ids().iter().any(|id| role.key_ids.contains(id)))
    };
    let later = anchors.iter().filter(|(root, signed)| root.version() > wanted && holds(signed));
    let mut later: Vec<RootFile<'f>> =
        later.map(|(root, _)| *root).filter(|root| introduced(&root)).collect_vec();
    let lowest = later.first().map(RootFile::version);
    later.retain(|root| Some(root.version()) == lowest);
    if later.is_empty() { Ok(None) } else { only(&later).map(Some) }
}

/// Demands that nobody else may rule: no other root of the same version, or of a later one,
/// which the keys of the current one signed and its own keys, too. What stands between a
/// later one and the current one is not at hand, or it would have been walked.
fn only_ruler(current: RootFile<'_>, roots: &[RootFile<'_>], gun: &str, now: Time) -> Result<()> {
    let others = roots.iter().filter(|root| root.version() >= current.version() && !current.says(root));
    let others: Vec<&RootFile<'_>> = others.collect_vec();
    let (keys, threshold) = (current.role_keys(), current.role()?.threshold);
    within_reach_of(&others, &keys)?;
    let rules = |root: &&RootFile<'_>| {
        signature::threshold("root", root.file, &keys, threshold).is_ok()
            && own_signatures(**root, &root.role_keys(), gun, now).is_ok()
    };
    let Some(other) = others.into_iter().find(rules) else { return Ok(()) };
    if other.version() == current.version() {
        return Err(two_files(other));
    }
    Err(Error::new(codes::ROOT_GAP).found(current.version().saturating_add(1).to_string()))
}

/// Demands that the roots do not claim more signatures of some keys than are verified.
fn within_reach_of(roots: &[&RootFile<'_>], keys: &[&Key]) -> Result<()> {
    let known = |id: &str| keys.iter().any(|key| key.id() == id);
    signature::within_reach(roots.iter().map(|root| root.file), &known)
}

fn two_files(root: &RootFile<'_>) -> Error {
    Error::new(codes::TWO_FILES).found(format!("root.json of version {}", root.version()))
}

/// The one content that all of `roots`, of one version, have.
fn only<'f>(roots: &[RootFile<'f>]) -> Result<RootFile<'f>> {
    match roots {
        [first, rest @ ..] if rest.iter().all(|root| first.says(root)) => Ok(*first),
        [first, ..] => Err(two_files(first)),
        [] => Err(Error::new(codes::FILE_MISSING).found("root.json")),
    }
}

/// Whether a root before `version` has retired all the keys of `signed`: they
/// signed it, and it lists none of them. Gives the version before that root,
/// which would show the whole chain.
fn retiring(roots: &[RootFile<'_>], signed: &Signed, version: u64, gun: &str, now: Time) -> Option<u64> {
    let key = |id: &String| roots.iter().find_map(|root| root.keys.get(id));
    let keys: Vec<&Key> = signed.key_ids().iter().filter_map(key).collect_vec();
    let retires = |root: &&RootFile<'_>| {
        let lists = root.role().is_ok_and(|role| role.key_ids.iter().any(|id| signed.key_ids().contains(id)));
        !lists
            && signature::threshold("root", root.file, &keys, 1).is_ok()
            && own_signatures(**root, &root.role_keys(), gun, now).is_ok()
    };
    let mut before = roots.iter().filter(|root| root.version() < version);
    before.find(retires).map(|root| root.version().saturating_sub(1))
}

/// Whether any file signs tags. Roots, snapshots and timestamps say nothing of
/// an image: without a pin behind them they are nobody's.
fn tags(rest: &[&File]) -> bool {
    rest.iter().any(|file| file.body().kind == Kind::Targets)
}

/// Nothing at hand is linked to the pin. A root with tags of its own under
/// this repository's name has another key than the documented one, unless it
/// says that the pinned key introduced it, or is so late that another root may
/// stand between and is not at hand: then the roots between are needed (whether
/// it says so truly, they will show). A root without signed tags says nothing of
/// any image, and is nobody's.
fn unlinked(roots: &[RootFile<'_>], newest: &RootFile<'_>, rest: &[&File], pins: &Pins) -> Error {
    let own = |file: &&File| {
        let role = newest.roles.get("targets")?;
        let keys: Vec<&Key> = role.key_ids.iter().filter_map(|id| newest.keys.get(id)).collect_vec();
        signature::threshold("targets", file, &keys, role.threshold).ok()
    };
    let pinned = pins.root.join(", ");
    // From the newest down to the second: that one names who introduced it.
    let mut oldest = newest;
    for _ in roots.iter().take(limits::NOTARY_FILES) {
        let signs = |root: &&RootFile<'_>| {
            root.version().checked_add(1) == Some(oldest.version())
                && signature::threshold("root", oldest.file, &root.role_keys(), 1).is_ok()
        };
        let Some(before) = roots.iter().find(signs) else { break };
        oldest = before;
    }
    let signs_tags = rest.iter().filter(|file| file.body().kind == Kind::Targets);
    let has_own = signs_tags.take(limits::NOTARY_FILES).any(|file| own(file).is_some());
    if has_own && oldest.version() <= 2 && !roots.iter().any(|root| root.claims(pins)) {
        let found = newest.role().map(|role| role.key_ids.join(", ")).unwrap_or_default();
        return Error::new(codes::ROOT_KEY_DIFFERS).expected(pinned).found(found);
    }
    Error::new(codes::ROOT_UNLINKED).expected(pinned).found(newest.version().to_string())
}

/// Verifies a root's own threshold with those of `keys` whose certificate
/// fits; certificates that have not ended at `now` are preferred. Returns the
/// end of validity of the root and of the certificates that counted.
fn own_signatures(root: RootFile<'_>, keys: &[&Key], gun: &str, now: Time) -> Result<(Signed, Time)> {
    let threshold = root.role()?.threshold;
    let usable = certified(keys, gun, now)?;
    let ends_of = |key: &Key| key.certificate().map(super::Certificate::not_after);
    let current: Vec<&Key> =
        usable.iter().copied().filter(|key| ends_of(key).is_some_and(|end| end >= now)).collect_vec();
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
