//! Options as JavaScript gives them, strictly: an unknown member, a wrong
//! type or two publishers are mistakes, not defaults.

use js_sys::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use wasm_bindgen::prelude::*;

use super::values::{Result, mistake, refuse};
use crate::base::time::Time;
use crate::evidence::Origin;
use crate::session::check::{Options, Publisher};

/// The type `Options` of `www/webdis-verify.d.ts`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
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

/// Reads the options; without `now`, the clock's time.
pub(super) fn options(value: JsValue) -> Result<Options> {
    let given = if value.is_undefined() || value.is_null() {
        Given::default()
    } else {
        Given::deserialize(Members(value.into())).map_err(|error| mistake(&format!("options: {error}")))?
    };
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
        "fetched" => Ok(Origin::Fetched(address.unwrap_or_default())),
        _ => Err(mistake("the origin of an input must be \"paste\", \"file\" or \"fetched\"")),
    }
}

/// Shows every member of an object. `serde_wasm_bindgen` itself looks only
/// for the members of the struct, and so would not notice others.
struct Members(serde_wasm_bindgen::Deserializer);

impl<'de> Deserializer<'de> for Members {
    type Error = serde_wasm_bindgen::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> core::result::Result<V::Value, Self::Error> {
        self.0.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
