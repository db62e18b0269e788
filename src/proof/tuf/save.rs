//! Saving metadata: files laid out as in `~/.docker/trust/tuf`, which verify
//! when they are given again. Whoever saves packs them.
//!
//! Bytes are saved as they were given. Names are made anew, since those that
//! came with the files may be anything: from the role a name claims, else
//! from the kind of file and the snapshot's hashes. A file of which neither
//! tells its role gets a name that tells nothing, as it had before.

use crate::base::list::CollectVec as _;
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};

use super::NamedFile;
use super::body::{Content, Kind};
use super::file::File;
use super::role_matching::role_of_name;
use crate::base::digest::Digest;

/// Longest path of a role in the archive, in bytes.
const ROLE_BYTES: usize = 255;

/// Metadata, ready to be packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout<'b> {
    /// Name for the archive, without its ending: `content-trust-nicolas-webdis`.
    pub name: String,
    /// Path below the archive's root and bytes of each file, in order.
    pub files: Vec<(String, &'b [u8])>,
}

/// Lays out the metadata files of the repository `gun`
/// (`docker.io/nicolas/webdis`). `None` if there is no file.
#[must_use]
pub fn layout<'b>(files: &[NamedFile<'b>], gun: &str) -> Option<Layout<'b>> {
    if files.is_empty() {
        return None;
    }
    let repository: Vec<String> = gun.split('/').filter(|part| !part.is_empty()).map(plain).collect_vec();
    let folder = format!("{}/metadata", repository.join("/"));
    let named = names(files);
    let files: Vec<_> =
        named.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect_vec();
    let short = match repository.split_first() {
        Some((host, rest)) if host == "docker.io" => rest.join("-"),
        _ => repository.join("-"),
    };
    Some(Layout { name: format!("content-trust-{short}"), files })
}

/// A part of a repository's name as part of a path anywhere: a port's colon,
/// and whatever else no file system likes, becomes `_`.
fn plain(part: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let kept: String = part.chars().map(keep).collect();
    if kept.chars().all(|c| c == '.') { "_".repeat(kept.len()) } else { kept }
}

/// File names below `metadata/`, in order, and the bytes.
fn names<'b>(files: &[NamedFile<'b>]) -> BTreeMap<String, &'b [u8]> {
    let parsed: Vec<Option<File>> = files.iter().map(|f| File::read(f.name, f.bytes).ok()).collect_vec();
    let newest =
        parsed.iter().flatten().filter(|f| f.body().kind == Kind::Root).map(|f| f.body().version).max();
    let mut out: BTreeMap<String, &[u8]> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (given, file) in files.iter().zip(&parsed) {
        let role = role_of_name(given.name).or_else(|| file.as_ref().and_then(|file| told(file, &parsed)));
        let stem = match (role.filter(|role| is_plain(role)), file) {
            (Some(role), Some(file)) if role == "root" && Some(file.body().version) != newest => {
                format!("{}.root", file.body().version)
            }
            (Some(role), _) => role,
            (None, _) => "metadata-1".to_owned(),
        };
        if !seen.insert((stem.clone(), given.bytes)) {
            continue;
        }
        let name = free(&stem, given.bytes, &out);
        out.insert(name, given.bytes);
    }
    out
}

/// A name that no other file has: the second file of a role is named by its
/// hash, as Notary names them, so that both are found for that role again.
fn free(stem: &str, bytes: &[u8], taken: &BTreeMap<String, &[u8]>) -> String {
    let name = format!("{stem}.json");
    if !taken.contains_key(&name) {
        return name;
    }
    let role = if stem.ends_with(".root") { "root" } else { stem };
    format!("{role}.{}.json", Digest::of(bytes).hex())
}

/// The role of a file whose name does not tell it.
fn told(file: &File, all: &[Option<File>]) -> Option<String> {
    if file.body().kind != Kind::Targets {
        return Some(file.body().kind.role().to_owned());
    }
    all.iter().flatten().find_map(|other| match &other.body().content {
        Content::Snapshot { meta } => {
            meta.iter().find(|(_, entry)| entry.check_file(file).is_ok()).map(|(role, _)| role.clone())
        }
        _ => None,
    })
}

/// Whether a role is what Notary allows as one, and so a harmless path.
fn is_plain(role: &str) -> bool {
    let part = |part: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        !part.is_empty() && part.bytes().all(plain)
    };
    role.len() <= ROLE_BYTES && role.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(files: &[(&str, &str)], gun: &str) -> (String, Vec<(String, String)>) {
        let files: Vec<_> =
            files.iter().map(|(name, text)| NamedFile { name, bytes: text.as_bytes() }).collect();
        let layout = layout(&files, gun).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (layout.name, layout.files.into_iter().map(|(name, bytes)| (name, text(bytes))).collect())
    }

    #[test]
    fn names_are_the_roles_below_the_repository() {
        let (name, files) = saved(
            &[
                ("x/metadata/targets/releases.json", "{\"a\":1}"),
                ("root.json", "{}"),
                ("/tmp/targets.json", "[]"),
            ],
            "docker.io/nicolas/webdis",
        );
        assert_eq!(name, "content-trust-nicolas-webdis");
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        let below = |name: &str| format!("docker.io/nicolas/webdis/metadata/{name}");
        assert_eq!(names, [below("root.json"), below("targets.json"), below("targets/releases.json")]);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let hostile = [
            ("targets/../../../etc/passwd.json", "{\"n\":1}"),
            ("targets/a b.json", "{\"n\":2}"),
            ("targets/.json", "{\"n\":3}"),
            ("C:\\targets\\..\\x.json", "{\"n\":4}"),
            ("paste 1", "{\"n\":5}"),
            ("targets/\u{202e}x.json", "{\"n\":6}"),
        ];
        let (name, files) = saved(&hostile, "127.0.0.1:5000/../.. /\u{e9}");
        assert_eq!(name, "content-trust-127.0.0.1_5000-__-.._-_");
        assert_eq!(files.len(), hostile.len());
        for (path, _) in files {
            assert!(path.starts_with("127.0.0.1_5000/__/.._/_/metadata/metadata-1."), "{path}");
        }
    }

    #[test]
    fn two_files_of_a_role_stay_two_and_the_same_file_is_one() {
        let (_, files) = saved(
            &[
                ("targets.json", "{\"a\":1}"),
                ("b/targets.json", "{\"a\":2}"),
                ("c/targets.json", "{\"a\":1}"),
            ],
            "docker.io/x/y",
        );
        assert_eq!(files.len(), 2);
        for (path, _) in files {
            assert_eq!(role_of_name(&path).as_deref(), Some("targets"), "{path}");
        }
    }

    #[test]
    fn nothing_is_saved_of_nothing() {
        assert_eq!(layout(&[], "docker.io/x/y"), None);
    }
}
