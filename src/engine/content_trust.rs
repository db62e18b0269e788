//! The chain of Docker Content Trust: pinned root key, roles, signed tag.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::order::Set as BTreeSet;
use core::result::Result as CoreResult;

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::engine::link::{Link, Place};
use crate::evidence;
use crate::evidence::{Item, Kind};
use crate::model::publisher::{ContentTrust, Scheme};
use crate::model::reference::Reference;
use crate::proof::tuf::trust_text::{self, Comparison};
use crate::proof::tuf::{
    self, NamedFile, Pins, Release, RoleOutcome, RoleReport, Signer, Verdict, Verification,
};

use super::cosign::Chain;
use super::facts::Voice;
use super::released;
use super::store::Store;
use super::subject::Subject;
use super::{Question, codes, image};

/// What saved metadata and pasted trust texts come to.
#[derive(Debug, Default)]
pub(super) struct Trust {
    pub(super) verification: Option<Verification>,
    /// Texts of `docker trust inspect` and `notary list`.
    pub(super) texts: Vec<Comparison>,
    /// Whether the asked release is signed this way: the profile says so, or
    /// nothing but Content Trust keys is pinned.
    pub(super) expected: bool,
}

/// Examines all metadata files and trust texts with the policy's pins.
pub(super) fn examine(question: &Question<'_>, store: &Store) -> Trust {
    let tag = question.image.and_then(Reference::tag_or_latest);
    let release = tag.and_then(|tag| question.policy.release(tag));
    let Some(pinned) = &question.policy.content_trust else { return Trust::default() };
    if !is_for(question, pinned) {
        return Trust::default();
    }
    let only = question.policy.keys.is_empty() && question.policy.identity.is_none();
    let pins = pins(pinned);
    let files: Vec<_> = store
        .items
        .iter()
        .filter(|item| item.kind.is_notary_metadata())
        .map(|item| NamedFile { name: &item.name, bytes: &item.bytes })
        .collect_vec();
    let verification = (!files.is_empty()).then(|| tuf::verify(&files, &pinned.gun, &pins, question.now));
    let texts = store.items.iter().flat_map(|item| read_texts(item, &pinned.gun));
    let mut texts: Vec<_> = texts.map(|text| trust_text::compare(&text, &pins)).collect_vec();
    complete(&mut texts);
    Trust {
        verification,
        texts,
        expected: only || release.is_some_and(|release| release.scheme == Scheme::ContentTrust),
    }
}

/// A key that one text leaves out is shown where another text of the collection has
/// it. Whichever came first, the worst is told first.
fn complete(texts: &mut [Comparison]) {
    let agreed = texts.iter().flat_map(|text| &text.agreements);
    let shown: BTreeSet<String> = agreed.map(|agreement| agreement.place.clone()).collect();
    let is_shown = |error: &Error| {
        error.code() == trust_text::codes::TEXT_KEY_ABSENT
            && error.place().is_some_and(|at| shown.contains(at))
    };
    texts.iter_mut().for_each(|text| text.problems.retain(|error| !is_shown(error)));
    let key = |text: &Comparison| {
        let error = text.conclusion();
        let [place, found] =
            [error.place(), error.found_text()].map(|text| text.unwrap_or_default().to_owned());
        (text.problems.is_empty(), error.code().name(), place, found)
    };
    order::sort_by(texts, |one, other| key(one).cmp(&key(other)));
}

/// Whether Content Trust has a say: the publisher owns the asked name, and
/// the tag is this scheme's ([`Policy::is_of_content_trust`]).
///
/// [`Policy::is_of_content_trust`]: super::policy::Policy::is_of_content_trust
fn is_for(question: &Question<'_>, pinned: &ContentTrust) -> bool {
    let Some(image) = question.image else { return true };
    let policy = question.policy;
    let owned = pinned.gun == image.gun() || policy.repositories.contains(&image.name());
    owned && image.tag_or_latest().is_none_or(|tag| policy.is_of_content_trust(tag))
}

fn pins(pinned: &ContentTrust) -> Pins {
    let signer = |(name, key_id): &(String, String)| Signer { name: name.clone(), key_id: key_id.clone() };
    Pins {
        root: pinned.root.clone(),
        repository: pinned.repository.clone(),
        signers: pinned.signers.iter().map(signer).collect_vec(),
    }
}

/// The texts of an item that are about the pinned collection, or do not say about
/// which: another repository's keys are others.
fn read_texts(item: &Item, gun: &str) -> Vec<trust_text::TrustText> {
    let known =
        matches!(item.kind, Kind::TrustInspect | Kind::TrustPretty | Kind::TrustCleaned | Kind::NotaryList);
    let texts = if known { evidence::trust_text(&item.bytes).unwrap_or_default() } else { Vec::new() };
    let of_pinned = |text: &evidence::TrustText| {
        let named = Some(text.reference.as_str()).filter(|name| !name.is_empty());
        let named = named.or(item.printed_for.as_deref()).and_then(|name| Reference::parse(name).ok());
        gun.is_empty() || named.is_none_or(|named| named.gun() == gun)
    };
    let own = texts.into_iter().filter(of_pinned);
    own.map(|text| read_text(text, item.kind == Kind::NotaryList)).collect_vec()
}

/// `Repo Admin` is docker's word for "no delegation", and `notary list` has
/// the role in that column: neither is a signer. Roles other than the two
/// that release tags count for nothing.
fn read_text(read: evidence::TrustText, is_list: bool) -> trust_text::TrustText {
    let released = |row: &evidence::TrustRow| {
        !is_list || row.signers.iter().all(|role| matches!(role.as_str(), "targets" | "targets/releases"))
    };
    let signer = |name: &String| !is_list && name != "Repo Admin" && name != "(Repo Admin)";
    let row = |row: evidence::TrustRow| trust_text::Row {
        tag: row.tag,
        digest: row.digest_text,
        signers: row.signers.into_iter().filter(signer).collect_vec(),
    };
    trust_text::TrustText {
        rows: read.rows.into_iter().filter(released).map(row).collect_vec(),
        signers: read.signers.into_iter().map(|signer| (signer.name, signer.key_ids)).collect_vec(),
        root_keys: read.root_keys,
        repository_keys: read.repository_keys,
    }
}

impl Trust {
    /// Whether anything of this kind is at hand or expected.
    pub(super) const fn concerns(&self) -> bool {
        self.verification.is_some() || !self.texts.is_empty() || self.expected
    }

    /// The digest that the signed metadata gives for the asked tag, and whose word it is.
    pub(super) fn signed_tag(&self, question: &Question<'_>) -> Option<(ClaimedDigest, Voice)> {
        let image = question.image?;
        let gun = question.policy.content_trust.as_ref().map(|trust| trust.gun.as_str());
        if Some(image.gun().as_str()) != gun {
            return None;
        }
        // A digest asks for no tag.
        let tag = image.tag().or_else(|| image.tag_or_latest().filter(|_| question.digest.is_none()))?;
        let collection = self.verification.as_ref()?.collection()?;
        let voice = if collection.is_fresh() { Voice::Metadata } else { Voice::OldMetadata };
        collection.release(tag).ok().map(|release| (release.digest().clone(), voice))
    }

    /// The digests of all tags in the verified metadata.
    pub(super) fn released(&self) -> BTreeSet<ClaimedDigest> {
        let collection = self.verification.as_ref().and_then(Verification::collection);
        let tags = collection.map(|collection| collection.tags()).into_iter().flatten();
        tags.filter_map(|(_, release)| Some(release.ok()?.digest().clone())).collect()
    }

    /// Whether pasted trust texts show every documented key and no other.
    pub(super) fn texts_are_as_documented(&self) -> bool {
        let all = self.texts.iter().all(|text| text.problems.is_empty());
        let some = self.texts.iter().any(|text| !text.agreements.is_empty());
        self.verification.is_none() && some && all
    }

    /// Whether the metadata at hand contradicts the pins or itself: naming the
    /// image better cannot change that.
    pub(super) fn contradicts(&self) -> bool {
        let verdict = self.verification.as_ref().map(Verification::verdict);
        matches!(verdict, Some(Verdict::Rejected | Verdict::KeysDiffer))
    }

    /// Roles whose files are missing, and whether the verdict waits for them.
    pub(super) fn missing(&self) -> Vec<(String, bool)> {
        match &self.verification {
            Some(verification) => {
                verification.missing().iter().map(|file| (file.role.clone(), file.required)).collect_vec()
            }
            None => ["root", "targets", "targets/releases", "snapshot", "timestamp"]
                .map(|role| (role.to_owned(), matches!(role, "root" | "targets")))
                .to_vec(),
        }
    }

    /// The chain from the pinned root key to the subject, as far as it goes.
    // Not for a first verdict: not part of what is downloaded for one.
    #[inline(never)]
    pub(super) fn follow(
        &self,
        question: &Question<'_>,
        store: &Store,
        subject: CoreResult<&Subject, &Error>,
    ) -> Chain {
        let mut chain = Chain { content_trust: true, ..Chain::default() };
        if let Some(verification) = &self.verification {
            role_links(verification, &mut chain);
        } else if !self.texts.is_empty() {
            for (n, text) in self.texts.iter().enumerate() {
                let id = if n == 0 { "trust-text".to_owned() } else { format!("trust-text-{}", n + 1) };
                chain.links.push(Link::failed(&id, &text.conclusion()));
                chain.links.push_all(agreements(text, &id));
            }
        } else {
            chain.links.push(Link::open("metadata", codes::METADATA_NEEDED, &[]));
        }
        let Some(collection) = self.verification.as_ref().and_then(Verification::collection) else {
            return chain;
        };
        let subject = match subject {
            Ok(subject) => subject,
            Err(error) => {
                // A tag that the metadata does not sign is why there is no subject.
                let tag = question.image.and_then(Reference::tag_or_latest);
                let tag = tag.filter(|_| !released::names_another_tag(question, store));
                let refused = tag.and_then(|tag| {
                    let error = collection.release(tag).err()?;
                    Some(released::or_older(error, tag, store))
                });
                let error = refused.as_ref().unwrap_or(error);
                let count = error.found_text().unwrap_or_default();
                chain.links.push(Link::failed_with("subject", error, &[("count", count)]));
                return chain;
            }
        };
        let parent = chain.links.iter().rev().find(|link| link.place() == Place::Chain);
        let parent = parent.map(|link| link.id().to_owned()).unwrap_or_default();
        match released::release(collection, question, store, subject) {
            Ok((release, steps)) => {
                release_links(store, &release, &parent, &mut chain);
                let below = chain.links.last().map(|link| link.id().to_owned()).unwrap_or_default();
                chain.descend(store, &release, &steps, subject.digest(), below);
            }
            Err(error) => chain.links.push(Link::failed("release", &error).under(&parent)),
        }
        chain.caveats.push_all(collection.caveats().iter().cloned());
        chain.caveats.push(Message::new(codes::LEGACY_FORMAT, &[]));
        chain
    }
}

/// One link for each role, hung below one another in the order of the chain.
fn role_links(verification: &Verification, chain: &mut Chain) {
    let mut parent: Option<String> = None;
    for report in verification.roles() {
        let id = format!("role-{}", report.role().replace('/', "-"));
        let Some(mut link) = role_link(&id, report) else { continue };
        for caveat in report.caveats() {
            link = link.caveat(caveat.clone());
        }
        if let Some(parent) = &parent {
            link = link.under(parent);
        }
        if link.place() == Place::Chain {
            parent = Some(id);
        }
        chain.links.push(link);
    }
    let told = |error: &Error| chain.links.iter().any(|link| link.code() == error.code().name());
    if let Some(cause) = verification.cause().filter(|cause| !told(cause)) {
        chain.links.push(Link::failed("metadata", cause));
    } else if matches!(verification.verdict(), Verdict::Incomplete) && verification.cause().is_none() {
        chain.links.push(Link::open("metadata", codes::METADATA_NEEDED, &[]));
    }
    for (n, aside) in verification.aside().iter().enumerate() {
        let link = Link::failed_with(&format!("aside-{}", n + 1), &aside.reason, &[("from", &aside.name)]);
        chain.links.push(link.placed(Place::Aside));
    }
}

fn role_link(id: &str, report: &RoleReport) -> Option<Link> {
    let role = report.role();
    let link = match report.outcome() {
        RoleOutcome::Proven(proof) if role == "root" => {
            let keys = proof.key_ids().join(", ");
            Link::proven(id, tuf::codes::ROOT_SIGNED, &[("key", &keys)], &**proof)
        }
        RoleOutcome::Proven(proof) => {
            let version = proof.version().to_string();
            Link::proven(id, tuf::codes::ROLE_SIGNED, &[("role", role), ("version", &version)], &**proof)
        }
        RoleOutcome::Failed(error) => Link::failed_with(id, error, &[("role", role)]),
        RoleOutcome::Missing { required } => {
            let link = Link::open(id, codes::ROLE_MISSING, &[("role", role)]);
            return Some(if *required { link } else { link.placed(Place::Branch) });
        }
        RoleOutcome::Unpublished => return None,
    };
    Some(if report.on_chain() { link } else { link.placed(Place::Branch) })
}

/// What the metadata signs for the tag, and its bytes if they are at hand.
fn release_links(store: &Store, release: &Release, parent: &str, chain: &mut Chain) {
    let digest = release.digest().to_string();
    let args = [("tag", release.tag()), ("digest", &digest), ("role", release.role())];
    chain.links.push(Link::proven("release", tuf::codes::TAG_SIGNED, &args, release).under(parent));
    if let Some(item) = store.item(release.digest()) {
        let kind = image::kind_of(store, release.digest());
        let link = match release.check(&item.bytes) {
            Ok(matched) => {
                Link::proven("bytes", codes::BYTES_MATCH, &[("kind", kind), ("digest", &digest)], &matched)
            }
            Err(error) => Link::failed("bytes", &error),
        };
        chain.links.push(link.under("release"));
    }
    chain.tag = Some(release.tag().to_owned());
    chain.key = "Docker Content Trust".to_owned();
    chain.shows.push(Message::new(codes::SHOWS_TAG, &[("tag", release.tag())]));
}

/// Ids that agree, each in its place: facts beside the chain, no proof.
fn agreements(text: &Comparison, parent: &str) -> Vec<Link> {
    let link = |(n, agreement): (usize, &trust_text::Agreement)| {
        let args = [("place", agreement.place.as_str()), ("found", agreement.shown.as_str())];
        let link = Link::open(&format!("{parent}-agrees-{}", n + 1), codes::TEXT_AGREES, &args);
        let length = agreement.shown.len().to_string();
        let caveat = Message::new(trust_text::codes::TRUNCATED_KEY_ID, &[("found", &length)]);
        let link = if agreement.is_truncated() { link.caveat(caveat) } else { link };
        link.under(parent).placed(Place::Branch)
    };
    text.agreements.iter().enumerate().map(link).collect_vec()
}
