//! What loaders take out of an archive beside honest evidence of the signed image: roots that
//! an index calls something else, and layers that lie elsewhere, or that two programs read as
//! two things. Each with its honest twin.

use serde_json::{Value, json};
use webdis_verify::base::digest::{Digest, sha512};
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, digest};
use crate::common::release::{REF, Release, release};
use crate::common::tar::{gzip, tar};
use crate::saved::signed;

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

type Members = Vec<(String, Vec<u8>)>;

fn blob(bytes: &[u8]) -> (String, Vec<u8>) {
    (format!("blobs/sha256/{}", Digest::of(bytes).hex()), bytes.to_vec())
}

/// A manifest of a config and of layers with digests of their own.
fn manifest(config: (&str, &[u8]), media: &str, layers: &[(String, usize)]) -> Vec<u8> {
    let layer =
        |(digest, size): &(String, usize)| json!({"mediaType": media, "digest": digest, "size": size});
    let layers: Vec<Value> = layers.iter().map(layer).collect();
    json!({"schemaVersion": 2, "config": {"mediaType": config.0, "digest": digest(config.1), "size": config.1.len()},
        "layers": layers})
    .to_string()
    .into_bytes()
}

/// A layout with one root, which has the tag alone for a name, or none.
fn layout(media: &str, root: &[u8], name: Option<&str>, blobs: Members) -> Vec<u8> {
    let annotations = name.map_or(json!({}), |name| json!({"org.opencontainers.image.ref.name": name}));
    let entry =
        json!({"mediaType": media, "digest": digest(root), "size": root.len(), "annotations": annotations});
    let index = json!({"schemaVersion": 2, "manifests": [entry]}).to_string();
    let mut members = vec![
        ("oci-layout".to_owned(), b"{\"imageLayoutVersion\": \"1.0.0\"}".to_vec()),
        ("index.json".to_owned(), index.into_bytes()),
        blob(root),
    ];
    members.extend(blobs);
    tar(&members)
}

#[track_caller]
fn is_open(name: &str, own: &Release, archive: Vec<u8>) {
    let report = signed(own, name).file(archive).run();
    assert_ne!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
}

/// A tar that gzip reads as another one: it lies in the extra field of a gzip file.
fn two_in_one(shown: &[u8], packed: &[u8]) -> Vec<u8> {
    let mut both = shown.to_vec();
    let extra = u16::try_from(both.len() - 12).unwrap().to_le_bytes();
    both[..12].copy_from_slice(&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, extra[0], extra[1]]);
    both[148..156].copy_from_slice(b"        ");
    let sum: u32 = both[..512].iter().map(|byte| u32::from(*byte)).sum();
    both[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    both.extend(&gzip(packed)[10..]);
    both
}

/// Nobody signed which layers a manifest made anew has: each must be the config's, by bytes.
#[test]
fn layers_that_a_loader_finds_elsewhere_leave_it_open() {
    let (own, evil) = (release("own"), release("evil"));
    let config = (CONFIG, &*own.config);
    let stored = |layers: &[Vec<u8>]| -> Vec<(String, usize)> {
        layers.iter().map(|layer| (digest(layer), layer.len())).collect()
    };
    let made = |layers: &[(String, usize)], blobs: Members| {
        let root = manifest(config, LAYER, layers);
        layout(MANIFEST, &root, Some("1.0"), [vec![blob(&own.config)], blobs].concat())
    };
    let hex = |bytes: &[u8]| sha512(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let named: Vec<_> =
        evil.layers.iter().map(|layer| (format!("sha512:{}", hex(layer)), layer.len())).collect();
    let blobs = evil.layers.iter().map(|layer| (format!("blobs/sha512/{}", hex(layer)), layer.clone()));
    is_open("another algorithm", &own, made(&named, blobs.collect()));
    is_open("not there", &own, made(&stored(&evil.layers.clone().map(|layer| gzip(&layer))), Vec::new()));
    let json = tar(&[("{a", b"evil")]);
    let like = [own.layers[0].clone(), json];
    is_open("like a document", &own, made(&stored(&like), like.iter().map(|layer| blob(layer)).collect()));
    let both = [own.layers[0].clone(), two_in_one(&evil.layers[1], &own.layers[1])];
    is_open("two in one", &own, made(&stored(&both), both.iter().map(|layer| blob(layer)).collect()));
    // The twins: the config's own layers, there, packed, and not there under their own names.
    let own_layers = made(&stored(&own.layers), own.layers.iter().map(|layer| blob(layer)).collect());
    signed(&own, "its own layers").file(own_layers).proven("saved-as-signed");
    let packed = own.layers.clone().map(|layer| gzip(&layer));
    let packed = made(&stored(&packed), packed.iter().map(|layer| blob(layer)).collect());
    signed(&own, "packed").file(packed).proven("saved-as-signed");
    signed(&own, "not there").file(made(&stored(&own.layers), Vec::new())).proven("saved-as-signed");
}

/// What an index, a media type or a schema calls a root hides no image.
#[test]
fn a_root_that_is_called_something_else_is_loaded() {
    let (own, evil) = (release("own"), release("evil"));
    let layers: Vec<_> = evil.layers.iter().map(|layer| (digest(layer), layer.len())).collect();
    let blobs: Members =
        [vec![blob(&evil.config)], evil.layers.iter().map(|layer| blob(layer)).collect()].concat();
    let saying =
        manifest((CONFIG, &evil.config), "application/vnd.dev.cosign.simplesigning.v1+json", &layers);
    let docker = manifest(("application/octet-stream", &evil.config), LAYER, &layers);
    let docker_type = "application/vnd.docker.distribution.manifest.v2+json";
    let old = json!({"schemaVersion": 1, "name": "app", "tag": "1.0", "fsLayers": [{"blobSum": layers[0].0}],
        "history": [{"v1Compatibility": "{}"}]})
    .to_string()
    .into_bytes();
    let old_type = "application/vnd.docker.distribution.manifest.v1+json";
    for (name, media, root) in [
        ("layers like a signature's", MANIFEST, &saying),
        ("a config of another type", docker_type, &docker),
        ("schema 1", old_type, &old),
        ("of no known type", "application/x", &old),
    ] {
        is_open(name, &own, layout(media, root, Some("1.0"), blobs.clone()));
    }
    // A folder that containers/image made.
    let version = ("version".to_owned(), b"Directory Transport Version: 1.1\n".to_vec());
    is_open("a dir:", &own, tar(&[version, ("manifest.json".to_owned(), old)]));
    // The twin: what cosign saves has a signature beside the image.
    let payload = crate::common::stand_in::simple_payload(&digest(&own.index)).into_bytes();
    let signature = manifest(
        (CONFIG, b"{}"),
        "application/vnd.dev.cosign.simplesigning.v1+json",
        &[(digest(&payload), payload.len())],
    );
    let (_, mut members) = own.forms().into_iter().nth(2).unwrap();
    let at = members.iter().position(|(name, _)| name == "index.json").unwrap();
    let mut index: Value = serde_json::from_slice(&members[at].1).unwrap();
    let entry = json!({"mediaType": MANIFEST, "digest": digest(&signature), "size": signature.len()});
    index["manifests"].as_array_mut().unwrap().push(entry);
    members[at].1 = index.to_string().into_bytes();
    members.extend([blob(&signature), blob(&payload), blob(b"{}")]);
    signed(&own, "a saved signature").file(tar(&members)).proven("signed-as");
}

/// An inspection says which ID the image has: who saved it is held to that config.
#[test]
fn a_config_that_a_tool_connects_holds_the_archive_s_layers() {
    let (own, evil) = (release("own"), release("evil"));
    let inspected = json!([{"Id": digest(&own.config), "RepoTags": [REF],
        "RepoDigests": [format!("registry.example/app@{}", digest(&own.index))], "RootFS": {"Type": "layers"}}]);
    let known: Case = case("an inspection").file(&own.index).file(bundle(&own.index)).image(REF);
    let known = known.paste(inspected.to_string());
    let layers: Vec<_> = evil.layers.iter().map(|layer| (digest(layer), layer.len())).collect();
    let root = manifest((CONFIG, &own.config), LAYER, &layers);
    let blobs = [vec![blob(&own.config)], evil.layers.iter().map(|layer| blob(layer)).collect()].concat();
    let report = known.file(layout(MANIFEST, &root, Some("1.0"), blobs)).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
}

/// An image below a folder of an archive is loaded from there, once that is unpacked: it has one
/// reading or none, as at the top.
#[test]
fn an_image_below_a_folder_is_read_as_strictly() {
    let (own, evil) = (release("own"), release("evil"));
    let below = |members: Members| {
        let moved = members.into_iter().map(|(name, bytes)| (format!("saved/img/{name}"), bytes));
        tar(&moved.collect::<Members>())
    };
    let change = |change: &dyn Fn(&str) -> String| {
        let mut members = own.docker_20();
        members.extend(
            evil.docker_20()
                .into_iter()
                .filter(|(name, _)| name.ends_with(".json") && name != "manifest.json"),
        );
        for (_, bytes) in members.iter_mut().filter(|(name, _)| name == "manifest.json") {
            *bytes = change(core::str::from_utf8(bytes).unwrap()).into_bytes();
        }
        below(members)
    };
    let other = format!("{}.json", &digest(&evil.config)[7..]);
    let twice = change(&|list| {
        list.replace("[{", &format!("[{{\"Config\":\"{}.json\",", &digest(&own.config)[7..])).replace(
            &format!("\"Config\":\"{}.json\",\"Layers\"", &digest(&own.config)[7..]),
            &format!("\"Config\":\"{other}\",\"Layers\""),
        )
    });
    is_open("a member twice", &own, twice);
    is_open("another case", &own, change(&|list| list.replace("\"Config\"", "\"config\"")));
    is_open("a name twice", &own, below([own.docker_20(), evil.docker_20()].concat()));
    // The twin: as it was saved.
    for (name, members) in own.forms() {
        let report = signed(&own, name).file(below(members)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
    }
}

/// A list of an archive that has a signed image in it, and another beside it, is no list of
/// signed images, whatever a second archive holds.
#[test]
fn a_list_that_mixes_signed_images_with_others_is_open() {
    let (own, evil) = (release("own"), release("evil"));
    let listed = |other: &[u8]| {
        let child = |bytes: &[u8], machine: &str| {
            json!({"mediaType": MANIFEST, "digest": digest(bytes), "size": bytes.len(),
                "platform": {"os": "linux", "architecture": machine}})
        };
        let index = "application/vnd.oci.image.index.v1+json";
        let list = json!({"schemaVersion": 2, "mediaType": index,
            "manifests": [child(&own.manifest, "amd64"), child(other, "arm64")], "annotations": {"a": "b"}});
        let list = list.to_string().into_bytes();
        let packed = own.layers.clone().map(|layer| gzip(&layer));
        let blobs = [own.manifest.as_slice(), &own.config, other].into_iter().map(blob);
        let blobs: Members = blobs.chain(packed.iter().map(|layer| blob(layer))).collect();
        layout(index, &list, Some("1.0"), blobs)
    };
    let beside = |name, archive| signed(&own, name).file(tar(&own.docker_20())).file(archive);
    let report = beside("another platform", listed(&evil.other)).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
    let report = beside("its own", listed(&own.other)).run();
    assert_eq!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
}

/// Images in the folders of images are looked through again and again: within a bound.
#[test]
fn images_in_images_meet_a_limit() {
    let own = release("own");
    let nested = |depth: usize| {
        let folder = |n: usize| "a/".repeat(n);
        let lists = (1..=depth).map(|n| (format!("{}manifest.json", folder(n)), b"[]".to_vec()));
        let files = (0..100).map(|n| (format!("{}{n}.json", folder(depth)), b"{}".to_vec()));
        let members: Members = lists.chain(files).collect();
        let members: Vec<_> = members.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        crate::common::tar::zip(&members)
    };
    let refused = |archive: Vec<u8>| {
        let report = signed(&own, "nested").file(archive).run();
        let notes = report.items.iter().flat_map(|item| &item.notes);
        let limit = { notes }.any(|note| note.code == "limit-exceeded");
        (report.outcome == Outcome::Proven, limit)
    };
    assert_eq!(refused(nested(400)), (false, true));
    assert_eq!(refused(nested(4)), (true, false));
}
