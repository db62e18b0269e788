//! What two registries say of one tag: a link and a caveat, never a verdict.

use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::engine::lookup::{Answer, Lookup, Place as Where};
use webdis_verify::engine::tag_answer::TagAnswer;
use webdis_verify::report::Report;
use webdis_verify::session::registry::codes;

use crate::case::{Case, case, has};
use crate::common::image::{bundle, digest, image, stranger};
use crate::subject::pull;

const HUB: &str = "docker.io/example/app";
const ECR: &str = "public.ecr.aws/example/app";
const ASKED: &str = "docker.io/example/app:1.0";

fn word(repository: &str, tag: &str, bytes: &[u8]) -> TagAnswer {
    let (repository, tag) = (repository.to_owned(), tag.to_owned());
    TagAnswer { repository, tag, proxy: false, unread: false, answer: Ok(Digest::of(bytes).to_claim()) }
}

fn silent(repository: &str) -> TagAnswer {
    let error = webdis_verify::Error::new(codes::UNREACHABLE).in_place(repository).found("no route");
    TagAnswer { answer: Err((&error).into()), ..word(repository, "1.0", b"") }
}

fn looks(repository: &str, bytes: &[u8], signatures: Option<usize>) -> Vec<Lookup> {
    let error = webdis_verify::Error::new(codes::UNREACHABLE).in_place(repository).found("no route");
    let answer = |place| match (signatures, place) {
        (None, _) => Answer::Failed { cause: (&error).into() },
        (Some(count), Where::Referrers) if count > 0 => Answer::Found { count, kinds: Vec::new() },
        _ => Answer::Absent,
    };
    let look = |place| Lookup {
        repository: repository.to_owned(),
        subject: Digest::of(bytes).to_claim(),
        place,
        answer: answer(place),
    };
    Where::SIGNATURES.into_iter().map(look).collect()
}

/// Signed at Docker Hub, fetched from there.
fn signed(name: &str) -> (Case, Vec<u8>) {
    let a = image("a", "1");
    let base = "https://registry-1.docker.io/v2/example/app";
    let signature = bundle(&a.index);
    let case = case(name)
        .image(ASKED)
        .fetched(&format!("{base}/manifests/{}", digest(&a.index)), &a.index)
        .fetched(&format!("{base}/blobs/{}", digest(&signature)), &signature)
        .told(&[word(HUB, "1.0", &a.index)]);
    (case, a.index)
}

fn said(report: &Report) -> Vec<&str> {
    let ours = |link: &&Link| link.id().starts_with("registries-") || link.id().starts_with("elsewhere-");
    assert!(report.links.iter().filter(ours).all(|link| link.place() == Place::Branch));
    assert!(report.links.iter().filter(ours).all(|link| link.outcome() == Outcome::NotChecked));
    report.links.iter().filter(ours).map(Link::code).collect()
}

#[track_caller]
fn caveat(report: &Report, code: &str) {
    let tag = |c: &&webdis_verify::base::message::Message| c.code.starts_with("tag-");
    let codes: Vec<_> = report.caveats.iter().filter(tag).map(|c| c.code).collect();
    assert_eq!(codes, [code], "{:?}", report.caveats);
}

#[test]
fn two_registries_agree_or_visibly_do_not() {
    let (one, index) = signed("one registry");
    let alone = one.proven("signed-as");
    assert_eq!(said(&alone), [""; 0]);
    caveat(&alone, "tag-is-mutable");
    let with = |name: &str, told: TagAnswer| one.clone().named(name).told(&[told]).proven("signed-as");

    let agree = with("two name one digest", word(ECR, "1.0", &index));
    assert_eq!(said(&agree), ["registries-agree"]);
    caveat(&agree, "tag-agreed");
    let link = agree.links.iter().find(|link| link.code() == "registries-agree").unwrap();
    assert_eq!(
        (link.args().get("one").unwrap().as_str(), link.args().get("other").unwrap().as_str()),
        (HUB, ECR)
    );
    assert_eq!(link.evidence().unwrap().facts.len(), 2);

    let differ = with("two name two digests", word(ECR, "1.0", b"late, or hostile"));
    assert_eq!(said(&differ), ["registries-differ"]);
    caveat(&differ, "tag-disputed");
    assert_eq!(differ.links.iter().filter(|l| l.outcome() == Outcome::Contradicted).count(), 0);

    let unreachable = with("the second is silent", silent(ECR));
    assert_eq!(said(&unreachable), ["registries-unknown"]);
    caveat(&unreachable, "tag-is-mutable");

    let other = with("another tag", word(ECR, "1.1", &index));
    assert_eq!(said(&other), [""; 0]);
    caveat(&other, "tag-is-mutable");

    for again in ["docker.io/example/app", "registry-1.docker.io/example/app", "docker.io/mirror/app"] {
        let twice = with(&format!("one registry twice: {again}"), word(again, "1.0", &index));
        assert_eq!(said(&twice), ["registries-one"]);
        caveat(&twice, "tag-is-mutable");
    }
    let mut third = one.clone().named("two agree, a third differs");
    third = third.told(&[word(ECR, "1.0", &index), word("ghcr.io/example/app", "1.0", b"x")]);
    let third = third.proven("signed-as");
    assert_eq!(said(&third), ["registries-agree", "registries-differ"]);
    caveat(&third, "tag-disputed");
}

#[test]
fn one_proxy_is_one_teller() {
    let (one, index) = signed("by a proxy");
    let told = [TagAnswer { proxy: true, ..word(ECR, "1.0", &index) }];
    let report = one.told(&told).proven("signed-as");
    caveat(&report, "tag-agreed-by-proxy");
    let link = report.links.iter().find(|link| link.code() == "registries-agree").unwrap();
    assert_eq!(link.caveats().iter().map(|c| c.code).collect::<Vec<_>>(), ["said-by-proxy"]);
}

#[test]
fn agreement_proves_nothing() {
    let a = image("a", "1");
    let both = [word(HUB, "1.0", &a.index), word(ECR, "1.0", &a.index)];
    let unsigned = case("unsigned, and two agree").image(ASKED).file(&a.index).told(&both);
    let report = unsigned.clone().looked(looks(HUB, &a.index, Some(0))).unsigned("no-signature-found");
    assert_eq!(said(&report), ["registries-agree"]);
    // Trouble with the second registry is not trouble with the first.
    let mut places = looks(HUB, &a.index, Some(0));
    places.extend(looks(ECR, &a.index, None));
    unsigned.clone().named("unsigned, the second is silent").looked(places).unsigned("no-signature-found");
    unsigned.clone().named("nobody looked").not_checked("signature-needed");
    unsigned.named("signed by a stranger").file(stranger(&a.index)).contradicted("signed-by-another-key");
}

/// A stranger's signature is no alarm where the publisher's may lie unread: a place that
/// gave no answer, or a list whose end nobody saw.
#[test]
fn a_stranger_s_signature_beside_an_unread_place_is_no_alarm() {
    let a = image("a", "1");
    let asked = case("a stranger's").image(ASKED).file(&a.index).file(stranger(&a.index));
    let all = looks(HUB, &a.index, Some(1));
    asked.clone().looked(all.clone()).contradicted("signed-by-another-key");
    let unread = looks(HUB, &a.index, None);
    for at in 0..all.len() {
        let mut places = all.clone();
        places[at] = unread[at].clone();
        let one = asked.clone().looked(places.clone()).named(&format!("{:?} is unread", places[at].place));
        // No attestation is the image's signature.
        match places[at].place {
            Where::AttestationTag => one.contradicted("signed-by-another-key"),
            _ => one.not_checked("signature-places-unread"),
        };
        // The publisher's own is one, whatever else is unread.
        case("the publisher's")
            .image(ASKED)
            .file(&a.index)
            .file(bundle(&a.index))
            .looked(places)
            .proven("signed");
    }
    // Another registry's places are not this one's, nor another image's.
    let elsewhere = [all.clone(), looks(ECR, &a.index, None)].concat();
    asked.clone().looked(elsewhere).contradicted("signed-by-another-key");
    let other = [all, looks(HUB, &image("b", "1").index, None)].concat();
    asked.looked(other).contradicted("signed-by-another-key");
}

#[test]
fn who_lacks_the_signature_is_said() {
    let (one, index) = signed("signed at the first only");
    let one = one.told(&[word(ECR, "1.0", &index)]).looked(looks(HUB, &index, Some(1)));
    let with = |name: &str, places: Vec<Lookup>| {
        let mut all = looks(HUB, &index, Some(1));
        all.extend(places);
        one.clone().named(name).looked(all).proven("signed-as")
    };
    assert_eq!(said(&one.proven("signed-as")), ["registries-agree"]);
    let lacking = with("the second has none", looks(ECR, &index, Some(0)));
    assert_eq!(said(&lacking), ["signed-elsewhere", "registries-agree"]);
    let link = lacking.links.iter().find(|link| link.code() == "signed-elsewhere").unwrap();
    assert_eq!(
        (link.args().get("repository").unwrap().as_str(), link.args().get("from").unwrap().as_str()),
        (ECR, HUB)
    );
    let unread = with("the second did not say", looks(ECR, &index, None));
    assert_eq!(said(&unread), ["signed-elsewhere-unread", "registries-agree"]);
    let junk = with("the second has junk", looks(ECR, &index, Some(1)));
    assert_eq!(said(&junk), ["signed-elsewhere-not-here", "registries-agree"]);
    let other = with("looked for another digest", looks(ECR, b"x", Some(0)));
    assert_eq!(said(&other), ["registries-agree"]);
    // Both hold it.
    let mut all = looks(HUB, &index, Some(1));
    all.extend(looks(ECR, &index, Some(1)));
    let signature = bundle(&index);
    let base = format!("https://public.ecr.aws/v2/example/app/blobs/{}", digest(&signature));
    let both = one.clone().named("both hold it").looked(all).fetched(&base, &signature).proven("signed-as");
    assert_eq!(said(&both), ["registries-agree"]);
}

#[test]
fn the_copy_alone_is_signed() {
    // Asked at Docker Hub; the signature lies at ECR only.
    let a = image("a", "1");
    let signature = bundle(&a.index);
    let mut places = looks(HUB, &a.index, Some(0));
    places.extend(looks(ECR, &a.index, Some(1)));
    let report = case("signed at the second only")
        .image(ASKED)
        .fetched(
            &format!("https://registry-1.docker.io/v2/example/app/manifests/{}", digest(&a.index)),
            &a.index,
        )
        .fetched(&format!("https://public.ecr.aws/v2/example/app/blobs/{}", digest(&signature)), &signature)
        .told(&[word(HUB, "1.0", &a.index), word(ECR, "1.0", &a.index)])
        .looked(places)
        .proven("signed-as");
    assert_eq!(said(&report), ["signed-elsewhere", "registries-agree"]);
    let link = report.links.iter().find(|link| link.code() == "signed-elsewhere").unwrap();
    assert_eq!(
        (link.args().get("repository").unwrap().as_str(), link.args().get("from").unwrap().as_str()),
        (HUB, ECR)
    );
}

#[test]
fn releases_packed_twice_are_said_to_be_one() {
    let (hub, ecr, evil) = (image("a", "hub"), image("a", "ecr"), image("b", "ecr"));
    let give = |mut case: Case, base: &str, image: &crate::common::image::Image| {
        let configs = image.configs.iter();
        for bytes in [&image.index, &image.manifests[0], &image.manifests[1]].into_iter().chain(configs) {
            case = case.fetched(&format!("https://{base}/manifests/{}", digest(bytes)), bytes);
        }
        case
    };
    let both = |name: &str, asked: &str, copy: &crate::common::image::Image| {
        let words = [word(HUB, "1.0", &hub.index), word(ECR, "1.0", &copy.index)];
        let words = if asked == ASKED { words } else { [words[1].clone(), words[0].clone()] };
        let case = case(name).image(asked).file(bundle(&hub.index)).told(&words);
        give(give(case, "registry-1.docker.io/v2/example/app", &hub), "public.ecr.aws/v2/example/app", copy)
    };
    let report = both("packed twice, asked at the signed one", ASKED, &ecr).proven("signed-as");
    assert_eq!(said(&report), ["registries-repacked"]);
    caveat(&report, "tag-is-mutable");
    let copy = format!("{ECR}:1.0");
    let report = both("packed twice, asked at the copy", &copy, &ecr).proven("same-as-signed");
    assert_eq!(said(&report), ["registries-repacked"]);
    let report = both("not the same configs", ASKED, &evil).proven("signed-as");
    assert_eq!(said(&report), ["registries-differ"]);
    caveat(&report, "tag-disputed");
    has(&report, "config-differs", Place::Branch, Outcome::Contradicted);
}

/// `docker buildx imagetools inspect` of an index.
fn imagetools(reference: &str, digest: &str) -> String {
    format!(
        "$ docker buildx imagetools inspect {reference}\nName:      {reference}\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    {digest}\n\nManifests:\n"
    )
}

#[test]
fn pasted_words_count_as_what_the_text_says() {
    let a = image("a", "1");
    let other = digest(b"another");
    let own = digest(&a.index);
    let copy = format!("{ECR}:1.0");
    type Print = fn(&str, &str) -> String;
    let tools: [(&str, Print); 2] = [("docker pull", pull), ("imagetools", imagetools)];
    for (tool, print) in tools {
        let one = case(tool)
            .image(ASKED)
            .file(&a.index)
            .file(bundle(&a.index))
            .paste(print("example/app:1.0", &own));
        let alone = one.proven("signed-as");
        assert_eq!(said(&alone), [""; 0]);
        let with = |name: &str, text: String| one.clone().named(&format!("{tool}: {name}")).paste(text).run();
        let agree = with("agree", print(&copy, &own));
        assert_eq!(agree.outcome, Outcome::Proven);
        assert_eq!(said(&agree), ["registries-agree"], "{tool}");
        caveat(&agree, "tag-agreed-in-text");
        assert_eq!(said(&with("another tag", print(&format!("{ECR}:1.1"), &own))), [""; 0], "{tool}");
        let foreign = with("another product", print("ghcr.io/stranger/thing:1.0", &own));
        assert_eq!(said(&foreign), [""; 0], "{tool}");
        let again = with("the same again", print("docker.io/example/app:1.0", &own));
        assert_eq!(said(&again), [""; 0], "{tool}");
        let differ = with("differ", print(&copy, &other));
        println!("{tool}: differ: {} {}", differ.outcome.name(), differ.code);
        assert_eq!(said(&differ), ["registries-differ"], "{tool}");
    }
}

/// A record without its signature proves nothing. One of another digest than the pull
/// shows contradicts it: cosign was asked for the tag, and found another image.
#[test]
fn a_record_of_another_digest_is_the_answer_beside_a_pull() {
    let (held, other) = (image("a", "1").index, image("b", "2").index);
    let record = |of: &[u8]| {
        format!(
            "Verification for {ASKED} --\nThe following checks were performed on each of these signatures:\n  - The signatures were verified against the specified public key\n\n[{{\"critical\":{{\"identity\":{{\"docker-reference\":\"{HUB}\"}},\"image\":{{\"docker-manifest-digest\":\"{}\"}},\"type\":\"cosign container image signature\"}},\"optional\":null}}]\n",
            digest(of)
        )
    };
    let pulled = || case("a pull and a record").paste(pull(ASKED, &digest(&held)));
    let differs = pulled().paste(record(&other)).contradicted("held-differs");
    assert_eq!(differs.args.get("expected").map(String::as_str), Some(&*digest(&other)));
    assert_eq!(differs.args.get("found").map(String::as_str), Some(&*digest(&held)));
    // cosign says what the tag means, also where the signature of what is held is there.
    pulled().file(bundle(&held)).paste(record(&other)).contradicted("held-differs");
    // Another image's record beside it heals nothing, nor does one of the tag's at another moment.
    let redis =
        record(&image("c", "3").index).replace(ASKED, "redis:7").replace(HUB, "docker.io/library/redis");
    for beside in [&redis, &record(&held)] {
        pulled().file(bundle(&held)).paste(record(&other)).paste(beside).contradicted("held-differs");
        pulled().file(bundle(&held)).paste(record(&held)).paste(beside).proven("signed-as");
    }
    pulled().paste(record(&held)).not_checked("cosign-record-without-bundle");
    case("a record alone").paste(record(&other)).not_checked("cosign-record-without-bundle");
    // Beside the signature of what is held it is another image's.
    pulled().file(bundle(&held)).paste(record(&held)).proven("signed-as");
}
