//! An archive that two loaders would read differently is refused by name, and
//! so is one that this program cannot read where a loader can. Each has its
//! honest twin, and both are written here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use webdis_verify::Digest;

use crate::common::image::bundle;
use crate::common::release::{Members, REF, Release, release};
use crate::common::stand_in::{self, Base, Plan};
use crate::common::tar::{Member, end, tar};

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

struct Folder(PathBuf);

impl Folder {
    /// The signed release as a registry has it, and its signature.
    fn new(name: &str) -> Self {
        let own = release("own");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-reading").join(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, bytes) in [
            ("test.pub", stand_in::key().pem().into()),
            ("root.json", Plan::new(Base::DsseV1).trusted_root().into_bytes()),
            ("bundle.json", bundle(&own.index)),
            ("signed-index.json", own.index),
            ("signed-manifest.json", own.manifest),
            ("signed-config.json", own.config),
        ] {
            let bytes: Vec<u8> = bytes;
            fs::write(folder.join(file), bytes).unwrap();
        }
        Self(folder)
    }

    /// Exit status, the report's code, and all that was said.
    fn check(&self, archive: &[u8]) -> (i32, String) {
        fs::write(self.0.join("image.tar"), archive).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.current_dir(&self.0).args(["check", "--now", "2026-11-21T12:00:00Z"]);
        command.args(["--trusted-root", "root.json", "--key", "test.pub", "--image", REF]);
        command.args(["bundle.json", "signed-index.json", "signed-manifest.json", "signed-config.json"]);
        let output = command.arg("image.tar").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap(), said.into_owned())
    }

    fn proven(&self, name: &str, archive: &[u8]) {
        let (status, said) = self.check(archive);
        assert_eq!(status, 0, "{name}: {said}");
    }

    fn refused(&self, name: &str, archive: &[u8], code: &str) {
        let (status, said) = self.check(archive);
        assert_eq!(status, 2, "{name}: {said}");
        assert!(said.contains(code), "{name}: {said}");
    }
}

fn hex(bytes: &[u8]) -> String {
    Digest::of(bytes).hex()
}

/// An honest archive, without the two blocks at its end.
fn open(members: &Members) -> Vec<u8> {
    let mut archive = tar(members);
    archive.truncate(archive.len() - 1024);
    archive
}

/// The honest archive, and members after it.
fn with(own: &Release, members: &[Vec<u8>]) -> Vec<u8> {
    [open(&own.docker_25()), members.concat(), end()].concat()
}

#[test]
fn a_second_member_by_any_spelling_is_refused() {
    let folder = Folder::new("spelling");
    let (own, evil) = (release("own"), release("evil"));
    let blob = format!("blobs/sha256/{}", hex(&own.config));
    let file = |name: &str| Member::new(name).bytes(&evil.config).write();
    let upper = blob.to_uppercase().replace("BLOBS/SHA256", "blobs/sha256");
    for name in [
        blob.replace("blobs/", "blobs/./"),
        blob.replace("blobs/", "blobs//"),
        format!("././{blob}"),
        blob.replace("blobs/", "blobs/x/../"),
        format!("{blob}/"),
        format!("{blob}."),
        format!("{blob} "),
        blob.replace('/', "\\"),
        blob.replace("blobs", "Blobs"),
        blob.replace("sha256", "\u{17f}ha256"),
        upper,
        "manifest.json/".to_owned(),
        "./././manifest.json".to_owned(),
        "Manifest.json".to_owned(),
        "INDEX.JSON".to_owned(),
        "mani\u{17f}est.json".to_owned(),
    ] {
        folder.refused(&name, &with(&own, &[file(&name)]), "archive-");
    }
    // The twins: one spelling of all, folders and files beside them.
    folder.proven("as saved", &tar(&own.docker_25()));
    let dotted: Members = own.docker_25().into_iter().map(|(name, b)| (format!("./{name}"), b)).collect();
    let dot = |name: &str| Member::new(name).kind(b'5').write();
    let folders = [dot("./"), dot("./blobs/"), dot("./blobs/sha256/"), open(&dotted), end()].concat();
    folder.proven("as tar -C folder . packs it", &folders);
    let notes = [dot("blobs/"), dot("blobs/"), Member::new("Notes.txt").bytes(b"no").write()];
    folder.proven("a folder twice, and notes", &with(&own, &notes));
    let twice = Member::new(&blob).bytes(&own.config).write();
    folder.proven("the same bytes twice", &with(&own, &[twice]));
}

#[test]
fn links_lead_to_layers_or_nowhere() {
    let folder = Folder::new("links");
    let (own, evil) = (release("own"), release("evil"));
    let blob = format!("blobs/sha256/{}", hex(&own.config));
    let z = Member::new("z.json").bytes(&evil.config).write();
    let link = |name: &str, kind: u8, to: &str| Member::new(name).kind(kind).link(to).write();
    let lists =
        |name: &str| -> Members { own.docker_25().into_iter().filter(|(path, _)| path != name).collect() };
    let instead = |name: &str, last: Vec<u8>| [open(&lists(name)), z.clone(), last, end()].concat();
    for (what, archive) in [
        ("a hard link over a blob", with(&own, &[z.clone(), link(&blob, b'1', "z.json")])),
        ("a link over a blob", with(&own, &[z.clone(), link(&blob, b'2', "../../z.json")])),
        ("a link in place of a blob", instead(&blob, link(&blob, b'2', "../../z.json"))),
        ("a hard link in place of a blob", instead(&blob, link(&blob, b'1', "z.json"))),
        ("a link as list", instead("manifest.json", link("manifest.json", b'2', "z.json"))),
        ("a hard link as list", instead("index.json", link("index.json", b'1', "z.json"))),
        ("a linked folder", with(&own, &[link("x", b'2', "blobs")])),
        ("blobs in a linked folder", instead("", link("blobs/sha256", b'2', "../e"))),
        ("a link out", with(&own, &[link("x/layer.tar", b'2', "../../../etc/passwd")])),
        ("a link to itself", with(&own, &[link("x/layer.tar", b'2', "layer.tar")])),
        ("a device", with(&own, &[link("x", b'3', "")])),
        ("a file of the old kind", with(&own, &[Member::new(&blob).kind(b'7').bytes(&evil.config).write()])),
        ("a folder with a size", with(&own, &[Member::new("x/").kind(b'5').bytes(b"no").write()])),
        ("a blob below a blob", with(&own, &[Member::new(&format!("{blob}/x")).bytes(b"{}").write()])),
    ] {
        folder.refused(what, &archive, "archive-");
    }
    // The twin: Docker before 25 links a layer that it saved already.
    let layer = own.docker_20().remove(0).0;
    let linked = [
        open(&own.docker_20()),
        Member::new("other/").kind(b'5').write(),
        link("other/layer.tar", b'2', &format!("../{layer}")),
        end(),
    ];
    folder.proven("a link to a layer", &linked.concat());
}

#[test]
fn headers_that_programs_read_differently_are_refused() {
    let folder = Folder::new("headers");
    let (own, evil) = (release("own"), release("evil"));
    let blob = format!("blobs/sha256/{}", hex(&own.config));
    let pax = |name: &str, record: &str| {
        Member::new("x").bytes(record_of(name, record).as_bytes()).kind(b'x').write()
    };
    let long = |name: &str| Member::new("x").bytes(format!("{name}\0").as_bytes()).kind(b'L').write();
    let file = |name: &str| Member::new(name).bytes(&evil.config).write();
    let prefixed = |magic: &[u8]| {
        Member::new(&hex(&own.config)).bytes(&evil.config).prefix("blobs/sha256").magic(magic).write()
    };
    let global = Member::new("x").bytes(record_of("path", &blob).as_bytes()).kind(b'g').write();
    for (what, members) in [
        ("two long names", vec![long(&blob), pax("path", "x/harmless"), file("x/harmless")]),
        ("the other order", vec![pax("path", "x/harmless"), long(&blob), file("x/harmless")]),
        ("an empty pax path", vec![pax("path", ""), file(&blob)]),
        ("a pax path with a zero byte", vec![pax("path", "x\0y"), file(&blob)]),
        ("a size of another form", vec![pax("size", "+3"), file("x/harmless")]),
        ("two pax headers", vec![pax("path", &blob), pax("mtime", "1"), file("x/harmless")]),
        ("GNU with a prefix", vec![prefixed(b"ustar  \0")]),
        ("no magic, a prefix", vec![prefixed(&[0; 8])]),
        ("another magic", vec![Member::new("x").magic(b"ustar 00").write()]),
        ("star", vec![Member::new("x").last(b"tar\0").write()]),
        ("for all members", vec![global, file("x/harmless")]),
    ] {
        folder.refused(what, &with(&own, &members), "archive-");
    }
    for head in ["PK\u{3}\u{4}", "BZh9", "P*M\u{18}"] {
        let archive = [Member::new(head).bytes(b"x").write(), tar(&own.docker_25())].concat();
        folder.refused(head, &archive, "archive-");
    }
    // The twins.
    let harmless = [pax("mtime", "1.5"), file("x/harmless"), long("x/other"), file("x")];
    folder.proven("one header each", &with(&own, &harmless));
    for magic in [b"ustar\x0000".as_slice(), b"ustar  \0", &[0; 8]] {
        folder.proven("magic", &with(&own, &[Member::new("x").magic(magic).bytes(b"x").write()]));
    }
    let posix = Member::new("name").prefix("x/folder").bytes(b"x").write();
    folder.proven("a prefix where it is one", &with(&own, &[posix]));
}

/// A pax record: its length in decimal, itself included.
fn record_of(name: &str, value: &str) -> String {
    let rest = format!(" {name}={value}\n");
    let length = rest.len()
        + if rest.len() < 9 {
            1
        } else if rest.len() < 98 {
            2
        } else {
            3
        };
    format!("{length}{rest}")
}

/// The honest archive with another list.
fn listed(members: &Members, name: &str, list: &[u8]) -> Vec<u8> {
    let mut members = members.clone();
    let found = members.iter_mut().find(|(path, _)| path == name).unwrap();
    found.1 = list.to_vec();
    tar(&members)
}

/// The honest archive, with the other image beside it.
fn both(own: &Release, evil: &Release) -> Members {
    let mut members = own.docker_25();
    members.extend(evil.docker_25().into_iter().filter(|(path, _)| path.starts_with("blobs/")));
    members
}

#[test]
fn a_list_that_docker_reads_otherwise_is_refused() {
    let folder = Folder::new("docker-list");
    let (own, evil) = (release("own"), release("evil"));
    let members = both(&own, &evil);
    let image = |release: &Release| {
        let all = release.docker_25();
        let (_, list) = all.iter().find(|(path, _)| path == "manifest.json").unwrap();
        let text = String::from_utf8(list.clone()).unwrap();
        text.trim_start_matches('[').trim_end_matches(']').to_owned()
    };
    let (good, bad) = (image(&own), image(&evil));
    let bad_config = format!("blobs/sha256/{}", hex(&evil.config));
    let add = |more: &str| format!("[{}{more}}}]", good.trim_end_matches('}'));
    for list in [
        add(&format!(",\"config\":\"{bad_config}\"")),
        add(&format!(",\"Config\":\"{bad_config}\"")),
        add(&format!(",\"CONFIG\":\"{bad_config}\"")),
        add(",\"Layer\u{17f}\":[]"),
        add(",\"signed\":1,\"signatures\":1"),
        add(",\"SignedTags\":[]"),
        format!("[{bad},{}]", "{\"Config\":1}"),
        format!("[{bad}] [{good}]"),
        format!("[{}]", bad.replace("Config", "config")),
        format!("[{}]", bad.replace("blobs/", "blobs//")),
        format!("[{}]", bad.replace("blobs/", "x/../blobs/")),
        format!("[{}]", bad.replace("blobs/", "Blobs/")),
        format!("[{}]", bad.replace(&hex(&evil.config), &hex(&evil.config).to_uppercase())),
        "null".to_owned(),
        "\"x\"".to_owned(),
    ] {
        folder.refused(&list, &listed(&members, "manifest.json", list.as_bytes()), "archive-ambiguous");
    }
    let mut latin = format!("[{bad}]").into_bytes();
    latin.extend(b"\n\xff");
    folder.refused("no UTF-8", &listed(&members, "manifest.json", &latin), "archive-ambiguous");
    let large = format!("[{bad}]{}", " ".repeat(4 << 20));
    folder.refused("long", &listed(&members, "manifest.json", large.as_bytes()), "archive-ambiguous");
    // What Docker saved before it had a list is loaded where there is none.
    let mut old: Members = members.iter().filter(|(path, _)| path != "manifest.json").cloned().collect();
    old.extend([("id/json".to_owned(), b"{}".to_vec()), ("id/layer.tar".to_owned(), evil.layers[0].clone())]);
    folder.refused("an old image", &tar(&old), "archive-ambiguous");
    // The twins.
    folder.proven("another order", &listed(&members, "manifest.json", format!(" [ {good} ]\n").as_bytes()));
    let sources = add(",\"LayerSources\":{},\"Parent\":\"\"");
    folder.proven("all members", &listed(&members, "manifest.json", sources.as_bytes()));
    let mut both = own.docker_20();
    both.push(("l/json".to_owned(), b"{}".to_vec()));
    both.push(("l/layer.tar".to_owned(), own.layers[0].clone()));
    folder.proven("an old image beside its list", &tar(&both));
}

#[test]
fn of_two_images_under_one_name_none_is_proven() {
    let folder = Folder::new("one-name");
    let (own, evil) = (release("own"), release("evil"));
    let members = both(&own, &evil);
    let image = |release: &Release, tags: &Value| {
        let config = format!("blobs/sha256/{}", hex(&release.config));
        let layers = release.layers.each_ref().map(|layer| format!("blobs/sha256/{}", hex(layer)));
        json!({"Config": config, "RepoTags": tags, "Layers": layers})
    };
    let (named, other) = (json!([REF]), json!(["other.example/x:1.0"]));
    let lists = |images: [Value; 2]| listed(&members, "manifest.json", json!(images).to_string().as_bytes());
    // The layout beside the list names the signed one only.
    for tags in [&named, &json!(null)] {
        let images = [image(&own, &named), image(&evil, tags)];
        for order in [images.clone(), [images[1].clone(), images[0].clone()]] {
            let (status, said) = folder.check(&lists(order));
            assert!(![0, 2].contains(&status), "{tags}: {said}");
        }
    }
    // The twins: another name, and the same image twice.
    folder.proven("another name", &lists([image(&evil, &other), image(&own, &named)]));
    folder.proven("twice", &lists([image(&own, &named), image(&own, &named)]));
}

#[test]
fn a_config_is_what_lies_there_whatever_its_path_says() {
    let folder = Folder::new("any-name");
    let (own, evil) = (release("own"), release("evil"));
    let archive = |release: &Release, path: &str| {
        let layers = release.layers.each_ref().map(|layer| format!("{}.tar", hex(layer)));
        let list = json!([{"Config": path, "RepoTags": [REF], "Layers": layers}]).to_string();
        let mut members: Members = layers.iter().cloned().zip(release.layers.iter().cloned()).collect();
        members.extend([
            (path.to_owned(), release.config.clone()),
            ("manifest.json".to_owned(), list.into_bytes()),
        ]);
        tar(&members)
    };
    let own_name = format!("{}.json", hex(&own.config));
    for path in ["config.json", "x/y.json", &own_name, "sha256:0"] {
        let (status, said) = folder.check(&archive(&evil, path));
        assert!(![0, 2].contains(&status), "{path}: {said}");
        // The twin.
        folder.proven(path, &archive(&own, path));
    }
}

/// A layout of the images `own` and `evil` with these roots.
fn layout(releases: [&Release; 2], roots: &[Value], members: &str) -> Members {
    let index = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": roots});
    let index = index.to_string();
    let index = format!("{}{members}}}", index.trim_end_matches('}'));
    let mut all: Members = vec![
        ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        ("index.json".to_owned(), index.into_bytes()),
    ];
    for release in releases {
        let blobs = release.containerd().into_iter();
        all.extend(blobs.filter(|(path, _)| path.starts_with("blobs/")));
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|(path, _)| seen.insert(path.clone()));
    all
}

fn root(bytes: &[u8], more: &Value) -> Value {
    let mut root =
        json!({"mediaType": OCI_MANIFEST, "digest": Digest::of(bytes).to_string(), "size": bytes.len()});
    root.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    root
}

#[test]
fn what_an_index_calls_a_root_hides_no_image() {
    let folder = Folder::new("roots");
    let (own, evil) = (release("own"), release("evil"));
    let (containerd, reference) = ("io.containerd.image.name", "org.opencontainers.image.ref.name");
    let unnamed = root(&own.manifest, &json!({}));
    let named = root(&own.manifest, &json!({"annotations": {containerd: REF, reference: "1.0"}}));
    for more in [
        json!({"artifactType": "x", "annotations": {containerd: REF, reference: "1.0"}}),
        json!({"annotations": {containerd: REF, "kind": "dev.cosignproject.cosign/sigs"}}),
        json!({"annotations": {containerd: "other.example/x:1.0", reference: REF}}),
        json!({"annotations": {reference: "1.0"}}),
    ] {
        for good in [&unnamed, &named] {
            let archive = tar(&layout([&own, &evil], &[root(&evil.manifest, &more), good.clone()], ""));
            let (status, said) = folder.check(&archive);
            assert!(![0, 2].contains(&status), "{more}: {said}");
        }
        // The twin: the same said of the signed image.
        folder.proven("own", &tar(&layout([&own, &own], &[root(&own.manifest, &more), named.clone()], "")));
    }
    // An image of another name is nobody's business.
    let other =
        root(&evil.manifest, &json!({"annotations": {containerd: "other.example/x:2.0", reference: "2.0"}}));
    folder.proven("another", &tar(&layout([&own, &evil], &[other.clone(), named.clone()], "")));
    // Where it is the only root of a list, it is what that list's readers load.
    let mut two = layout([&own, &evil], &[other], "");
    two.extend(own.docker_25().into_iter().filter(|(path, _)| {
        path == "manifest.json"
            || path.ends_with(&hex(&own.layers[0]))
            || path.ends_with(&hex(&own.layers[1]))
    }));
    let (status, said) = folder.check(&tar(&two));
    assert!(![0, 2].contains(&status), "{said}");
}

#[test]
fn a_layout_that_programs_read_differently_is_refused() {
    let folder = Folder::new("layout");
    let (own, evil) = (release("own"), release("evil"));
    let named = root(&own.manifest, &json!({"annotations": {"org.opencontainers.image.ref.name": "1.0"}}));
    let bad = root(&evil.manifest, &json!({}));
    let of = |more: &str| layout([&own, &evil], std::slice::from_ref(&named), more);
    for more in [
        format!(",\"manifests\":[{bad}]"),
        format!(",\"Manifests\":[{bad}]"),
        format!(",\"manife\u{17f}ts\":[{bad}]"),
        format!("}}{{\"manifests\":[{bad}]"),
    ] {
        folder.refused(&more, &tar(&of(&more)), "archive-ambiguous");
    }
    let less: Members = of("").into_iter().filter(|(path, _)| path != "oci-layout").collect();
    folder.refused("no oci-layout", &tar(&less), "archive-ambiguous");
    for more in [",\"signed\":{},\"signatures\":[]", ",\"SignedTags\":[]", ",\"other\":1"] {
        folder.refused(more, &tar(&of(more)), "archive-ambiguous");
    }
    let with = |name: &str, from: &str, to: &str| -> Vec<u8> {
        let change = |(path, bytes): (String, Vec<u8>)| {
            let changed = || String::from_utf8(bytes.clone()).unwrap().replace(from, to).into_bytes();
            if path == name { (path, changed()) } else { (path, bytes) }
        };
        tar(&of("").into_iter().map(change).collect::<Members>())
    };
    for (name, from, to) in [
        ("oci-layout", "imageLayoutVersion", "other"),
        ("oci-layout", "1.0.0", "2.0.0"),
        ("index.json", "\"schemaVersion\":2", "\"schemaVersion\":1"),
        ("index.json", "image.index", "image.other"),
        ("index.json", "\"digest\"", "\"Digest\""),
        ("index.json", "\"manifests\"", "\"roots\""),
    ] {
        folder.refused(to, &with(name, from, to), "archive-ambiguous");
    }
    // A root that this program cannot name.
    let (status, said) = folder.check(&with("index.json", "sha256:", "sha257:"));
    assert_ne!(status, 0, "{said}");
    // The twins.
    folder.proven("as it is", &tar(&of("")));
    folder.proven("annotated", &tar(&of(",\"annotations\":{\"manifests\":\"x\",\"MANIFESTS\":\"y\"}")));
}

#[test]
fn a_folder_of_registry_documents_is_no_layout() {
    let folder = Folder::new("documents");
    let own = release("own");
    let members = vec![
        ("index.json".to_owned(), own.index.clone()),
        ("manifest.json".to_owned(), own.manifest.clone()),
        ("config.json".to_owned(), own.config),
    ];
    folder.proven("packed", &tar(&members));
    folder.proven(
        "packed with its folder",
        &tar(&members.into_iter().map(|(n, b)| (format!("app/{n}"), b)).collect::<Members>()),
    );
}
