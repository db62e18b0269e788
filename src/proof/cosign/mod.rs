//! cosign: did this key sign this image?
//!
//! Two forms: simple signing (a payload with layer annotations, the form up
//! to cosign 2) and the bundle with a `cosign/sign/v1` statement (cosign 3).
//! Both end in a [`SignedImage`], which [`SignedImage::names`] turns into the
//! proof that one exact digest was signed.

mod annotations;
pub mod codes;
mod download;
mod file;
mod go_json;
mod image;
mod layers;
mod payload;
mod record;
mod statement;
mod verify;

pub use annotations::Annotations;
pub use download::read_download;
pub use file::{SignedFile, verify_file};
pub use image::{Form, NamesDigest, SignedImage};
pub use layers::{ENVELOPE, Layer, LayerKind, SIMPLE_SIGNING, signature_layers};
pub use payload::{PAYLOAD_TYPE, Payload};
pub use record::rebuild_verified;
pub use statement::{SIGN_V1, Statement, Subject};
pub use verify::{verify_bundle, verify_envelope, verify_payload};
