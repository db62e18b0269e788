//! An image in a folder: an OCI layout, an archive that was unpacked, a `dir:`
//! of containers/image. It is held to the same rules as one in a tar: a disk
//! has links and names of other cases too, and who packs the folder again
//! follows them or does not.

use super::contents::Contents;
use super::tar::{Entry, Members as _};
use crate::base::error::Result;
use crate::evidence::Given;

/// How the file `version` of a `dir:` begins (containers/image, directory
/// transport).
const DIRECTORY: &[u8] = b"Directory Transport Version:";

/// What stands below a folder, by paths with `/` between their parts.
#[derive(Debug, Default)]
pub struct Folder {
    contents: Contents,
    /// Whether it says itself that it holds an image.
    marked: bool,
}

fn entry(name: &str, kind: u8) -> Entry<'_> {
    Entry { name, size: 0, offset: 0, mode: 0, kind, delegates: false }
}

impl Folder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A folder in it.
    ///
    /// # Errors
    /// The limit code for too many members, [`super::codes::ARCHIVE_PATH`] for a
    /// name that leads out of it; so below.
    pub fn folder(&mut self, path: &str) -> Result<()> {
        self.contents.empty(&entry(path, b'5'))
    }

    /// A file in it, as it was read.
    ///
    /// # Errors
    /// Those of [`Self::folder`].
    pub fn file(&mut self, path: &str, given: Option<&Given>) -> Result<()> {
        let bytes = given.map(|given| given.bytes.as_slice()).unwrap_or_default();
        self.marked |= match path.to_ascii_lowercase().as_str() {
            "oci-layout" | "repositories" => true,
            "manifest.json" => bytes.trim_ascii_start().starts_with(b"["),
            "version" => bytes.starts_with(DIRECTORY),
            path => path.starts_with("blobs/sha256/"),
        };
        self.contents.held(&entry(path, b'0'), given)
    }

    /// A symbolic link in it, and where it leads to as it is written.
    ///
    /// # Errors
    /// Those of [`Self::folder`].
    pub fn link(&mut self, path: &str, target: &str) -> Result<()> {
        let inside = super::tar::beside(path, target);
        self.contents.link(&entry(path, b'2'), target, inside)
    }

    /// Whether every program reads the same image in it. Of a folder that holds
    /// none nothing is asked.
    ///
    /// # Errors
    /// [`super::codes::ARCHIVE_AMBIGUOUS`], [`super::codes::ARCHIVE_DUPLICATE`].
    pub fn check(mut self) -> Result<()> {
        if self.marked { self.contents.check() } else { Ok(()) }
    }
}
