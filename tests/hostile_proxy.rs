//! A registry, or a proxy before it, that lies in every way we could think
//! of. Whatever it does: bytes that were asked for by digest are evidence only
//! if they hash to it, the subject's digest is the one of its bytes, and what
//! could not be read is never "unsigned".

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use webdis_verify::code::Class;
use webdis_verify::digest::Digest;
use webdis_verify::input::looked::nothing_there;
use webdis_verify::input::{Given, Origin};
use webdis_verify::reference::Reference;
use webdis_verify::registry::native::{Client, Options as ClientOptions};
use webdis_verify::registry::plan::{Options, Plan};

#[path = "common/registry.rs"]
mod registry;
use registry::{INDEX, MANIFEST, Registry, descriptor, signed};

/// What goes over the wire.
enum Wire {
    /// Status line words, headers, body; Content-Length is added.
    Whole(&'static str, Vec<(String, String)>, Vec<u8>),
    /// As it is.
    Raw(Vec<u8>),
    /// A head, then bytes without end.
    Endless(Vec<u8>),
    /// A head, then a byte every now and then.
    Drip(Vec<u8>),
    /// Nothing at all.
    Silence,
}

struct Call {
    method: String,
    path: String,
    tokens: usize,
}

type Server = dyn Fn(&Call, &World) -> Option<Wire> + Send + Sync;

/// The honest registry, and what a liar can draw on.
struct World {
    registry: Registry,
    subject: Digest,
    authority: String,
}

impl World {
    fn honest(&self, call: &Call) -> Wire {
        match self.registry.documents.get(call.path.split('?').next().unwrap()) {
            Some((kind, bytes)) => self.document(kind, bytes),
            None => status("404 Not Found"),
        }
    }

    fn document(&self, kind: &str, bytes: &[u8]) -> Wire {
        let digest = Digest::of(bytes).to_string();
        Wire::Whole(
            "200 OK",
            headers(&[("Content-Type", kind), ("Docker-Content-Digest", &digest)]),
            bytes.to_vec(),
        )
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        self.registry.documents[path].1.clone()
    }

    fn index(&self) -> Vec<u8> {
        self.bytes("/v2/o/n/manifests/1")
    }
}

fn headers(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn status(words: &'static str) -> Wire {
    Wire::Whole(words, headers(&[("Content-Type", "application/json")]), b"{}".to_vec())
}

fn ok(kind: &str, body: &[u8]) -> Wire {
    Wire::Whole("200 OK", headers(&[("Content-Type", kind)]), body.to_vec())
}

fn start(server: Box<Server>) -> (Arc<World>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let (registry, subject) = signed();
    let world = Arc::new(World { registry, subject, authority: authority.clone() });
    let shared = (world.clone(), Arc::<Server>::from(server));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (world, server) = shared.clone();
            std::thread::spawn(move || drop(answer(stream, &world, &*server)));
        }
    });
    (world, authority)
}

fn answer(mut stream: TcpStream, world: &World, server: &Server) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut tokens = 0;
    for line in lines {
        let line = line?;
        tokens += usize::from(line.to_ascii_lowercase().starts_with("authorization:"));
        if line.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ').map(str::to_owned);
    let call =
        Call { method: words.next().unwrap_or_default(), path: words.next().unwrap_or_default(), tokens };
    let wire = server(&call, world).unwrap_or_else(|| world.honest(&call));
    let end = Instant::now() + Duration::from_secs(20);
    match wire {
        Wire::Whole(words, headers, body) => {
            let mut head =
                format!("HTTP/1.1 {words}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str("\r\n");
            stream.write_all(head.as_bytes())?;
            if call.method != "HEAD" {
                stream.write_all(&body)?;
            }
        }
        Wire::Raw(bytes) => stream.write_all(&bytes)?,
        Wire::Endless(head) => {
            stream.write_all(&head)?;
            let block = [b' '; 65_536];
            while Instant::now() < end {
                stream.write_all(&block)?;
            }
        }
        Wire::Drip(head) => {
            stream.write_all(&head)?;
            while Instant::now() < end {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Wire::Silence => {
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            drop(stream.read(&mut [0; 1]));
        }
    }
    Ok(())
}

/// What must come out.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Out {
    /// Nothing was harmed: everything there is was read.
    Unharmed,
    /// The image could not be read, with this code.
    NoImage(&'static str),
    /// The image is there; something else failed with this code.
    Partly(&'static str),
    /// Every place said there is nothing.
    Unsigned,
    /// Read, and no trouble to name, but less than there is.
    Less,
}

struct Case {
    name: &'static str,
    out: Out,
    server: Box<Server>,
}

fn case(
    name: &'static str,
    out: Out,
    server: impl Fn(&Call, &World) -> Option<Wire> + Send + Sync + 'static,
) -> Case {
    Case { name, out, server: Box::new(server) }
}

/// A lie about every path that has this in it.
fn at(
    part: &'static str,
    name: &'static str,
    out: Out,
    lie: impl Fn(&World) -> Wire + Send + Sync + 'static,
) -> Case {
    case(name, out, move |call, world| hits(part, call, world).then(|| lie(world)))
}

fn hits(part: &str, call: &Call, world: &World) -> bool {
    let path = call.path.as_str();
    match part {
        "HEAD" => call.method == "HEAD",
        "index" => path.ends_with(&format!("manifests/{}", world.subject)),
        "child" => {
            path.contains("manifests/sha256:")
                && !hits("index", call, world)
                && children(world).iter().any(|d| path.ends_with(d))
        }
        "flat" => path.ends_with(&format!("sha256-{}", world.subject.hex())),
        "attached" => {
            hits("referrers", call, world) || hits("flat", call, world) || hits(".sig", call, world)
        }
        part => path.contains(part),
    }
}

/// Digests that the index lists.
fn children(world: &World) -> Vec<String> {
    let text = String::from_utf8(world.index()).unwrap();
    text.match_indices("sha256:").map(|(at, _)| text[at..at + 71].to_owned()).collect()
}

fn cut(world: &World) -> Wire {
    let bytes = world.index();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {INDEX}\r\nContent-Length: {}\r\n\r\n", bytes.len());
    Wire::Raw([head.as_bytes(), &bytes[..bytes.len() / 2]].concat())
}

fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[20] ^= 1;
    bytes
}

fn redirect(to: String) -> Wire {
    Wire::Whole("307 Temporary Redirect", headers(&[("Location", &to)]), Vec::new())
}

fn cases() -> Vec<Case> {
    use Out::{Less, NoImage, Partly, Unharmed, Unsigned};
    let image = |out: &'static str| NoImage(out);
    vec![
        case("honest", Unharmed, |_, _| None),
        // The image itself.
        at("index", "flips one bit of the index", image("registry-other-bytes"), |w| {
            ok(INDEX, &flipped(w.index()))
        }),
        at("index", "appends a newline to the index", image("registry-other-bytes"), |w| {
            ok(INDEX, &[w.index(), b"\n".to_vec()].concat())
        }),
        at("index", "re-indents the index", image("registry-other-bytes"), |w| {
            ok(INDEX, String::from_utf8(w.index()).unwrap().replace(',', ", ").as_bytes())
        }),
        at("index", "truncates the index", image("registry-truncated"), cut),
        at("index", "truncates with a matching length", image("registry-other-bytes"), |w| {
            ok(INDEX, &w.index()[..99])
        }),
        at("index", "serves a child for the index", image("registry-other-bytes"), |w| {
            ok(MANIFEST, &w.bytes(&format!("/v2/o/n/manifests/{}", children(w)[0])))
        }),
        at("index", "serves another repository's index", image("registry-other-bytes"), |w| {
            w.document(INDEX, br#"{"schemaVersion":2,"manifests":[]}"#)
        }),
        at("index", "converts to schema 1", image("registry-other-bytes"), |_| {
            ok(
                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                br#"{"schemaVersion":1,"fsLayers":[]}"#,
            )
        }),
        at("index", "serves an HTML login page", image("registry-other-bytes"), |_| {
            ok("text/html", b"<html>Log in</html>")
        }),
        at("index", "serves nothing, with 200", image("registry-other-bytes"), |_| ok(INDEX, b"")),
        at("index", "answers 204", image("registry-status"), |_| status("204 No Content")),
        at("index", "answers 206 with a part", image("registry-status"), |_| status("206 Partial Content")),
        at("index", "lies in the digest header", Unharmed, |w| {
            let lie = Digest::of(b"another").to_string();
            Wire::Whole(
                "200 OK",
                headers(&[("Docker-Content-Digest", &lie), ("Content-Type", "text/plain")]),
                w.index(),
            )
        }),
        at("index", "is gzip without being asked", image("registry-encoded"), |_| {
            Wire::Whole("200 OK", headers(&[("Content-Encoding", "gzip")]), vec![0x1f, 0x8b, 8, 0])
        }),
        at("index", "sends a body without end", image("limit-exceeded"), |_| {
            Wire::Endless(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec())
        }),
        at("index", "sends chunks without end", image("limit-exceeded"), |_| {
            let mut raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            for _ in 0..600 {
                raw.extend(b"4000\r\n");
                raw.extend([b'x'; 0x4000]);
                raw.extend(b"\r\n");
            }
            Wire::Raw(raw)
        }),
        at("index", "announces 2^63 bytes", image("registry-truncated"), |w| {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n";
            Wire::Raw([head.as_bytes(), &w.index()].concat())
        }),
        at("index", "drips a byte at a time", image("registry-timeout"), |_| {
            Wire::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n".to_vec())
        }),
        at("index", "never answers", image("registry-timeout"), |_| Wire::Silence),
        at("index", "hangs up", image("registry-unreachable"), |_| Wire::Raw(Vec::new())),
        at("index", "speaks no HTTP", image("registry-unreachable"), |_| {
            Wire::Raw(b"SSH-2.0-x\r\n\r\n".to_vec())
        }),
        at("index", "sends headers without end", image("registry-unreachable|limit-exceeded"), |_| {
            let mut raw = b"HTTP/1.1 200 OK\r\n".to_vec();
            for n in 0..20_000 {
                raw.extend(format!("X-{n}: {n}\r\n").bytes());
            }
            Wire::Raw(raw)
        }),
        at(
            "index",
            "has the same length twice, differently",
            image("registry-unreachable|registry-other-bytes|registry-truncated"),
            |_| Wire::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabc".to_vec()),
        ),
        at("index", "redirects to itself for ever", image("registry-redirect"), |w| {
            redirect(format!("http://{}/v2/o/n/manifests/{}", w.authority, w.subject))
        }),
        at("index", "redirects to the cloud's metadata address", image("registry-redirect"), |_| {
            redirect("http://169.254.169.254/latest/meta-data".to_owned())
        }),
        at("index", "redirects to a private address over https", image("registry-private-address"), |_| {
            redirect("https://10.0.0.1/x".to_owned())
        }),
        at("index", "redirects to a file", image("registry-redirect"), |_| {
            redirect("file:///etc/passwd".to_owned())
        }),
        at("index", "redirects without saying where", image("registry-redirect"), |_| {
            Wire::Whole("302 Found", Vec::new(), Vec::new())
        }),
        at("index", "wants a password", image("registry-login"), |_| {
            Wire::Whole("401 Unauthorized", headers(&[("WWW-Authenticate", "Basic realm=\"x\"")]), Vec::new())
        }),
        at("index", "has a token server on a private address", image("registry-private-address"), |_| {
            Wire::Whole(
                "401 Unauthorized",
                headers(&[("WWW-Authenticate", "Bearer realm=\"https://192.168.0.1/t\"")]),
                Vec::new(),
            )
        }),
        at("index", "has a token server that is a file", image("registry-challenge"), |_| {
            Wire::Whole(
                "401 Unauthorized",
                headers(&[("WWW-Authenticate", "Bearer realm=\"file:///etc/passwd\"")]),
                Vec::new(),
            )
        }),
        case("challenges for ever", image("registry-unauthorized"), |call, world| {
            if call.path.starts_with("/token") {
                return Some(ok("application/json", br#"{"token":"t"}"#));
            }
            let challenge = format!("Bearer realm=\"http://{}/token\"", world.authority);
            Some(Wire::Whole("401 Unauthorized", headers(&[("WWW-Authenticate", &challenge)]), Vec::new()))
        }),
        case("gives a token with a line break in it", image("registry-token"), |call, world| {
            if call.path.starts_with("/token") {
                return Some(ok("application/json", br#"{"token":"t\r\nX: y"}"#));
            }
            let challenge = format!("Bearer realm=\"http://{}/token\"", world.authority);
            Some(Wire::Whole("401 Unauthorized", headers(&[("WWW-Authenticate", &challenge)]), Vec::new()))
        }),
        at("index", "says 403", image("registry-forbidden"), |_| status("403 Forbidden")),
        at("index", "says 404", image("registry-not-found"), |_| status("404 Not Found")),
        at("index", "says 429", image("registry-rate-limited"), |_| {
            Wire::Whole("429 Too Many Requests", headers(&[("Retry-After", "60")]), Vec::new())
        }),
        at("index", "says 500", image("registry-server-error"), |_| status("500 Oops")),
        // The tag.
        at("HEAD", "resolves the tag to a digest nobody has", image("registry-not-found"), |_| {
            let lie = Digest::of(b"another").to_string();
            Wire::Whole("200 OK", headers(&[("Docker-Content-Digest", &lie)]), Vec::new())
        }),
        at("HEAD", "resolves the tag to sha512", image("registry-not-found"), |_| {
            let lie = format!("sha512:{}", "0".repeat(128));
            Wire::Whole("200 OK", headers(&[("Docker-Content-Digest", &lie)]), Vec::new())
        }),
        at("HEAD", "resolves the tag to junk", Unharmed, |_| {
            Wire::Whole("200 OK", headers(&[("Docker-Content-Digest", "sha256:../../x")]), Vec::new())
        }),
        at("manifests/1", "converts the tag to schema 1", image("registry-schema1"), |_| {
            let kind = "application/vnd.docker.distribution.manifest.v1+prettyjws";
            let digest = Digest::of(b"unsigned form").to_string();
            let headers = headers(&[("Content-Type", kind), ("Docker-Content-Digest", &digest)]);
            Wire::Whole("200 OK", headers, br#"{"schemaVersion":1,"fsLayers":[]}"#.to_vec())
        }),
        case(
            "serves a tag under a digest header that is not its own",
            image("registry-digest-header"),
            |call, world| match (call.method.as_str(), call.path.as_str()) {
                ("HEAD", _) => Some(Wire::Whole("200 OK", Vec::new(), Vec::new())),
                (_, "/v2/o/n/manifests/1") => {
                    let lie = Digest::of(b"another").to_string();
                    Some(Wire::Whole("200 OK", headers(&[("Docker-Content-Digest", &lie)]), world.index()))
                }
                _ => None,
            },
        ),
        // The platforms.
        at("child", "serves the index for each child", Partly("registry-other-bytes"), |w| {
            ok(INDEX, &w.index())
        }),
        at("child", "swaps the children", Partly("registry-other-bytes"), |w| {
            ok(MANIFEST, &flipped(w.bytes(&format!("/v2/o/n/manifests/{}", children(w)[1]))))
        }),
        at("/blobs/", "flips one bit of every blob", Partly("registry-other-bytes"), |_| {
            ok("application/octet-stream", b"{}")
        }),
        at("/blobs/", "redirects blobs to nowhere", Partly("registry-unreachable"), |_| {
            redirect("http://127.0.0.1:1/x".to_owned())
        }),
        // The places of signatures.
        at("attached", "claims 404 for every signature", Unsigned, |_| status("404 Not Found")),
        at("attached", "claims 403 for every signature", Partly("registry-forbidden"), |_| {
            status("403 Forbidden")
        }),
        at("attached", "drops the connection at every signature", Partly("registry-unreachable"), |_| {
            Wire::Raw(Vec::new())
        }),
        at("referrers", "says 500 at referrers", Partly("registry-server-error"), |_| status("500 Oops")),
        at("referrers", "serves referrers as text", Less, |_| ok("text/plain", b"[]")),
        at("referrers", "serves referrers that are not a list", Partly("registry-list"), |_| {
            ok(INDEX, b"[]")
        }),
        at("referrers", "serves the image as its referrers", Less, |w| ok(INDEX, &w.index())),
        at("referrers", "lists 900 referrers", Partly("registry-not-found"), |_| {
            let entries: Vec<String> =
                (0..900).map(|n: u32| descriptor(MANIFEST, &Digest::of(&n.to_be_bytes()), 9, "")).collect();
            ok(INDEX, format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, entries.join(",")).as_bytes())
        }),
        at("referrers", "pages for ever", Partly("registry-redirect"), |w| {
            let link = format!("</v2/o/n/referrers/{}?n={:?}>; rel=\"next\"", w.subject, Instant::now());
            let link = link.replace(' ', "").replace(";rel", "; rel").replace(['{', '}'], "");
            let headers = headers(&[("Content-Type", INDEX), ("Link", &link)]);
            Wire::Whole("200 OK", headers, br#"{"schemaVersion":2,"manifests":[]}"#.to_vec())
        }),
        at("referrers", "pages to another host", Partly("registry-redirect"), |_| {
            let headers =
                headers(&[("Content-Type", INDEX), ("Link", "<https://evil.example/x>; rel=\"next\"")]);
            Wire::Whole("200 OK", headers, br#"{"schemaVersion":2,"manifests":[]}"#.to_vec())
        }),
        at("flat", "returns the image at the referrers tag", Unharmed, |w| w.document(INDEX, &w.index())),
        at(".sig", "returns the image as its signature", Less, |w| w.document(INDEX, &w.index())),
        at(".sig", "returns HTML as the signature", Partly("registry-list"), |_| ok("text/html", b"<html>")),
        at(".sig", "lists 900 signature layers", Partly("registry-not-found"), |_| {
            let layer = |n: u32| descriptor(registry::PAYLOAD, &Digest::of(&n.to_be_bytes()), 9, "");
            let layers: Vec<String> = (0..900).map(layer).collect();
            ok(MANIFEST, format!(r#"{{"schemaVersion":2,"layers":[{}]}}"#, layers.join(",")).as_bytes())
        }),
        at(".sig", "has a payload of a terabyte", Less, |_| {
            let layer = descriptor(registry::PAYLOAD, &Digest::of(b"x"), 1 << 40, "");
            ok(MANIFEST, format!(r#"{{"schemaVersion":2,"layers":[{layer}]}}"#).as_bytes())
        }),
    ]
}

/// Runs a case; what came out, in one line.
fn run(case: Case) -> String {
    let Case { name, out, server } = case;
    let (world, authority) = start(server);
    let reference = Reference::parse(&format!("{authority}/o/n:1")).unwrap();
    let client = Client::new(ClientOptions {
        timeout: Duration::from_millis(1_500),
        total: Duration::from_secs(20),
        named: vec![reference.host().clone()],
        ..ClientOptions::default()
    });
    let mut plan = Plan::new(reference, Options::default());
    plan.want_subject();
    let start = Instant::now();
    client.run(&mut plan, &mut |_| {});
    assert!(start.elapsed() < Duration::from_secs(25), "{name}: too slow");
    let evidence = plan.take_evidence();
    let codes: Vec<&str> = plan.failures().iter().map(|failure| failure.error.code().name()).collect();

    // Whatever happened:
    for failure in plan.failures() {
        assert_eq!(failure.error.class(), Class::NotChecked, "{name}: {}", failure.error);
    }
    for given in &evidence {
        assert_hashes(name, given);
    }
    let has_image = evidence.iter().any(|given| Digest::of(&given.bytes) == world.subject);
    let repository = plan.reference().name();
    let nothing = nothing_there(&plan.looked(), &repository, &world.subject.to_claim());
    assert_eq!(nothing, out == Out::Unsigned, "{name}: {:?}", plan.looked());
    match out {
        Out::Unharmed => assert!(has_image && codes.is_empty(), "{name}: {codes:?}"),
        Out::NoImage(expected) => {
            assert!(!has_image, "{name}");
            assert!(plan.subject_failed(), "{name}");
            assert!(expected.split('|').any(|code| codes.contains(&code)), "{name}: {codes:?}");
        }
        Out::Partly(expected) => assert!(has_image && codes.contains(&expected), "{name}: {codes:?}"),
        Out::Unsigned | Out::Less => assert!(has_image && codes.is_empty(), "{name}: {codes:?}"),
    }
    let mut seen = codes;
    seen.dedup();
    format!("{name:<55} image {has_image:<5} nothing-there {nothing:<5} {}", seen.join(" "))
}

/// An address that names a digest has bytes of that digest.
fn assert_hashes(name: &str, given: &Given) {
    let Origin::Fetched(address) = &given.origin else { panic!("{name}: {:?}", given.origin) };
    if let Some((front, digest)) = address.rsplit_once("/sha256:")
        && !front.ends_with("/referrers")
    {
        assert_eq!(Digest::of(&given.bytes).hex(), digest, "{name}: {address}");
    }
}

#[test]
fn no_lie_of_a_server_becomes_evidence() {
    let cases = cases();
    assert!(cases.len() >= 50);
    let mut lines: Vec<String> = Vec::new();
    let mut cases = cases.into_iter().peekable();
    while cases.peek().is_some() {
        let batch: Vec<Case> = cases.by_ref().take(8).collect();
        std::thread::scope(|scope| {
            let threads: Vec<_> = batch.into_iter().map(|case| scope.spawn(|| run(case))).collect();
            lines.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
        });
    }
    println!("{}", lines.join("\n"));
}

#[test]
fn a_token_never_reaches_a_second_host() {
    let (_, cdn) = start(Box::new(|call, world| {
        assert_eq!(call.tokens, 0, "the token reached the other host");
        let path = call.path.replace("/cdn", "");
        Some(match world.registry.documents.get(&path) {
            Some((_, bytes)) => ok("application/octet-stream", bytes),
            None => status("404 Not Found"),
        })
    }));
    let (_, authority) = start(Box::new(move |call, world| {
        if call.path.starts_with("/token") {
            return Some(ok("application/json", br#"{"token":"SECRET"}"#));
        }
        if call.tokens == 0 {
            let challenge = format!("Bearer realm=\"http://{}/token\"", world.authority);
            return Some(Wire::Whole(
                "401 Unauthorized",
                headers(&[("WWW-Authenticate", &challenge)]),
                Vec::new(),
            ));
        }
        call.path.contains("/blobs/").then(|| redirect(format!("http://{cdn}/cdn{}", call.path)))
    }));
    let reference = Reference::parse(&format!("{authority}/o/n:1")).unwrap();
    let client =
        Client::new(ClientOptions { named: vec![reference.host().clone()], ..ClientOptions::default() });
    let mut plan = Plan::new(reference, Options::default());
    plan.want_subject();
    client.run(&mut plan, &mut |_| {});
    assert!(plan.failures().is_empty(), "{:?}", plan.failures());
    assert_eq!(plan.take_evidence().len(), 10);
    assert_eq!(plan.progress().requests, 14);
}
