//! The session as JavaScript holds it: bytes cross once, when they are added.

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{options, origin};
use super::values::{Result, plain, refuse};
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

    /// Forgets something; `false` if it was not there.
    pub fn remove(&mut self, id: u32) -> bool {
        self.inner.remove(EvidenceId::from_number(id))
    }

    /// Everything in it: a list of `{id, name, origin, size}`.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn list(&self) -> Result<JsValue> {
        let listed = self.inner.evidence().map(|(id, given)| Listed {
            id: id.number(),
            name: &given.name,
            origin: word(&given.origin),
            size: given.bytes.len(),
        });
        let all: Vec<_> = listed.collect();
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

/// How something arrived, in JavaScript's word.
const fn word(origin: &Origin) -> &'static str {
    match origin {
        Origin::Paste => "paste",
        Origin::File | Origin::Archive | Origin::Measured(_) => "file",
        Origin::Fetched(_) => "fetched",
    }
}
