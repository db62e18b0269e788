//! The chain of a cosign signature: key, statement, log, digest, bytes.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order;
use crate::base::outcome::Outcome;
use crate::base::proof::Anchor;
use crate::engine::link::{Link, Place};
use crate::engine::policy::Policy;
use crate::model::publisher::LogPolicy;
use crate::model::publisher::codes as publisher_codes;
use crate::model::reference::Reference;
use crate::proof::sigstore::LogEvidence;

use super::compare::Compared;
use super::path::{Above, Step};
use super::signatures::{Signatures, Signed, Verified};
use super::store::Store;
use super::subject::Subject;
use super::verdict::{self, Reached};
use super::{Case, Question, codes, image, siblings, unsigned};

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
    /// The digest that was signed, where the way down begins.
    pub(super) top: Option<ClaimedDigest>,
    /// The digests stepped through on the way to the subject.
    pub(super) steps: Vec<ClaimedDigest>,
    /// Whether the last of them is a config: the subject is an image ID.
    pub(super) at_config: bool,
    /// The signed image whose configs the subject shares.
    pub(super) same_as: Option<ClaimedDigest>,
    /// What comparisons with unsigned images came to.
    pub(super) compared: Vec<Compared>,
    /// Whether a file was signed and not an image.
    pub(super) file: bool,
    /// Whether this is the chain of Docker Content Trust.
    pub(super) content_trust: bool,
    /// The tag that Content Trust signed.
    pub(super) tag: Option<String>,
    /// The tag whose digest the publisher documented.
    pub(super) published: Option<String>,
    /// The name in the signed payload: the signer's claim.
    pub(super) signed_name: Option<String>,
    /// Tools and registries that say the asked tag means the subject.
    pub(super) named_by: Vec<String>,
    /// A digest of the same release in another repository that nothing connects, and
    /// that repository.
    pub(super) elsewhere: Option<(ClaimedDigest, String)>,
    /// Platform of the subject, where it was reached through an index.
    pub(super) through: Option<String>,
}

impl Chain {
    /// Adds a comparison: its links in a place, and what it came to.
    pub(super) fn compare(&mut self, mut compared: Compared, place: Place) {
        let links = core::mem::take(&mut compared.links).into_iter();
        let placed = |link: Link| if place == Place::Chain { link } else { link.placed(place) };
        self.links.push_all(links.map(placed));
        self.compared.push(compared);
    }

    /// Goes down from what the anchor states to the subject, below the link
    /// `parent`.
    pub(super) fn descend(
        &mut self,
        store: &Store,
        anchor: &dyn Anchor,
        steps: &[Step],
        subject: &ClaimedDigest,
        parent: String,
    ) {
        self.reached = Reached::by(anchor, steps, subject);
        self.links.push_all(image::path_links(store, steps, parent));
        self.through = image::platform_of(steps);
        self.at_config = matches!(steps.last(), Some(Step::Config(_)));
        self.top = Some(anchor.stated().clone());
        self.steps = steps.iter().map(|step| step.child().clone()).collect_vec();
    }

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

/// The strongest chain of a cosign signature to the subject, and the digests
/// it starts from and steps through; else why there is none.
pub(super) fn follow(case: &Case<'_>, subject: &Subject) -> Chain {
    let Case { question, store, signatures, .. } = *case;
    let mut best: Option<Chain> = None;
    for route in routes(store, signatures, subject.digest()) {
        let chain = build(question, store, &route, subject.digest());
        if best.as_ref().is_none_or(|b| verdict::stronger(chain.outcome(), b.outcome())) {
            best = Some(chain);
        }
    }
    best.unwrap_or_else(|| unsigned::without_signature(case, subject))
}

/// Every way from a verified signature to the subject, the shortest first: a
/// signature of the subject itself before one of its index.
fn routes<'a>(store: &Store, signatures: &'a Signatures, subject: &ClaimedDigest) -> Vec<Route<'a>> {
    let above = Above::of(store, subject);
    let route = |verified: &'a Verified| {
        verified.signed.subjects().into_iter().find_map(|from| {
            let steps = above.path(store, &from)?;
            Some(Route { verified, from, steps })
        })
    };
    let mut routes: Vec<_> = signatures.verified.iter().filter_map(route).collect_vec();
    order::sort_by(&mut routes, |a, b| (a.steps.len(), &a.from).cmp(&(b.steps.len(), &b.from)));
    routes
}

/// The subject is unclear: what can be said without one.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn unclear(policy: &Policy, store: &Store, signatures: &Signatures, error: &Error) -> Chain {
    let count = error.found_text().unwrap_or_default().to_owned();
    let subject = Link::failed_with("subject", error, &[("count", &count)]);
    // Without any good signature, the reason is more useful than the question.
    let reason = signatures
        .verified
        .is_empty()
        .then(|| unsigned::failed_without_subject(policy, signatures))
        .flatten();
    let mut links = unsigned::pinned_links(policy);
    links.push(reason.unwrap_or(subject));
    links.push_all(siblings::failed_links(store, signatures));
    Chain { links, ..Chain::default() }
}

fn build(question: &Question<'_>, store: &Store, route: &Route<'_>, subject: &ClaimedDigest) -> Chain {
    let Verified { key, signed, log, .. } = route.verified;
    let file = matches!(signed, Signed::File(_));
    let mut chain = Chain { key: key.name().to_owned(), file, ..Chain::default() };
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
        Link::proven("names", codes::STATEMENT_NAMES, &[("digest", &digest)], names.anchor())
            .under("statement"),
    );
    let mut parent = "names".to_owned();
    if let Some(bytes) = image::bytes_link(store, "bytes", &route.from) {
        chain.links.push(bytes.under("names"));
        parent = "bytes".to_owned();
    }
    chain.descend(store, names.anchor(), &route.steps, subject, parent);
    if let Signed::Image(signed) = signed {
        // A statement may call its subject anything: a name has a registry's host in it.
        let is_name = |name: &&str| {
            let host = name.split_once('/').map_or("", |(host, _)| host);
            signed.docker_reference().is_some() || host.contains(['.', ':']) && Reference::parse(name).is_ok()
        };
        chain.signed_name = signed.name_of(&route.from).filter(is_name).map(str::to_owned);
    }
    chain.predicate = question.policy.attestation.clone();
    chain.shows.push(Message::new(codes::SHOWS_KEY, &[("key", key.name())]));
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
            let args: Vec<_> = args.iter().map(|(n, v)| (*n, v.as_str())).collect_vec();
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
