//! The real notary client asked about the same repositories as this verifier:
//! where it accepts and we refuse, and the other way round, is listed here.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::common::notary_signer::{ACCEPTED, LOOKUPS, REFUSED, Repo, other_entry};
use crate::common::notary_tools::{Folder, Static, have, notary};
use serde_json::json;
use webdis_verify::Time;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::session::check::{Options, Publisher, check};

/// The client accepts, this verifier refuses: the case and what the client does.
const STRICTER: &[(&str, &str)] = &[
    ("releases changed after signing", "it warns and goes on with the other roles"),
    ("releases signed by the repository key", "it warns and goes on with the other roles"),
    ("another repository key", "it can pin the root key only"),
    ("signed by a second repository key only", "it can pin the root key only"),
    ("signer is not the documented one", "it can pin the root key only"),
    (
        "delegate in an authority's certificate, signed by a stranger",
        "it warns and goes on with the other roles",
    ),
    ("certificate with two common names", "it takes the last one"),
    ("one key twice for a threshold of two", "it counts ids, not keys"),
    ("a bad signature of the documented key beside another's", "it can pin the root key only"),
    ("snapshot with a wrong length of the root", "it does not hold the root against it"),
    ("an integer beyond 2^53 changed after signing", "it reads integers as floats"),
    ("snapshot without the releases file", "it takes the role as empty"),
    ("a duplicate member", "it takes the last one"),
    ("a duplicate by escape", "it takes the last one"),
    ("a case variant", "it takes names in any case"),
    ("a case variant by the long s", "it takes names in any case"),
    ("a case variant beside the signature", "it takes names in any case"),
    ("33 signatures", "it has no limit; 32 are enough for anyone"),
    ("ambiguous digest", "it takes the one of targets/releases"),
    ("ambiguous length", "it takes the one of targets/releases"),
];

/// This verifier accepts, the client refuses: the case and what the report says.
const LAXER: &[(&str, &str)] = &[
    ("re-indented after signing", "a named repair: the listed hash is that of the form Notary writes"),
    ("slashes escaped after signing", "a named repair, the same"),
    ("timestamp expired", "the caveat not-fresh"),
    ("snapshot expired", "the caveat not-fresh"),
    ("targets expired", "the caveat not-fresh"),
    ("releases expired", "the caveat not-fresh"),
    ("timestamp absent", "the caveat not-fresh"),
];

/// The client's clock is this computer's; so both are asked about now.
fn now() -> Time {
    Time::from_unix(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Our answer for a tag: the signed digest, or the code of the refusal.
fn ours(repo: &Repo, files: &[(String, Vec<u8>)], tag: &str) -> Result<Signed, String> {
    let profile = json!({"schema": "https://webdis-verify.dev/profile/v1", "id": "test", "publisher": "Test",
        "repositories": [repo.gun], "log": "required", "releases": [{"from": "1.0", "scheme": "content-trust",
        "platforms": "single"}], "contentTrust": {"gun": repo.gun, "root": repo.pins.root,
        "repository": repo.pins.repository,
        "signers": repo.pins.signers.iter().map(|s| json!({"name": s.name, "id": s.key_id})).collect::<Vec<_>>()}});
    let given: Vec<Given> = files
        .iter()
        .map(|(name, bytes)| Given { name: name.clone(), origin: Origin::File, bytes: bytes.clone() })
        .collect();
    let options = Options {
        image: Some(format!("{}:{tag}", repo.gun)),
        publisher: Publisher::Profile(profile.to_string().into_bytes()),
        ..Options::at(now())
    };
    let report = check(&given, &options).map_err(|error| error.code().name().to_owned())?;
    match report.outcome {
        Outcome::Proven => Ok(Signed {
            digest: report.subject.digest.clone().unwrap(),
            not_fresh: report.caveats.iter().any(|caveat| caveat.code == "not-fresh"),
        }),
        _ => Err(report.code.to_owned()),
    }
}

struct Signed {
    digest: String,
    not_fresh: bool,
}

/// The client's answer for all tags: the digests that a pull would take.
fn theirs(folder: &Folder, server: &Static, repo: &Repo, files: &[(String, Vec<u8>)], n: usize) -> Theirs {
    server.clear();
    server.put("/v2/", "application/json", b"{}");
    for (name, bytes) in files {
        server.put(&format!("/v2/{}/_trust/tuf/{name}", repo.gun), "application/json", bytes);
    }
    let config = json!({"trust_pinning": {"certs": {&repo.gun: repo.pins.root}, "disable_tofu": true}});
    let folder = folder.path().join(n.to_string());
    let said = notary(
        &folder,
        &config.to_string(),
        server.port,
        &["list", &repo.gun, "-r", "targets/releases", "-r", "targets"],
    );
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &said.rows {
        if ["targets", "targets/releases"].contains(&row.role.as_str()) {
            tags.entry(row.tag.clone()).or_default().push(format!("sha256:{}", row.digest));
        }
    }
    let why = said.stderr.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
    Theirs { success: said.success, tags, why }
}

struct Theirs {
    success: bool,
    tags: BTreeMap<String, Vec<String>>,
    why: String,
}

#[test]
fn the_notary_client_agrees_or_is_listed() {
    if !have(&["notary"]) {
        return;
    }
    let folder = Folder::new("notary-oracle");
    let server = Static::start();
    let mut cases: Vec<(&str, Vec<&str>, Repo)> = Vec::new();
    for (name, _, change) in REFUSED {
        let mut repo = Repo::new();
        change(&mut repo);
        cases.push((name, vec!["1.0", "2.0"], repo));
    }
    for (name, _, change) in ACCEPTED {
        let mut repo = Repo::new();
        change(&mut repo);
        cases.push((name, vec!["1.0", "2.0"], repo));
    }
    for (name, tag, _, change) in LOOKUPS.iter().filter(|(_, tag, _, _)| !tag.contains(' ')) {
        let mut repo = Repo::new();
        change(&mut repo, other_entry());
        cases.push((name, vec![tag], repo));
    }
    let (mut stricter, mut laxer, mut both, mut neither) = (Vec::new(), Vec::new(), 0, 0);
    for (n, (name, tags, repo)) in cases.iter().enumerate() {
        let files = repo.files();
        let said = theirs(&folder, &server, repo, &files, n);
        let (mut more, mut less, mut same) = (false, false, false);
        let mut shown = Vec::new();
        for tag in tags {
            let ours = ours(repo, &files, tag);
            let theirs = said.tags.get(*tag).filter(|_| said.success);
            match (&ours, theirs) {
                (Ok(signed), Some(digests)) => {
                    assert_eq!(digests, std::slice::from_ref(&signed.digest), "{name}: {tag}");
                    same = true;
                }
                (Ok(signed), None) => {
                    less = true;
                    let told = LAXER.iter().any(|(n, why)| n == name && why.contains("not-fresh"));
                    assert_eq!(signed.not_fresh, told, "{name}: {tag}");
                }
                (Err(_), Some(_)) => more = true,
                (Err(_), None) => {}
            }
            let answer = ours.map_or_else(|code| code, |_| "proven".to_owned());
            shown
                .push(format!("{tag}: {answer} / {}", if theirs.is_some() { "accepted" } else { "refused" }));
        }
        shown.dedup_by_key(|text| text.split_once(' ').unwrap().1.to_owned());
        let word = match (more, less) {
            (true, _) => "STRICTER",
            (_, true) => "LAXER",
            _ => "same",
        };
        println!(
            "{word:<8} {name:<50} {}   {}",
            shown.join("; "),
            said.why.chars().take(90).collect::<String>()
        );
        stricter.extend(more.then_some(*name));
        laxer.extend(less.then_some(*name));
        both += usize::from(same && !more && !less);
        neither += usize::from(!same && !more && !less);
    }
    println!("{} repositories: both accept {both}, both refuse {neither}", cases.len());
    println!("the client accepts and we refuse ({}): {stricter:#?}", stricter.len());
    println!("we accept and the client refuses ({}): {laxer:#?}", laxer.len());
    assert!(cases.len() >= 130 && both >= 10 && neither >= 80);
    let names = |list: &[(&'static str, &str)]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(stricter, names(STRICTER));
    assert_eq!(laxer, names(LAXER));
}
