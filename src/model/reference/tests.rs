use proptest::prelude::*;

use super::*;

const HEX: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

#[test]
fn the_port_of_https_is_no_other_registry() {
    let name = |text: &str| Reference::parse(text).unwrap().name();
    assert_eq!(name("example.com:443/a/b:1"), "example.com/a/b");
    assert_eq!(name("docker.io:443/a/b"), "docker.io/a/b");
    assert_eq!(name("example.com:5000/a/b"), "example.com:5000/a/b");
    assert_eq!(name("localhost:443/a/b"), "localhost:443/a/b");
    assert_eq!(name("127.0.0.1:443/a/b"), "127.0.0.1:443/a/b");
}

#[test]
fn a_server_is_a_host_or_its_base_address() {
    for (text, host) in [
        ("https://notary.docker.io", Some("notary.docker.io")),
        ("https://notary.docker.io/", Some("notary.docker.io")),
        ("HTTPS://Notary.example:4443", Some("notary.example:4443")),
        ("notary.example", Some("notary.example")),
        ("http://127.0.0.1:4443", Some("127.0.0.1:4443")),
        ("http://notary.example", None),
        ("https://127.0.0.1:4443", None),
        ("https://notary.example/path", None),
        ("https://notary.example//", None),
        ("https://user@notary.example", None),
        ("https://notary.example?x", None),
        ("ftp://notary.example", None),
        ("https://", None),
        ("", None),
    ] {
        assert_eq!(Host::of_server(text).ok().as_ref().map(Host::as_str), host, "{text}");
    }
}

#[test]
fn good_references_have_one_reading() {
    let digest = format!("sha256:{HEX}");
    // text, registry, repository, tag, digest, familiar
    let table: &[(&str, &str, &str, Option<&str>, bool, &str)] = &[
        ("debian", "docker.io", "library/debian", None, false, "debian"),
        ("debian:12", "docker.io", "library/debian", Some("12"), false, "debian:12"),
        ("library/debian", "docker.io", "library/debian", None, false, "debian"),
        ("docker.io/debian", "docker.io", "library/debian", None, false, "debian"),
        ("index.docker.io/debian", "docker.io", "library/debian", None, false, "debian"),
        ("INDEX.docker.io/debian", "docker.io", "library/debian", None, false, "debian"),
        (
            "nicolas/webdis:0.1.24",
            "docker.io",
            "nicolas/webdis",
            Some("0.1.24"),
            false,
            "nicolas/webdis:0.1.24",
        ),
        ("docker.io/nicolas/webdis", "docker.io", "nicolas/webdis", None, false, "nicolas/webdis"),
        (
            "public.ecr.aws/nicolas/webdis:latest",
            "public.ecr.aws",
            "nicolas/webdis",
            Some("latest"),
            false,
            "public.ecr.aws/nicolas/webdis:latest",
        ),
        ("localhost/a", "localhost", "a", None, false, "localhost/a"),
        ("localhost:5000/a:b", "localhost:5000", "a", Some("b"), false, "localhost:5000/a:b"),
        ("127.0.0.1:5000/a/b/c", "127.0.0.1:5000", "a/b/c", None, false, "127.0.0.1:5000/a/b/c"),
        ("[::1]:5000/a:t", "[::1]:5000", "a", Some("t"), false, "[::1]:5000/a:t"),
        ("[::1]/a", "[::1]", "a", None, false, "[::1]/a"),
        ("[2001:DB8:0::1]/a", "[2001:db8::1]", "a", None, false, "[2001:db8::1]/a"),
        ("Registry.Example.COM/a", "registry.example.com", "a", None, false, "registry.example.com/a"),
        ("host:5000/a", "host:5000", "a", None, false, "host:5000/a"),
        ("xn--7o8h.example/a", "xn--7o8h.example", "a", None, false, "xn--7o8h.example/a"),
        ("a_b/c__d/e---f.g", "docker.io", "a_b/c__d/e---f.g", None, false, "a_b/c__d/e---f.g"),
        ("localhost", "docker.io", "library/localhost", None, false, "localhost"),
        ("a:_x", "docker.io", "library/a", Some("_x"), false, "a:_x"),
        ("host:80", "docker.io", "library/host", Some("80"), false, "host:80"),
        ("sha256:12", "docker.io", "library/sha256", Some("12"), false, "sha256:12"),
        ("docker.io/library/a.b", "docker.io", "library/a.b", None, false, "a.b"),
        ("docker.io/a.b/c", "docker.io", "a.b/c", None, false, "docker.io/a.b/c"),
        ("docker.io/localhost/c", "docker.io", "localhost/c", None, false, "docker.io/localhost/c"),
    ];
    for (text, registry, repository, tag, with_digest, familiar) in table {
        assert!(!with_digest);
        for (suffix, claimed) in [(String::new(), None), (format!("@{digest}"), Some(digest.as_str()))] {
            let text = format!("{text}{suffix}");
            let reference = Reference::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(reference.text(), text);
            assert_eq!(reference.registry(), *registry, "{text}");
            assert_eq!(reference.repository(), *repository, "{text}");
            assert_eq!(reference.tag(), *tag, "{text}");
            assert_eq!(reference.digest().map(ToString::to_string).as_deref(), claimed, "{text}");
            assert_eq!(reference.familiar(), format!("{familiar}{suffix}"), "{text}");
            assert_eq!(reference.gun(), format!("{registry}/{repository}"), "{text}");
            assert_eq!(Reference::parse(&reference.to_string()).unwrap(), reference, "{text}");
            assert_eq!(Reference::parse(&reference.familiar()).unwrap(), reference, "{text}");
        }
    }
}

#[test]
fn bad_references_are_named() {
    let long = "a".repeat(256);
    let edge = "a".repeat(248); // with `library/` one more than 255
    let tag = format!("a:{}", "t".repeat(129));
    let upper_digest = format!("a@sha256:{}", HEX.to_uppercase());
    let bare = format!("sha256:{HEX}");
    let table: &[(&str, &str)] = &[
        ("", "reference-syntax"),
        (" debian", "reference-syntax"),
        ("debian ", "reference-syntax"),
        ("debian\n", "reference-syntax"),
        ("Debian", "reference-uppercase"),
        ("Nicolas/webdis", "reference-uppercase"),
        ("nicolas/Webdis:1", "reference-uppercase"),
        ("ghcr.io/Owner/name", "reference-uppercase"),
        ("a//b", "reference-syntax"),
        ("/a", "reference-syntax"),
        ("a/", "reference-syntax"),
        ("a/../b", "reference-syntax"),
        ("./a", "reference-syntax"),
        ("a/%2e%2e/b", "reference-syntax"),
        ("a?b", "reference-syntax"),
        ("a#b", "reference-syntax"),
        ("a\\b", "reference-syntax"),
        ("a__-b", "reference-syntax"),
        ("a___b", "reference-syntax"),
        ("a..b", "reference-syntax"),
        ("-a", "reference-syntax"),
        ("a-", "reference-syntax"),
        ("a.", "reference-syntax"),
        ("_a", "reference-syntax"),
        ("a:", "reference-syntax"),
        ("a:-x", "reference-syntax"),
        ("a:.x", "reference-syntax"),
        ("a:x:y", "reference-syntax"),
        ("a:ä", "reference-syntax"),
        ("ä", "reference-syntax"),
        ("a@", "digest-syntax"),
        ("a@sha256:12", "digest-syntax"),
        ("a@b@c", "digest-syntax"),
        ("a@md5:00", "digest-algorithm-unsupported"),
        (&upper_digest, "digest-syntax"),
        (&bare, "reference-is-digest"),
        (HEX, "reference-is-digest"),
        ("https://hub.docker.com/r/nicolas/webdis", "reference-is-address"),
        ("docker://debian", "reference-is-address"),
        ("[::1]", "reference-syntax"),
        ("[::1/a", "reference-syntax"),
        ("[::g]/a", "reference-syntax"),
        ("[fe80::1%25eth0]/a", "reference-syntax"),
        ("::1/a", "reference-syntax"),
        ("host:0/a", "reference-syntax"),
        ("host:080/a", "reference-syntax"),
        ("host:65536/a", "reference-syntax"),
        ("host:+80/a", "reference-syntax"),
        ("host:/a", "reference-syntax"),
        ("user@host.example/a", "digest-syntax"),
        ("-host.example/a", "reference-syntax"),
        ("host..example/a", "reference-syntax"),
        ("127.1/a", "reference-syntax"),
        ("0x7f.0.0.1/a", "reference-syntax"),
        ("127.0.0.0x1/a", "reference-syntax"),
        ("127.0.0.01/a", "reference-syntax"),
        ("256.0.0.1/a", "reference-syntax"),
        (&long, "reference-syntax"),
        (&edge, "reference-syntax"),
        (&tag, "reference-syntax"),
    ];
    for (text, code) in table {
        match Reference::parse(text) {
            Ok(reference) => panic!("{text:?} was read as {reference}"),
            Err(error) => assert_eq!(error.code().name(), *code, "{text:?}"),
        }
    }
    assert!(Reference::parse(&"a".repeat(247)).is_ok());
    assert!(Reference::parse(&format!("a:{}", "t".repeat(128))).is_ok());
}

#[test]
fn only_the_machine_itself_is_spoken_to_in_plain_text() {
    for (text, loopback) in [
        ("localhost/a", true),
        ("LOCALHOST:5000/a", true),
        ("127.0.0.1/a", true),
        ("127.9.9.9:1/a", true),
        ("[::1]:5000/a", true),
        ("localhost.example/a", false),
        ("a.localhost/a", false),
        ("127.0.0.1.example/a", false),
        ("10.0.0.1/a", false),
        ("[::ffff:127.0.0.1]/a", false),
        ("debian", false),
    ] {
        let reference = Reference::parse(text).unwrap();
        assert_eq!(reference.host().is_loopback(), loopback, "{text}");
        assert_eq!(reference.host().scheme(), if loopback { "http" } else { "https" });
    }
    assert_eq!(Reference::parse("debian").unwrap().host().api(), "registry-1.docker.io");
}

#[test]
fn pinning_keeps_the_tag_and_another_tag_drops_the_pin() {
    let digest = ClaimedDigest::parse_sha256_hex(HEX).unwrap();
    let pinned = Reference::parse("debian:12").unwrap().with_digest(digest);
    assert_eq!(pinned.text(), format!("docker.io/library/debian:12@sha256:{HEX}"));
    assert_eq!(pinned.tag_or_latest(), Some("12"));
    assert_eq!(pinned.with_tag("13").unwrap().to_string(), "docker.io/library/debian:13");
    assert!(pinned.with_tag("1/3").is_err());
    assert_eq!(Reference::parse("debian").unwrap().tag_or_latest(), Some("latest"));
    assert_eq!(Reference::parse(&format!("debian@sha256:{HEX}")).unwrap().tag_or_latest(), None);
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(
        text in "(([a-z0-9.-]{1,8}|localhost|\\[::[0-9a-f]{1,3}\\])(:[0-9]{1,5})?/)?[a-z0-9._/-]{1,12}(:[A-Za-z0-9_.-]{1,6})?"
    ) {
        if let Ok(reference) = Reference::parse(&text) {
            prop_assert_eq!(&Reference::parse(&reference.to_string()).unwrap(), &reference);
            prop_assert_eq!(&Reference::parse(&reference.familiar()).unwrap(), &reference);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = Reference::parse(&text);
    }
}
