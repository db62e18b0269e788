//! Puts the report together: headline, criteria, links, needs.

use super::findings::{self as report, Report};
use crate::base::digest::ClaimedDigest;
use crate::base::encoding::base64;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::engine::policy::Policy;
use crate::evidence::Item as Given;
use crate::model::publisher::LogPolicy;
use crate::model::reference::Reference;

use super::cosign::Chain;
use super::facts::Voice;
use super::provenance::registry_of;
use super::store::Store;
use super::subject::{Step, Subject};
use super::{Case, Question, codes, image, needs, published, room, verdict};

/// The report of a finished chain.
pub(super) fn report(case: &Case<'_>, subject: Option<&Subject>, chain: Chain) -> Report {
    let Case { question, store, .. } = *case;
    let outcome = chain.outcome();
    let headline = headline(question, store, subject, &chain);
    let needs = needs::list(case, subject, &chain);
    let proven = outcome == Outcome::Proven;
    let mut caveats = chain.caveats.clone();
    for caveat in chain.links.iter().filter(|link| link.place() == Place::Chain).flat_map(Link::caveats) {
        if !caveats.iter().any(|known| known.code == caveat.code) {
            caveats.push(caveat.clone());
        }
    }
    if !proven {
        caveats.clear();
    }
    let mut report = Report {
        schema: report::SCHEMA,
        outcome,
        code: headline.code,
        headline: headline.text,
        args: headline.args,
        next: headline.next,
        subject: described(question, store, subject, &chain),
        publisher: publisher(question.policy),
        criteria: criteria(question, subject, &chain),
        caveats,
        needs,
        shows: if proven { chain.shows } else { Vec::new() },
        not_shown: not_shown(question),
        links: chain.links,
        items: store.items.iter().map(|item| described_item(item, question.include_bytes)).collect_vec(),
        commands: Vec::new(),
        now: question.now.to_string(),
    };
    room::bound(&mut report);
    report
}

fn headline(question: &Question<'_>, store: &Store, subject: Option<&Subject>, chain: &Chain) -> Message {
    let (Some(subject), Outcome::Proven) = (subject, chain.outcome()) else {
        return verdict::weakest(&chain.links)
            .map_or_else(|| Message::new(codes::SUBJECT_UNCLEAR, &[]), as_message);
    };
    let digest = subject.digest().to_string();
    let kind = if chain.at_config { "image-id" } else { image::kind_of(store, subject.digest()) };
    if let Some(signed) = &chain.same_as {
        return same_as_signed(store, subject, kind, signed);
    }
    if let Some(tag) = &chain.published {
        let args = [("tag", tag.as_str()), ("digest", digest.as_str()), ("kind", kind)];
        return Message::new(codes::PUBLISHED_AS, &args);
    }
    let gun = question.policy.content_trust.as_ref().map_or("", |trust| trust.gun.as_str());
    if let (Some(tag), None) = (&chain.tag, &chain.through) {
        let args = [("digest", digest.as_str()), ("kind", kind), ("gun", gun), ("tag", tag)];
        return Message::new(codes::RELEASED, &args);
    }
    // A tag that only the signature's own digest answers for was not looked up.
    let image = question.image.filter(|_| subject.step != Step::Signed);
    // The name stands in the headline only where somebody said so, and the
    // signer did not say otherwise.
    let image =
        image.filter(|image| !chain.named_by.is_empty() && name_agrees(question.policy, image, chain));
    // A reference names an index or a manifest, never a config.
    let pinned =
        chain.top.as_ref().filter(|_| chain.at_config).map_or_else(|| digest.clone(), ToString::to_string);
    let (code, image, pinned) = match (image, &chain.predicate, &chain.through) {
        _ if chain.file => (codes::SIGNED_FILE, String::new(), String::new()),
        (_, Some(_), _) => (codes::ATTESTED, String::new(), String::new()),
        (_, None, Some(_)) => (codes::SIGNED_THROUGH, String::new(), String::new()),
        (Some(image), None, None) => {
            (codes::SIGNED_AS, image.text().to_owned(), format!("{}@{pinned}", image.name()))
        }
        (None, None, None) => (codes::SIGNED, String::new(), String::new()),
    };
    let args = [
        ("key", chain.key.as_str()),
        ("digest", &digest),
        ("kind", kind),
        ("image", &image),
        ("pinned", &pinned),
        ("platform", chain.through.as_deref().unwrap_or_default()),
        ("predicate", chain.predicate.as_deref().unwrap_or_default()),
    ];
    let args: Vec<_> = args.into_iter().filter(|(_, value)| !value.is_empty()).collect_vec();
    Message::new(code, &args)
}

/// The headline of a copy: another digest than the signed one, and the same image.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn same_as_signed(store: &Store, subject: &Subject, kind: &str, signed: &ClaimedDigest) -> Message {
    let digest = subject.digest().to_string();
    let item = store.doc(subject.digest()).and_then(|doc| store.items.get(doc.item));
    if subject.statement.voice == Voice::Archive {
        let args = [("digest", &*digest), ("kind", kind), ("signed", &*signed.to_string())];
        return Message::new(codes::SAVED_AS_SIGNED, &args);
    }
    let registry = registry_of(item).unwrap_or_else(|| "another registry".to_owned());
    let args =
        [("digest", &*digest), ("kind", kind), ("registry", &*registry), ("signed", &*signed.to_string())];
    Message::new(codes::SAME_AS_SIGNED, &args)
}

/// Whether the name that was signed, if there is one, is that of the image asked about, or
/// both are the publisher's; and its tag, if it has one, that of the image.
pub(super) fn name_agrees(policy: &Policy, image: &Reference, chain: &Chain) -> bool {
    let Some(signed) = chain.signed_name.as_deref().filter(|name| !name.is_empty()) else { return true };
    let Ok(signed) = Reference::parse(signed) else { return false };
    let own = |name: &str| policy.repositories.iter().any(|repository| repository == name);
    let tags = signed.tag().zip(image.tag_or_latest());
    tags.is_none_or(|(signed, asked)| signed == asked)
        && (signed.name() == image.name() || own(&signed.name()) && own(&image.name()))
}

fn as_message(link: &Link) -> Message {
    Message {
        code: link.code(),
        text: link.claim().to_owned(),
        next: link.next().to_owned(),
        args: link.args().clone(),
    }
}

fn described(
    question: &Question<'_>,
    store: &Store,
    subject: Option<&Subject>,
    chain: &Chain,
) -> report::Subject {
    report::Subject {
        reference: question.image.map(|image| image.text().to_owned()),
        digest: subject.map(|subject| subject.digest().to_string()),
        kind: subject.map_or("unknown", |subject| match image::kind_of(store, subject.digest()) {
            _ if chain.file => "file",
            _ if chain.at_config => "config",
            "image" => "unknown",
            "manifest-list" => "index",
            kind => kind,
        }),
        platform: chain.through.clone(),
    }
}

fn publisher(policy: &Policy) -> report::Publisher {
    let keys = policy.keys.iter().map(|key| report::PinnedKey {
        name: key.name().to_owned(),
        fingerprint: key.key().fingerprint().hex(),
    });
    let name = match (policy.publisher.as_str(), policy.has_root_of_trust()) {
        ("", false) => "none",
        ("", true) => "key",
        (name, _) => name,
    };
    report::Publisher { name: name.to_owned(), source: policy.source.name(), keys: keys.collect_vec() }
}

fn criteria(question: &Question<'_>, subject: Option<&Subject>, chain: &Chain) -> Vec<Message> {
    let (policy, content_trust) = (question.policy, chain.content_trust);
    let mut criteria = Vec::new();
    let mut add = |code, args: &[(&str, &str)]| criteria.push(Message::new(code, args));
    let by_words = |link: &Link| link.id() == "published" || link.id().starts_with("condition-");
    let words = chain.links.iter().any(by_words);
    let documented = words.then(|| published::answered(&policy.published, &chain.links)).flatten();
    if let Some(published) = documented {
        add(codes::CRITERION_PUBLISHED, &[("tag", published.tag()), ("place", &published.place())]);
    }
    // Keys count where something signed was asked for.
    let by_key = !content_trust && documented.is_none();
    for key in policy.keys.iter().filter(|_| by_key) {
        add(codes::CRITERION_KEY, &[("name", key.name()), ("fingerprint", &key.key().fingerprint().hex())]);
    }
    if let Some(trust) = policy.content_trust.as_ref().filter(|_| content_trust) {
        add(
            codes::CRITERION_CONTENT_TRUST,
            &[("root", &trust.root.join(", ")), ("repository", &trust.repository.join(", "))],
        );
    }
    if let Some(image) = question.image {
        add(codes::CRITERION_IMAGE, &[("image", image.text())]);
    }
    if let Some(subject) = subject {
        add(
            codes::CRITERION_DIGEST,
            &[("digest", &subject.digest().to_string()), ("source", &subject.statement.tool)],
        );
    }
    if let Some(predicate) = &policy.attestation {
        add(codes::CRITERION_ATTESTATION, &[("predicate", predicate)]);
    }
    if !policy.keys.is_empty() && by_key {
        match policy.log {
            LogPolicy::Required => add(codes::CRITERION_LOG, &[("root", &trusted_root(policy))]),
            LogPolicy::Ignored => add(codes::CRITERION_NO_LOG, &[]),
        }
    }
    criteria
}

/// Date and digest of the trusted root.
fn trusted_root(policy: &Policy) -> String {
    let digest = policy.trusted_root.digest();
    match policy.trusted_root.date() {
        Some(date) => format!("of {date} ({digest})"),
        None => digest.to_string(),
    }
}

/// What no verdict shows; said with every verdict.
fn not_shown(question: &Question<'_>) -> Vec<Message> {
    use report::codes::{NOT_SHOWN_KEY, NOT_SHOWN_LOCAL, NOT_SHOWN_PAGE, NOT_SHOWN_SAFE, NOT_SHOWN_TAG};
    let mut codes = vec![NOT_SHOWN_SAFE, NOT_SHOWN_KEY, NOT_SHOWN_LOCAL];
    if question.image.is_none_or(|image| image.digest().is_none()) {
        codes.push(NOT_SHOWN_TAG);
    }
    codes.push(NOT_SHOWN_PAGE);
    codes.into_iter().map(|code| Message::new(code, &[])).collect_vec()
}

fn described_item(item: &Given, include_bytes: bool) -> report::Item {
    report::Item {
        name: item.name.clone(),
        kind: item.kind.name(),
        size: item.bytes.len(),
        digest: item.digest.to_string(),
        repairs: item.repairs.clone(),
        notes: item.notes.clone(),
        parent: item.parent,
        bytes: include_bytes.then(|| base64::encode(&item.bytes)),
    }
}
