//! What the four kinds of files say: keys and roles, tags, hashes.

use crate::base::order::Map as BTreeMap;

use super::codes;
use super::hashes::FileMeta;
use super::key::Key;
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::json::{Node, Object, Value};
use crate::base::limits;
use crate::base::time::Time;

/// The four kinds, by `_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `Root`
    Root,
    /// `Targets`, of the repository or of a delegation
    Targets,
    /// `Snapshot`
    Snapshot,
    /// `Timestamp`
    Timestamp,
}

impl Kind {
    /// The text of `_type`, case-sensitive.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Root => "Root",
            Self::Targets => "Targets",
            Self::Snapshot => "Snapshot",
            Self::Timestamp => "Timestamp",
        }
    }

    /// The name of the top-level role.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Targets => "targets",
            Self::Snapshot => "snapshot",
            Self::Timestamp => "timestamp",
        }
    }

    pub(super) const ALL: [Self; 4] = [Self::Root, Self::Targets, Self::Snapshot, Self::Timestamp];
}

/// Who may sign: key ids, and how many different keys must.
#[derive(Clone, Debug)]
pub struct Role {
    /// Ids of the keys, as listed.
    pub key_ids: Vec<String>,
    /// At least 1.
    pub threshold: u64,
}

/// A role that may sign tags on behalf of the file it stands in.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// Full name, for example `targets/releases`.
    pub name: String,
    /// Who may sign.
    pub role: Role,
    /// Prefixes of the tags it may sign; an empty prefix means all.
    pub paths: Vec<String>,
}

/// The part that differs by kind.
#[derive(Clone, Debug)]
pub enum Content {
    /// Keys by id, and roles by name; the four roles are present.
    Root {
        /// All keys, each under its recomputed id.
        keys: BTreeMap<String, Key>,
        /// All roles; each has its keys in `keys`.
        roles: BTreeMap<String, Role>,
    },
    /// Tags and delegations.
    Targets {
        /// Tag to hashes and length; an unusable entry is kept as its error.
        targets: BTreeMap<String, Result<FileMeta>>,
        /// Keys of the delegations.
        keys: BTreeMap<String, Key>,
        /// Delegations in their order.
        delegations: Vec<Delegation>,
    },
    /// Role name to hashes and length; `root` and `targets` are present.
    Snapshot {
        /// The entries.
        meta: BTreeMap<String, FileMeta>,
    },
    /// Hashes and length of the snapshot.
    Timestamp {
        /// The entry.
        snapshot: FileMeta,
    },
}

/// The `signed` member of a file.
#[derive(Clone, Debug)]
pub struct Body {
    /// Kind of file.
    pub kind: Kind,
    /// At least 1.
    pub version: u64,
    /// End of validity.
    pub expires: Time,
    /// The rest.
    pub content: Content,
}

impl Body {
    pub(super) fn read(signed: &Object<'_, '_>) -> Result<Self> {
        signed.known(&["_type", "expires", "version"])?;
        let name = signed.need_text("_type")?;
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.type_name() == name) else {
            return Err(Error::new(codes::WRONG_TYPE)
                .expected("Root, Targets, Snapshot or Timestamp")
                .found(shorten(name)));
        };
        let version = signed.need_u64("version")?;
        if version == 0 {
            return Err(Error::new(codes::VERSION).found(version.to_string()));
        }
        let expires = expires(signed.need_text("expires")?)?;
        let content = match kind {
            Kind::Root => root(signed)?,
            Kind::Targets => targets(signed)?,
            Kind::Snapshot => snapshot(signed)?,
            Kind::Timestamp => timestamp(signed)?,
        };
        Ok(Self { kind, version, expires, content })
    }
}

/// RFC 3339 as Go reads it: with upper-case `T` and `Z`.
fn expires(text: &str) -> Result<Time> {
    match Time::parse(text) {
        Ok(time) if !text.contains(['t', 'z']) => Ok(time),
        _ => Err(Error::new(codes::EXPIRES).found(shorten(text))),
    }
}

fn root(signed: &Object<'_, '_>) -> Result<Content> {
    signed.known(&["consistent_snapshot", "keys", "roles"])?;
    let keys = keys(&signed.need_object("keys")?)?;
    let mut roles = BTreeMap::new();
    for member in signed.need_object("roles")?.members() {
        let name: &str = &member.name.value;
        let object = member.node.object(&shorten(name))?;
        object.known(&["keyids", "threshold"])?;
        roles.insert(name.to_owned(), role(name, &object, &keys)?);
    }
    match Kind::ALL.iter().find(|kind| !roles.contains_key(kind.role())) {
        Some(absent) => Err(Error::new(codes::ROLE_ABSENT).found(absent.role())),
        None => Ok(Content::Root { keys, roles }),
    }
}

fn targets(signed: &Object<'_, '_>) -> Result<Content> {
    signed.known(&["delegations", "targets"])?;
    let mut entries = BTreeMap::new();
    if let Some(node) = signed.get_some("targets") {
        for member in node.object("targets")?.members() {
            let tag: &str = &member.name.value;
            entries.insert(tag.to_owned(), FileMeta::read(tag, &member.node));
        }
    }
    let mut delegation_keys = BTreeMap::new();
    let mut delegations: Vec<Delegation> = Vec::new();
    if let Some(node) = signed.get_some("delegations") {
        let object = node.object("delegations")?;
        object.known(&["keys", "roles"])?;
        if let Some(node) = object.get_some("keys") {
            delegation_keys = keys(&node.object("delegations.keys")?)?;
        }
        let list = match object.get_some("roles") {
            Some(node) => node.array("delegations.roles")?,
            None => &[],
        };
        limits::within("delegations of a Notary file", list.len(), limits::NOTARY_DELEGATIONS)?;
        for node in list {
            let delegation = delegation(node, &delegation_keys)?;
            if delegations.iter().any(|other| other.name == delegation.name) {
                return Err(Error::new(codes::DELEGATION_TWICE).found(delegation.name));
            }
            delegations.push(delegation);
        }
    }
    Ok(Content::Targets { targets: entries, keys: delegation_keys, delegations })
}

fn snapshot(signed: &Object<'_, '_>) -> Result<Content> {
    signed.known(&["meta"])?;
    let mut meta = BTreeMap::new();
    for member in signed.need_object("meta")?.members() {
        let name: &str = &member.name.value;
        meta.insert(name.to_owned(), FileMeta::read(name, &member.node)?);
    }
    for name in ["root", "targets"] {
        let entry = meta.get(name).ok_or_else(|| Error::new(codes::SNAPSHOT_LACKS).found(name))?;
        entry.sha256(name)?;
    }
    Ok(Content::Snapshot { meta })
}

fn timestamp(signed: &Object<'_, '_>) -> Result<Content> {
    signed.known(&["meta"])?;
    let meta = signed.need_object("meta")?;
    let snapshot = FileMeta::read("snapshot", meta.need("snapshot")?)?;
    snapshot.sha256("snapshot")?;
    Ok(Content::Timestamp { snapshot })
}

fn keys(object: &Object<'_, '_>) -> Result<BTreeMap<String, Key>> {
    limits::within("keys of a Notary file", object.members().len(), limits::NOTARY_KEYS)?;
    let mut keys = BTreeMap::new();
    for member in object.members() {
        let id: &str = &member.name.value;
        keys.insert(id.to_owned(), Key::read(id, &member.node)?);
    }
    Ok(keys)
}

fn role(name: &str, object: &Object<'_, '_>, keys: &BTreeMap<String, Key>) -> Result<Role> {
    let node = object.need("threshold")?;
    let threshold = match &node.value {
        Value::Number(number) => number.as_u64().filter(|n| *n >= 1).ok_or_else(|| {
            Error::new(codes::THRESHOLD_VALUE).in_place(shorten(name)).found(shorten(number.text()))
        })?,
        _ => node.u64(&object.path("threshold"))?,
    };
    let mut key_ids = Vec::new();
    for node in object.need_array("keyids")? {
        let id = node.text(&object.path("keyids"))?;
        if !keys.contains_key(id) {
            return Err(Error::new(codes::KEY_ABSENT).in_place(shorten(name)).found(shorten(id)));
        }
        key_ids.push(id.to_owned());
    }
    Ok(Role { key_ids, threshold })
}

fn delegation(node: &Node<'_>, keys: &BTreeMap<String, Key>) -> Result<Delegation> {
    let object = node.object("delegations.roles[]")?;
    object.known(&["keyids", "name", "paths", "threshold"])?;
    let name = object.need_text("name")?;
    if !is_delegation_name(name) {
        return Err(Error::new(codes::DELEGATION_NAME).found(shorten(name)));
    }
    let mut paths = Vec::new();
    if let Some(list) = object.get_some("paths") {
        for path in list.array("paths")? {
            paths.push(path.text("paths[]")?.to_owned());
        }
    }
    Ok(Delegation { name: name.to_owned(), role: role(name, &object, keys)?, paths })
}

/// `targets/` and further parts of `-a-z0-9_`, under 256 characters.
fn is_delegation_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    name.len() < 256 && name.strip_prefix("targets/").is_some_and(|rest| rest.split('/').all(part))
}
