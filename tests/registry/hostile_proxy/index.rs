//! What is done to the image itself: its index, platforms and configs.

use super::case::{Ask, Case, at, case, each};
use super::wire::{Wire, challenge, headers, ok, redirect, status};
use super::world::World;
use crate::common::image::index;
use crate::common::registry::{INDEX, MANIFEST};
use webdis_verify::base::digest::Digest;

fn cut(bytes: &[u8]) -> Wire {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {INDEX}\r\nContent-Length: {}\r\n\r\n", bytes.len());
    Wire::Raw([head.as_bytes(), &bytes[..bytes.len() / 2]].concat())
}

pub(crate) fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[20] ^= 1;
    bytes
}

/// The first bytes of a gzip stream of 10 GB of zeros would do; the header
/// alone is refused.
pub(crate) fn bomb(encoding: &[(&str, &str)]) -> Wire {
    let zeros =
        [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0xec, 0xc1, 1, 1, 0, 0, 0, 0x80, 0x90, 0xfe]].concat();
    Wire::Whole("200 OK", headers(encoding), zeros)
}

const PROVEN: [&str; 3] = each("proven");
const ALL: &str = "1+2+2+2";
/// The image is missing; its signatures, found by the tag's digest, arrived.
const NO_IMAGE: &str = "0+0+0+2";
const NOTHING: &str = "0+0+0+0";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = bytes();
    cases.extend(wire());
    cases.extend(access());
    cases.extend(platforms());
    cases
}

fn other_bytes() -> [&'static str; 3] {
    each("not-checked registry-other-bytes")
}

fn bytes() -> Vec<Case> {
    vec![
        case("honest", PROVEN, ALL, |_, _| None),
        case("honest, asked by digest", PROVEN, ALL, |_, _| None).asking(Ask::Digest),
        case("honest, one platform asked by digest", PROVEN, "0+1+1+2", |_, _| None).asking(Ask::Child),
        at("index", "flips one bit of the index", other_bytes(), NO_IMAGE, |w, _| {
            ok(INDEX, &flipped(w.index()))
        }),
        at("index", "flips one bit, asked by digest", other_bytes(), NO_IMAGE, |w, _| {
            ok(INDEX, &flipped(w.index()))
        })
        .asking(Ask::Digest),
        at("index", "appends a newline to the index", other_bytes(), NO_IMAGE, |w, _| {
            ok(INDEX, &[w.index(), b"\n".to_vec()].concat())
        }),
        at("index", "re-indents the index", other_bytes(), NO_IMAGE, |w, _| {
            ok(INDEX, String::from_utf8(w.index()).unwrap().replace(',', ", ").as_bytes())
        }),
        at("index", "truncates the index", each("not-checked registry-truncated"), NO_IMAGE, |w, _| {
            cut(&w.index())
        }),
        at("index", "truncates with a matching length", other_bytes(), NO_IMAGE, |w, _| {
            ok(INDEX, &w.index()[..99])
        }),
        at("index", "announces a length too short", other_bytes(), NO_IMAGE, |w, _| {
            Wire::Raw([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", w.index().as_slice()].concat())
        }),
        at("index", "serves a child for the index", other_bytes(), NO_IMAGE, |w, _| {
            ok(MANIFEST, &w.image.manifests[0])
        }),
        at("index", "serves an older, signed index by that digest", other_bytes(), NO_IMAGE, |w, _| {
            w.document(INDEX, &w.older.index)
        })
        .asking(Ask::Digest),
        at("index", "serves another repository's index", other_bytes(), NO_IMAGE, |w, _| {
            w.document(INDEX, &w.stranger.index)
        }),
        at("index", "converts to schema 1", other_bytes(), NO_IMAGE, |_, _| {
            ok(
                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                br#"{"schemaVersion":1,"fsLayers":[]}"#,
            )
        }),
        at("index", "serves an HTML login page", other_bytes(), NO_IMAGE, |_, _| {
            ok("text/html", b"<html>Log in</html>")
        }),
        at("index", "serves nothing, with 200", other_bytes(), NO_IMAGE, |_, _| ok(INDEX, b"")),
        at("index", "lies in the headers", PROVEN, ALL, |w, _| {
            let lie = Digest::of(b"another").to_string();
            Wire::Whole(
                "200 OK",
                headers(&[("Docker-Content-Digest", &lie), ("Content-Type", "text/plain")]),
                w.index(),
            )
        }),
        at("index", "is gzip without being asked", each("not-checked registry-encoded"), NO_IMAGE, |_, _| {
            bomb(&[("Content-Encoding", "gzip")])
        }),
        at("index", "is a gzip bomb that says nothing of it", other_bytes(), NO_IMAGE, |_, _| bomb(&[])),
    ]
}

fn wire() -> Vec<Case> {
    let unreachable = || each("not-checked registry-unreachable");
    let timeout = || each("not-checked registry-timeout");
    vec![
        case("delays every answer", PROVEN, ALL, |call, world| {
            std::thread::sleep(std::time::Duration::from_millis(200));
            Some(world.honest(call))
        }),
        at("index", "sends a body without end", each("not-checked limit-exceeded"), NO_IMAGE, |_, _| {
            Wire::Endless(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec())
        }),
        at("index", "sends chunks without end", each("not-checked limit-exceeded"), NO_IMAGE, |_, _| {
            let mut raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            for _ in 0..600 {
                raw.extend(b"4000\r\n");
                raw.extend([b'x'; 0x4000]);
                raw.extend(b"\r\n");
            }
            Wire::Raw(raw)
        }),
        at("index", "announces 2^63 bytes", each("not-checked registry-truncated"), NO_IMAGE, |w, _| {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n";
            Wire::Raw([head.as_bytes(), &w.index()].concat())
        }),
        at("index", "drips a byte at a time", timeout(), NO_IMAGE, |_, _| {
            Wire::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n".to_vec())
        })
        .hasty(),
        at("index", "never answers", timeout(), NO_IMAGE, |_, _| Wire::Silence).hasty(),
        at("index", "hangs up", unreachable(), NO_IMAGE, |_, _| Wire::Raw(Vec::new())),
        at("index", "speaks no HTTP", unreachable(), NO_IMAGE, |_, _| {
            Wire::Raw(b"SSH-2.0-x\r\n\r\n".to_vec())
        }),
        at("index", "sends headers without end", unreachable(), NO_IMAGE, |_, _| {
            let mut raw = b"HTTP/1.1 200 OK\r\n".to_vec();
            for n in 0..20_000 {
                raw.extend(format!("X-{n}: {n}\r\n").bytes());
            }
            Wire::Raw(raw)
        }),
        at("index", "has the same length twice, differently", unreachable(), NO_IMAGE, |_, _| {
            Wire::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabc".to_vec())
        }),
    ]
}

fn access() -> Vec<Case> {
    let redirected = || each("not-checked registry-redirect");
    let private = || each("not-checked registry-private-address");
    let token = |token: &'static [u8]| {
        move |call: &super::wire::Call, world: &World| {
            if call.path.starts_with("/token") {
                return Some(ok("application/json", token));
            }
            Some(challenge(&format!("Bearer realm=\"http://{}/token\"", world.authority)))
        }
    };
    vec![
        at("index", "redirects to itself for ever", redirected(), NO_IMAGE, |w, _| {
            redirect(format!("http://{}/v2/o/n/manifests/{}", w.authority, w.subject))
        }),
        at("index", "redirects to an older, signed index", other_bytes(), NO_IMAGE, |w, _| {
            redirect(format!("http://{}/v2/o/n/manifests/{}", w.authority, Digest::of(&w.older.index)))
        }),
        at("index", "redirects to the cloud's metadata address", redirected(), NO_IMAGE, |_, _| {
            redirect("http://169.254.169.254/latest/meta-data".to_owned())
        }),
        at("index", "redirects to a private address over https", private(), NO_IMAGE, |_, _| {
            redirect("https://10.0.0.1/x".to_owned())
        }),
        at("index", "redirects to a file", redirected(), NO_IMAGE, |_, _| {
            redirect("file:///etc/passwd".to_owned())
        }),
        at("index", "redirects without saying where", redirected(), NO_IMAGE, |_, _| {
            Wire::Whole("302 Found", Vec::new(), Vec::new())
        }),
        at("index", "wants a password", each("not-checked registry-login"), NO_IMAGE, |_, _| {
            challenge("Basic realm=\"x\"")
        }),
        case("has a token server on a private address", private(), NOTHING, |_, _| {
            Some(challenge("Bearer realm=\"https://192.168.0.1/t\""))
        }),
        at(
            "index",
            "has a token server that is a file",
            each("not-checked registry-challenge"),
            NO_IMAGE,
            |_, _| challenge("Bearer realm=\"file:///etc/passwd\""),
        ),
        case(
            "challenges for ever",
            each("not-checked registry-unauthorized"),
            NOTHING,
            token(br#"{"token":"t"}"#),
        ),
        case(
            "gives a token with a line break in it",
            each("not-checked registry-token"),
            NOTHING,
            token(br#"{"token":"t\r\nX: y"}"#),
        ),
        at("index", "answers 204", each("not-checked registry-status"), NO_IMAGE, |_, _| {
            status("204 No Content")
        }),
        at("index", "answers 206 with a part", each("not-checked registry-status"), NO_IMAGE, |_, _| {
            status("206 Partial Content")
        }),
        at("index", "says 403", each("not-checked registry-forbidden"), NO_IMAGE, |_, _| {
            status("403 Forbidden")
        }),
        at("index", "says 404", each("not-checked registry-not-found"), NO_IMAGE, |_, _| {
            status("404 Not Found")
        }),
        at("index", "says 429", each("not-checked registry-rate-limited"), NO_IMAGE, |_, _| {
            Wire::Whole("429 Too Many Requests", headers(&[("Retry-After", "60")]), Vec::new())
        }),
        at("index", "says 500", each("not-checked registry-server-error"), NO_IMAGE, |_, _| {
            status("500 Oops")
        }),
        case("says 404 to everything", each("not-checked registry-not-found"), NOTHING, |_, _| {
            Some(status("404 Not Found"))
        }),
        case("says 429 to everything", each("not-checked registry-rate-limited"), NOTHING, |_, _| {
            Some(Wire::Whole("429 Too Many Requests", headers(&[("Retry-After", "60")]), Vec::new()))
        }),
        case("serves HTML for everything", each("not-checked registry-list"), NOTHING, |_, _| {
            Some(ok("text/html", b"<html>Log in</html>"))
        }),
    ]
}

/// The signature is over the index: the platforms' manifests and configs are
/// not needed for it, and what is wrong with them is thrown away.
fn platforms() -> Vec<Case> {
    vec![
        at("child", "serves the index for each child", PROVEN, "1+0+0+2", |w, _| ok(INDEX, &w.index())),
        at("child", "swaps the children", PROVEN, "1+0+0+2", |w, path| {
            let first = path.ends_with(&Digest::of(&w.image.manifests[0]).to_string());
            ok(MANIFEST, &w.image.manifests[usize::from(first)])
        }),
        at("child", "serves an older release's children", PROVEN, "1+0+0+2", |w, _| {
            ok(MANIFEST, &w.older.manifests[0])
        }),
        at("child", "says 404 for each child", PROVEN, "1+0+0+2", |_, _| status("404 Not Found")),
        at("child", "serves the index for a child asked by digest", other_bytes(), NO_IMAGE, |w, _| {
            ok(INDEX, &w.index())
        })
        .asking(Ask::Child),
        at("child", "swaps children asked by digest", other_bytes(), NO_IMAGE, |w, _| {
            ok(MANIFEST, &w.image.manifests[1])
        })
        .asking(Ask::Child),
        at("config", "serves {} for every config", PROVEN, "1+2+0+2", |_, _| ok("application/json", b"{}")),
        at("config", "floods instead of configs", PROVEN, "1+2+0+2", |_, _| {
            Wire::Endless(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec())
        }),
        at("config", "serves a gzip bomb for every config", PROVEN, "1+2+0+2", |_, _| {
            bomb(&[("Content-Encoding", "gzip")])
        }),
        at(
            "/blobs/",
            "flips one bit of every blob",
            each("not-checked payload-needed"),
            "1+2+0+0",
            |w, path| ok("application/octet-stream", &flipped(w.bytes(path))),
        ),
        at("/blobs/", "truncates every blob", each("not-checked payload-needed"), "1+2+0+0", |w, path| {
            cut(&w.bytes(path))
        }),
        at("/blobs/", "redirects blobs to nowhere", each("not-checked payload-needed"), "1+2+0+0", |_, _| {
            redirect("http://127.0.0.1:1/x".to_owned())
        }),
        at("/blobs/", "has lost every blob", each("not-checked payload-needed"), "1+2+0+0", |_, _| {
            status("404 Not Found")
        }),
        case("has an index of nothing under the digest", other_bytes(), NO_IMAGE, |call, world| {
            super::case::hits("index", call, world).then(|| ok(INDEX, &index(&[])))
        }),
    ]
}
