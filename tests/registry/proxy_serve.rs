//! `serve` over sockets: what it lets through, and what it keeps to itself.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use webdis_verify::edge::native::page::{Files, Page};
use webdis_verify::edge::native::serve::{Options, Server};
use webdis_verify::model::reference::Host;
use webdis_verify::session::registry::proxy::Policy;

const HEX: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

const POLICY: &str = "content-security-policy: sandbox; default-src 'none'\r\n";

const PAGE: Files = &[
    ("index.html", b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">"),
    ("www/engine.js", b"export {};"),
];

/// An upstream that answers by path, and remembers the heads it got.
fn upstream() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = heads.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0; 1];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            kept.lock().unwrap().push(head.clone());
            let (status, extra, body): (&str, &str, Vec<u8>) = match path.as_str() {
                "/v2/a/manifests/1" => (
                    "200 OK",
                    "Docker-Content-Digest: sha256:x\r\nContent-Type: Application/JSON; charset=utf-8\r\n\
                     Link: </v2/a/tags/list?last=x>; rel=\"next\"\r\nSet-Cookie: a=b\r\nX-Secret: 1\r\n",
                    b"{}".to_vec(),
                ),
                "/v2/a/manifests/linked" => {
                    ("200 OK", "Link: /v2/a/tags/list?last=x; rel=next\r\n", b"{}".to_vec())
                }
                "/v2/a/manifests/titled" => (
                    "200 OK",
                    "Link: </v2/a/tags/list?last=x>; rel=next; title=\"n\u{e4}chste\"\r\n",
                    b"{}".to_vec(),
                ),
                "/v2/a/manifests/foreign" => {
                    ("200 OK", "Link: </v2/a/tags/list?last=\u{e4}>; rel=next\r\n", b"{}".to_vec())
                }
                "/v2/a/manifests/html" => (
                    "200 OK",
                    "Content-Type: text/html\r\nLink: </x.js>; rel=preload\r\nRefresh: 0\r\n\
                     Service-Worker-Allowed: /\r\nClear-Site-Data: \"*\"\r\nContent-Disposition: inline\r\n",
                    b"<script>1</script>".to_vec(),
                ),
                "/v2/a/manifests/odd" => ("700 Odd", "", b"{}".to_vec()),
                "/v2/a/manifests/login" => (
                    "401 Unauthorized",
                    "WWW-Authenticate: Bearer realm=\"https://a.example/t\"\r\n",
                    Vec::new(),
                ),
                "/v2/a/manifests/away" => ("307 T", "Location: https://evil.example/x\r\n", Vec::new()),
                "/v2/a/manifests/inside" => ("307 T", "Location: https://10.0.0.1/x\r\n", Vec::new()),
                "/v2/a/manifests/big" => ("200 OK", "", vec![b' '; (8 << 20) + 1]),
                // A layer is longer than any document.
                path if path == format!("/v2/a/blobs/sha256:{HEX}") => ("200 OK", "", vec![b'x'; 24 << 20]),
                "/v2/a/manifests/slow" => {
                    std::thread::sleep(Duration::from_secs(4));
                    ("200 OK", "", Vec::new())
                }
                "/v2/a/manifests/limit" => {
                    ("429 T", "Retry-After: 7\r\nRateLimit-Remaining: 0;w=1\r\n", Vec::new())
                }
                _ => ("404 Not Found", "", b"{}".to_vec()),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{extra}\r\n",
                body.len()
            );
            drop(stream.write_all(answer.as_bytes()));
            if !head.starts_with("HEAD") {
                drop(stream.write_all(&body));
            }
        }
    });
    (authority, heads)
}

fn serve(allow: &str, origins: &[&str]) -> (SocketAddr, Arc<Server>) {
    let mut policy = Policy::public();
    policy.allow(&Host::parse(allow).unwrap());
    let server = Arc::new(
        Server::bind(Options {
            listen: "127.0.0.1:0".parse().unwrap(),
            page: Page::Embedded(PAGE),
            policy,
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            names: Vec::new(),
            timeout: Duration::from_secs(2),
        })
        .unwrap(),
    );
    let address = server.address().unwrap();
    let running = server.clone();
    std::thread::spawn(move || running.run());
    (address, server)
}

/// Status and the whole answer.
fn ask(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let request = request.replace("HOST", &address.to_string());
    stream.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    (status, answer)
}

#[test]
fn reads_go_through_and_nothing_else_does() {
    let (up, heads) = upstream();
    let (address, server) = serve(&up, &["https://docs.example"]);
    let get = |path: &str| ask(address, &format!("GET /proxy/{up}{path} HTTP/1.1\r\nHost: HOST"));

    let (status, answer) = ask(
        address,
        &format!(
            "GET /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nAccept: x/y\r\nCookie: c=d\r\nAuthorization: Bearer TOKEN\r\nX-Mine: 1"
        ),
    );
    assert_eq!(status, 200, "{answer}");
    let lower = answer.to_ascii_lowercase();
    assert!(lower.contains("docker-content-digest: sha256:x") && answer.ends_with("{}"), "{answer}");
    assert!(!lower.contains("set-cookie") && !lower.contains("x-secret"), "{answer}");
    for kept in
        ["content-type: application/json\r\n", "link: </v2/a/tags/list?last=x>; rel=\"next\"\r\n", POLICY]
    {
        assert!(lower.contains(kept), "{answer}");
    }
    let head = heads.lock().unwrap().last().unwrap().to_ascii_lowercase();
    assert!(head.contains("authorization: bearer token") && head.contains("accept: x/y"), "{head}");
    assert!(!head.contains("cookie") && !head.contains("x-mine") && !head.contains("origin"), "{head}");

    let linked = format!("GET /proxy/{up}/v2/a/manifests/linked HTTP/1.1\r\nHost: HOST");
    let (_, answer) = ask(address, &linked);
    assert!(answer.to_ascii_lowercase().contains("link: unread\r\n"), "{answer}");
    // A title in another language leads on all the same; an address has none.
    for (name, link) in [("titled", "link: </v2/a/tags/list?last=x>;"), ("foreign", "link: unread\r\n")] {
        let (_, answer) =
            ask(address, &format!("GET /proxy/{up}/v2/a/manifests/{name} HTTP/1.1\r\nHost: HOST"));
        assert!(answer.to_ascii_lowercase().contains(link), "{answer}");
    }

    let (status, answer) = ask(
        address,
        &format!("HEAD /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nAuthorization: Basic eDp5"),
    );
    assert!(status == 200 && !answer.ends_with("{}"), "{answer}");
    assert!(!heads.lock().unwrap().last().unwrap().to_ascii_lowercase().contains("authorization"));

    for (path, status, text) in [
        ("/v2/a/manifests/login", 401, "Bearer realm"),
        ("/v2/a/manifests/limit", 429, "7"),
        ("/v2/a/manifests/none", 404, "{}"),
        ("/v2/a/manifests/away", 502, "registry-redirect"),
        ("/v2/a/manifests/inside", 502, "registry-redirect"),
        ("/v2/a/manifests/big", 502, "limit-exceeded"),
        ("/v2/a/manifests/slow", 504, "registry-timeout"),
        ("/v2/_catalog", 403, ""),
        ("/v2/a/manifests/../../x", 403, ""),
        ("/v2/a/blobs/uploads/", 403, ""),
        ("/", 403, ""),
    ] {
        let (found, answer) = get(path);
        assert!(found == status && answer.contains(text), "{path}: {answer}");
    }
    let before = heads.lock().unwrap().len();
    for (request, status) in [
        (format!("POST /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0"), 405),
        (format!("PUT /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0"), 405),
        (format!("DELETE /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST"), 405),
        ("GET /proxy/127.0.0.1:1/v2/ HTTP/1.1\r\nHost: HOST".to_owned(), 403),
        ("GET /proxy/evil.example/v2/ HTTP/1.1\r\nHost: HOST".to_owned(), 403),
        (format!("GET /proxy/169.254.169.254/v2/a/blobs/sha256:{HEX} HTTP/1.1\r\nHost: HOST"), 403),
        // Another name: DNS rebinding.
        (format!("GET /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: evil.example"), 421),
        // Pages of strangers.
        (
            format!(
                "GET /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nOrigin: https://evil.example"
            ),
            403,
        ),
        (format!("GET /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nOrigin: null"), 403),
        (
            format!("GET /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nSec-Fetch-Site: cross-site"),
            403,
        ),
    ] {
        let (found, answer) = ask(address, &request);
        assert_eq!(found, status, "{request}\n{answer}");
        assert!(!answer.to_ascii_lowercase().contains("access-control-allow-origin"), "{answer}");
    }
    assert_eq!(heads.lock().unwrap().len(), before, "a refused request reached the registry");

    // The origin that is allowed.
    let (status, answer) = ask(
        address,
        &format!(
            "OPTIONS /proxy/{up}/v2/a/manifests/1 HTTP/1.1\r\nHost: HOST\r\nOrigin: https://docs.example\r\nAccess-Control-Request-Method: GET"
        ),
    );
    let lower = answer.to_ascii_lowercase();
    assert_eq!(status, 204, "{answer}");
    assert!(lower.contains("access-control-allow-origin: https://docs.example"), "{answer}");
    assert!(lower.contains("access-control-expose-headers: content-type, docker-content-digest"), "{answer}");
    server.stop();
}

#[test]
fn what_a_registry_sends_is_never_a_page_of_this_server() {
    let (up, heads) = upstream();
    let (address, server) = serve(&up, &[]);
    let html = format!("GET /proxy/{up}/v2/a/manifests/html HTTP/1.1\r\nHost: HOST");
    let (status, answer) = ask(address, &html);
    let lower = answer.to_ascii_lowercase();
    assert!(status == 200 && answer.ends_with("<script>1</script>"), "{answer}");
    for kept in ["content-type: application/octet-stream\r\n", "x-content-type-options: nosniff\r\n", POLICY]
    {
        assert!(lower.contains(kept), "{answer}");
    }
    for dropped in ["html", "link:", "refresh", "service-worker", "clear-site-data", "content-disposition"] {
        assert!(!lower.split("\r\n\r\n").next().unwrap().contains(dropped), "{dropped}: {answer}");
    }
    // What this server says itself below /proxy/ is no page either.
    let (_, answer) = ask(address, "GET /proxy/evil.example/v2/ HTTP/1.1\r\nHost: HOST");
    assert!(answer.to_ascii_lowercase().contains(POLICY), "{answer}");
    let before = heads.lock().unwrap().len();
    let (status, answer) = ask(address, &format!("{html}\r\nService-Worker: script"));
    assert!(status == 403 && answer.contains("No service worker"), "{answer}");
    assert_eq!(ask(address, "GET /www/engine.js HTTP/1.1\r\nHost: HOST\r\nservice-worker: script").0, 403);
    assert_eq!(heads.lock().unwrap().len(), before, "the registry was asked");
    let (status, answer) =
        ask(address, &format!("GET /proxy/{up}/v2/a/manifests/odd HTTP/1.1\r\nHost: HOST"));
    assert!(status == 502 && answer.contains("registry-"), "{answer}");
    server.stop();
}

#[test]
fn the_page_is_served_with_its_own_policy() {
    let (up, _) = upstream();
    let (address, server) = serve(&up, &[]);
    let get = |method: &str, path: &str| ask(address, &format!("{method} {path} HTTP/1.1\r\nHost: HOST"));
    for (path, content_type, body) in [
        ("/", "text/html; charset=utf-8", PAGE[0].1),
        ("/index.html?image=x", "text/html; charset=utf-8", PAGE[0].1),
        ("/www/engine.js", "text/javascript; charset=utf-8", PAGE[1].1),
    ] {
        let (status, answer) = get("GET", path);
        assert!(status == 200 && answer.ends_with(std::str::from_utf8(body).unwrap()), "{path}: {answer}");
        let lower = answer.to_ascii_lowercase();
        assert!(lower.contains(&format!("content-type: {content_type}\r\n")), "{answer}");
        assert!(lower.contains("x-content-type-options: nosniff\r\n"), "{answer}");
        let policy = "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n";
        assert_eq!(lower.contains(policy), content_type.starts_with("text/html"), "{answer}");
        let (status, answer) = get("HEAD", path);
        assert!(status == 200 && answer.ends_with("\r\n\r\n"), "{path}: {answer}");
    }
    for (method, path, status) in [
        ("GET", "/www/", 404),
        ("GET", "/www/../index.html", 404),
        ("GET", "/Cargo.toml", 404),
        ("POST", "/", 405),
    ] {
        assert_eq!(get(method, path).0, status, "{method} {path}");
    }
    server.stop();
}

#[test]
fn a_layer_goes_through_whole_and_a_document_of_its_length_does_not() {
    let (up, _) = upstream();
    let (address, server) = serve(&up, &[]);
    let get = |path: &str| ask(address, &format!("GET /proxy/{up}{path} HTTP/1.1\r\nHost: HOST"));
    let (status, answer) = get(&format!("/v2/a/blobs/sha256:{HEX}"));
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!((status, body.len()), (200, 24 << 20), "{head}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-length: 25165824") && head.contains("application/octet-stream"), "{head}");
    assert!(format!("{head}\r\n").contains(POLICY), "{head}");
    assert_eq!(get("/v2/a/manifests/big").0, 502);
    let gone = HEX.replace('4', "5");
    assert_eq!(get(&format!("/v2/a/blobs/sha256:{gone}")).0, 404);
    server.stop();
}
