//! The plan of a fetch, as tables: a registry is a function from request to
//! reply, and nothing here opens a connection.

use webdis_verify::base::digest::Digest;
use webdis_verify::engine::lookup::{Answer, Place, nothing_there, read_in_full};
use webdis_verify::engine::need::{Need, NeedKind, codes};
use webdis_verify::model::reference::{Host, Reference};
use webdis_verify::session::registry::plan::{Options, Plan};
use webdis_verify::session::registry::request::{Method, Reply, Request};

use crate::common::registry::{BUNDLE, INDEX, MANIFEST, PAYLOAD, Registry, descriptor, reply, signed};

fn plan(text: &str) -> Plan {
    let mut plan = Plan::new(Reference::parse(text).unwrap(), Options::default());
    plan.want_subject();
    plan
}

/// Runs a plan to its end; returns the requests in order.
fn drive(plan: &mut Plan, mut server: impl FnMut(&Request) -> Reply) -> Vec<String> {
    let mut log = Vec::new();
    loop {
        let requests = plan.next_requests();
        if requests.is_empty() {
            break;
        }
        for request in requests {
            let token = if request.authorization.is_some() { " +token" } else { "" };
            log.push(format!("{} {}{token}", request.method.name(), request.url));
            assert!(log.len() < 5_000, "the plan does not end");
            plan.feed(request.id, server(&request));
        }
    }
    log
}

fn answers(plan: &Plan) -> Vec<(Place, String)> {
    let name = |answer: &Answer| match answer {
        Answer::Found { count, .. } => format!("found {count}"),
        Answer::Absent => "absent".to_owned(),
        Answer::Unsupported => "unsupported".to_owned(),
        Answer::Failed { cause } => cause.code.to_owned(),
    };
    plan.lookups().iter().map(|look| (look.place, name(&look.answer))).collect()
}

fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.failures().iter().map(|failure| failure.error.code().name()).collect()
}

#[test]
fn a_signed_image_of_two_platforms_takes_twelve_requests() {
    let (registry, subject) = signed();
    let mut plan = plan("r.example/o/n:1");
    let log = drive(&mut plan, |request| Ok(registry.answer(request)));
    println!("{}\n{:?}", log.join("\n"), plan.progress());
    assert_eq!(log.len(), 12);
    assert_eq!(log[0], "HEAD https://r.example/v2/o/n/manifests/1");
    assert!(log.iter().all(|line| !line.ends_with("+token")));
    assert_eq!(plan.pinned().unwrap().digest().unwrap().to_string(), subject.to_string());
    assert_eq!(
        answers(&plan),
        [
            (Place::Referrers, "found 1".to_owned()),
            (Place::ReferrersTag, "absent".to_owned()),
            (Place::SignatureTag, "found 1".to_owned()),
        ]
    );
    assert!(plan.failures().is_empty());
    let evidence = plan.take_evidence();
    // index, two manifests, two configs; referrers, referrer, bundle; .sig, payload
    assert_eq!(evidence.len(), 10);
    assert!(evidence.iter().any(|given| Digest::of(&given.bytes) == subject));
    assert!(read_in_full(&plan.lookups(), "r.example/o/n", &subject.to_claim()));
    assert!(!nothing_there(&plan.lookups(), "r.example/o/n", &subject.to_claim()));
}

#[test]
fn an_unsigned_image_is_unsigned_only_if_every_place_answered() {
    let mut registry = Registry::default();
    let subject = registry.manifest(Some("1"), INDEX, r#"{"schemaVersion":2,"manifests":[]}"#);
    for referrers in [false, true] {
        registry.referrers = referrers;
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| Ok(registry.answer(request)));
        let first = if referrers { "absent" } else { "unsupported" };
        assert_eq!(answers(&plan)[0], (Place::Referrers, first.to_owned()));
        assert!(nothing_there(&plan.lookups(), "r.example/o/n", &subject.to_claim()));
    }
    // Each place in turn fails in each way: never "nothing there".
    let places = ["/referrers/".to_owned(), format!("sha256-{}", subject.hex()), ".sig".to_owned()];
    for (status, code) in [
        (401, "registry-challenge"),
        (403, "registry-forbidden"),
        (429, "registry-rate-limited"),
        (500, "registry-server-error"),
        (503, "registry-server-error"),
        (302, "registry-redirect"),
        (418, "registry-status"),
    ] {
        for (at, place) in places.iter().enumerate() {
            let mut plan = plan("r.example/o/n:1");
            drive(&mut plan, |request| {
                let hit = match at {
                    1 => request.url.path().ends_with(place.as_str()),
                    _ => request.url.path().contains(place.as_str()),
                };
                Ok(if hit { reply(status, &[], b"") } else { registry.answer(request) })
            });
            assert!(
                !nothing_there(&plan.lookups(), "r.example/o/n", &subject.to_claim()),
                "{status} {place}"
            );
            assert_eq!(answers(&plan)[at].1, code, "{status} {place}");
        }
    }
}

#[test]
fn a_200_that_is_no_list_is_unread_and_not_nothing_there() {
    let mut registry = Registry::default();
    let subject = registry.manifest(Some("1"), INDEX, r#"{"schemaVersion":2,"manifests":[]}"#);
    let path = format!("/v2/o/n/referrers/{subject}");
    let image = r#"{"schemaVersion":2,"config":{},"layers":[]}"#;
    for (kind, body, answer) in [
        ("text/html", "<!doctype html><title>Registry</title>", "registry-list"),
        ("application/json", "{}", "registry-list"),
        ("application/json", r#"{"referrers":[]}"#, "registry-list"),
        (INDEX, r#"{"manifests":[]}"#, "registry-list"),
        (INDEX, "", "registry-list"),
        (MANIFEST, image, "registry-list"),
        // A list under another name is one all the same.
        ("application/json", r#"{"schemaVersion":2,"manifests":[]}"#, "absent"),
        (INDEX, r#"{"schemaVersion":2,"manifests":[]}"#, "absent"),
    ] {
        registry.put(&path, kind, body.as_bytes());
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| Ok(registry.answer(request)));
        assert_eq!(answers(&plan)[0], (Place::Referrers, answer.to_owned()), "{body}");
        let nothing = nothing_there(&plan.lookups(), "r.example/o/n", &subject.to_claim());
        assert_eq!(nothing, answer == "absent", "{body}");
    }
}

/// One referrer of the image at tag 1.
fn referred(registry: &mut Registry, subject: &Digest, kind: &str, referrer: &str) {
    registry.referrers = true;
    let digest = registry.manifest(None, kind, referrer);
    let entry = descriptor(kind, &digest, referrer.len(), "");
    let list = format!(r#"{{"schemaVersion":2,"manifests":[{entry}]}}"#);
    registry.put(&format!("/v2/o/n/referrers/{subject}"), INDEX, list.as_bytes());
}

#[test]
fn what_is_no_signature_we_read_is_there_all_the_same() {
    let layer = descriptor("application/jose+json", &Digest::of(b"x"), 1, "");
    let config = r#""config":{"mediaType":"application/vnd.cncf.notary.signature","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}"#;
    for (kind, referrer, told) in [
        (
            MANIFEST,
            format!(r#"{{"schemaVersion":2,{config},"layers":[{layer}]}}"#),
            "application/vnd.cncf.notary.signature",
        ),
        (
            MANIFEST,
            format!(r#"{{"schemaVersion":2,"artifactType":"application/spdx+json","layers":[{layer}]}}"#),
            "application/spdx+json",
        ),
        (MANIFEST, format!(r#"{{"schemaVersion":2,"layers":[{layer}]}}"#), "unknown"),
        (INDEX, format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[]}}"#), INDEX),
    ] {
        let mut registry = Registry::default();
        let subject = registry.manifest(Some("1"), INDEX, r#"{"schemaVersion":2,"manifests":[]}"#);
        referred(&mut registry, &subject, kind, &referrer);
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| Ok(registry.answer(request)));
        let found = Answer::Found { count: 1, kinds: vec![told.to_owned()] };
        assert_eq!(plan.lookups()[0].answer, found, "{referrer}");
        assert!(!nothing_there(&plan.lookups(), "r.example/o/n", &subject.to_claim()));
        assert!(plan.failures().is_empty(), "{:?}", plan.failures());
    }
    // A signature is told by its own type.
    let (registry, _) = signed();
    let mut plan = plan("r.example/o/n:1");
    drive(&mut plan, |request| Ok(registry.answer(request)));
    assert_eq!(plan.lookups()[0].answer, Answer::Found { count: 1, kinds: vec![BUNDLE.to_owned()] });
    assert_eq!(plan.lookups()[2].answer, Answer::Found { count: 1, kinds: vec![PAYLOAD.to_owned()] });
}

#[test]
fn a_document_that_contradicts_its_descriptor_is_told() {
    for (own, told) in [(Some(MANIFEST), false), (None, false), (Some("application/vnd.evil+json"), true)] {
        let mut registry = Registry { referrers: true, ..Registry::default() };
        let own = own.map(|own| format!(r#""mediaType":"{own}","#)).unwrap_or_default();
        let child = format!(r#"{{"schemaVersion":2,{own}"config":{{}},"layers":[]}}"#);
        let digest = registry.manifest(None, MANIFEST, &child);
        let platform = r#","platform":{"os":"linux","architecture":"amd64"}"#;
        let entry = descriptor(MANIFEST, &digest, child.len(), platform);
        let index = format!(r#"{{"schemaVersion":2,"manifests":[{entry}]}}"#);
        registry.manifest(Some("1"), INDEX, &index);
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| Ok(registry.answer(request)));
        let said: &[&str] = if told { &["registry-media-type"] } else { &[] };
        assert_eq!(codes(&plan), said, "{child}");
        // It is evidence all the same: the engine judges its bytes.
        assert!(plan.take_evidence().iter().any(|given| Digest::of(&given.bytes) == digest));
        assert!(!plan.subject_failed());
    }
}

#[test]
fn a_token_is_asked_for_once_and_stays_with_its_host() {
    let (registry, _) = signed();
    let mut plan = plan("r.example/o/n:1");
    let challenge =
        r#"Bearer realm="https://auth.example/token",service="r.example",scope="repository:o/n:pull""#;
    let log = drive(&mut plan, |request| {
        if request.url.host().as_str() == "auth.example" {
            assert!(request.authorization.is_none());
            return Ok(reply(200, &[], br#"{"token":"SECRET"}"#));
        }
        Ok(match &request.authorization {
            Some(secret) if secret.header() == "Bearer SECRET" => registry.answer(request),
            _ => reply(401, &[("www-authenticate", challenge)], b""),
        })
    });
    assert_eq!(log.len(), 14, "{}", log.join("\n"));
    assert_eq!(log[1], "GET https://auth.example/token?service=r.example&scope=repository%3Ao%2Fn%3Apull");
    assert!(log[2..].iter().all(|line| line.ends_with("+token")));
    assert!(plan.failures().is_empty());
    assert!(!format!("{plan:?}").contains("SECRET"));
    assert!(plan.take_evidence().iter().all(|given| !format!("{given:?}").contains("SECRET")));
}

#[test]
fn a_token_that_does_not_help_ends_the_check() {
    for (token, code) in [
        (Ok(reply(200, &[], br#"{"token":"x"}"#)), "registry-unauthorized"),
        (Ok(reply(200, &[], b"<html>")), "registry-token"),
        (Ok(reply(429, &[], b"")), "registry-token"),
        (Ok(reply(200, &[], br#"{"token":"x\r\nHost: y"}"#)), "registry-token"),
    ] as [(Reply, &str); 4]
    {
        let mut plan = plan("r.example/o/n:1");
        let log = drive(&mut plan, |request| match request.url.host().as_str() {
            "auth.example" => token.clone(),
            _ => Ok(reply(401, &[("www-authenticate", r#"Bearer realm="https://auth.example/t""#)], b"")),
        });
        assert!(log.len() <= 3, "{log:?}");
        assert!(codes(&plan).contains(&code), "{code}: {:?}", codes(&plan));
        assert!(plan.take_evidence().is_empty());
    }
}

#[test]
fn tags_without_head_or_header_are_fetched_and_hashed() {
    let (registry, subject) = signed();
    for (status, header) in [(405, None), (200, None), (200, Some("sha256:abc"))] {
        let mut plan = plan("r.example/o/n:1");
        let log = drive(&mut plan, |request| {
            if request.method == Method::Head {
                let headers: Vec<_> =
                    header.map(|text| ("docker-content-digest", text)).into_iter().collect();
                return Ok(reply(status, &headers, b""));
            }
            Ok(registry.answer(request))
        });
        assert_eq!(log[1], "GET https://r.example/v2/o/n/manifests/1");
        assert_eq!(plan.pinned().unwrap().digest().unwrap().to_string(), subject.to_string());
        assert!(plan.failures().is_empty(), "{:?}", plan.failures());
    }
}

#[test]
fn pages_of_referrers_are_followed_on_their_own_path_only() {
    let (registry, subject) = signed();
    let path = format!("/v2/o/n/referrers/{subject}");
    let good = format!("<{path}?page=2>; rel=\"next\"");
    for (link, found) in [
        (good.as_str(), "found 1"),
        ("<https://evil.example/x>; rel=\"next\"", "registry-redirect"),
        ("</v2/other/referrers/x>; rel=\"next\"", "registry-redirect"),
        ("<//evil.example/x>; rel=\"next\"", "registry-redirect"),
        ("</v2/../x>; rel=\"next\"", "registry-redirect"),
        // What cannot be read may lead on: that is not "nothing there".
        ("/v2/o/n/referrers/x; rel=next", "registry-pages"),
        ("<?page=2>", "registry-pages"),
        ("next", "registry-pages"),
        // A page that was read is none to come.
        (&format!("<{path}>; rel=next"), "registry-pages"),
        // The twins: no link, and one to something else, end the list.
        ("", "absent"),
        ("</x.js>; rel=preload", "absent"),
    ] {
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| {
            assert_eq!(request.url.host().as_str(), "r.example");
            if request.url.target() == path {
                let empty = br#"{"schemaVersion":2,"manifests":[]}"#;
                return Ok(reply(200, &[("content-type", INDEX), ("link", link)], empty));
            }
            Ok(registry.answer(request))
        });
        assert_eq!(answers(&plan)[0].1, found, "{link}");
    }
    // A page that always names another page ends.
    let mut plan = plan("r.example/o/n:1");
    let mut page = 0;
    drive(&mut plan, |request| {
        if request.url.path() == path {
            page += 1;
            let link = format!("<{path}?page={page}>; rel=next");
            let empty = br#"{"schemaVersion":2,"manifests":[]}"#;
            return Ok(reply(200, &[("content-type", INDEX), ("link", &link)], empty));
        }
        Ok(registry.answer(request))
    });
    assert_eq!(answers(&plan)[0].1, "registry-redirect");
    assert!(page <= 64);
}

/// A registry that gave a page has the list: what it says of the next one is no "there is
/// none", and a page that comes again ends nothing.
#[test]
fn a_list_that_was_not_read_to_its_end_is_unread() {
    let (registry, subject) = signed();
    let path = format!("/v2/o/n/referrers/{subject}");
    let good = format!("<{path}?page=2>; rel=\"next\"");
    for status in [400, 404, 405, 406, 501] {
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| {
            let empty = br#"{"schemaVersion":2,"manifests":[]}"#;
            match request.url.target() {
                target if target == path => {
                    Ok(reply(200, &[("content-type", INDEX), ("link", &good)], empty))
                }
                target if target.starts_with(&path) => Ok(reply(status, &[], b"{}")),
                _ => Ok(registry.answer(request)),
            }
        });
        assert!(answers(&plan)[0].1.starts_with("registry-"), "{status}: {:?}", answers(&plan));
    }
    // A cache that does not look at what is asked gives the first page again.
    let mut plan = plan("r.example/o/n:1");
    drive(&mut plan, |request| {
        if request.url.path() == path {
            let empty = br#"{"schemaVersion":2,"manifests":[]}"#;
            return Ok(reply(200, &[("content-type", INDEX), ("link", &good)], empty));
        }
        Ok(registry.answer(request))
    });
    assert_eq!(answers(&plan)[0].1, "registry-pages");
}

/// A browser that asks a registry itself sees no `Link` unless the registry shows it: a
/// list that may be a page is not known to be whole. What the browser sees is.
#[test]
fn a_list_whose_link_may_be_hidden_is_not_known_to_end() {
    let (mut registry, subject) = signed();
    let path = format!("/v2/o/n/referrers/{subject}");
    let kind = "application/spdx+json";
    let child = registry.manifest(None, MANIFEST, &format!(r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","artifactType":"{kind}","config":{},"layers":[]}}"#, descriptor("application/vnd.oci.empty.v1+json", &Digest::of(b"{}"), 2, "")));
    let entry = descriptor(MANIFEST, &child, 10, "");
    let list = |count: usize| {
        format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, vec![entry.clone(); count].join(","))
    };
    for (count, hidden, found) in [
        (0, true, "absent"),
        (9, true, "found 1"),
        (10, true, "registry-pages-hidden"),
        (100, true, "registry-pages-hidden"),
        (10, false, "found 1"),
        (100, false, "found 1"),
    ] {
        let mut plan = plan("r.example/o/n:1");
        drive(&mut plan, |request| {
            let mut answer = match request.url.target() == path {
                true => reply(200, &[("content-type", INDEX)], list(count).as_bytes()),
                false => registry.answer(request),
            };
            if hidden {
                answer.headers.hide();
            }
            Ok(answer)
        });
        assert_eq!(answers(&plan)[0].1, found, "{count} {hidden}");
        let digest = subject.to_claim();
        assert_eq!(read_in_full(&plan.lookups(), "r.example/o/n", &digest), found != "registry-pages-hidden");
    }
    // A link that is shown is followed.
    let link = format!("<{path}?page=2>; rel=next");
    let mut plan = plan("r.example/o/n:1");
    drive(&mut plan, |request| {
        let headers = [("content-type", INDEX), ("link", link.as_str())];
        let mut answer = match request.url.target() {
            target if target == path => reply(200, &headers, list(10).as_bytes()),
            target if target.starts_with(&path) => reply(200, &headers[..1], list(1).as_bytes()),
            _ => registry.answer(request),
        };
        answer.headers.hide();
        Ok(answer)
    });
    assert_eq!(answers(&plan)[0].1, "found 1");
}

#[test]
fn needs_lead_to_requests_once() {
    let digest = Digest::of(b"x").to_string();
    let need = |kind| Need::new(kind, codes::TAG, None, true);
    let notary = Some(Host::parse("notary.docker.io").unwrap());
    let options = Options { notary, ..Options::default() };
    let mut plan = Plan::new(Reference::parse("nicolas/webdis:0.1.19").unwrap(), options);
    let kinds = [
        (
            NeedKind::Tag { tag: "1".into() },
            "HEAD https://registry-1.docker.io/v2/nicolas/webdis/manifests/1",
        ),
        (NeedKind::Manifest { digest: digest.clone() }, "manifests/sha256:2d7116"),
        (NeedKind::Blob { digest: digest.clone() }, "blobs/sha256:2d7116"),
        (NeedKind::Signature { digest: digest.clone() }, "referrers/sha256:2d7116"),
        (
            NeedKind::Metadata { role: "targets/releases".into() },
            "https://notary.docker.io/v2/docker.io/nicolas/webdis/_trust/tuf/targets/releases.json",
        ),
    ];
    for (kind, part) in kinds {
        assert!(plan.want(&need(kind.clone())), "{kind:?}");
        let log = drive(&mut plan, |_| Ok(reply(404, &[], b"")));
        assert!(log[0].contains(part), "{log:?}");
        assert!(!plan.want(&need(kind)), "asked twice");
    }
    for kind in [
        NeedKind::Publisher,
        NeedKind::LogEvidence { digest },
        NeedKind::Manifest { digest: "sha256:x".into() },
        NeedKind::Tag { tag: "../x".into() },
        NeedKind::Metadata { role: "../../x".into() },
        NeedKind::Metadata { role: "a?b#c".into() },
    ] {
        assert!(!plan.want(&need(kind.clone())), "{kind:?}");
    }
    let elsewhere = Need { repository: Some("quay.io/a/b".into()), ..need(NeedKind::Subject) };
    assert!(!plan.want(&elsewhere));
}

#[test]
fn tags_are_listed_over_pages_and_resolved() {
    let (registry, subject) = signed();
    let mut plan = Plan::new(Reference::parse("r.example/o/n").unwrap(), Options::default());
    plan.want_tags();
    let mut server = |request: &Request| {
        Ok(match request.url.target() {
            "/v2/o/n/tags/list?n=1000" => reply(
                200,
                &[("link", "</v2/o/n/tags/list?last=1>; rel=\"next\"")],
                br#"{"name":"o/n","tags":["1"]}"#,
            ),
            "/v2/o/n/tags/list?last=1" => reply(200, &[], br#"{"name":"o/n","tags":["2"]}"#),
            _ => registry.answer(request),
        })
    };
    drive(&mut plan, &mut server);
    assert_eq!(plan.tags(), ["1", "2"]);
    for tag in plan.tags().to_vec() {
        plan.want_tag(&tag);
    }
    drive(&mut plan, &mut server);
    assert_eq!(plan.resolved().len(), 1);
    assert_eq!(plan.resolved()[0].digest.to_string(), subject.to_string());
    assert_eq!(codes(&plan), ["registry-not-found"]);
}

#[test]
fn a_row_that_is_no_tag_leaves_the_others() {
    let (registry, _) = signed();
    let mut plan = Plan::new(Reference::parse("r.example/o/n").unwrap(), Options::default());
    plan.want_tags();
    drive(&mut plan, |request| {
        Ok(match request.url.target() {
            "/v2/o/n/tags/list?n=1000" => reply(200, &[], br#"{"tags":["1","../x","\u001b[31mred",7,"2"]}"#),
            _ => registry.answer(request),
        })
    });
    assert_eq!(plan.tags(), ["1", "2"]);
    assert_eq!(codes(&plan), ["registry-tag-name"]);
    assert!(plan.failures()[0].error.sentence().contains("(3)"), "{}", plan.failures()[0].error);
}

#[test]
fn notary_metadata_is_asked_for_in_the_name_of_its_collection() {
    let mut nobody = Plan::new(Reference::parse("nicolas/webdis").unwrap(), Options::default());
    assert!(!nobody.want_trust(), "without a server nobody is asked");
    let notary = Some(Host::parse("notary.docker.io").unwrap());
    let mut plan =
        Plan::new(Reference::parse("nicolas/webdis").unwrap(), Options { notary, ..Options::default() });
    assert!(plan.want_trust());
    let challenge = r#"Bearer realm="https://auth.docker.io/token",service="notary.docker.io""#;
    let log = drive(&mut plan, |request| {
        Ok(match (request.url.host().as_str(), &request.authorization) {
            ("auth.docker.io", _) => reply(200, &[], br#"{"token":"t"}"#),
            (_, None) => reply(401, &[("www-authenticate", challenge)], b""),
            _ if request.url.path().ends_with("/snapshot.json") => reply(
                200,
                &[],
                br#"{"signed":{"meta":{"root":{},"targets":{},"targets/nicolasff":{},"targets/../x":{}}}}"#,
            ),
            _ => reply(200, &[], b"{}"),
        })
    });
    assert!(log[1].ends_with("scope=repository%3Adocker.io%2Fnicolas%2Fwebdis%3Apull"), "{}", log[1]);
    assert!(log.iter().any(|line| line.contains("/tuf/targets/nicolasff.json")));
    assert!(!log.iter().any(|line| line.contains("..")));
    assert_eq!(plan.take_evidence().len(), 6);
}

#[test]
fn cancelling_leaves_no_place_looking_empty() {
    let (registry, subject) = signed();
    let mut said = Vec::new();
    for after in 0..12 {
        let mut plan = plan("r.example/o/n:1");
        let mut sent = 0;
        loop {
            if sent >= after {
                plan.cancel();
            }
            let requests = plan.next_requests();
            if requests.is_empty() {
                break;
            }
            for request in requests {
                sent += 1;
                plan.feed(request.id, Ok(registry.answer(&request)));
            }
        }
        assert!(!nothing_there(&plan.lookups(), "r.example/o/n", &subject.to_claim()));
        said.extend(answers(&plan).into_iter().map(|(_, answer)| answer));
    }
    assert!(said.iter().any(|code| code == "registry-cancelled"), "{said:?}");
}

#[test]
fn a_notary_server_that_cannot_be_reached_is_tried_once() {
    let notary = Some(Host::parse("notary.example").unwrap());
    let mut plan =
        Plan::new(Reference::parse("nicolas/webdis").unwrap(), Options { notary, ..Options::default() });
    plan.want_trust();
    let log = drive(&mut plan, |_| {
        Err(webdis_verify::Error::new(webdis_verify::session::registry::codes::UNREACHABLE))
    });
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(plan.next_requests().is_empty());
    assert_eq!(plan.notary_failure().map(|(host, _)| host.as_str()), Some("notary.example"));
}

#[test]
fn an_oci_manifest_is_not_taken_for_schema_1() {
    for (kind, code) in [
        ("application/vnd.oci.image.manifest.v1+json", None),
        ("application/vnd.docker.distribution.manifest.v2+json", None),
        ("application/vnd.docker.distribution.manifest.v1+json", Some("registry-schema1")),
        ("application/vnd.docker.distribution.manifest.v1+prettyjws", Some("registry-schema1")),
    ] {
        let mut plan = plan("r.example/o/n:1");
        let body = br#"{"schemaVersion":2,"config":{"mediaType":"a/b","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[]}"#;
        let digest = Digest::of(body).to_string();
        drive(&mut plan, |request| {
            Ok(match request.url.path() {
                path if path.contains("/manifests/sha256-") => reply(404, &[], b"{}"),
                path if path.contains("/manifests/") => {
                    let headers = [("content-type", kind), ("docker-content-digest", digest.as_str())];
                    let head = request.method == Method::Head;
                    reply(200, &headers, if head { b"" } else { body })
                }
                path if path.contains("/blobs/") => reply(200, &[], b"{}"),
                _ => reply(404, &[], b"{}"),
            })
        });
        assert_eq!(codes(&plan).first().copied(), code, "{kind}");
    }
}
