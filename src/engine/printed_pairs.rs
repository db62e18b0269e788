//! Two registries by the words of the user's own tools: what `docker pull`,
//! `docker images` and `docker image inspect` printed for one product at
//! several registries, held against each other.
//!
//! These are words about the user's computer, never proof, and they decide
//! nothing: the links stand beside the chain. An `Id` means a config in the
//! classic image store and a manifest or index in the containerd image store;
//! two Ids of different kinds are *not comparable*, which is something else
//! than different. Where the bytes were given, hashing them says more and the
//! words are left out.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};
use crate::engine::link::{Link, Place};
use crate::engine::policy::Policy;
use crate::evidence::{DigestKind, Knows, Role};
use crate::model::reference::Reference;

use super::Question;
use super::codes;
use super::cosign::Chain;
use super::store::Store;

/// What a printed digest stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    /// `RepoDigests`, `Digest:` of a pull: a manifest or index.
    Digest,
    /// An `Id` of the classic image store: a config.
    ConfigId,
    /// An `Id` of the containerd image store: a manifest or index.
    ManifestId,
    /// An `Id` whose text does not show the store.
    SomeId,
}

impl Meaning {
    const fn words(self) -> &'static str {
        match self {
            Self::Digest => "a manifest digest",
            Self::ConfigId => "a config digest (classic image store)",
            Self::ManifestId => "a manifest digest (containerd image store)",
            Self::SomeId => "of an unknown image store",
        }
    }
}

/// One digest that a tool printed for a repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Printed {
    meaning: Meaning,
    digest: ClaimedDigest,
    platform: Option<String>,
    /// The tags it was printed for; empty if the text names none.
    tags: BTreeSet<String>,
}

impl Printed {
    fn may_be_of_one_tag(&self, other: &Self) -> bool {
        self.tags.is_empty() || other.tags.is_empty() || !self.tags.is_disjoint(&other.tags)
    }

    /// Whether different digests mean different images.
    fn is_comparable(&self, other: &Self) -> bool {
        let known = [self.meaning, other.meaning].iter().all(|m| *m != Meaning::SomeId);
        let platforms = self.platform.as_ref().zip(other.platform.as_ref());
        (!known || self.meaning == other.meaning) && platforms.is_none_or(|(one, other)| one == other)
    }

    fn words(&self) -> String {
        match &self.platform {
            Some(platform) => format!("{}, {platform}", self.meaning.words()),
            None => self.meaning.words().to_owned(),
        }
    }
}

/// Everything printed of the asked tag, by repository: the one asked about first,
/// then the publisher's in his order, then the others by name.
#[derive(Debug, Default)]
struct Printouts {
    repositories: Vec<(String, BTreeSet<Printed>)>,
    /// How many words one repository has, where they are too many to be compared.
    beyond: Option<Error>,
}

impl Printouts {
    fn read(question: &Question<'_>, store: &Store) -> Self {
        let asked = question.image.and_then(Reference::tag);
        let mut all: BTreeMap<String, BTreeSet<Printed>> = BTreeMap::new();
        for fact in store.items.iter().flat_map(|item| &item.facts).filter(|fact| fact.role == Role::Top) {
            let meaning = match fact.kind {
                DigestKind::Index | DigestKind::Manifest | DigestKind::IndexOrManifest => Meaning::Digest,
                DigestKind::Config => Meaning::ConfigId,
                DigestKind::ImageId => Meaning::SomeId,
                _ => continue,
            };
            if !matches!(fact.witness.knows, Knows::NameAndComputer | Knows::Computer) {
                continue;
            }
            // Another tag is another release.
            if fact.about.tag.as_deref().zip(asked).is_some_and(|(said, asked)| said != asked) {
                continue;
            }
            let Some(name) = fact.about.repository.clone() else { continue };
            let tags = fact.about.tag.clone().into_iter().collect();
            let platform = fact.about.platform.as_ref().map(ToString::to_string);
            let word = Printed { meaning, digest: fact.digest.clone(), platform, tags };
            all.change(name, |words| words.extend([word]));
        }
        let own = question.image.map(Reference::name);
        let rank = |name: &String| {
            let published = question.policy.repositories.iter().position(|other| other == name);
            (own.as_ref() != Some(name), published.is_none(), published)
        };
        let mut repositories: Vec<_> = all
            .iter()
            .map(|(name, words)| (name.clone(), words.iter().cloned().collect::<Vec<_>>()))
            .collect();
        order::sort_by_key(&mut repositories, |(name, _)| (rank(name), name.clone()));
        let within = limits::within("repositories", repositories.len(), limits::REPOSITORIES).err();
        let words = repositories.iter().map(|(_, words)| words.len()).max().unwrap_or_default();
        let beyond =
            within.or(limits::within("printed digests of one repository", words, limits::WORDS).err());
        let kept = repositories.into_iter().take(limits::REPOSITORIES);
        let kept = kept.map(|(name, words)| (name, words.into_iter().take(limits::WORDS).collect()));
        let mut said = Self { repositories: kept.collect(), beyond };
        said.settle_stores();
        said
    }

    /// An Id that is also printed as a manifest's digest is one, whatever the
    /// rest of the text leaves open.
    fn settle_stores(&mut self) {
        let words = || self.repositories.iter().flat_map(|(_, words)| words);
        let manifests: BTreeSet<ClaimedDigest> =
            words().filter(|w| w.meaning == Meaning::Digest).map(|w| w.digest.clone()).collect();
        for (_, words) in &mut self.repositories {
            let settled = core::mem::take(words).into_iter().map(|mut word| {
                if word.meaning == Meaning::SomeId && manifests.contains(&word.digest) {
                    word.meaning = Meaning::ManifestId;
                }
                word
            });
            *words = settled.collect();
        }
    }
}

/// One link for each other registry and each kind of digest that was printed
/// for both.
pub(super) fn links(question: &Question<'_>, store: &Store, chain: &Chain) -> Vec<Link> {
    let policy = question.policy;
    let said = Printouts::read(question, store);
    let mut repositories = said.repositories.iter();
    let mut links = Vec::new();
    while let Some((one, ours)) = repositories.next() {
        let copies = repositories.clone().filter(|(other, _)| is_one_product(policy, one, other));
        for (other, theirs) in copies.take(limits::COMPARED_IMAGES) {
            of_pair(store, chain, [(one, ours), (other, theirs)], &mut links);
        }
        // The first repository that has copies is the one they are held against.
        if !links.is_empty() {
            links.push_all(said.beyond.iter().map(|error| Link::failed("said", error).placed(Place::Aside)));
            break;
        }
    }
    links
}

/// What was printed of one product in two repositories.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_pair(
    store: &Store,
    chain: &Chain,
    [(one, ours), (other, theirs)]: [(&String, &BTreeSet<Printed>); 2],
    links: &mut Vec<Link>,
) {
    let of_kind = |ids: bool| {
        let kind = move |word: &&Printed| (word.meaning != Meaning::Digest) == ids;
        pairs(ours.iter().filter(kind).collect_vec(), &theirs.iter().filter(kind).collect_vec())
    };
    let found = [
        digests(&printed(store, of_kind(false)), one, other),
        ids(&printed(store, of_kind(true)), one, other),
    ];
    for (code, args) in found.into_iter().flatten() {
        if !is_compared(chain, [one, other]) {
            let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect_vec();
            let id = format!("said-{}", links.len().saturating_add(1));
            links.push(Link::open(&id, code, &args).placed(Place::Branch));
        }
    }
}

/// The first pair that is known to be of one release and differs: printed for one
/// tag, or of all that was printed for no tag the only ones.
fn differing<'p, 'w>(
    pairs: &'p [(&'w Printed, &'w Printed)],
    differ: impl Fn(&Printed, &Printed) -> bool + 'p,
) -> Option<&'p (&'w Printed, &'w Printed)> {
    let first = pairs.first()?;
    let alone =
        pairs.iter().all(|(our, their)| our.digest == first.0.digest && their.digest == first.1.digest);
    pairs.iter().find(|(our, their)| (alone || !our.tags.is_disjoint(&their.tags)) && differ(our, their))
}

type Finding = (crate::base::code::Code, Vec<(&'static str, String)>);

fn pairs<'w>(ours: Vec<&'w Printed>, theirs: &[&'w Printed]) -> Vec<(&'w Printed, &'w Printed)> {
    let pair = |our: &'w Printed| theirs.iter().map(move |their| (our, *their));
    ours.into_iter().flat_map(pair).filter(|(our, their)| our.may_be_of_one_tag(their)).collect_vec()
}

fn names(one: &str, other: &str) -> Vec<(&'static str, String)> {
    vec![("one", one.to_owned()), ("other", other.to_owned())]
}

/// Manifest digests: one in common is enough, a daemon may know an image
/// under several.
fn digests(pairs: &[(&Printed, &Printed)], one: &str, other: &str) -> Option<Finding> {
    let mut args = names(one, other);
    if let Some((same, _)) = pairs.iter().find(|(our, their)| our.digest == their.digest) {
        args.push(("digest", same.digest.to_string()));
        return Some((codes::SAME_DIGEST_SAID, args));
    }
    let (our, their) = differing(pairs, |_, _| true)?;
    args.push_all([("first", our.digest.to_string()), ("second", their.digest.to_string())]);
    Some((codes::OTHER_DIGEST_SAID, args))
}

/// Ids: one that differs and could be compared is named before those that
/// agree.
fn ids(pairs: &[(&Printed, &Printed)], one: &str, other: &str) -> Option<Finding> {
    let mut args = names(one, other);
    let differ = |our: &Printed, their: &Printed| our.digest != their.digest;
    if let Some((our, their)) = differing(pairs, |our, their| differ(our, their) && our.is_comparable(their))
    {
        args.push_all([("first", our.digest.to_string()), ("second", their.digest.to_string())]);
        return Some((codes::OTHER_ID_SAID, args));
    }
    if let Some((same, _)) = pairs.iter().find(|(our, their)| our.digest == their.digest) {
        args.push(("digest", same.digest.to_string()));
        return Some((codes::SAME_ID_SAID, args));
    }
    let (our, their) = differing(pairs, differ)?;
    args.push_all([("first", our.words()), ("second", their.words())]);
    Some((codes::ID_KINDS_DIFFER, args))
}

/// Whether two repositories hold one product: the publisher says so, or they
/// have the same last name.
pub(super) fn is_one_product(policy: &Policy, one: &str, other: &str) -> bool {
    let published = |name: &str| policy.repositories.iter().any(|repository| repository == name);
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    published(one) && published(other) || last(one) == last(other)
}

/// Whether the configs of one of two registries were compared, by hash, with
/// the signed image's.
fn is_compared(chain: &Chain, names: [&String; 2]) -> bool {
    chain.compared.iter().any(|compared| compared.decided && names.contains(&&compared.registry))
}

/// The pairs, unless hashing shows that one of them agrees.
fn printed<'w>(store: &Store, pairs: Vec<(&'w Printed, &'w Printed)>) -> Vec<(&'w Printed, &'w Printed)> {
    let hashed =
        |(our, their): &(&Printed, &Printed)| our.digest == their.digest && is_hashed(store, &our.digest);
    if pairs.iter().any(hashed) { Vec::new() } else { pairs }
}

/// Whether a digest is of bytes at hand, or bytes at hand name it: that says
/// more than two texts.
fn is_hashed(store: &Store, digest: &ClaimedDigest) -> bool {
    store.item(digest).is_some() || store.parents(digest).next().is_some()
}
