//! Which role a file belongs to: by its name, else by what lists it, else by
//! who signed it. A wrong guess cannot make anything pass; it can only make a
//! good set fail, so doubt is answered with a question.

use std::collections::BTreeMap;

use super::body::{Delegation, Kind};
use super::codes;
use super::file::File;
use super::hashes::FileMeta;
use crate::base::error::{Error, Result};

/// The role a file name or path stands for: `…/targets/releases.json` is
/// `targets/releases`, `root.json`, `3.root.json` and `root.<sha256>.json`
/// are `root`. `None` if the name says nothing.
#[must_use]
pub fn role_of_name(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let (file, folders) = parts.split_last()?;
    let mut stem = file.strip_suffix(".json")?;
    if let Some((before, hash)) = stem.rsplit_once('.')
        && hash.len() == 64
        && hash.bytes().all(|b| b.is_ascii_hexdigit())
    {
        stem = before;
    }
    // In the folder itself, whatever the repository is called.
    let top = role_of_stem(stem).filter(|_| folders.last() == Some(&"metadata"));
    if let (None, Some(at)) = (&top, folders.iter().rposition(|folder| *folder == "targets")) {
        let below = folders.get(at..)?.join("/");
        return Some(format!("{below}/{stem}"));
    }
    top.or_else(|| role_of_stem(stem))
}

/// The role of a file name without `.json`, outside of `targets/`.
fn role_of_stem(stem: &str) -> Option<String> {
    if let Some((number, "root")) = stem.split_once('.')
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return Some("root".to_owned());
    }
    Kind::ALL.iter().map(|kind| kind.role()).find(|role| *role == stem).map(str::to_owned)
}

/// The kind of file a role has.
pub(super) fn kind_of_role(role: &str) -> Kind {
    Kind::ALL.into_iter().find(|kind| kind.role() == role).unwrap_or(Kind::Targets)
}

/// A parsed file, the role its name claims, and whether it was used.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) file: File,
    pub(super) claimed: Option<String>,
}

/// What is known about the role a file is sought for.
pub(super) struct Sought<'a> {
    pub(super) role: &'a str,
    pub(super) key_ids: &'a [String],
    /// The entries of the verified snapshot, if there is one.
    pub(super) snapshot: Option<&'a BTreeMap<String, FileMeta>>,
    /// Delegations with which a nameless file could be confused.
    pub(super) siblings: &'a [Delegation],
}

/// Finds the file of a targets role among `files`. `Ok(None)` if it is not
/// there.
///
/// # Errors
/// [`codes::TWO_FILES`] or [`codes::UNPLACED`].
pub(super) fn find<'f>(files: &'f [Placed], sought: &Sought<'_>) -> Result<Option<&'f File>> {
    let listed = sought.snapshot.and_then(|meta| meta.get(sought.role));
    let matches = |file: &File| listed.is_some_and(|meta| meta.check_file(file).is_ok());
    let is_another = |file: &File| {
        let mut others = sought.snapshot.into_iter().flatten().filter(|(role, _)| *role != sought.role);
        others.any(|(_, meta)| meta.check_file(file).is_ok())
    };
    let all = || files.iter().filter(|placed| placed.file.body().kind == Kind::Targets);
    let named: Vec<&File> =
        all().filter(|p| p.claimed.as_deref() == Some(sought.role)).map(|p| &p.file).collect();
    if let Some(first) = named.first() {
        return single(&named, first, sought.role, matches);
    }
    let nameless: Vec<&File> = all().filter(|p| p.claimed.is_none()).map(|p| &p.file).collect();
    if let Some(file) = nameless.iter().find(|file| matches(file)) {
        return Ok(Some(file));
    }
    let signs = |file: &File, ids: &[String]| file.signatures().iter().any(|s| ids.contains(&s.key_id));
    let fitting: Vec<&File> =
        nameless.into_iter().filter(|file| signs(file, sought.key_ids) && !is_another(file)).collect();
    let Some(first) = fitting.first() else {
        return Ok(None);
    };
    // A sibling that is named among the files is accounted for.
    let doubtful = sought
        .siblings
        .iter()
        .filter(|sibling| sibling.name != sought.role)
        .filter(|sibling| !all().any(|p| p.claimed.as_deref() == Some(sibling.name.as_str())))
        .any(|sibling| fitting.iter().any(|file| signs(file, &sibling.role.key_ids)));
    if doubtful {
        return Err(Error::new(codes::UNPLACED).found(sought.role));
    }
    single(&fitting, first, sought.role, matches)
}

/// The one that is listed, or the only one in whatever layout.
pub(super) fn single<'f>(
    candidates: &[&'f File],
    first: &'f File,
    role: &str,
    listed: impl Fn(&File) -> bool,
) -> Result<Option<&'f File>> {
    if let Some(file) = candidates.iter().find(|file| listed(file)) {
        return Ok(Some(file));
    }
    if candidates.iter().all(|file| file.same(first)) {
        return Ok(Some(first));
    }
    Err(Error::new(codes::TWO_FILES).found(format!("{role}.json")))
}

#[cfg(test)]
mod tests {
    use super::role_of_name;

    #[test]
    fn names_tell_roles() {
        let hash = "5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
        for (name, role) in [
            ("root.json", Some("root")),
            ("3.root.json", Some("root")),
            ("metadata/timestamp.json", Some("timestamp")),
            (
                "/home/u/.docker/trust/tuf/docker.io/x/metadata/targets/releases.json",
                Some("targets/releases"),
            ),
            ("targets\\bob.json", Some("targets/bob")),
            ("targets/a/b.json", Some("targets/a/b")),
            ("targets.json", Some("targets")),
            ("docker.io/targets/x/metadata/root.json", Some("root")),
            ("docker.io/x/targets/metadata/2.root.json", Some("root")),
            ("docker.io/x/targets/metadata/targets/releases.json", Some("targets/releases")),
            ("targets/root.json", Some("targets/root")),
            ("releases.json", None),
            ("paste 1", None),
            ("root", None),
            ("x.root.json", None),
            ("", None),
        ] {
            assert_eq!(role_of_name(name).as_deref(), role, "{name}");
        }
        assert_eq!(role_of_name(&format!("targets.{hash}.json")).as_deref(), Some("targets"));
        assert_eq!(
            role_of_name(&format!("targets/releases.{hash}.json")).as_deref(),
            Some("targets/releases")
        );
    }
}
