//! What registries say of one tag, and who of them holds the signature.
//!
//! That a tag means a digest is the word of a registry. Two registries of
//! different operators that name the same digest are two words: no proof, but
//! one of them alone could not have moved the tag unseen. What they say never
//! changes the outcome, for the other registry may be late, or hostile.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order::Set as BTreeSet;
use crate::base::outcome::Outcome;
use crate::base::proof::Evidence;
use crate::engine::link::{Link, Place};
use crate::engine::lookup::{nothing_there, read_in_full};
use crate::model::reference::{Host, Reference};

use super::compare::Compared;
use super::cosign::Chain;
use super::facts::{Facts, Statement, Voice};
use super::provenance::{name_of, registry_of};
use super::signatures::Signatures;
use super::store::Store;
use super::{Question, codes, siblings};

/// How a registry's word arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// A driver of this program asked the registry.
    Direct,
    /// A driver asked by way of a proxy.
    Proxy,
    /// It stands in what was given.
    Given,
}

/// One registry's word for one tag.
#[derive(Clone, Debug)]
struct RegistryAnswer {
    name: String,
    tag: String,
    digest: Result<ClaimedDigest, String>,
    way: Way,
}

/// Says what the registries agree on. Returns what to say of the tag instead
/// of [`codes::TAG_IS_MUTABLE`], if that is more.
pub(super) fn add(
    question: &Question<'_>,
    facts: &Facts,
    subject: &ClaimedDigest,
    chain: &mut Chain,
) -> Option<Message> {
    let words = words(question, facts);
    let is_subject = |word: &&RegistryAnswer| {
        word.digest.as_ref().is_ok_and(|digest| digest == subject || Some(digest) == chain.top.as_ref())
    };
    // Without an image to ask about, the first that names the subject.
    let asked = question.image.map(|image| (name_of(image), image.tag_or_latest()));
    let home = words.iter().filter(is_subject).find(|word| {
        asked.as_ref().is_none_or(|(name, tag)| word.name == *name && Some(&*word.tag) == *tag)
    })?;
    let others = words.iter().enumerate().filter(|(n, word)| {
        // One repository, asked in vain, is no second one.
        let again = word.name == home.name && (*n >= question.tag_answers.len() || word.digest.is_err());
        word.tag == home.tag && !core::ptr::eq(*word, home) && !again
    });
    let others = others.map(|(n, word)| (n < question.tag_answers.len(), word));
    let mut said = Agreement::default();
    let mut links = Vec::new();
    for (told, other) in others.take(limits::COMPARED_IMAGES) {
        if told || same_product(question, &home.name, &other.name) {
            links.push(said.link(&format!("registries-{}", links.len() + 1), home, other, chain));
        }
    }
    chain.links.push_all(links);
    said.message(question.image?, home)
}

/// What the links said, for the sentence about the tag.
#[derive(Debug, Default)]
struct Agreement {
    agrees: Option<(String, Way)>,
    differs: Option<(String, String)>,
}

impl Agreement {
    /// One registry's word beside that of the one asked about.
    fn link(&mut self, id: &str, home: &RegistryAnswer, other: &RegistryAnswer, chain: &Chain) -> Link {
        let way = home.way.max(other.way);
        let here = home.digest.as_ref().map(ToString::to_string).unwrap_or_default();
        let there = other.digest.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut args = vec![("one", &*home.name), ("other", &*other.name), ("tag", &*home.tag)];
        let code = match &other.digest {
            _ if registry(&home.name) == registry(&other.name) => codes::REGISTRIES_ONE,
            Err(cause) => {
                args.push(("found", cause));
                codes::REGISTRIES_UNKNOWN
            }
            Ok(digest) if Ok(digest) == home.digest.as_ref() => {
                self.agrees.get_or_insert_with(|| (other.name.clone(), way));
                args.push(("digest", &here));
                codes::REGISTRIES_AGREE
            }
            Ok(digest) => {
                args.push_all([("digest", &*here), ("found", &*there)]);
                if same_configs(chain, digest) {
                    codes::REGISTRIES_REPACKED
                } else {
                    self.differs.get_or_insert_with(|| (other.name.clone(), there.clone()));
                    codes::REGISTRIES_DIFFER
                }
            }
        };
        let link = Link::open(id, code, &args).placed(Place::Branch);
        if other.digest.is_err() {
            return link;
        }
        let facts = vec![(home.name.clone(), here.clone()), (other.name.clone(), there.clone())];
        let rule =
            "A registry answers with any digest it likes for a tag (distribution-spec, Pulling manifests)";
        let link = link.with_evidence(Evidence { rule: rule.to_owned(), facts, ..Evidence::default() });
        match way {
            Way::Direct => link,
            Way::Proxy => link.caveat(Message::new(codes::SAID_BY_PROXY, &[])),
            Way::Given => link.caveat(Message::new(codes::SAID_BY_TEXT, &[])),
        }
    }

    fn message(&self, image: &Reference, home: &RegistryAnswer) -> Option<Message> {
        let digest = home.digest.as_ref().ok()?;
        let pinned = format!("{}@{digest}", image.name());
        let args = [("image", image.text()), ("pinned", &pinned), ("one", &*home.name)];
        if let Some((other, found)) = &self.differs {
            let more = [("other", &**other), ("found", &**found)];
            return Some(Message::new(codes::TAG_DISPUTED, &[&args[..], &more].concat()));
        }
        let (other, way) = self.agrees.as_ref()?;
        let code = match way {
            Way::Direct => codes::TAG_AGREED,
            Way::Proxy => codes::TAG_AGREED_BY_PROXY,
            Way::Given => codes::TAG_AGREED_IN_TEXT,
        };
        Some(Message::new(code, &[&args[..], &[("other", &**other)]].concat()))
    }
}

/// Who of the registries that were looked at holds no signature, while the
/// digest is signed at another one.
pub(super) fn signed_elsewhere(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &ClaimedDigest,
    chain: &Chain,
) -> Vec<Link> {
    if chain.outcome() != Outcome::Proven || chain.content_trust || chain.same_as.is_some() {
        return Vec::new();
    }
    let signed = chain.top.as_ref().unwrap_or(subject);
    let holder = |item: usize| registry_of(store.items.get(item));
    let holders: Vec<_> = signatures
        .verified
        .iter()
        .filter(|verified| verified.signed.names(signed).is_ok())
        .filter(|verified| siblings::missing_log(question, verified, "").is_none())
        .map(|verified| (verified.item, holder(verified.item)))
        .collect_vec();
    let Some((first, from)) = holders.first() else { return Vec::new() };
    let given = || store.items.get(*first).map_or_else(String::new, |item| item.name.clone());
    let from = from.clone().unwrap_or_else(given);
    let about = question.lookups.iter().filter(|look| look.subject == *signed);
    let places: BTreeSet<&str> = about.map(|look| look.repository.as_str()).collect();
    let lacking =
        places.into_iter().filter(|place| !holders.iter().any(|(_, h)| h.as_deref() == Some(place)));
    let link = |(n, place): (usize, &str)| {
        let code = match read_in_full(question.lookups, place, signed) {
            _ if nothing_there(question.lookups, place, signed) => codes::SIGNED_ELSEWHERE,
            true => codes::OTHERS_SIGNED_HERE,
            false => codes::PLACES_UNREAD_HERE,
        };
        let digest = signed.to_string();
        let args = [("repository", place), ("digest", &*digest), ("from", &*from)];
        Link::open(&format!("elsewhere-{}", n + 1), code, &args).placed(Place::Branch)
    };
    lacking.enumerate().map(link).collect_vec()
}

/// Every word at hand: what drivers were told first, in their order.
fn words(question: &Question<'_>, facts: &Facts) -> Vec<RegistryAnswer> {
    let told = |told: &crate::engine::tag_answer::TagAnswer| RegistryAnswer {
        name: Reference::parse(&told.repository).map_or_else(|_| told.repository.clone(), |r| name_of(&r)),
        tag: told.tag.clone(),
        digest: told.answer.clone().map_err(|cause| cause.text),
        way: if told.proxy { Way::Proxy } else { Way::Direct },
    };
    let mut words: Vec<RegistryAnswer> = question.tag_answers.iter().map(told).collect_vec();
    let mut known: BTreeSet<_> = words.iter().filter_map(key).collect();
    let written = |statement: &Statement| {
        let names = matches!(statement.voice, Voice::Registry | Voice::Pull) && statement.is_top();
        let (name, tag) = (statement.about.repository.clone()?, statement.about.tag.clone()?);
        let whole = statement.about.platform.is_none();
        let digest = Ok(statement.digest.clone());
        (names && whole).then_some(RegistryAnswer { name, tag, digest, way: Way::Given })
    };
    let more = facts.all.iter().filter_map(written);
    words.push_all(more.filter(|word| key(word).is_some_and(|key| known.insert(key))));
    words
}

fn key(word: &RegistryAnswer) -> Option<(String, String, ClaimedDigest)> {
    Some((word.name.clone(), word.tag.clone(), word.digest.clone().ok()?))
}

/// Whether two repositories hold the same product: the profile says so, or
/// they have the same path.
fn same_product(question: &Question<'_>, one: &str, other: &str) -> bool {
    let known = |name: &str| question.policy.repositories.iter().any(|own| own == name);
    let path = |name: &str| name.split_once('/').map(|(_, path)| path.to_owned());
    (known(one) && known(other)) || path(one) == path(other)
}

/// Whether the images behind two digests were compared, and every platform of
/// the unsigned one has the config of the signed one.
fn same_configs(chain: &Chain, other: &ClaimedDigest) -> bool {
    let is = |compared: &&Compared| {
        compared.other.as_ref() == Some(other) || chain.same_as.as_ref() == Some(other)
    };
    chain.compared.iter().find(is).is_some_and(|compared| compared.same)
}

/// The registry of a repository, under one name: a registry that answers
/// twice has given its word once.
fn registry(name: &str) -> String {
    let host = name.split('/').next().unwrap_or_default();
    let host = host.strip_suffix(":443").unwrap_or(host);
    match Host::parse(host) {
        Ok(parsed) if parsed.is_loopback() => {
            let port = host.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.ends_with(']'));
            format!("localhost:{}", port.unwrap_or("80"))
        }
        _ => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_registry_has_many_names() {
        let name = |text: &str| registry(&name_of(&Reference::parse(text).unwrap()));
        for text in ["a/b", "docker.io/a/b", "index.docker.io/a/b", "registry-1.docker.io/a/b"] {
            assert_eq!(name(text), "docker.io", "{text}");
        }
        for text in ["localhost:5000/a", "127.0.0.1:5000/a", "[::1]:5000/a", "127.0.0.2:5000/a"] {
            assert_eq!(name(text), "localhost:5000", "{text}");
        }
        assert_eq!(name("[::1]/a"), name("localhost/a"));
        assert_eq!(name("r.example:443/a"), name("r.example/a"));
        for (one, other) in
            [("r.example/a", "s.example/a"), ("r.example:5000/a", "r.example/a"), ("a", "ghcr.io/a")]
        {
            assert_ne!(name(one), name(other));
        }
    }
}
