//! Archives, read as they stream in: `docker save`, OCI image layouts,
//! `docker buildx -o type=oci`, `ctr images export`, `podman save`, single
//! layers, and zip files of saved Notary metadata.
//!
//! Nothing is unpacked to a disk and no archive is held whole, except a zip
//! file, whose table of contents stands at its end. Members that can be
//! documents are kept, texts outside of a root file system too; blobs are only
//! measured as they pass; the rest is passed over. The browser's core is built without the feature `archive`: a
//! wasm of its own reads them, loaded when one arrives.

#[cfg(feature = "archive")]
mod contents;
#[cfg(feature = "archive")]
mod folder;
mod found;
#[cfg(feature = "archive")]
mod gzip;
mod head;
#[cfg(feature = "archive")]
mod listing;
#[cfg(feature = "archive")]
mod lists;
#[cfg(feature = "archive")]
mod measure;
pub mod pack;
#[cfg(feature = "archive")]
mod reader;
#[cfg(feature = "archive")]
mod reading;
#[cfg(feature = "archive")]
mod tar;
#[cfg(feature = "archive")]
mod unpack;
#[cfg(feature = "archive")]
mod zip;
#[cfg(feature = "archive")]
mod zstd;

use super::codes;
use crate::base::error::{Error, Result};

#[cfg(feature = "archive")]
pub use folder::Folder;
pub use head::{is_archive, is_blob_path, is_text, is_unread, unread_format};
#[cfg(feature = "archive")]
pub use listing::{File, Files, Layer};
#[cfg(feature = "archive")]
pub use measure::Measure;
#[cfg(feature = "archive")]
pub use reader::Archive;

/// A member that was passed over, to be measured by somebody else: where its
/// bytes stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its number, for [`Archive::deliver`].
    pub number: usize,
    /// Where it begins.
    pub offset: u64,
    /// Its length in bytes.
    pub size: u64,
}

/// Refuses names that lead out of the archive. They are only labels here,
/// but whoever unpacks the same archive elsewhere should know.
fn safe_name(name: &str) -> Result<()> {
    let windows = name.as_bytes().get(1) == Some(&b':');
    let unsafe_part = name.split(['/', '\\']).any(|part| part == "..");
    if name.starts_with(['/', '\\']) || windows || unsafe_part || name.contains('\0') {
        return Err(Error::new(codes::ARCHIVE_PATH).found(crate::base::digest::shorten(name)));
    }
    Ok(())
}

#[cfg(feature = "archive")]
/// An error for a structure that is not as it must be.
fn damaged(found: &str) -> Error {
    Error::new(codes::ARCHIVE_DAMAGED).found(found)
}

#[cfg(all(test, feature = "archive"))]
mod tests;
