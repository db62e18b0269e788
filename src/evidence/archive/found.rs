//! What was read under each path of an archive. Every member is looked up when the archive is
//! checked, so each is found without a search through all.

use crate::base::order::Map;

/// What lies under a path.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// The first document, by its place.
    pub(super) document: Option<usize>,
    /// How many members were read to their end.
    pub(super) read: usize,
    /// Whether one is a blob.
    pub(super) blob: bool,
}

/// What lies under all paths.
#[derive(Debug, Default)]
pub(super) struct Paths(Map<String, Found>);

impl Paths {
    /// Of the names of documents, and of blobs with whether they were read.
    pub(super) fn of<'n>(
        documents: impl Iterator<Item = &'n str>,
        blobs: impl Iterator<Item = (&'n str, bool)>,
    ) -> Self {
        let mut paths = Map::new();
        documents.enumerate().for_each(|(at, name)| {
            paths.change(name.to_owned(), |found: &mut Found| {
                found.document = found.document.or(Some(at));
                found.read += 1;
            });
        });
        blobs.for_each(|(name, read)| {
            paths.change(name.to_owned(), |found: &mut Found| {
                found.blob = true;
                found.read += usize::from(read);
            });
        });
        Self(paths)
    }

    /// What lies under a path in a folder, whose slash it has.
    pub(super) fn at(&self, folder: &str, path: &str) -> Found {
        self.0.get(&*format!("{folder}{path}")).copied().unwrap_or_default()
    }
}
