//! One archive, one reading. Loaders differ in which member they take for a
//! path (the first, the last, what a link leads to), in how they spell paths
//! and in which header they believe. An archive of an image in which that
//! matters is refused by name: `docker load` (Go's `archive/tar`, unpacked to a
//! disk), containers/image (members by name, or unpacked) and containerd would
//! not load the same image.

use super::codes;
use super::contents::Contents;
use super::lists;
use super::tar::Entry;
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::order::{self, Set};

/// Files that say what an archive of an image holds.
pub(super) const LISTS: [&str; 4] = ["manifest.json", "index.json", "oci-layout", "repositories"];

/// The members of an archive, as far as their paths go.
#[derive(Debug, Default)]
pub(super) struct Reading {
    members: Vec<Member>,
    unusual: Option<(&'static str, String)>,
}

#[derive(Clone, Debug)]
struct Member {
    /// As a disk would have it that knows no case.
    folded: String,
    path: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Folder,
    File,
    Link(Option<String>),
}

/// An archive that two programs read differently.
pub(super) fn ambiguous(expected: &str, found: &str) -> Error {
    Error::new(codes::ARCHIVE_AMBIGUOUS).expected(expected).found(shorten(found))
}

/// A path without what adds nothing to it, as a disk has it: no empty parts, no
/// `.`; and whether it was written so. `..` is refused elsewhere.
pub(super) fn clean(name: &str) -> (String, bool) {
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect_vec();
    let path = parts.join("/");
    let written = name.strip_prefix("./").unwrap_or(name) == path;
    (path, written)
}

/// A path that means the same on every disk: those that fold case or Unicode
/// forms, or drop a dot or a blank at the end of a name, see another one.
fn portable(path: &str) -> bool {
    let plain = |byte: u8| byte == b' ' || (byte.is_ascii_graphic() && byte != b'\\');
    path.bytes().all(plain) && path.split('/').all(|part| !part.ends_with(['.', ' ']))
}

impl Reading {
    /// Takes note of a member that no loader should meet; the first is told.
    pub(super) fn unusual(&mut self, expected: &'static str, found: &str) {
        self.unusual.get_or_insert_with(|| (expected, found.to_owned()));
    }

    pub(super) fn member(&mut self, entry: &Entry<'_>) {
        let what = match entry.kind {
            b'0' | b'\0' => What::File,
            b'5' => What::Folder,
            b'2' => return,
            b'1' => return self.unusual("no hard link", entry.name),
            other => {
                return self
                    .unusual("a file, folder or symbolic link", &format!("type {}", char::from(other)));
            }
        };
        let name = match what {
            What::Folder => entry.name.strip_suffix('/').unwrap_or(entry.name),
            _ => entry.name,
        };
        // The folder itself: `tar -C folder .`.
        if what != What::Folder || !matches!(name, "." | "./.") {
            self.keep(name, what);
        }
    }

    /// A symbolic link, and the path it leads to.
    pub(super) fn link(&mut self, entry: &Entry<'_>, inside: Option<&str>) {
        if entry.kind == b'2' {
            self.keep(entry.name, What::Link(inside.map(str::to_owned)));
        } else {
            self.member(entry);
        }
    }

    fn keep(&mut self, name: &str, what: What) {
        let (path, written) = clean(name);
        if path.is_empty() || !written || !portable(&path) {
            self.unusual("paths that all programs spell alike", name);
        }
        self.members.push(Member { folded: path.to_ascii_lowercase(), path, what });
    }

    /// Members of this path, in whatever case.
    fn at(&self, folded: &str) -> &[Member] {
        let start = self.members.partition_point(|member| *member.folded < *folded);
        let rest = self.members.get(start..).unwrap_or_default();
        let count = rest.partition_point(|member| member.folded == folded);
        rest.get(..count).unwrap_or_default()
    }

    /// Whether this very path is there.
    pub(super) fn has(&self, path: &str) -> bool {
        self.at(&path.to_ascii_lowercase()).iter().any(|member| member.path == path)
    }

    /// Whether it is there on a disk that knows no case.
    pub(super) fn has_folded(&self, path: &str) -> bool {
        !self.at(&path.to_ascii_lowercase()).is_empty()
    }

    /// Whether something stands below a folder.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        let start = self.members.partition_point(|member| *member.folded <= *folder);
        self.members.get(start).is_some_and(|member| member.folded.starts_with(folder))
    }

    /// Folders in which a loader may find an image: what is unpacked there is read as an
    /// archive is.
    pub(super) fn folders(&self) -> Set<String> {
        let folder = |member: &Member| {
            let lists = ["/oci-layout", "/manifest.json"];
            let folder = lists.iter().find_map(|list| member.folded.strip_suffix(list))?;
            member.path.get(..folder.len()).map(str::to_owned)
        };
        self.members.iter().filter_map(folder).collect()
    }

    /// How many bytes the names of its members have.
    pub(super) fn names_size(&self) -> usize {
        self.members.iter().map(|member| member.path.len()).sum()
    }

    /// What lies below a folder, as it would be read there.
    pub(super) fn below(&self, folder: &str) -> Self {
        let start = format!("{folder}/");
        let folded = start.to_ascii_lowercase();
        let first = self.members.partition_point(|member| member.folded < folded);
        let rest = self.members.get(first..).unwrap_or_default().iter();
        let member = |member: &Member| {
            let what = match &member.what {
                What::Link(Some(target)) => {
                    What::Link(Some(target.strip_prefix(&start).unwrap_or(target).to_owned()))
                }
                what => what.clone(),
            };
            let [folded, path] = [&member.folded, &member.path].map(|name| name.get(start.len()..));
            let [folded, path] = [folded, path].map(|name| name.unwrap_or_default().to_owned());
            Member { folded, path, what }
        };
        let members = rest.take_while(|member| member.folded.starts_with(&folded)).map(member).collect_vec();
        Self { members, unusual: self.unusual.clone() }
    }

    /// The members in the order of their paths; needed before anything is asked.
    pub(super) fn sort(&mut self) {
        order::sort_by(&mut self.members, |a, b| a.folded.cmp(&b.folded));
    }

    /// Whether every loader of images reads the same in it.
    ///
    /// # Errors
    /// [`codes::ARCHIVE_AMBIGUOUS`], [`codes::ARCHIVE_DUPLICATE`].
    pub(super) fn check(&self, kept: &Contents) -> Result<()> {
        if let Some((expected, found)) = &self.unusual {
            return Err(ambiguous(expected, found));
        }
        for member in &self.members {
            self.alone(member, kept)?;
            self.below_folders(member)?;
            let top = LISTS.contains(&member.folded.as_str());
            if (top || member.folded.starts_with("blobs/")) && member.path != member.folded {
                return Err(ambiguous(&member.folded, &member.path));
            }
            if top && kept.document(&member.path).is_none() {
                return Err(ambiguous(&format!("{} as a JSON file", member.path), "another member"));
            }
            if let What::Link(target) = &member.what {
                let target = target.as_deref().unwrap_or_default();
                let file = self.at(&target.to_ascii_lowercase());
                let file = file.iter().any(|member| member.path == target && member.what == What::File);
                if !file || !kept.blob(target) {
                    return Err(ambiguous("links to layers only", &member.path));
                }
            }
        }
        lists::check(self, kept)
    }

    /// One path for two members: the same folder, or twice the same bytes.
    fn alone(&self, member: &Member, kept: &Contents) -> Result<()> {
        let all = self.at(&member.folded);
        let same = all.iter().all(|other| other.path == member.path && other.what == member.what);
        let fine = match member.what {
            What::Folder => true,
            What::File => kept.read(&member.path) == all.len(),
            What::Link(_) => false,
        };
        if all.len() == 1 || (same && fine) {
            return Ok(());
        }
        Err(Error::new(codes::ARCHIVE_DUPLICATE).found(shorten(&member.path)))
    }

    /// What stands above a member is a folder.
    fn below_folders(&self, member: &Member) -> Result<()> {
        for (at, _) in member.folded.match_indices('/') {
            let above = member.folded.get(..at).unwrap_or_default();
            if let Some(other) = self.at(above).iter().find(|other| other.what != What::Folder) {
                return Err(ambiguous("a folder", &other.path));
            }
            let written = member.path.get(..at).unwrap_or_default();
            if let Some(other) = self.at(above).iter().find(|other| other.path != written) {
                return Err(ambiguous(&other.path, written));
            }
        }
        Ok(())
    }

    /// Folders with a `json` and a `layer.tar`: images as Docker saved them
    /// before it had `manifest.json`, and still loads.
    pub(super) fn old_images(&self) -> bool {
        let folders = self.members.iter().filter_map(|member| member.folded.strip_suffix("/json"));
        let mut old = folders
            .filter(|folder| !folder.contains('/') && !self.at(&format!("{folder}/layer.tar")).is_empty());
        old.next().is_some()
    }
}
