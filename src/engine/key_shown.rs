//! The fingerprint of a key as the user's tool printed it, held against the pinned
//! keys: what `openssl pkey -in webdis.pub -pubin -outform DER | openssl dgst -sha256`
//! shows. The file is not at hand, so it is the tool's word. A key file itself is
//! compared too, where there is nothing else: it is evidence, and never the key that
//! is checked against.

use crate::base::code::Code;
use crate::base::error::Error;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::engine::policy::Policy;
use crate::evidence::{DigestKind, Fact, Kind};
use crate::model::key::PublicKey;
use crate::model::publisher::PinnedKey;

use super::Question;
use super::codes;
use super::cosign::Chain;
use super::store::Store;
use super::verdict;

/// Most fingerprints that are compared.
const SHOWN: usize = 8;

/// Whether a printed digest is a key's: the command says so, or it is a pinned
/// key's fingerprint.
pub(super) fn is_of_key(policy: &Policy, fact: &Fact) -> bool {
    let pinned = |hex: &str| policy.keys.iter().any(|key| key.key().fingerprint().hex() == hex);
    fact.kind == DigestKind::Key || (fact.kind == DigestKind::Unknown && pinned(&fact.digest.hex()))
}

/// Adds a line for each fingerprint shown. One that differs decides where nothing
/// is proven: the file has the name of the pinned key, and is another one.
pub(super) fn add(question: &Question<'_>, store: &Store, chain: &mut Chain) {
    let keys = &question.policy.keys;
    let Some(first) = keys.first() else { return };
    let proven = chain.outcome() == Outcome::Proven;
    // Nothing is asked but whether the key is the right one.
    let unclear = |link: &Link| link.code() == codes::SUBJECT_UNCLEAR.name();
    let alone = verdict::weakest(&chain.links).is_some_and(unclear);
    let sums = store.items.iter().filter(|item| item.kind == Kind::Sha256sum).flat_map(|item| &item.facts);
    let mut seen: Vec<String> = Vec::new();
    for fact in sums.filter(|fact| is_of_key(question.policy, fact)) {
        let found = fact.digest.hex();
        if seen.len() >= SHOWN || seen.contains(&found) {
            continue;
        }
        seen.push(found);
        chain.links.push_all(shown(question.policy, fact, seen.len(), alone, proven));
    }
    let files = || store.items.iter().any(|item| item.kind == Kind::PublicKey);
    if (proven || alone && seen.is_empty()) && files() {
        chain.links.push_all(given(question.policy, store, first, proven));
    }
    let answers = [codes::KEY_SHOWN, codes::KEY_GIVEN, codes::KEY_GIVEN_TRUST, codes::KEY_GIVEN_ANOTHER]
        .map(Code::name);
    if alone && chain.links.iter().any(|link| answers.contains(&link.code())) {
        chain.links.retain(|link| !unclear(link));
    }
}

/// Whether a fingerprint that was printed is a pinned key's: the line of that rank.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn shown(policy: &Policy, fact: &Fact, rank: usize, alone: bool, proven: bool) -> Option<Link> {
    let first = policy.keys.first()?;
    let found = fact.digest.hex();
    let id = format!("key-shown-{rank}");
    let known = policy.keys.iter().find(|key| key.key().fingerprint().hex() == found);
    Some(match known {
        Some(key) => {
            let args = [("name", key.name()), ("fingerprint", &*found)];
            let link = Link::open(&id, codes::KEY_SHOWN, &args);
            if alone { link } else { link.placed(Place::Branch) }
        }
        // Another file is another key, and nobody said that it is this one.
        None if !fact.about.file.as_deref().is_some_and(|file| is_named(file, first.name())) => return None,
        None => {
            let error =
                Error::new(codes::KEY_SHOWN_DIFFERS).expected(first.key().fingerprint().hex()).found(found);
            let link = Link::failed_with(&id, &error, &[("name", first.name())]);
            if proven { link.placed(Place::Branch) } else { link }
        }
    })
}

/// What the given key files hold: a pinned key, a key of the publisher's Content
/// Trust, else the first other one. Beside a proof only that is told: nothing was
/// checked with it.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn given(policy: &Policy, store: &Store, first: &PinnedKey, proven: bool) -> Option<Link> {
    let files = store.items.iter().filter(|item| item.kind == Kind::PublicKey);
    let mut keys: Vec<PublicKey> = files.filter_map(|item| PublicKey::parse(&item.bytes).ok()).collect_vec();
    order::sort_by_key(&mut keys, |key| key.fingerprint().hex());
    let pinned = |key: &PublicKey| {
        let known = policy.keys.iter().find(|pinned| pinned.key() == key)?;
        Some((codes::KEY_GIVEN, known.name().to_owned(), key.fingerprint().hex()))
    };
    let trusted = |key: &PublicKey| {
        let name = policy.content_trust.as_ref()?.key_name(key)?;
        Some((codes::KEY_GIVEN_TRUST, name.to_owned(), key.tuf_key_id().hex()))
    };
    let known = keys.iter().find_map(pinned).or_else(|| keys.iter().find_map(trusted));
    Some(match known {
        Some(_) if proven => return None,
        Some((code, name, fingerprint)) => {
            let args = [("name", &*name), ("fingerprint", &*fingerprint)];
            Link::open("key-given", code, &args)
        }
        None => {
            let found = keys.first()?.fingerprint().hex();
            let args = [("name", first.name()), ("found", &*found)];
            let link = Link::open("key-given", codes::KEY_GIVEN_ANOTHER, &args);
            if proven { link.placed(Place::Branch) } else { link }
        }
    })
}

/// Whether a path's last part is a name.
fn is_named(path: &str, name: &str) -> bool {
    path.rsplit(['/', '\\']).next() == Some(name)
}
