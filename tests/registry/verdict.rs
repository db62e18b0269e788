//! From a reference to a verdict, over sockets: the registry that the
//! project's vectors were made in and, where it is there, the synthetic one,
//! honest and then behind a proxy that lies.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use crate::common::own_vectors;
use webdis_verify::base::digest::Digest;
use webdis_verify::base::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::edge::native::client::{Client, Options as ClientOptions};
use webdis_verify::model::reference::Reference;
use webdis_verify::report::Report;
use webdis_verify::report::commands::script;
use webdis_verify::session::check::{Options as CheckOptions, Publisher};
use webdis_verify::session::{Route, Session};

/// Status, media type, body.
type Answer = (u16, String, Vec<u8>);
type Lie = dyn Fn(&str, Answer) -> Answer + Send + Sync;

struct World {
    routes: BTreeMap<String, Answer>,
    /// Repositories whose tag `1.0` has a bundle, a `.sig`, nothing.
    bundle: &'static str,
    sig: &'static str,
    unsigned: &'static str,
    signer: Vec<u8>,
    other: Vec<u8>,
    trusted_root: Vec<u8>,
    now: String,
}

fn routes(text: &[u8], read: impl Fn(&str) -> Vec<u8>, member: &str) -> BTreeMap<String, Answer> {
    let root = json::parse(text).unwrap();
    let mut routes = BTreeMap::new();
    for route in root.object("").unwrap().members() {
        let path = route.name.value.to_string();
        let route = route.node.object("").unwrap();
        let status = u16::try_from(route.need_u64("status").unwrap()).unwrap();
        let kind = route.text("content_type").unwrap().unwrap_or("text/plain").to_owned();
        let body = route.text(member).unwrap().map(&read).unwrap_or_default();
        routes.insert(path, (status, kind, body));
    }
    routes
}

fn own() -> World {
    World {
        routes: routes(&own_vectors::read("registry.json"), own_vectors::read, "file"),
        bundle: "team/app",
        sig: "team/legacy",
        unsigned: "team/unsigned",
        signer: own_vectors::read("keys/cosign.pub"),
        other: own_vectors::read("keys/other.pub"),
        trusted_root: own_vectors::read("keys/trusted_root.json"),
        now: own_vectors::Facts::load().now().to_owned(),
    }
}

/// The registry of the vectors beside the project, where they are: extra.
fn synthetic() -> Option<World> {
    let folder = crate::common::vectors::beside("synthetic-registry")?;
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    Some(World {
        routes: routes(&read("routes.json"), |blob| read(&format!("blobs/{blob}")), "blob"),
        bundle: "nicolas/v3-referrers-rekor1",
        sig: "nicolas/legacy-sig",
        unsigned: "nicolas/unsigned",
        signer: read("keys/signer.pub"),
        other: read("keys/other.pub"),
        trusted_root: read("trusted_root.synthetic.json"),
        now: "2026-06-01T00:00:00Z".to_owned(),
    })
}

fn worlds() -> Vec<Arc<World>> {
    [Some(own()), synthetic()].into_iter().flatten().map(Arc::new).collect()
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

#[derive(Clone, Copy, Debug)]
enum By {
    Signer,
    Other,
}

fn session(world: &World, image: &str, by: By) -> Session {
    let key = match by {
        By::Signer => &world.signer,
        By::Other => &world.other,
    };
    let options = CheckOptions {
        image: Some(image.to_owned()),
        publisher: Publisher::Key(format!("{by:?}"), key.clone()),
        trusted_root: Some(world.trusted_root.clone()),
        ..CheckOptions::at(Time::parse(&world.now).unwrap())
    };
    Session::new(&options).unwrap()
}

/// Fetches and checks; the report, requests and bytes.
fn ask(world: &World, image: &str, by: By) -> (Report, usize, usize) {
    let mut session = session(world, image, by);
    let reference = Reference::parse(image).unwrap();
    let client =
        Client::new(ClientOptions { named: vec![reference.host().clone()], ..ClientOptions::default() });
    session.fetch(Route::Direct).unwrap();
    client.run(&mut session, &mut |_| {});
    let (requests, bytes) = session.traffic();
    (session.check(), requests, bytes)
}

#[test]
fn an_honest_registry_gives_the_verdict_the_bytes_deserve() {
    for world in worlds() {
        let authority = serve(&world, Arc::new(|_, answer| answer));
        for (repository, by, outcome) in [
            (world.bundle, By::Signer, Outcome::Proven),
            (world.sig, By::Signer, Outcome::Proven),
            (world.unsigned, By::Signer, Outcome::Unsigned),
            (world.bundle, By::Other, Outcome::Contradicted),
            (world.sig, By::Other, Outcome::Contradicted),
        ] {
            let (report, requests, bytes) = ask(&world, &format!("{authority}/{repository}:1.0"), by);
            println!(
                "{repository:<28} {by:?} {:<13} {requests} requests, {bytes} bytes",
                report.outcome.name()
            );
            assert_eq!(report.outcome, outcome, "{repository} {by:?}: {}", report.headline);
        }
        let (report, ..) = ask(&world, &format!("{authority}/team/nothing:1.0"), By::Signer);
        assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "registry-not-found"));
        // A tag is the registry's word, and the report says so.
        let (report, ..) = ask(&world, &format!("{authority}/{}:1.0", world.sig), By::Signer);
        assert!(report.caveats.iter().any(|caveat| caveat.code == "tag-is-mutable"), "{:?}", report.caveats);
    }
}

/// The twins that only the project's own registry has.
#[test]
fn what_is_signed_otherwise_is_not_proven() {
    let world = Arc::new(own());
    let authority = serve(&world, Arc::new(|_, answer| answer));
    for (image, outcome) in [
        ("dsse:1.1", Outcome::Proven),
        ("private:1.2", Outcome::NotChecked),
        ("unlogged:1.3", Outcome::NotChecked),
        ("unlogged-sig:0.8", Outcome::NotChecked),
        ("child:1.5", Outcome::NotChecked),
        ("stranger:1.7", Outcome::Contradicted),
    ] {
        let (report, ..) = ask(&world, &format!("{authority}/team/{image}"), By::Signer);
        println!("{image:<18} {:<13} {}", report.outcome.name(), report.code);
        assert_eq!(report.outcome, outcome, "{image}: {}", report.headline);
    }
    let (report, ..) = ask(&world, &format!("{authority}/team/attested:1.6"), By::Signer);
    assert_ne!(report.outcome, Outcome::Proven, "an attestation is no signature");
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
fn a_lying_proxy_is_never_proven_and_never_shames_the_image() {
    for world in worlds() {
        for (name, allowed, lie) in lies() {
            let authority = serve(&world, lie);
            for repository in [world.bundle, world.sig] {
                let (report, ..) = ask(&world, &format!("{authority}/{repository}:1.0"), By::Signer);
                println!("{name:<38} {repository:<28} {:<12} {}", report.outcome.name(), report.code);
                assert!(
                    allowed.contains(&report.outcome),
                    "{name}, {repository}: {} {}",
                    report.outcome.name(),
                    report.headline
                );
            }
        }
    }
}

#[test]
fn the_script_prints_what_proves_it() {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: no curl");
        assert!(std::env::var_os("CI").is_none());
        return;
    }
    for world in worlds() {
        let authority = serve(&world, Arc::new(|_, answer| answer));
        for repository in [world.bundle, world.sig] {
            let image = format!("{authority}/{repository}:1.0");
            let text = script(&Reference::parse(&image).unwrap());
            let output = std::process::Command::new("sh").arg("-c").arg(&text).output().unwrap();
            let given = webdis_verify::evidence::Given {
                name: "paste 1".to_owned(),
                origin: webdis_verify::evidence::Origin::Paste,
                bytes: output.stdout.clone(),
            };
            let mut session = session(&world, &image, By::Signer);
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
}
