//! From a reference to a verdict, over sockets: the synthetic registry of the
//! vectors, honest and then behind a proxy that lies.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use webdis_verify::base::digest::Digest;
use webdis_verify::base::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::edge::native::client::{Client, Options as ClientOptions};
use webdis_verify::model::reference::Reference;
use webdis_verify::report::Report;
use webdis_verify::report::commands::script;
use webdis_verify::session::Session;
use webdis_verify::session::check::{Options as CheckOptions, Publisher};

/// Status, media type, body.
type Answer = (u16, String, Vec<u8>);
type Lie = dyn Fn(&str, Answer) -> Answer + Send + Sync;

struct World {
    folder: PathBuf,
    routes: BTreeMap<String, Answer>,
}

fn world() -> Arc<World> {
    let folder = crate::common::vectors::folder("synthetic-registry");
    let text = std::fs::read(folder.join("routes.json")).unwrap();
    let root = json::parse(&text).unwrap();
    let mut routes = BTreeMap::new();
    for member in root.object("").unwrap().members() {
        let route = member.node.object("").unwrap();
        let status = u16::try_from(route.need_u64("status").unwrap()).unwrap();
        let kind = route.text("content_type").unwrap().unwrap_or("text/plain").to_owned();
        let body = match route.text("blob").unwrap() {
            Some(name) => std::fs::read(folder.join("blobs").join(name)).unwrap(),
            None => Vec::new(),
        };
        routes.insert(member.name.value.to_string(), (status, kind, body));
    }
    Arc::new(World { folder, routes })
}

fn serve(world: &Arc<World>, lie: Arc<Lie>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let world = world.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (world, lie) = (world.clone(), lie.clone());
            std::thread::spawn(move || drop(answer(stream, &world, &*lie)));
        }
    });
    authority
}

fn answer(mut stream: TcpStream, world: &World, lie: &Lie) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    let found = world.routes.get(path).cloned();
    let (status, kind, body) =
        lie(path, found.unwrap_or((404, "application/json".to_owned(), b"{}".to_vec())));
    let mut head = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
        body.len()
    );
    if path.contains("/manifests/") && status == 200 {
        head.push_str(&format!("Docker-Content-Digest: {}\r\n", Digest::of(&body)));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    Ok(())
}

fn session(world: &World, image: &str, key: &str) -> Session {
    let read = |name: &str| std::fs::read(world.folder.join(name)).unwrap();
    let now = Time::parse("2026-06-01T00:00:00Z").unwrap();
    let options = CheckOptions {
        image: Some(image.to_owned()),
        publisher: Publisher::Key(key.to_owned(), read(&format!("keys/{key}"))),
        trusted_root: Some(read("trusted_root.synthetic.json")),
        ..CheckOptions::at(now)
    };
    Session::new(&options).unwrap()
}

/// Fetches and checks; the report, requests and bytes.
fn ask(world: &World, image: &str, key: &str) -> (Report, usize, usize) {
    let mut session = session(world, image, key);
    let reference = Reference::parse(image).unwrap();
    let client =
        Client::new(ClientOptions { named: vec![reference.host().clone()], ..ClientOptions::default() });
    session.fetch(false).unwrap();
    client.run(&mut session, &mut |_| {});
    let (requests, bytes) = session.traffic();
    (session.check(), requests, bytes)
}

#[test]
#[ignore = "needs ../shared"]
fn an_honest_registry_gives_the_verdict_the_bytes_deserve() {
    let world = world();
    let authority = serve(&world, Arc::new(|_, answer| answer));
    for (repository, key, outcome) in [
        ("v3-referrers-rekor1", "signer.pub", Outcome::Proven),
        ("legacy-sig", "signer.pub", Outcome::Proven),
        ("unsigned", "signer.pub", Outcome::Unsigned),
        ("v3-referrers-rekor1", "other.pub", Outcome::Contradicted),
        ("legacy-sig", "other.pub", Outcome::Contradicted),
    ] {
        let image = format!("{authority}/nicolas/{repository}:1.0");
        let (report, requests, bytes) = ask(&world, &image, key);
        println!(
            "{repository:<20} {key:<11} {:<13} {} requests, {bytes} bytes",
            report.outcome.name(),
            requests
        );
        assert_eq!(report.outcome, outcome, "{repository} {key}: {}", report.headline);
    }
    let (report, ..) = ask(&world, &format!("{authority}/nicolas/nothing:1.0"), "signer.pub");
    assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "registry-not-found"));
    // A tag is the registry's word, and the report says so.
    let (report, ..) = ask(&world, &format!("{authority}/nicolas/legacy-sig:1.0"), "signer.pub");
    assert!(report.caveats.iter().any(|caveat| caveat.code == "tag-is-mutable"), "{:?}", report.caveats);
}

/// What a lie must lead to, for each signed form.
fn lies() -> Vec<(&'static str, &'static [Outcome], Arc<Lie>)> {
    use Outcome::{NotChecked, Proven, Unsigned};
    fn lie(f: impl Fn(&str, Answer) -> Answer + Send + Sync + 'static) -> Arc<Lie> {
        Arc::new(f)
    }
    let flip = |mut answer: Answer| {
        if let Some(byte) = answer.2.get_mut(30) {
            *byte ^= 1;
        }
        answer
    };
    let failed = |status: u16| (status, "text/plain".to_owned(), Vec::new());
    let attached = |path: &str| path.contains("/referrers/") || path.contains("/sha256-");
    vec![
        (
            "flips a bit of every manifest",
            &[NotChecked],
            lie(move |path, a| if path.contains("/manifests/") { flip(a) } else { a }),
        ),
        (
            "flips a bit of manifests by digest",
            &[NotChecked],
            lie(move |path, a| if path.contains("/manifests/sha256:") { flip(a) } else { a }),
        ),
        (
            "flips a bit of every blob",
            &[NotChecked],
            lie(move |path, a| if path.contains("/blobs/") { flip(a) } else { a }),
        ),
        ("truncates every body", &[NotChecked], lie(|_, a| (a.0, a.1, a.2[..a.2.len() / 2].to_vec()))),
        (
            "claims 404 for all signatures",
            &[Unsigned],
            lie(move |path, a| if attached(path) { failed(404) } else { a }),
        ),
        (
            "claims 403 for all signatures",
            &[NotChecked],
            lie(move |path, a| if attached(path) { failed(403) } else { a }),
        ),
        (
            "claims 429 for all signatures",
            &[NotChecked],
            lie(move |path, a| if attached(path) { failed(429) } else { a }),
        ),
        (
            "claims 500 for all signatures",
            &[NotChecked],
            lie(move |path, a| if attached(path) { failed(500) } else { a }),
        ),
        (
            "has lost every blob",
            &[NotChecked],
            lie(move |path, a| if path.contains("/blobs/") { failed(404) } else { a }),
        ),
        ("claims 404 for everything", &[NotChecked], lie(move |_, _| failed(404))),
        ("claims 429 for everything", &[NotChecked], lie(move |_, _| failed(429))),
        (
            "serves HTML for everything",
            &[NotChecked],
            lie(|_, _| (200, "text/html".to_owned(), b"<html>".to_vec())),
        ),
        (
            "serves an empty index under the tag",
            &[Unsigned],
            lie(|path, a| {
                if path.ends_with("/manifests/1.0")
                    || path.ends_with(&format!("/manifests/{}", Digest::of(EMPTY)))
                {
                    (200, "application/vnd.oci.image.index.v1+json".to_owned(), EMPTY.to_vec())
                } else {
                    a
                }
            }),
        ),
        ("calls everything text/plain", &[Proven], lie(|_, a| (a.0, "text/plain".to_owned(), a.2))),
        (
            "serves {} for what is missing",
            &[Proven],
            lie(|_, a| if a.0 == 404 { (200, a.1, b"{}".to_vec()) } else { a }),
        ),
    ]
}

const EMPTY: &[u8] =
    br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;

#[test]
#[ignore = "needs ../shared"]
fn a_lying_proxy_is_never_proven_and_never_shames_the_image() {
    let world = world();
    for (name, allowed, lie) in lies() {
        let authority = serve(&world, lie);
        for repository in ["v3-referrers-rekor1", "legacy-sig"] {
            let (report, ..) = ask(&world, &format!("{authority}/nicolas/{repository}:1.0"), "signer.pub");
            println!("{name:<38} {repository:<20} {:<12} {}", report.outcome.name(), report.code);
            assert!(
                allowed.contains(&report.outcome),
                "{name}, {repository}: {} {}",
                report.outcome.name(),
                report.headline
            );
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn the_script_prints_what_proves_it() {
    let world = world();
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: no curl");
        assert!(std::env::var_os("CI").is_none());
        return;
    }
    let authority = serve(&world, Arc::new(|_, answer| answer));
    for repository in ["v3-referrers-rekor1", "legacy-sig"] {
        let image = format!("{authority}/nicolas/{repository}:1.0");
        let text = script(&Reference::parse(&image).unwrap());
        let output = std::process::Command::new("sh").arg("-c").arg(&text).output().unwrap();
        let given = webdis_verify::evidence::Given {
            name: "paste 1".to_owned(),
            origin: webdis_verify::evidence::Origin::Paste,
            bytes: output.stdout.clone(),
        };
        let mut session = session(&world, &image, "signer.pub");
        session.add(given);
        let report = session.check();
        assert_eq!(
            report.outcome,
            Outcome::Proven,
            "{repository}: {}\n{}\n{}",
            report.headline,
            String::from_utf8_lossy(&output.stderr),
            String::from_utf8_lossy(&output.stdout)
        );
    }
}
