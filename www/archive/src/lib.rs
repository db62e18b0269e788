//! What the archive worker of the page calls (`www/archive-worker.js`): pieces
//! of a file go in, documents and measured blobs come out.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Error as JsError, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use webdis_verify::Error;
use webdis_verify::evidence::archive::{self, Pending};
use webdis_verify::evidence::measured::{Measured, Measurement, Unpacked};
use webdis_verify::evidence::{Given, Origin};

/// An archive that is read by moving in it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Archive(archive::Archive);

/// A blob under way.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Measure(archive::Measure);

/// The files of a folder, by their paths below it.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Folder(archive::Folder);

/// An `Error` that has the code's name, expected and found.
fn thrown(error: &Error) -> JsValue {
    let thrown = JsError::new(&error.sentence());
    tell(&thrown, error);
    thrown.into()
}

/// A code's name, expected and found, as members.
fn tell(object: &Object, error: &Error) {
    set(object, "code", &error.code().name().into());
    for (name, value) in error.args() {
        set(object, name, &value.into());
    }
}

// Setting a member of a fresh object cannot fail.
fn set(object: &Object, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &name.into(), value));
}

/// Sizes as JavaScript counts them: exact below 2^53.
#[allow(clippy::as_conversions, clippy::cast_precision_loss)]
const fn number(value: u64) -> f64 {
    value as f64
}

#[allow(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
const fn count(value: f64) -> u64 {
    value as u64
}

#[wasm_bindgen]
impl Archive {
    /// Of a file of this name.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(archive::Archive::delegating(name))
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// An `Error` with a `code`: what is wrong with the archive.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.0.push(bytes).map_err(|error| thrown(&error))
    }

    /// How many of the next bytes may be left out.
    #[must_use]
    pub fn skippable(&self) -> f64 {
        number(self.0.skippable())
    }

    /// Leaves out bytes.
    pub fn skip(&mut self, bytes: f64) {
        self.0.skip(count(bytes));
    }

    /// Members to measure: a list of `{number, offset, size}`.
    #[must_use]
    pub fn pending(&self) -> Array {
        let one = |Pending { number: n, offset, size }: Pending| {
            let object = Object::new();
            set(&object, "number", &JsValue::from(u32::try_from(n).unwrap_or(u32::MAX)));
            set(&object, "offset", &number(offset).into());
            set(&object, "size", &number(size).into());
            object
        };
        self.0.pending().into_iter().map(one).collect()
    }

    /// What another worker measured, as [`Measure::finish`] gave it.
    pub fn deliver(&mut self, at: u32, measured: &JsValue) {
        if let (Ok(at), Some(measured)) = (usize::try_from(at), of_js(measured)) {
            self.0.deliver_measurement(at, &measured);
        }
    }

    /// Whether the file itself may be a layer, and is to be measured.
    #[wasm_bindgen(js_name = mayBeBlob)]
    #[must_use]
    pub fn may_be_blob(&self) -> bool {
        self.0.may_be_blob()
    }

    /// What was found: a list of `{name, bytes}`, `{name, measured}` and
    /// `{name, refused}`.
    ///
    /// # Errors
    /// An `Error` with a `code`: what is wrong with the archive.
    pub fn finish(&mut self) -> Result<Array, JsValue> {
        let given = self.0.finish().map_err(|error| thrown(&error))?;
        Ok(given.iter().map(found).collect())
    }
}

#[wasm_bindgen]
impl Folder {
    /// An empty one.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A file in it that may be a document.
    ///
    /// # Errors
    /// An `Error` with a `code`: a path that leads out of it, too many of them.
    pub fn file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), JsValue> {
        let given = Given { name: path.to_owned(), origin: Origin::File, bytes };
        self.0.file(path, Some(&given)).map_err(|error| thrown(&error))
    }

    /// A file in it that is none. Only that it is there counts here: what its
    /// bytes are is measured elsewhere.
    ///
    /// # Errors
    /// Those of [`Self::file`].
    pub fn blob(&mut self, path: &str) -> Result<(), JsValue> {
        let given = Given::measured(path, archive::Measure::new().finish());
        self.0.file(path, Some(&given)).map_err(|error| thrown(&error))
    }

    /// Whether every program reads the same image in it, if there is one.
    ///
    /// # Errors
    /// An `Error` with a `code`: what they read differently.
    pub fn check(self) -> Result<(), JsValue> {
        self.0.check().map_err(|error| thrown(&error))
    }
}

fn found(given: &Given) -> Object {
    let object = Object::new();
    set(&object, "name", &given.name.as_str().into());
    match &given.origin {
        Origin::Measured(measured) => set(&object, "measured", &to_js(measured)),
        Origin::Refused(error) => {
            let refused = Object::new();
            tell(&refused, error);
            set(&object, "refused", &refused);
        }
        _ => set(&object, "bytes", &Uint8Array::from(given.bytes.as_slice())),
    }
    object
}

#[wasm_bindgen]
impl Measure {
    /// Of nothing yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// What it was: `{size, digest, unpacked, unpackedSize, trouble}`, digests
    /// in hexadecimal.
    #[must_use]
    pub fn finish(self) -> JsValue {
        to_js(&self.0.finish())
    }
}

fn to_js(measured: &Measured) -> JsValue {
    let object = Object::new();
    set(&object, "size", &number(measured.size()).into());
    set(&object, "digest", &measured.digest().hex().into());
    match measured.unpacked() {
        Unpacked::Plain => {}
        Unpacked::Whole { digest, size } => {
            set(&object, "unpacked", &digest.hex().into());
            set(&object, "unpackedSize", &number(*size).into());
        }
        Unpacked::Not(trouble) => set(&object, "trouble", &trouble.name().into()),
    }
    object.into()
}

fn of_js(value: &JsValue) -> Option<Measurement> {
    let member = |name: &str| Reflect::get(value, &name.into()).ok().filter(|value| !value.is_undefined());
    let text = |name: &str| member(name)?.as_string();
    let size = |name: &str| Some(count(member(name)?.as_f64()?));
    Some(Measurement {
        size: size("size")?,
        digest: text("digest")?,
        unpacked: text("unpacked").zip(size("unpackedSize")),
        trouble: text("trouble"),
    })
}
