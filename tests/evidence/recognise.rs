//! What people paste and drop, recognised.

use crate::common::vectors;
use webdis_verify::base::limits;
use webdis_verify::evidence::{DigestKind, Fact, Given, Item, Kind, Origin, codes, recognise, trust_text};

fn shared(path: &str) -> Vec<u8> {
    vectors::read(&vectors::shared(path))
}

fn given(origin: Origin, bytes: &[u8]) -> Vec<Item> {
    recognise(&[Given { name: "test".to_owned(), origin, bytes: bytes.to_vec() }])
}

fn paste(text: &str) -> Vec<Item> {
    given(Origin::Paste, text.as_bytes())
}

fn kinds(items: &[Item]) -> Vec<Kind> {
    items.iter().map(|item| item.kind).collect()
}

/// The facts as `tool kind digest-beginning reference platform`.
fn facts(items: &[Item]) -> Vec<String> {
    let line = |fact: &Fact| {
        let about = &fact.about;
        let name = about.repository.clone().unwrap_or_else(|| "-".to_owned());
        let tag = about.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let platform = about.platform.as_ref().map_or("-".to_owned(), ToString::to_string);
        let (tool, kind) = (fact.witness.tool, fact.kind.name());
        format!("{tool} {kind} {} {name}{tag} {platform}", &fact.digest.hex()[..8])
    };
    items.iter().flat_map(|item| &item.facts).map(line).collect()
}

/// Every byte an item or its words hold.
fn everything(items: &[Item]) -> String {
    let each = items.iter().map(|i| {
        let words: Vec<_> = i.notes.iter().chain(&i.repairs).map(|m| format!("{m:?}")).collect();
        format!("{} {:?} {}", String::from_utf8_lossy(&i.bytes), i.facts, words.join(" "))
    });
    each.collect()
}

#[test]
#[ignore = "needs ../shared"]
fn seeds_fed_whole_give_their_documents_and_claims() {
    for name in ["seeds/000_1d52f798c7ec7e0f.txt", "seeds/001_f8028cf43c7ebb52.txt"] {
        let text = shared(name);
        let items = given(Origin::Paste, &text);
        let count = |kind: Kind| items.iter().filter(|i| i.kind == kind).count();
        assert_eq!(count(Kind::DockerPull), 3, "{name}");
        assert_eq!(count(Kind::TrustPretty), 1, "{name}");
        assert_eq!(count(Kind::TrustCleaned), 1, "{name}");
        assert_eq!(count(Kind::Index), 1, "{name}");
        assert_eq!(count(Kind::Manifest), 1, "{name}: the one whose layers are left out");
        assert_eq!(count(Kind::Sha256sum), 1, "{name}");
        let found = facts(&items);
        for fact in [
            "docker pull index-or-manifest 5de58646 docker.io/nicolas/webdis:0.1.19 -",
            "docker pull index-or-manifest 6def97f1 docker.io/nicolas/webdis:0.1.18 -",
            "docker pull index-or-manifest 6def97f1 public.ecr.aws/nicolas/webdis:0.1.18 -",
            "docker image inspect image-id ecadadde docker.io/nicolas/webdis:0.1.18 -",
            "docker image inspect image-id ecadadde public.ecr.aws/nicolas/webdis:0.1.18 -",
            "docker trust inspect index-or-manifest 5de58646 docker.io/nicolas/webdis:0.1.19 -",
            "sha256sum unknown 5de58646 docker.io/nicolas/webdis:0.1.19 -",
            "docker manifest inspect manifest 2ced2d99 docker.io/nicolas/webdis:0.1.19 /amd64",
            "docker manifest inspect manifest d026c567 docker.io/nicolas/webdis:0.1.19 /arm64",
            "docker manifest inspect manifest ec6a77ec public.ecr.aws/nicolas/webdis:0.1.19 /amd64",
            "docker manifest inspect manifest d78f48b9 public.ecr.aws/nicolas/webdis:0.1.19 /arm64",
        ] {
            assert!(found.iter().any(|f| f == fact), "{name}: {fact} not in {found:#?}");
        }
        let config = "docker manifest inspect config 010021e0 public.ecr.aws/nicolas/webdis -";
        assert!(found.iter().any(|f| f == config), "{name}: {found:#?}");
    }
}

#[test]
#[ignore = "needs ../shared"]
fn a_session_of_curl_gives_documents_and_keeps_no_token() {
    let text = shared("seeds/002_38e04672e591c5a5.txt");
    let items = given(Origin::Paste, &text);
    let with = |kind: Kind| items.iter().filter(|i| i.kind == kind).collect::<Vec<_>>();
    assert_eq!(
        with(Kind::Manifest)[0].digest.to_string(),
        "sha256:fdf235fa167d2aa5d820fba274ec1d2edeb0534bd32d28d602a19b31bad79b80"
    );
    // The prompt is glued to its last bracket.
    assert_eq!(
        with(Kind::Config)[0].digest.to_string(),
        "sha256:b3048463dcefbe4920ef2ae1af43171c9695e2077f315b2bc12ed0f6f67c86c7"
    );
    assert_eq!(
        (with(Kind::ImageInspect).len(), with(Kind::Skopeo).len(), with(Kind::Secret).len()),
        (1, 1, 1)
    );
    let found = facts(&items);
    for claim in [
        "docker image inspect image-id b3048463 docker.io/library/fedora:latest linux/amd64",
        "docker image inspect index-or-manifest aa889c59 docker.io/library/fedora:latest linux/amd64",
        "skopeo inspect index-or-manifest aa889c59 docker.io/library/fedora:latest -",
        "curl index aa889c59 docker.io/library/fedora:latest -",
    ] {
        assert!(found.iter().any(|c| c == claim), "{claim} not in {found:#?}");
    }
    assert!(!everything(&items).contains("eyJ"), "a token was kept");
    let secret = with(Kind::Secret)[0];
    assert!(secret.bytes.is_empty() && secret.notes[0].code == codes::SECRET_REMOVED.name());
}

#[test]
#[ignore = "needs ../shared"]
fn the_other_seeds() {
    let text = shared("seeds/003_ca9023e4d5dd35c0.txt");
    let items = given(Origin::Paste, &text);
    assert!(kinds(&items).contains(&Kind::CosignHeader));
    assert!(facts(&items).contains(&"openssl dgst key c9210842 - -".to_owned()), "{:#?}", facts(&items));
    let text = shared("seeds/004_b6857c53e8c68744.txt");
    let items = given(Origin::Paste, &text);
    assert!(kinds(&items).contains(&Kind::Index) && kinds(&items).contains(&Kind::Manifest));
    let found = facts(&items);
    assert!(
        found.iter().any(|f| f.starts_with("curl ") && f.contains(" 38455efd "))
            && found.iter().any(|f| f.starts_with("curl ") && f.contains(" 717ba3e9 ")),
        "{found:#?}"
    );
}

#[test]
#[ignore = "needs ../shared"]
fn real_outputs_have_their_kinds() {
    let vectors = "vectors/dct";
    for (file, kind, fact_count, children) in [
        ("pasted/docker-manifest-inspect-0.1.19.txt", Kind::Index, 0, 0),
        ("pasted/docker-manifest-inspect-0.1.24-amd64.txt", Kind::Manifest, 0, 0),
        ("pasted/docker-manifest-inspect-verbose-0.1.24.txt", Kind::ManifestVerbose, 8, 4),
        ("pasted/docker-manifest-inspect-verbose-0.1.19-amd64.txt", Kind::ManifestVerbose, 3, 1),
        ("pasted/skopeo-inspect-0.1.24.txt", Kind::Skopeo, 2, 0),
        ("pasted/skopeo-config-0.1.24.txt", Kind::Config, 0, 0),
        ("seed/trust-inspect-pretty-0.1.19.txt", Kind::TrustPretty, 1, 0),
        ("seed/trust-inspect-pretty-0.1.19-collapsed-whitespace.txt", Kind::TrustPretty, 1, 0),
        ("seed/trust-inspect-cleaned-0.1.19.txt", Kind::TrustCleaned, 1, 0),
        ("seed/docker-pull-0.1.18-ecr.txt", Kind::DockerPull, 1, 0),
        ("seed/nicolasff.pub", Kind::PublicKey, 0, 0),
    ] {
        let text = shared(&format!("{vectors}/{file}"));
        for text in [text.clone(), String::from_utf8(text).unwrap().replace('\n', "\r\n").into_bytes()] {
            let items = given(Origin::Paste, &text);
            assert_eq!(items[0].kind, kind, "{file}: {:?}", kinds(&items));
            assert_eq!(items[0].facts.len(), fact_count, "{file}");
            assert_eq!(items.len(), 1 + children, "{file}: {:?}", kinds(&items));
            for child in &items[1..] {
                assert_eq!((child.kind, child.parent), (Kind::Manifest, Some(0)));
                assert!(items[0].facts.iter().any(|f| f.digest.matches(&child.digest)), "{file}");
            }
        }
    }
    for file in ["gertd-demo.txt", "sighup.txt"] {
        let text = shared(&format!("{vectors}/cosign-verify-pastes/{file}"));
        let items = given(Origin::Paste, &text);
        assert_eq!(kinds(&items), [Kind::CosignHeader, Kind::Container, Kind::CosignVerify], "{file}");
        assert_eq!(items[2].parent, Some(1));
    }
}

#[test]
fn a_file_that_is_one_document_keeps_its_bytes() {
    let text = b"{\"critical\":{\"identity\":{}},\"optional\":null}\n";
    let file = given(Origin::File, text);
    assert_eq!((file[0].kind, file[0].bytes.as_slice()), (Kind::Payload, text.as_slice()));
    let pasted = given(Origin::Paste, text);
    assert_eq!(pasted[0].bytes, text[..text.len() - 1]);
    // A document that others would accept is kept, to be refused by name where it is read.
    let twice = b"{\"critical\":{},\"optional\":{},\"critical\":1}\n";
    for origin in [Origin::File, Origin::Paste] {
        let items = given(origin, twice);
        assert_eq!(items[0].kind, Kind::Payload);
        assert_eq!(items[0].notes[0].code, "json-duplicate-member");
    }
    // A second value on the same line is no second document in a file, but is one in a paste.
    let glued = b"{\"critical\":{},\"optional\":{}}{\"critical\":{}}\n";
    let items = given(Origin::File, glued);
    assert_eq!((items.len(), items[0].bytes.as_slice()), (1, glued.as_slice()));
    assert_eq!(items[0].notes[0].code, "json-trailing-data");
    assert_eq!(given(Origin::Paste, glued).len(), 2);
    let marked = b"\xef\xbb\xbf{\"critical\":{},\"optional\":{}}";
    assert_eq!(given(Origin::File, marked)[0].bytes, marked[3..]);
    assert_eq!(given(Origin::Paste, marked)[0].bytes, marked[3..]);
}

#[test]
fn an_id_means_a_config_or_an_index() {
    let inspect = |id: &str, descriptor: &str| {
        let (own, id) = (format!("sha256:{}", id.repeat(64)), format!("sha256:{}", "a".repeat(64)));
        paste(&format!(
            r#"[{{"Id":"{own}","RepoTags":["a/b:1"],"RepoDigests":["a/b@{id}"],"Architecture":"arm64","Os":"linux","Variant":"v8"{descriptor},"RootFS":{{"Type":"layers","Layers":["{id}"]}}}}]"#
        ))
    };
    let kinds = |items: Vec<Item>| {
        items[0].facts.iter().map(|f| (f.kind, &f.digest.hex()[..1] == "a")).collect::<Vec<_>>()
    };
    // Nothing shows which store: an ID, unless a repository digest is the same.
    let classic = inspect("c", "");
    assert_eq!(
        kinds(classic),
        [(DigestKind::IndexOrManifest, true), (DigestKind::ImageId, false), (DigestKind::DiffId, true)]
    );
    let descriptor = format!(
        r#","Descriptor":{{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:{}"}}"#,
        "a".repeat(64)
    );
    assert_eq!(kinds(inspect("a", &descriptor))[0], (DigestKind::Index, true));
    assert!(kinds(inspect("a", "")).iter().all(|(kind, _)| *kind != DigestKind::ImageId));
}

#[test]
fn lines_of_tools() {
    let d = "0467b3e40722282927d8963b8be9129e44df7a427b17011ea60457d6cc289c20";
    for (text, kind, expected) in [
        (format!("sha256:{d}"), Kind::DigestText, "text unknown 0467b3e4 - -"),
        (d.to_owned(), Kind::DigestText, "text unknown 0467b3e4 - -"),
        (
            format!("$ crane digest a/b:1\nsha256:{d}\n$"),
            Kind::DigestText,
            "crane digest index-or-manifest 0467b3e4 docker.io/a/b:1 -",
        ),
        (
            format!("ghcr.io/a/b@sha256:{d}"),
            Kind::DigestText,
            "text index-or-manifest 0467b3e4 ghcr.io/a/b -",
        ),
        (
            format!("a/b:sha256-{d}.sig"),
            Kind::DigestText,
            "cosign triangulate index-or-manifest 0467b3e4 docker.io/a/b -",
        ),
        (
            format!("[a/b@sha256:{d}]"),
            Kind::DigestText,
            "docker image inspect index-or-manifest 0467b3e4 docker.io/a/b -",
        ),
        (
            format!("$ docker inspect --format '{{{{.Id}}}}' a/b:1\nsha256:{d}"),
            Kind::DigestText,
            "docker inspect image-id 0467b3e4 docker.io/a/b:1 -",
        ),
        (
            format!("linux/amd64 sha256:{d}"),
            Kind::DigestText,
            "text index-or-manifest 0467b3e4 - linux/amd64",
        ),
        (format!("{d}  -"), Kind::Sha256sum, "sha256sum unknown 0467b3e4 - -"),
        (format!("{d} *file.json"), Kind::Sha256sum, "sha256sum unknown 0467b3e4 - -"),
        (format!("SHA2-256(stdin)= {d}"), Kind::Sha256sum, "sha256sum unknown 0467b3e4 - -"),
        (
            format!("docker-content-digest: sha256:{d}"),
            Kind::HttpHeaders,
            "curl index-or-manifest 0467b3e4 - -",
        ),
        (
            format!("HTTP/2 200\ncontent-type: x\nDocker-Content-Digest: sha256:{d}"),
            Kind::HttpHeaders,
            "curl index-or-manifest 0467b3e4 - -",
        ),
        (
            format!(
                "Name:      docker.io/a/b:1\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    sha256:{d}\n"
            ),
            Kind::Imagetools,
            "imagetools index 0467b3e4 docker.io/a/b:1 -",
        ),
        (
            format!(
                "NAME    DIGEST    SIZE (BYTES)    ROLE\n----    ------    ----\n1.0     {d}    528    targets\n"
            ),
            Kind::NotaryList,
            "notary list index-or-manifest 0467b3e4 -:1.0 -",
        ),
        (
            format!(
                "No signatures for a/b:2\n\n\nList of signers and their keys for a/b:2\n\nSIGNER   KEYS\nme   {}\n\nSignatures for a/b:1\n\nSIGNED TAG   DIGEST   SIGNERS\n1   {d}   me\n",
                &d[..12]
            ),
            Kind::TrustPretty,
            "docker trust inspect index-or-manifest 0467b3e4 docker.io/a/b:1 -",
        ),
        (
            format!(
                "REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\na/b   1   sha256:{d}   0123456789ab   2 weeks ago   1MB"
            ),
            Kind::DockerImages,
            "docker images index-or-manifest 0467b3e4 docker.io/a/b:1 -",
        ),
        (
            format!(
                "Using default tag: latest\nlatest: Pulling from a/b\n0123456789ab: Pull complete\nDigest: sha256:{d}\nStatus: Downloaded newer image for a/b:latest\ndocker.io/a/b:latest\n"
            ),
            Kind::DockerPull,
            "docker pull index-or-manifest 0467b3e4 docker.io/a/b:latest -",
        ),
    ] {
        let items = paste(&text);
        assert_eq!(kinds(&items), [kind], "{text}");
        assert_eq!(facts(&items), [expected], "{text}");
    }
    // A digest that is not one is no claim.
    for text in [format!("sha256:{}", &d[1..]), format!("{}  -", &d[2..])] {
        let items = paste(&text);
        assert!(facts(&items).is_empty(), "{text}");
        assert_eq!(kinds(&items), [Kind::Text]);
    }
    // In capitals it is the same one.
    let capitals = facts(&paste(&format!("sha256:{}", d.to_uppercase())));
    assert_eq!(capitals, ["text unknown 0467b3e4 - -"]);
    assert_eq!(kinds(&paste("nicolas/webdis:0.1.24\n")), [Kind::Reference]);
    assert_eq!(paste("some words\nof prose")[0].notes[0].code, codes::UNRECOGNISED.name());
}

#[test]
fn a_command_names_the_digest_of_the_document_below_it() {
    let d = "0467b3e40722282927d8963b8be9129e44df7a427b17011ea60457d6cc289c20";
    let items = paste(&format!(
        "me@host:~$ docker manifest inspect a/b@sha256:{d}\n{{\"schemaVersion\":2,\"manifests\":[]}}me@host:~$ {{\"errors\":[{{\"code\":\"X\"}}]}}"
    ));
    assert_eq!(kinds(&items), [Kind::Index, Kind::RegistryError]);
    assert_eq!(facts(&items), ["command-line index-or-manifest 0467b3e4 docker.io/a/b -"]);
}

#[test]
fn secrets_are_never_kept() {
    let jwt = format!("eyJhbGciOiJSUzI1NiJ9.eyJ{}.c2lnbmF0dXJl", "x".repeat(60));
    let secrets = [
        format!("{{\"token\":\"{jwt}\"}}"),
        "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"aHVudGVyMmh1bnRlcjI=hunter2\"}}}".to_owned(),
        "-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----\n".to_owned(),
        "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nhunter2".to_owned(),
        format!("curl -H 'Authorization: Bearer {jwt}' https://x/v2/\nplain words"),
        format!("> Authorization: Basic hunter2hunter2\n> Accept: {jwt}"),
        "{\"token\": \"hunter2\", ...".to_owned(),
        "export TOKEN=hunter2hunter2\nls: cannot access".to_owned(),
        "error at https://me:hunter2@registry.example/v2/".to_owned(),
        "{\"kty\":\"EC\",\"d\":\"hunter2\"}".to_owned(),
        "{\"a\":[{\"password\":\"hunter2\"}]}".to_owned(),
        format!("{{\"token\":\"{jwt}\",\"token\":\"hunter2\"}}"),
        "[{\"a\":1},{\"password\":\"hunter2\"}]".to_owned(),
    ];
    for text in secrets {
        for origin in [Origin::Paste, Origin::File] {
            let items = given(origin, text.as_bytes());
            let all = everything(&items);
            assert!(!all.contains("hunter2") && !all.contains("eyJ"), "{text}: {all}");
        }
    }
    // A public key and an image's own configuration are no secrets.
    let kept =
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Env\":[\"TOKEN=abc\"]}}";
    assert_eq!(paste(kept)[0].bytes, kept.as_bytes());
    let variable = "curl -H \"Authorization: Bearer $TOKEN\" https://x";
    assert!(
        paste(&format!("said {variable}"))[0].notes.iter().all(|n| n.code != codes::SECRET_REMOVED.name())
    );
}

#[test]
fn a_limit_ends_what_has_no_end() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let lines = "{\"critical\":{},\"optional\":{}}\n".repeat(10_000);
    let array = format!("[{}{{\"critical\":{{}}}}]", "{\"critical\":{},\"optional\":{}},".repeat(10_000));
    let broken = "{\"a\":[\"b\",\n".repeat(100_000);
    let quotes = "{\"".repeat(1_000_000);
    let noise: Vec<u8> = (0..100_u32 << 20).map(|i| i.to_le_bytes()[0].wrapping_mul(37)).collect();
    for (name, text) in [
        ("deep", deep.as_bytes()),
        ("lines", lines.as_bytes()),
        ("array", array.as_bytes()),
        ("broken", broken.as_bytes()),
        ("quotes", quotes.as_bytes()),
        ("noise", &noise),
    ] {
        for origin in [Origin::Paste, Origin::File] {
            let items = given(origin.clone(), text);
            assert!(!items.is_empty() && items.len() <= limits::ITEMS);
            if name != "broken" && name != "quotes" {
                let limit = items.iter().flat_map(|i| &i.notes).any(|n| n.code == "limit-exceeded");
                assert!(limit, "{name} {origin:?}");
            }
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn trust_text_reads_every_form_alike() {
    let pretty = shared("vectors/dct/seed/trust-inspect-pretty-0.1.19.txt");
    let collapsed = shared("vectors/dct/seed/trust-inspect-pretty-0.1.19-collapsed-whitespace.txt");
    let cleaned = shared("vectors/dct/seed/trust-inspect-cleaned-0.1.19.txt");
    let mut one = trust_text(&pretty).unwrap();
    assert_eq!(one, trust_text(&collapsed).unwrap());
    let report = one.remove(0);
    assert!(one.is_empty());
    assert_eq!(report.reference, "nicolas/webdis:0.1.19");
    assert_eq!(
        (report.rows[0].tag.as_str(), report.rows[0].signers.as_slice()),
        ("0.1.19", ["Repo Admin".to_owned()].as_slice())
    );
    assert_eq!(report.signers[0].key_ids, ["dd0768b9d35d"]);
    let clean = trust_text(&cleaned).unwrap().remove(0);
    assert_eq!(
        (&clean.root_keys, &clean.repository_keys, &clean.rows),
        (&report.root_keys, &report.repository_keys, &report.rows)
    );
    assert_eq!((clean.signers[0].name.as_str(), clean.signers[0].key_ids[0].len()), ("nicolasff", 64));
    let digest = &report.rows[0].digest_text;
    let json = format!(
        r#"[{{"Name":"docker.io/nicolas/webdis:0.1.19","SignedTags":[{{"SignedTag":"0.1.19","Digest":"{digest}","Signers":["Repo Admin"]}}],"Signers":[{{"Name":"nicolasff","Keys":[{{"ID":"{}"}}]}}],"AdministrativeKeys":[{{"Name":"Root","Keys":[{{"ID":"{}"}}]}},{{"Name":"Repository","Keys":[{{"ID":"{}"}}]}}]}}]"#,
        clean.signers[0].key_ids[0], clean.root_keys[0], clean.repository_keys[0]
    );
    assert_eq!(trust_text(json.as_bytes()).unwrap(), [clean]);
    // An empty or short digest stays visible and is no digest.
    for wrong in ["", &digest[..63]] {
        let row = &trust_text(json.replace(digest, wrong).as_bytes()).unwrap()[0].rows[0];
        assert_eq!((row.digest.is_none(), row.digest_text.as_str()), (true, wrong));
    }
    // A paste that lost its line breaks has both keys in one line, in either order.
    for (one, other) in [("Repository", "Root"), ("Root", "Repository")] {
        let text = format!(
            "Administrative keys for a/b\n\n  {one} Key:\t{}  {other} Key:\t{}\n",
            "a".repeat(64),
            "b".repeat(64)
        );
        let read = trust_text(text.as_bytes()).unwrap().remove(0);
        let mut keys = [read.repository_keys.concat(), read.root_keys.concat()];
        if one == "Root" {
            keys.reverse();
        }
        assert_eq!(keys, ["a".repeat(64), "b".repeat(64)]);
    }
    let none = trust_text(b"\nNo signatures for a/b\n\n\n").unwrap();
    assert!(none[0].reference == "a/b" && none[0].rows.is_empty());
    assert!(trust_text(b"[]").unwrap().is_empty());
}

/// Every file of the vectors that is a document, by its name.
#[test]
#[ignore = "needs ../shared"]
fn files_of_the_vectors_have_their_kinds() {
    let root = vectors::folder("");
    let mut folders = vec![root.join("cosign"), root.join("dct/generated"), root.join("dct/buskill-debian")];
    let mut counts = std::collections::BTreeMap::new();
    let mut odd = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let expected: &[Kind] = match name.as_str() {
                "manifest.json" => &[Kind::Index, Kind::Manifest, Kind::Schema1],
                "payload.json" => &[Kind::Payload],
                "annotations.json" => &[Kind::Annotations],
                "sig-manifest.json" => &[Kind::SignatureManifest],
                "bundle.sigstore.json" => &[Kind::Bundle],
                "key.pub" => &[Kind::PublicKey],
                "envelope.json" => &[Kind::Envelope],
                "root.json" => &[Kind::NotaryRoot],
                "targets.json" | "releases.json" => &[Kind::NotaryTargets],
                "snapshot.json" => &[Kind::NotarySnapshot],
                "timestamp.json" => &[Kind::NotaryTimestamp],
                _ => continue,
            };
            let bytes = std::fs::read(&path).unwrap();
            let items = given(Origin::File, &bytes);
            let right = items.first().is_some_and(|i| expected.contains(&i.kind));
            if right && items[0].kind != Kind::PublicKey {
                // A byte order mark is no part of the document.
                let marked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                assert_eq!(items[0].bytes, marked, "{}", path.display());
            }
            // Attacks that are no document of their kind at all.
            let other = ["in-toto-as-payload", "array-root", "not-json", "NEG-other-attachment"];
            if !right && !other.iter().any(|o| path.to_str().unwrap().contains(o)) {
                odd.push(format!("{}: {:?}", path.display(), kinds(&items)));
            }
            *counts.entry(name).or_insert(0) += 1;
        }
    }
    println!("{counts:?}");
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn word_processors_and_narrow_terminals_are_undone() {
    let text = "{\u{a0}\u{201c}schemaVersion\u{201d}: 2, \u{201c}manifests\u{201d}: []\u{a0}}";
    let items = paste(text);
    assert_eq!(kinds(&items), [Kind::Index]);
    assert_eq!(items[0].repairs[0].code, codes::REPAIR_TYPOGRAPHY.name());
    let items = paste(
        "{\"schemaVersion\": 2, \"manifests\": [], \"mediaType\": \"application/vnd.oci.\nimage.index.v1+json\"}",
    );
    assert_eq!((kinds(&items), items[0].repairs[0].code), (vec![Kind::Index], codes::REPAIR_WRAPPED.name()));
    let items = paste("{\"schemaVersion\": 2, \"manifests\": [");
    assert_eq!((kinds(&items), items[0].notes[0].code), (vec![Kind::Text], codes::DAMAGED.name()));
}

#[test]
fn two_pulls_in_one_text_are_two() {
    let pull = |name: &str, digit: &str| {
        let digest = digit.repeat(64);
        format!(
            "1.0: Pulling from webdis\nDigest: sha256:{digest}\nStatus: Image is up to date for {name}:1.0\n{name}:1.0\n"
        )
    };
    let items = paste(&(pull("one.example/webdis", "a") + &pull("two.example/webdis", "b")));
    let facts = items.iter().flat_map(|item| &item.facts);
    let name = |fact: &Fact| {
        format!("{}:{}", fact.about.repository.as_ref().unwrap(), fact.about.tag.as_ref().unwrap())
    };
    let told: Vec<_> = facts.map(|fact| (name(fact), fact.digest.to_string())).collect();
    let expected = [("one.example/webdis:1.0", "a"), ("two.example/webdis:1.0", "b")];
    assert_eq!(told, expected.map(|(name, digit)| (name.to_owned(), format!("sha256:{}", digit.repeat(64)))));
}

#[test]
fn arrays_nested_to_the_limit_are_read_once() {
    // Each level was once looked through again at the next: 2^64 steps.
    for text in
        [format!("{}{}", "[".repeat(64), "]".repeat(64)), format!("{}{{}}{}", "[".repeat(60), "]".repeat(60))]
    {
        let items = paste(&text);
        assert_eq!(kinds(&items), [Kind::Json]);
    }
    assert_eq!(kinds(&paste("[[[{\"token\": \"abc\"}]]]")), [Kind::Secret]);
}

/// A key file in every form that people have it in is the same key.
#[test]
fn key_files_are_read_as_people_have_them() {
    use webdis_verify::evidence::key_file;
    let key = include_str!("../../webdis.pub");
    let known = key_file(key.as_bytes()).unwrap();
    let indented: String = key.lines().map(|line| format!("              {line}\n")).collect();
    let utf16: Vec<u8> = format!("\u{feff}{key}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let base64 = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFMUZRTVJYM1FuemFrTnN3OEtLZkdBMjF3SmZXZwp6MXdmdUNXWmFMZk5wRGd3N0QxVkowWGZYR2pOMzRzbGJyOXk0UzZHNkhTY2E5UzVmUHR4VDVWZ3J3PT0KLS0tLS1FTkQgUFVCTElDIEtFWS0tLS0tCg==";
    for text in [
        format!("\u{feff}{key}"),
        format!("$ cat webdis.pub\n{key}"),
        format!("- keys:\n    publicKeys: |-\n{indented}"),
        format!("{key}\nKey of the team.\n"),
        format!("{{\"key\": \"{}\"}}", key.replace('\n', "\\n")),
    ] {
        assert_eq!(key_file(text.as_bytes()).unwrap(), known, "{text}");
    }
    assert_eq!(key_file(&utf16).unwrap(), known);
    // In base64, alone and as a member of a secret; check reads the same.
    let other = key_file(base64.as_bytes()).unwrap();
    assert_eq!(key_file(format!("data:\n  cosign.pub: {base64}\n").as_bytes()).unwrap(), other);
    assert_eq!(kinds(&paste(base64)), [Kind::PublicKey]);
    // Two keys, no key and a private key are refused.
    for text in [
        format!("{}{key}", other.pem()),
        "no key".to_owned(),
        "-----BEGIN EC PRIVATE KEY-----\nx\n".to_owned(),
    ] {
        assert!(key_file(text.as_bytes()).is_err(), "{text}");
    }
}

/// A page of prose around its examples is one finding, with its lines.
#[test]
fn texts_that_say_nothing_are_one_item_with_their_lines() {
    let digest = "a1".repeat(32);
    let text = format!(
        "A page.\nIt has prose.\n\n$ crane digest a.example/b:1\nsha256:{digest}\n\nMore prose.\n{{\"schemaVersion\": 2}}\nThe end\nof it.\n"
    );
    let items = paste(&text);
    let texts: Vec<_> = items.iter().filter(|item| item.kind == Kind::Text).collect();
    let [only] = texts.as_slice() else { panic!("{texts:?}") };
    assert_eq!(only.bytes, b"A page.\nIt has prose.\nMore prose.\nThe end\nof it.");
    assert_eq!(only.digest, webdis_verify::Digest::of(&only.bytes));
    let notes: Vec<_> = only.notes.iter().map(|note| (note.code, note.args.get("lines").cloned())).collect();
    assert_eq!(
        notes,
        [("unrecognised", None), ("text-stretches", Some("1\u{2013}2, 7, 9\u{2013}10".to_owned()))]
    );
    // A single stretch is what it was, and each text has its own.
    let two = [paste("Just prose.\n"), paste("Other prose.\n")].concat();
    assert!(two.iter().all(|item| item.notes.len() == 1) && two.len() == 2);
}
