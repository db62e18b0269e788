//! The chain of a cosign signature: key, statement, log, digest, bytes.

use crate::digest::ClaimedDigest;
use crate::error::Error;
use crate::oci::Document;
use crate::publisher::{LogPolicy, Policy, codes as publisher_codes};
use crate::report::{Link, Message, Outcome, Place};
use crate::sigstore::LogEvidence;

use super::path::{self, Step};
use super::signatures::{Signatures, Verified};
use super::store::Store;
use super::subject::{Known, SubjectImage};
use super::verdict::{self, Reached};
use super::{Question, codes, held, image, why};

/// A chain with its witness and what should be said about it.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) links: Vec<Link>,
    pub(super) reached: Option<Reached>,
    pub(super) caveats: Vec<Message>,
    pub(super) shows: Vec<Message>,
    /// Name of the key that the proven chain begins with.
    pub(super) key: String,
    /// Predicate type, if the statement is an attestation.
    pub(super) predicate: Option<String>,
    /// Platform of the subject, where it was reached through an index.
    pub(super) through: Option<String>,
}

impl Chain {
    pub(super) fn outcome(&self) -> Outcome {
        verdict::conclude(&self.links, self.reached.as_ref())
    }
}

/// A verified signature and the way from what it names to the subject.
struct Route<'a> {
    verified: &'a Verified,
    from: ClaimedDigest,
    steps: Vec<Step>,
}

/// The strongest chain to the subject; the others beside it.
pub(super) fn follow(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &SubjectImage,
) -> Chain {
    let mut routes = Vec::new();
    for verified in &signatures.verified {
        let route = verified.signed.subjects().into_iter().find_map(|from| {
            let steps = path::find(store, &from, &subject.digest)?;
            Some(Route { verified, from, steps })
        });
        routes.extend(route);
    }
    // Shortest way first: a signature of the subject itself before one of its index.
    routes.sort_by_key(|route| route.steps.len());
    let mut best: Option<Chain> = None;
    for route in &routes {
        let chain = build(question, store, route);
        if best.as_ref().is_none_or(|b| verdict::stronger(chain.outcome(), b.outcome())) {
            best = Some(chain);
        }
    }
    let mut chain = best.unwrap_or_else(|| why::unsigned(question, store, signatures, subject));
    let end = chain
        .links
        .iter()
        .rev()
        .find(|l| l.place() == Place::Chain)
        .map(|l| l.id().to_owned())
        .unwrap_or_default();
    beside(question, store, signatures, subject, &routes, &end, &mut chain);
    chain
}

/// The subject is unclear: what can be said without one.
pub(super) fn unclear(policy: &Policy, store: &Store, signatures: &Signatures, error: &Error) -> Chain {
    let count = error.found_text().unwrap_or_default().to_owned();
    let subject = Link::failed_with("subject", error, &[("count", &count)]);
    // Without any good signature, the reason is more useful than the question.
    let reason =
        signatures.verified.is_empty().then(|| why::failed(policy, signatures, "signature")).flatten();
    let mut links = why::pinned_links(policy);
    links.push(reason.unwrap_or(subject));
    links.extend(failed_links(store, signatures));
    Chain { links, ..Chain::default() }
}

fn build(question: &Question<'_>, store: &Store, route: &Route<'_>) -> Chain {
    let Verified { key, signed, log, .. } = route.verified;
    let mut chain = Chain { key: key.name().to_owned(), ..Chain::default() };
    let fingerprint = key.key().fingerprint().hex();
    let args = [("name", key.name()), ("fingerprint", fingerprint.as_str())];
    chain.links.push(Link::proven("key", publisher_codes::KEY_PINNED, &args, key));
    let args = [("key", key.name()), ("form", signed.form())];
    chain.links.push(Link::proven("statement", codes::STATEMENT_SIGNED, &args, signed.proof()).under("key"));
    log_links(question, log, &mut chain);
    let names = match signed.names(&route.from) {
        Ok(names) => names,
        Err(error) => {
            chain.links.push(Link::failed("names", &error).under("statement"));
            return chain;
        }
    };
    let digest = route.from.to_string();
    chain.links.push(
        Link::proven("names", codes::STATEMENT_NAMES, &[("digest", &digest)], names.proof())
            .under("statement"),
    );
    let mut parent = "names".to_owned();
    if let Some(bytes) = image::bytes_link(store, "bytes", &route.from) {
        chain.links.push(bytes.under("names"));
        parent = "bytes".to_owned();
    }
    chain.links.extend(image::path_links(store, &route.steps, parent));
    chain.through = route.steps.last().map(|step| match step {
        Step::Listed(listed) => crate::oci::Index::label(listed.child()),
        Step::Config(_) => "its platform".to_owned(),
    });
    chain.predicate = question.policy.attestation.clone();
    chain.shows.push(Message::new(codes::SHOWS_KEY, &[("key", key.name())]));
    chain.reached = Some(Reached::by(names.proof()));
    chain
}

/// Log evidence is a link of its own: required, or said to be left out.
fn log_links(question: &Question<'_>, log: &LogEvidence, chain: &mut Chain) {
    let required = question.policy.log == LogPolicy::Required;
    if !required {
        chain.caveats.push(Message::new(codes::LOG_NOT_CHECKED, &[]));
    }
    match log {
        LogEvidence::Proven(proof) => {
            let args = [("index", proof.index().to_string()), ("log", proof.log_url().to_owned())];
            let args: Vec<_> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
            chain.links.push(Link::proven("log", codes::LOGGED, &args, proof.as_ref()).under("statement"));
            chain.shows.push(Message::new(codes::SHOWS_LOG, &[]));
        }
        // Evidence that is present and false contradicts, even where none was
        // demanded: somebody attached a lie.
        LogEvidence::Failed(error) => {
            let link = Link::failed("log", error).under("statement");
            let decides = required || link.outcome() == Outcome::Contradicted;
            chain.links.push(link.placed(if decides { Place::Chain } else { Place::Branch }));
        }
        LogEvidence::Absent if required => {
            chain.links.push(Link::open("log", codes::LOG_EVIDENCE_NEEDED, &[]).under("statement"));
        }
        LogEvidence::Absent => {}
    }
}

/// What stands beside the chain: children, their own signatures, other
/// signatures, held digests, failures.
fn beside(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &SubjectImage,
    routes: &[Route<'_>],
    end: &str,
    chain: &mut Chain,
) {
    let top = routes.first().map_or_else(|| subject.digest.clone(), |route| route.from.clone());
    let skip: Vec<ClaimedDigest> = routes.iter().flat_map(|r| &r.steps).map(|s| s.child().clone()).collect();
    chain.links.extend(image::branches(store, &subject.digest, end, &skip));
    let mut n = 0;
    for verified in &signatures.verified {
        n += 1;
        let Some(names) = verified.signed.subjects().into_iter().next() else { continue };
        let id = format!("signature-{n}");
        let digest = names.to_string();
        let from = store.items.get(verified.item).map_or("", |item| item.name.as_str());
        let related = names == subject.digest
            || path::find(store, &subject.digest, &names).is_some()
            || path::find(store, &names, &subject.digest).is_some();
        if !related {
            let note = Link::open(&id, codes::SET_ASIDE, &[("found", &digest), ("from", from)]);
            chain.links.push(note.placed(Place::Aside));
        } else if let Ok(proof) = verified.signed.names(&names) {
            let link = Link::proven(
                &id,
                codes::OWN_SIGNATURE,
                &[("digest", &digest), ("key", verified.key.name()), ("from", from)],
                proof.proof(),
            );
            chain.links.push(link.placed(Place::Branch));
        }
    }
    chain.links.extend(failed_links(store, signatures));
    chain.links.extend(held::links(store, &top, &subject.digest, question.image));
    if chain.reached.is_some()
        && let Some(Document::Index(index)) = store.doc(&subject.digest).map(|doc| &doc.document)
    {
        let platforms: Vec<String> = index.platforms().map(|(platform, _)| platform.to_string()).collect();
        let args = [("count", &*platforms.len().to_string()), ("platforms", &*platforms.join(", "))];
        chain.shows.push(Message::new(codes::SHOWS_PLATFORMS, &args));
    }
    if let (Known::Tag, Some(image)) = (subject.known, question.image) {
        tag_caveat(chain, image, &subject.digest);
    } else if let Some(image) = question.image.filter(|image| image.digest().is_none()) {
        tag_caveat(chain, image, &subject.digest);
    }
}

fn tag_caveat(chain: &mut Chain, image: &crate::reference::Reference, digest: &ClaimedDigest) {
    let pinned = format!("{}@{digest}", image.name());
    chain.caveats.push(Message::new(codes::TAG_IS_MUTABLE, &[("image", image.text()), ("pinned", &pinned)]));
}

/// Signatures that count for nothing, each with its reason and its source.
fn failed_links(store: &Store, signatures: &Signatures) -> Vec<Link> {
    let link = |(n, failed): (usize, &super::signatures::Failed)| {
        let from = store.items.get(failed.item).map_or("", |item| item.name.as_str());
        Link::failed_with(&format!("failed-{}", n + 1), &failed.error, &[("from", from)]).placed(Place::Aside)
    };
    signatures.failed.iter().enumerate().map(link).collect()
}
