//! Options as JavaScript gives them, strictly: an unknown member, a wrong
//! type or two publishers are mistakes, not defaults.
//!
//! Read member by member: a derived `Deserialize` brings a visitor, and for
//! its error messages the formatting of floating point numbers, which makes
//! 9 KB of what a browser downloads.

use js_sys::{Array, Date, Object};
use wasm_bindgen::prelude::*;

use super::values::{Result, mistake, refuse};
use crate::base::time::Time;
use crate::evidence::Origin;
use crate::session::check::{Options, Publisher};

/// The type `Options` of `www/webdis-verify.d.ts`.
#[derive(Debug, Default)]
struct Given {
    attestation: Option<String>,
    digest: Option<String>,
    identity: Option<String>,
    ignore_tlog: Option<bool>,
    image: Option<String>,
    include_bytes: Option<bool>,
    issuer: Option<String>,
    key: Option<String>,
    notary: Option<String>,
    now: Option<String>,
    publisher: Option<String>,
    repository_key: Option<String>,
    root_key: Option<String>,
    trusted_root: Option<String>,
}

impl Given {
    /// Reads the members of an object; those that are `undefined` or `null`
    /// are as if they were not there.
    fn read(value: &JsValue) -> Result<Self> {
        let mut given = Self::default();
        if value.is_undefined() || value.is_null() {
            return Ok(given);
        }
        if !value.is_object() || Array::is_array(value) {
            return Err(mistake("options: invalid type: expected an object"));
        }
        for entry in Object::entries(value.unchecked_ref::<Object>()) {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
            given.set(&name, &value)?;
        }
        Ok(given)
    }

    fn set(&mut self, name: &str, value: &JsValue) -> Result<()> {
        let absent = value.is_undefined() || value.is_null();
        let flag = match name {
            "ignoreTlog" => Some(&mut self.ignore_tlog),
            "includeBytes" => Some(&mut self.include_bytes),
            _ => None,
        };
        if let Some(flag) = flag {
            *flag = value.as_bool();
            return if absent || flag.is_some() { Ok(()) } else { Err(other(name, "a boolean")) };
        }
        let text = match name {
            "attestation" => &mut self.attestation,
            "digest" => &mut self.digest,
            "identity" => &mut self.identity,
            "image" => &mut self.image,
            "issuer" => &mut self.issuer,
            "key" => &mut self.key,
            "notary" => &mut self.notary,
            "now" => &mut self.now,
            "publisher" => &mut self.publisher,
            "repositoryKey" => &mut self.repository_key,
            "rootKey" => &mut self.root_key,
            "trustedRoot" => &mut self.trusted_root,
            _ => return Err(mistake(&format!("options: unknown field `{name}`"))),
        };
        *text = value.as_string();
        if absent || text.is_some() { Ok(()) } else { Err(other(name, "a string")) }
    }
}

fn other(name: &str, wanted: &str) -> JsValue {
    mistake(&format!("options: {name}: invalid type, expected {wanted}"))
}

/// Reads the options; without `now`, the clock's time.
pub(super) fn options(value: JsValue) -> Result<Options> {
    let given = Given::read(&value)?;
    let now = match &given.now {
        Some(text) => Time::parse(text).map_err(|error| error.in_place("now")),
        None => Time::parse(&String::from(Date::new_0().to_iso_string())),
    };
    Ok(Options {
        publisher: publisher(&given)?,
        image: given.image,
        digest: given.digest,
        trusted_root: given.trusted_root.map(String::into_bytes),
        attestation: given.attestation,
        ignore_tlog: given.ignore_tlog.unwrap_or(false),
        include_bytes: given.include_bytes.unwrap_or(false),
        notary: given.notary,
        ..Options::at(now.map_err(|error| refuse(&error))?)
    })
}

fn publisher(given: &Given) -> Result<Publisher> {
    let named = given.publisher.clone().map(|text| match text.trim_start().starts_with('{') {
        true => Publisher::Profile(text.into_bytes()),
        false => Publisher::Named(text),
    });
    let key = given.key.clone().map(|pem| Publisher::Key("the given key".to_owned(), pem.into_bytes()));
    let identity = pair(&given.identity, &given.issuer, "identity and issuer")?;
    let pins = pair(&given.root_key, &given.repository_key, "rootKey and repositoryKey")?;
    let identity = identity.map(|(who, by)| Publisher::Identity(who, by));
    let pins = pins.map(|(root, own)| Publisher::ContentTrust(root, own));
    let mut chosen = [named, key, identity, pins].into_iter().flatten();
    match (chosen.next(), chosen.next()) {
        (None, _) => Ok(Publisher::Default),
        (Some(publisher), None) => Ok(publisher),
        (Some(_), Some(_)) => {
            Err(mistake("give one of publisher, key, identity with issuer, or rootKey with repositoryKey"))
        }
    }
}

/// Two texts that only make sense together.
fn pair(one: &Option<String>, other: &Option<String>, names: &str) -> Result<Option<(String, String)>> {
    match (one, other) {
        (Some(a), Some(b)) => Ok(Some((a.clone(), b.clone()))),
        (None, None) => Ok(None),
        _ => Err(mistake(&format!("{names} belong together"))),
    }
}

/// How an input arrived, by its name in JavaScript.
pub(super) fn origin(name: &str, address: Option<String>) -> Result<Origin> {
    match name {
        "paste" => Ok(Origin::Paste),
        "file" => Ok(Origin::File),
        "archive" => Ok(Origin::Archive),
        "fetched" => Ok(Origin::Fetched(address.unwrap_or_default())),
        _ => Err(mistake("the origin of an input must be \"paste\", \"file\" or \"fetched\"")),
    }
}
