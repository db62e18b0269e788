//! The session as JavaScript holds it: bytes cross once, when they are added.

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{options, origin};
use super::values::{Result, mistake, plain, refuse};
use crate::base::error::Error;
use crate::base::list::CollectVec as _;
use crate::evidence::measured::Measurement;
use crate::evidence::{Given, Origin};
use crate::session::{self, EvidenceId};

/// One verification: see [`session::Session`].
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    pub(super) inner: session::Session,
}

/// Something in a session, without its bytes.
#[derive(Serialize)]
struct Listed<'g> {
    id: u32,
    name: &'g str,
    origin: &'static str,
    /// Where it was fetched.
    address: Option<&'g str>,
    size: usize,
}

#[wasm_bindgen]
impl Session {
    /// A session without evidence; the options are those of `check`.
    ///
    /// # Errors
    /// A `TypeError` for a mistake in the options.
    #[wasm_bindgen(constructor)]
    pub fn new(chosen: JsValue) -> Result<Self> {
        let inner = session::Session::new(&options(chosen)?).map_err(|error| refuse(&error))?;
        Ok(Self { inner })
    }

    /// Other options for the same evidence.
    ///
    /// # Errors
    /// A `TypeError` for a mistake in the options.
    #[wasm_bindgen(js_name = setOptions)]
    pub fn set_options(&mut self, chosen: JsValue) -> Result<()> {
        self.inner.set_options(&options(chosen)?).map_err(|error| refuse(&error))
    }

    /// Adds what the user gave; its id in this session.
    ///
    /// # Errors
    /// A `TypeError` for an unknown origin.
    pub fn add(&mut self, name: String, from: &str, bytes: Vec<u8>, address: Option<String>) -> Result<u32> {
        Ok(self.inner.add(Given { name, origin: origin(from, address)?, bytes }).number())
    }

    /// Adds a blob that the archive worker measured: digests in hexadecimal,
    /// `unpacked` with its size where it was unpacked to its end, else why not.
    ///
    /// # Errors
    /// A `TypeError` for words that cannot be.
    pub fn measured(
        &mut self,
        name: &str,
        size: f64,
        digest: String,
        unpacked: Option<String>,
        unpacked_size: Option<f64>,
        trouble: Option<String>,
    ) -> Result<u32> {
        let unpacked = unpacked.zip(unpacked_size.map(count));
        let measurement = Measurement { size: count(size), digest, unpacked, trouble };
        let measured = measurement.measured().ok_or_else(|| mistake("what was measured is malformed"))?;
        Ok(self.inner.add(Given::measured(name, measured)).number())
    }

    /// Adds a file that the archive worker could not read: the code that says
    /// why, and its arguments.
    ///
    /// # Errors
    /// A `TypeError` for a code that is not known.
    pub fn refused(
        &mut self,
        name: &str,
        code: &str,
        expected: Option<String>,
        found: Option<String>,
        place: Option<String>,
    ) -> Result<u32> {
        let known = session::catalogue::all().into_iter().find(|known| known.name() == code);
        let mut error = Error::new(known.ok_or_else(|| mistake("no such code"))?);
        if let Some(expected) = expected {
            error = error.expected(expected);
        }
        if let Some(found) = found {
            error = error.found(found);
        }
        if let Some(place) = place {
            error = error.in_place(place);
        }
        Ok(self.inner.add(Given::refused(name, error)).number())
    }

    /// Forgets something; `false` if it was not there.
    pub fn remove(&mut self, id: u32) -> bool {
        self.inner.remove(EvidenceId::from_number(id))
    }

    /// Everything in it: a list of `{id, name, origin, address, size}`.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn list(&self) -> Result<JsValue> {
        let listed = self.inner.evidence().map(|(id, given)| Listed {
            id: id.number(),
            name: &given.name,
            origin: word(&given.origin),
            address: match &given.origin {
                Origin::Fetched(address) => Some(address),
                _ => None,
            },
            size: given.bytes.len(),
        });
        let all: Vec<_> = listed.collect_vec();
        plain(&all)
    }

    /// The bytes as they were added or fetched.
    #[must_use]
    pub fn raw(&self, id: u32) -> Option<Uint8Array> {
        let mut all = self.inner.evidence();
        let (_, given) = all.find(|(known, _)| known.number() == id)?;
        Some(Uint8Array::from(given.bytes.as_slice()))
    }

    /// The bytes that were hashed for an item of the report, by its index.
    #[must_use]
    pub fn bytes(&self, item: usize) -> Option<Uint8Array> {
        Some(Uint8Array::from(self.inner.bytes(item)?.as_slice()))
    }

    /// The report for the evidence at hand. Evidence is never an error: what
    /// is wrong with it is in the report.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn check(&mut self) -> Result<JsValue> {
        plain(&self.inner.check())
    }
}

/// A size as JavaScript counts it: exact below 2^53.
#[allow(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
const fn count(value: f64) -> u64 {
    value as u64
}

/// How something arrived, in JavaScript's word.
const fn word(origin: &Origin) -> &'static str {
    match origin {
        Origin::Paste => "paste",
        Origin::File | Origin::Archive | Origin::Measured(_) | Origin::Refused(_) => "file",
        Origin::Fetched(_) => "fetched",
    }
}
