//! What a file's name or path claims: a role, and the folder of a repository.
//! A name proves nothing; hashes and signatures decide.

use crate::base::list::CollectVec as _;

use super::body::Kind;

/// The role a file name or path stands for: `…/targets/releases.json` is
/// `targets/releases`, `root.json`, `3.root.json` and `root.<sha256>.json`
/// are `root`. `None` if the name says nothing.
#[must_use]
pub fn role_of_name(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty()).collect_vec();
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

/// The folder of the collection a path claims to be in: the path without the
/// part that names the role. `None` if the name claims no role.
pub(super) fn folder_of_name(name: &str) -> Option<String> {
    let role = role_of_name(name)?;
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty()).collect_vec();
    let folders = parts.len().checked_sub(role.split('/').count())?;
    parts.get(..folders).map(|folders| folders.join("/"))
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

#[cfg(test)]
mod tests {
    use super::{folder_of_name, role_of_name};

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

    #[test]
    fn paths_tell_collections_apart() {
        for (name, folder) in [
            ("tuf/docker.io/a/b/metadata/targets/releases.json", Some("tuf/docker.io/a/b/metadata")),
            ("tuf\\docker.io\\a\\b\\metadata\\root.json", Some("tuf/docker.io/a/b/metadata")),
            ("metadata/3.root.json", Some("metadata")),
            ("root.json", Some("")),
            ("targets/a/b.json", Some("")),
            ("paste 1", None),
        ] {
            assert_eq!(folder_of_name(name).as_deref(), folder, "{name}");
        }
    }
}
