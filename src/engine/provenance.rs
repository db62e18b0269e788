//! Where bytes come from: the repository that a fetched address, a command
//! line or an output names.

use crate::base::affix;
use crate::evidence::{Item, Origin};
use crate::model::reference::{Host, Reference};

/// The repository an item is said to come from.
pub(super) fn registry_of(item: Option<&Item>) -> Option<String> {
    let item = item?;
    if let Origin::Fetched(address) = &item.origin {
        return fetched_from(address).map(|(name, _)| name);
    }
    let stated = item.facts.iter().find_map(|fact| fact.about.repository.clone());
    stated.or_else(|| {
        let reference = item.printed_for.as_deref().and_then(|text| Reference::parse(text).ok())?;
        Some(name_of(&reference))
    })
}

/// Repository and tag or digest of an address at which a manifest was fetched:
/// `https://HOST/v2/REPOSITORY/manifests/REFERENCE` (distribution-spec,
/// "Pulling manifests"). Docker Hub's API has another host name than its images.
pub(super) fn fetched_from(address: &str) -> Option<(String, &str)> {
    let (_, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once("/v2/")?;
    let (repository, reference) =
        affix::split_last(path, "/manifests/").or_else(|| affix::split_last(path, "/blobs/"))?;
    let host = if host == "registry-1.docker.io" { "docker.io" } else { host };
    Some((format!("{host}/{repository}"), reference))
}

/// Registry and repository, with one name for Docker Hub.
pub(super) fn name_of(reference: &Reference) -> String {
    match reference.registry() {
        "registry-1.docker.io" => format!("{}/{}", Host::docker_hub(), reference.repository()),
        _ => reference.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Given, recognise};

    fn places(text: &str) -> Vec<Option<String>> {
        let given = Given { name: "paste".into(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() };
        recognise(&[given]).iter().map(|item| registry_of(Some(item))).collect()
    }

    #[test]
    fn a_command_line_says_where_its_output_comes_from() {
        let list =
            r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
        let ecr = "public.ecr.aws/nicolas/webdis";
        let raw = |image: &str| format!("$ docker buildx imagetools inspect --raw {image}\n{list}\n");
        assert_eq!(places(&raw("public.ecr.aws/nicolas/webdis:0.1.19")), [Some(ecr.to_owned())]);
        assert_eq!(places(list), [None]);
        let both = raw("nicolas/webdis:0.1.19") + &raw("public.ecr.aws/nicolas/webdis:0.1.19");
        assert_eq!(places(&both), [Some("docker.io/nicolas/webdis".to_owned()), Some(ecr.to_owned())]);
    }
}
