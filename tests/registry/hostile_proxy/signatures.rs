//! What is done to the places of signatures, and to what they hold.

use std::time::Instant;

use super::case::{Case, at, case, each, hits};
use super::index::bomb;
use super::wire::{Call, Wire, headers, ok, status};
use super::world::{World, layers, referrer_manifest};
use crate::common::image::{bundle, digest, sig_manifest, simple, stranger};
use crate::common::registry::{BUNDLE, INDEX, MANIFEST};
use webdis_verify::base::digest::Digest;

const PROVEN: [&str; 3] = each("proven");
const ALL: &str = "1+2+2+2";
/// The image is whole; one, or no, signature of it arrived.
const ONE: &str = "1+2+2+1";
const NONE: &str = "1+2+2+0";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = places();
    cases.extend(lists());
    cases.extend(sig_tag());
    cases.extend(swapped());
    cases
}

fn unread() -> [&'static str; 3] {
    each("not-checked signature-places-unread")
}

fn places() -> Vec<Case> {
    vec![
        at(
            "attached",
            "claims 404 for every signature",
            each("unsigned no-signature-found"),
            NONE,
            |_, _| status("404 Not Found"),
        ),
        at("attached", "claims 403 for every signature", unread(), NONE, |_, _| status("403 Forbidden")),
        at("attached", "claims 429 for every signature", unread(), NONE, |_, _| {
            Wire::Whole("429 Too Many Requests", headers(&[("Retry-After", "60")]), Vec::new())
        }),
        at("attached", "claims 500 for every signature", unread(), NONE, |_, _| status("500 Oops")),
        at("attached", "drops the connection at every signature", unread(), NONE, |_, _| {
            Wire::Raw(Vec::new())
        }),
        at("attached", "never answers for signatures", unread(), NONE, |_, _| Wire::Silence).hasty(),
        at("attached", "floods at every place of signatures", unread(), NONE, |_, _| {
            Wire::Endless(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec())
        }),
        at("attached", "serves a gzip bomb at every place", unread(), NONE, |_, _| {
            bomb(&[("Content-Encoding", "gzip")])
        }),
        at("attached", "redirects every place to a login page", unread(), NONE, |_, _| {
            super::wire::redirect("https://login.invalid/".to_owned())
        }),
        at(
            "referrers",
            "claims 404 for referrers alone",
            ["proven", "unsigned no-signature-found", "proven"],
            ONE,
            |_, _| status("404 Not Found"),
        ),
        at(
            ".sig",
            "claims 404 for the .sig tag alone",
            ["proven", "proven", "unsigned no-signature-found"],
            ONE,
            |_, _| status("404 Not Found"),
        ),
        at(
            "referrers",
            "says 500 at referrers",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            |_, _| status("500 Oops"),
        ),
        at(
            ".sig",
            "says 500 at the .sig tag",
            ["proven", "proven", "not-checked signature-places-unread"],
            ONE,
            |_, _| status("500 Oops"),
        ),
        case("serves {} for what is missing", each("proven"), ALL, |call, world| match world.honest(call) {
            Wire::Whole("404 Not Found", ..) => Some(ok("application/json", b"{}")),
            _ => None,
        }),
    ]
}

fn lists() -> Vec<Case> {
    let absent = |count: u32| (0..count).map(|n| Digest::of(&n.to_be_bytes())).collect::<Vec<_>>();
    vec![
        at(
            "referrers",
            "serves referrers as text",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            |_, _| ok("text/plain", b"[]"),
        ),
        at(
            "referrers",
            "serves referrers that are not a list",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            |_, _| ok(INDEX, b"[]"),
        ),
        at(
            "referrers",
            "serves an empty list of referrers",
            ["proven", "unsigned no-signature-found", "proven"],
            ONE,
            |w, _| ok(INDEX, &w.list(&[])),
        ),
        at(
            "referrers",
            "serves the image as its referrers",
            ["proven", "not-checked other-signatures", "proven"],
            ONE,
            |w, _| ok(INDEX, &w.index()),
        ),
        at(
            "referrers",
            "lists 900 referrers nobody has",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            move |w, _| ok(INDEX, &w.list(&absent(900))),
        ),
        at("referrers", "lists 900 referrers after the true one", each("proven"), ALL, move |w, _| {
            let all: Vec<_> = w.referrer().into_iter().chain(absent(900)).collect();
            ok(INDEX, &w.list(&all))
        }),
        at(
            "referrers",
            "lists 900 referrers before the true one",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            move |w, _| {
                let all: Vec<_> = absent(900).into_iter().chain(w.referrer()).collect();
                ok(INDEX, &w.list(&all))
            },
        ),
        at(
            "referrers",
            "pages for ever",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            |w, _| {
                let link = format!("</v2/o/n/referrers/{}?n={:?}>; rel=\"next\"", w.subject, Instant::now());
                let link = link.replace(' ', "").replace(";rel", "; rel").replace(['{', '}'], "");
                let headers = headers(&[("Content-Type", INDEX), ("Link", &link)]);
                Wire::Whole("200 OK", headers, w.list(&[]))
            },
        ),
        at(
            "referrers",
            "pages in a form nobody reads",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            |w, _| {
                let link = format!("/v2/o/n/referrers/{}?n=2; rel=next", w.subject);
                Wire::Whole("200 OK", headers(&[("Content-Type", INDEX), ("Link", &link)]), w.list(&[]))
            },
        ),
        at(
            "referrers",
            "pages to another host",
            ["proven", "not-checked signature-places-unread", "proven"],
            ONE,
            |w, _| {
                let headers =
                    headers(&[("Content-Type", INDEX), ("Link", "<https://evil.example/x>; rel=\"next\"")]);
                Wire::Whole("200 OK", headers, w.list(&[]))
            },
        ),
        at(
            "referrers",
            "lists referrers of another image",
            ["proven", "not-checked other-signatures", "proven"],
            ONE,
            |w, path| w.attached_to(path, &w.older.index),
        ),
        at(
            "referrers",
            "lists a stranger's referrers",
            ["proven", "not-checked other-signatures", "proven"],
            ONE,
            |w, path| w.attached_to(path, &w.stranger.index),
        ),
        case("keeps referrers under the fallback tag", PROVEN, ALL, |call, world| {
            if call.path.contains("/referrers/") {
                return Some(status("404 Not Found"));
            }
            let list = world.list(world.referrer().as_slice());
            hits("flat", call, world).then(|| world.document(INDEX, &list))
        }),
        at("flat", "returns the image at the fallback tag", PROVEN, ALL, |w, _| {
            w.document(INDEX, &w.index())
        }),
        case(
            "returns the image at the fallback tag, nothing else (as after `cosign copy`)",
            each("unsigned no-signature-found"),
            NONE,
            |call, world| {
                if hits("flat", call, world) {
                    return Some(world.document(INDEX, &world.index()));
                }
                hits("attached", call, world).then(|| status("404 Not Found"))
            },
        ),
        at("flat", "returns HTML at the fallback tag", PROVEN, ALL, |_, _| ok("text/html", b"<html>")),
    ]
}

fn sig_tag() -> Vec<Case> {
    vec![
        at(
            ".sig",
            "returns the image as its .sig",
            ["proven", "proven", "not-checked other-signatures"],
            ONE,
            |w, _| w.document(INDEX, &w.index()),
        ),
        at(
            ".sig",
            "returns a platform as the .sig",
            ["proven", "proven", "not-checked other-signatures"],
            ONE,
            |w, _| w.document(MANIFEST, &w.image.manifests[0]),
        ),
        at(
            ".sig",
            "returns HTML as the .sig",
            ["proven", "proven", "not-checked signature-places-unread"],
            ONE,
            |_, _| ok("text/html", b"<html>"),
        ),
        at(
            ".sig",
            "lists 900 .sig layers nobody has",
            ["proven", "proven", "not-checked signature-places-unread"],
            ONE,
            |_, _| ok(MANIFEST, &layers(900, 9)),
        ),
        at(
            ".sig",
            "has a .sig payload of a terabyte",
            ["proven", "proven", "not-checked signature-places-unread"],
            ONE,
            |_, _| ok(MANIFEST, &layers(1, 1 << 40)),
        ),
        at(
            ".sig",
            "serves the .sig of another image",
            ["proven", "proven", "contradicted signed-another-image"],
            ONE,
            |w, path| w.attached_to(path, &w.older.index),
        ),
        at(
            ".sig",
            "flips a bit of the .sig annotations",
            ["proven", "proven", "contradicted signature-altered"],
            ALL,
            |w, _| {
                let (payload, annotations) = simple(&w.index());
                // One digit of the signature: base64 stays base64.
                let text = String::from_utf8(annotations).unwrap();
                let at = text.find("cosign/signature\":\"").unwrap() + 40;
                let mut bytes = text.into_bytes();
                bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
                ok(MANIFEST, &sig_manifest(&[(payload, bytes)]))
            },
        ),
        at(
            ".sig",
            "exchanges the layers' annotations",
            ["proven", "proven", "contradicted signature-altered"],
            ALL,
            |w, _| {
                let (one, two) = (simple(&w.index()), simple(&w.older.index));
                ok(MANIFEST, &sig_manifest(&[(one.0, two.1), (two.0, one.1)]))
            },
        ),
        at(".sig", "puts another image's signature first", PROVEN, ALL, |w, _| {
            ok(MANIFEST, &sig_manifest(&[simple(&w.older.index), simple(&w.index())]))
        }),
    ]
}

/// A registry that answers for one more manifest, with its bundle, at the
/// referrers.
fn with_referrer(
    beside: bool,
    bundle: fn(&World) -> Vec<u8>,
    subject: fn(&World) -> String,
) -> impl Fn(&Call, &World) -> Option<Wire> + Send + Sync {
    move |call, world| {
        let bundle = bundle(world);
        let manifest = referrer_manifest(&subject(world), &bundle);
        if call.path.ends_with(&format!("blobs/{}", digest(&bundle))) {
            return Some(ok(BUNDLE, &bundle));
        }
        if call.path.ends_with(&format!("manifests/{}", digest(&manifest))) {
            return Some(world.document(MANIFEST, &manifest));
        }
        let honest = world.referrer().into_iter().filter(|_| beside);
        let list: Vec<Digest> = [Digest::of(&manifest)].into_iter().chain(honest).collect();
        call.path.contains(&format!("/referrers/{}", world.subject)).then(|| ok(INDEX, &world.list(&list)))
    }
}

fn swapped() -> Vec<Case> {
    let own = |w: &World| w.subject.to_string();
    vec![
        case(
            "puts another key's signature beside",
            PROVEN,
            ALL,
            with_referrer(true, |w| stranger(&w.index()), own),
        ),
        case(
            "puts another key's signature in its place",
            ["proven", "contradicted signed-by-another-key", "proven"],
            ONE,
            with_referrer(false, |w| stranger(&w.index()), own),
        ),
        case(
            "puts a bundle of another image beside",
            PROVEN,
            ALL,
            with_referrer(true, |w| bundle(&w.older.index), own),
        ),
        case(
            "puts a bundle of another image in its place",
            ["proven", "contradicted signed-another-image", "proven"],
            ONE,
            with_referrer(false, |w| bundle(&w.older.index), own),
        ),
        // The subject field is the registry's: what counts is what was signed.
        case(
            "names another subject in the referrer",
            PROVEN,
            ALL,
            with_referrer(false, |w| bundle(&w.index()), |w| digest(&w.older.index)),
        ),
        case(
            "serves the signed statement with a flipped bit",
            ["proven", "contradicted signature-altered", "proven"],
            ONE,
            with_referrer(
                false,
                |w| {
                    let text = String::from_utf8(bundle(&w.index())).unwrap();
                    text.replacen("\"payload\":\"ey", "\"payload\":\"ez", 1).into_bytes()
                },
                own,
            ),
        ),
        case(
            "serves a referrer without a bundle",
            ["proven", "not-checked other-signatures", "proven"],
            ONE,
            with_referrer(false, |_| b"{}".to_vec(), own),
        ),
        at(
            "/blobs/",
            "serves another signature's blob",
            each("not-checked payload-needed"),
            NONE,
            |w, path| {
                if w.image.configs.iter().any(|config| path.ends_with(&digest(config))) {
                    return ok("application/json", &w.bytes(path));
                }
                ok(BUNDLE, &bundle(&w.older.index))
            },
        ),
        case(
            "claims 404 for every signature's blob",
            each("not-checked payload-needed"),
            NONE,
            |call, world| {
                let lost = call.path.contains("/blobs/") && !hits("config", call, world);
                lost.then(|| status("404 Not Found"))
            },
        ),
        at("/blobs/", "calls every blob something else", PROVEN, ALL, |w, path| {
            let lie = Digest::of(b"another").to_string();
            let headers = headers(&[("Docker-Content-Digest", &lie), ("Content-Type", "text/html")]);
            Wire::Whole("200 OK", headers, w.bytes(path))
        }),
        at(".sig", "has thirty copies of one layer", PROVEN, ALL, |w, _| {
            let (payload, annotations) = simple(&w.index());
            let many: Vec<_> = (0..30).map(|_| (payload.clone(), annotations.clone())).collect();
            ok(MANIFEST, &sig_manifest(&many))
        }),
    ]
}
