//! From JavaScript values to options and evidence, strictly: an unknown
//! member, a wrong type or two publishers are mistakes, not defaults.

use js_sys::{Array, Date, Object, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::base::code::Code;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::base::time::Time;
use crate::engine::lookup::{Answer, Looked, Place};
use crate::engine::tag_answer::Told;
use crate::evidence::{Given, Origin};
use crate::session::check::{Options, Publisher};
use crate::session::registry::codes;

/// A result whose error is a JavaScript `TypeError`.
pub(super) type Result<T> = core::result::Result<T, JsValue>;

const MEMBERS: &[&str] = &[
    "attestation",
    "digest",
    "identity",
    "ignoreTlog",
    "image",
    "includeBytes",
    "issuer",
    "key",
    "looked",
    "notary",
    "now",
    "publisher",
    "repositoryKey",
    "rootKey",
    "trustedRoot",
];

/// The error for a mistake of the calling program.
pub(super) fn mistake(sentence: &str) -> JsValue {
    TypeError::new(sentence).into()
}

/// Reads the evidence: an array of `{name, origin, bytes}`.
pub(super) fn given(inputs: &JsValue) -> Result<Vec<Given>> {
    if !Array::is_array(inputs) {
        return Err(mistake("inputs must be an array of {name, origin, bytes}"));
    }
    Array::from(inputs).iter().map(|input| one_given(&input)).collect()
}

fn one_given(input: &JsValue) -> Result<Given> {
    let members = Members::of(input, &["name", "origin", "bytes", "address"], "an input")?;
    let name = members.text("name")?.ok_or_else(|| mistake("an input has no name"))?;
    let origin = match members.text("origin")?.as_deref() {
        Some("paste") => Origin::Paste,
        Some("file") => Origin::File,
        Some("fetched") => Origin::Fetched(members.text("address")?.unwrap_or_default()),
        _ => return Err(mistake("the origin of an input must be \"paste\", \"file\" or \"fetched\"")),
    };
    let bytes = members.get("bytes")?;
    let bytes =
        bytes.dyn_ref::<Uint8Array>().ok_or_else(|| mistake("the bytes of an input must be a Uint8Array"))?;
    Ok(Given { name, origin, bytes: bytes.to_vec() })
}

/// Reads the options; without `now`, the clock's time.
pub(super) fn options(value: &JsValue) -> Result<Options> {
    let now = || Time::parse(&String::from(Date::new_0().to_iso_string()));
    let refused = |error: crate::Error| mistake(&error.to_string());
    if value.is_undefined() || value.is_null() {
        return Ok(Options::at(now().map_err(refused)?));
    }
    let members = Members::of(value, MEMBERS, "options")?;
    let time = match members.text("now")? {
        Some(text) => Time::parse(&text).map_err(|error| refused(error.in_place("now")))?,
        None => now().map_err(refused)?,
    };
    let mut options = Options::at(time);
    options.image = members.text("image")?;
    options.digest = members.text("digest")?;
    options.publisher = publisher(&members)?;
    options.trusted_root = members.text("trustedRoot")?.map(String::into_bytes);
    options.attestation = members.text("attestation")?;
    options.ignore_tlog = members.flag("ignoreTlog")?;
    options.notary = members.text("notary")?;
    options.include_bytes = members.flag("includeBytes")?;
    Ok(options)
}

/// The member `looked` of the options: where a fetch looked for signatures,
/// and what it was told of tags, as [`super::fetch`] gave it.
pub(super) fn looked(value: &JsValue) -> Result<(Vec<Looked>, Vec<Told>)> {
    let (mut looked, mut told) = (Vec::new(), Vec::new());
    if value.is_undefined() || value.is_null() {
        return Ok((looked, told));
    }
    let list = Members::of(value, MEMBERS, "options")?.get("looked")?;
    if list.is_undefined() || list.is_null() {
        return Ok((looked, told));
    }
    for entry in Array::from(&list).iter() {
        let known = ["repository", "subject", "place", "answer", "count", "cause", "tag", "proxy"];
        let members = Members::of(&entry, &known, "a place looked at")?;
        match members.text("place")?.as_deref() {
            Some("tag") => told.push(one_told(&members)?),
            _ => looked.push(one_looked(&members)?),
        }
    }
    Ok((looked, told))
}

fn needed(members: &Members<'_>, name: &str) -> Result<String> {
    members.text(name)?.ok_or_else(|| mistake("a place looked at is incomplete"))
}

fn one_told(members: &Members<'_>) -> Result<Told> {
    let repository = needed(members, "repository")?;
    let answer = match needed(members, "answer")?.as_str() {
        "named" => Ok(ClaimedDigest::parse(&needed(members, "subject")?)
            .map_err(|error| mistake(&error.to_string()))?),
        _ => Err(cause(&members.get("cause")?)
            .unwrap_or_else(|| (&Error::new(codes::UNREACHABLE).in_place(&repository)).into())),
    };
    Ok(Told { repository, tag: needed(members, "tag")?, proxy: members.flag("proxy")?, answer })
}

/// The reason a registry gave no answer, if it is one that this program gives.
fn cause(value: &JsValue) -> Option<Message> {
    let text = |name: &str| Reflect::get(value, &JsValue::from_str(name)).ok()?.as_string();
    let code: Code = codes::ALL.iter().copied().find(|code| Some(code.name()) == text("code").as_deref())?;
    Some(Message { text: text("text")?, ..Message::new(code, &[]) })
}

fn one_looked(members: &Members<'_>) -> Result<Looked> {
    let need = |name: &str| needed(members, name);
    let place = match need("place")?.as_str() {
        "referrers" => Place::Referrers,
        "referrers-tag" => Place::ReferrersTag,
        "signature-tag" => Place::SignatureTag,
        "attestation-tag" => Place::AttestationTag,
        _ => return Err(mistake("a place looked at has an unknown name")),
    };
    let answer = match need("answer")?.as_str() {
        "found" => Answer::Found { count: 1, kinds: Vec::new() },
        "absent" => Answer::Absent,
        "unsupported" => Answer::Unsupported,
        _ => Answer::Failed { cause: (&Error::new(codes::UNREACHABLE).in_place(need("repository")?)).into() },
    };
    let subject = ClaimedDigest::parse(&need("subject")?).map_err(|error| mistake(&error.to_string()))?;
    Ok(Looked { repository: need("repository")?, subject, place, answer })
}

fn publisher(members: &Members<'_>) -> Result<Publisher> {
    let named = members.text("publisher")?.map(|text| match text.trim_start().starts_with('{') {
        true => Publisher::Profile(text.into_bytes()),
        false => Publisher::Named(text),
    });
    let key = members.text("key")?.map(|pem| Publisher::Key("the given key".to_owned(), pem.into_bytes()));
    let identity = members.pair("identity", "issuer")?.map(|(who, by)| Publisher::Identity(who, by));
    let pins =
        members.pair("rootKey", "repositoryKey")?.map(|(root, own)| Publisher::ContentTrust(root, own));
    let mut chosen = [named, key, identity, pins].into_iter().flatten();
    match (chosen.next(), chosen.next()) {
        (None, _) => Ok(Publisher::Default),
        (Some(publisher), None) => Ok(publisher),
        (Some(_), Some(_)) => {
            Err(mistake("give one of publisher, key, identity with issuer, or rootKey with repositoryKey"))
        }
    }
}

/// The members of a plain object, all of them known.
struct Members<'a> {
    object: &'a JsValue,
}

impl<'a> Members<'a> {
    fn of(object: &'a JsValue, known: &[&str], what: &str) -> Result<Self> {
        let Some(plain) = object.dyn_ref::<Object>() else {
            return Err(mistake(&format!("{what} must be an object")));
        };
        let unknown = Object::keys(plain)
            .iter()
            .filter_map(|name| name.as_string())
            .find(|n| !known.contains(&n.as_str()));
        match unknown {
            Some(name) => {
                Err(mistake(&format!("{what} has no member {name:?}; known are {}", known.join(", "))))
            }
            None => Ok(Self { object }),
        }
    }

    fn get(&self, name: &str) -> Result<JsValue> {
        Reflect::get(self.object, &JsValue::from_str(name))
    }

    /// A text, absent if `undefined` or `null`.
    fn text(&self, name: &str) -> Result<Option<String>> {
        let value = self.get(name)?;
        if value.is_undefined() || value.is_null() {
            return Ok(None);
        }
        value.as_string().map(Some).ok_or_else(|| mistake(&format!("{name} must be a string")))
    }

    /// A boolean, `false` if absent.
    fn flag(&self, name: &str) -> Result<bool> {
        let value = self.get(name)?;
        if value.is_undefined() || value.is_null() {
            return Ok(false);
        }
        value.as_bool().ok_or_else(|| mistake(&format!("{name} must be true or false")))
    }

    /// Two texts that only make sense together.
    fn pair(&self, one: &str, other: &str) -> Result<Option<(String, String)>> {
        match (self.text(one)?, self.text(other)?) {
            (Some(a), Some(b)) => Ok(Some((a, b))),
            (None, None) => Ok(None),
            _ => Err(mistake(&format!("{one} and {other} belong together"))),
        }
    }
}
