//! Which image the texts name: it chooses publisher and commands as if the
//! user had typed it. It never proves anything: another publisher's image
//! leaves nothing to check against.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};

use crate::engine::policy::Policy;
use crate::evidence::{About, DigestKind, Fact, Item, Kind, Knows, Role};
use crate::model::reference::Reference;
use crate::proof::cosign::Payload;

/// An image as a text names it: repository and tag.
type Named = (String, Option<String>);

/// What the evidence names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The image, if all texts name the same repository and tag.
    pub image: Option<Reference>,
    /// Every repository named, `registry/repository`.
    pub repositories: BTreeSet<String>,
    /// Every tag that they are named with.
    pub tags: BTreeSet<String>,
    /// Every image with its tag, as `registry/repository:tag`: the publisher's last.
    pub images: Vec<String>,
}

impl Names {
    /// The image, where all names are of one product and release: the one in the
    /// repository that the publisher signs, else in the first that is named.
    #[must_use]
    pub fn of_product(&self, policy: &Policy) -> Option<Reference> {
        let (Some(tag), 1) = (self.tags.first(), self.tags.len()) else { return None };
        if !self.repositories.iter().all(|name| policy.repositories.contains(name)) {
            return None;
        }
        let signed = policy.content_trust.as_ref().map(|pins| &pins.gun);
        let signed = signed.filter(|name| self.repositories.contains(*name));
        let name = signed.or_else(|| self.repositories.first())?;
        Reference::parse(&format!("{name}:{tag}")).ok()
    }

    /// The one repository that is named, if it is one.
    #[must_use]
    pub fn only(&self) -> Option<&String> {
        self.repositories.first().filter(|_| self.repositories.len() == 1)
    }
}

/// What one thing names: what the user's tools say of the image held or asked for, and
/// what other texts and records name.
#[derive(Default)]
struct Naming {
    images: BTreeSet<Named>,
    mentioned: BTreeSet<Named>,
    /// The names that one image has in one output: where another thing names one of them,
    /// that one is meant.
    aliases: Vec<BTreeSet<Named>>,
}

impl Naming {
    fn of(item: &Item) -> Self {
        let mut said = Self::default();
        let mut named: BTreeMap<usize, BTreeSet<Named>> = BTreeMap::new();
        for fact in item.facts.iter().filter(|fact| fact.role == Role::Top) {
            let witness = !matches!(fact.witness.knows, Knows::Checked | Knows::Text);
            let Some(name) = fact.about.repository.clone() else { continue };
            let name = (name, fact.about.tag.clone());
            if witness {
                named.change(fact.image, |names| {
                    names.insert(name);
                });
            } else {
                said.mentioned.insert(name);
            }
        }
        let printed = item.printed_for.as_deref().and_then(|text| Reference::parse(text).ok());
        let printed = printed.map(|reference| {
            // A tag that signatures are kept under is no release.
            let tag = reference.tag().filter(|tag| !tag.starts_with("sha256-"));
            (reference.name(), tag.map(str::to_owned))
        });
        let typed =
            |names: &BTreeSet<Named>| printed.as_ref().filter(|typed| names.contains(*typed)).cloned();
        for names in named.into_values() {
            match typed(&names) {
                Some(typed) => said.images.extend([typed]),
                None if names.len() > 1 => said.aliases.push(names),
                None => said.images.extend(names),
            }
        }
        let document = matches!(item.kind, Kind::Index | Kind::Manifest | Kind::Config);
        let into = if document { &mut said.images } else { &mut said.mentioned };
        into.extend(printed);
        said
    }

    /// Adds the names of images of which nothing else names one.
    fn with_aliases(mut self) -> Self {
        let known = |names: &BTreeSet<Named>| names.iter().any(|name| self.images.contains(name));
        let unknown: Vec<_> = self.aliases.iter().filter(|names| !known(names)).cloned().collect_vec();
        unknown.into_iter().for_each(|names| self.images.extend(names));
        self
    }

    fn add(&mut self, other: Self) {
        self.images.extend(other.images);
        self.mentioned.extend(other.mentioned);
        self.aliases.push_all(other.aliases);
    }

    fn is_empty(&self) -> bool {
        self.images.is_empty() && self.mentioned.is_empty() && self.aliases.is_empty()
    }

    /// Only the publisher's images, if there are any.
    fn of_publisher(mut self, policy: &Policy) -> Self {
        let own = |(name, _): &Named| policy.repositories.contains(name);
        if self.images.iter().chain(&self.mentioned).any(own) {
            self.images = self.images.into_iter().filter(own).collect();
            self.mentioned = self.mentioned.into_iter().filter(own).collect();
        }
        self
    }
}

/// Whether a thing lists several images, as a table of them does, or a file of services:
/// it asks about none of them.
pub(super) fn is_list(item: &Item) -> bool {
    let mut tops = item.facts.iter().filter(|fact| fact.role == Role::Top && fact.about.repository.is_some());
    let Some(first) = tops.next() else { return false };
    tops.any(|fact| {
        let named = |of: &Fact| (of.about.repository.clone(), of.about.tag.clone());
        fact.image != first.image && named(fact) != named(first)
    })
}

/// Whether it is what a cluster says of one container of a pod.
pub(super) fn is_of_pod(item: &Item) -> bool {
    item.facts.first().is_some_and(|fact| fact.witness.tool == "kubectl")
}

/// The texts that show containers of several images: a pod as YAML, a list as the same in
/// JSON is.
pub(super) fn pods(items: &[Item]) -> BTreeSet<&str> {
    let mut first: BTreeMap<&str, &About> = BTreeMap::new();
    let mut several = BTreeSet::new();
    for item in items.iter().filter(|item| is_of_pod(item)) {
        let Some(fact) = item.facts.first() else { continue };
        if first.get(&*item.name).is_some_and(|about| about.repository != fact.about.repository) {
            several.insert(&*item.name);
        }
        first.insert(&item.name, &fact.about);
    }
    several
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_charts(items: &[Item]) -> Naming {
    let mut said = Naming::default();
    items.iter().for_each(|item| said.add(Naming::of(item)));
    said
}

/// Reads the names off recognised evidence. A list says what is meant only where nothing
/// else does; the publisher's images in it are then meant.
#[must_use]
pub fn names(items: &[Item], policy: &Policy) -> Names {
    let (mut said, mut listed) = (Naming::default(), Naming::default());
    // A chart that was pulled names no image beside one.
    let charted = |item: &Item| item.facts.first().is_some_and(|fact| fact.kind == DigestKind::Artifact);
    let pods = pods(items);
    for item in items.iter().filter(|item| !charted(item)) {
        let list = is_list(item) || pods.contains(&&*item.name) && is_of_pod(item);
        if list { &mut listed } else { &mut said }.add(Naming::of(item));
    }
    if said.is_empty() && listed.is_empty() && items.iter().any(charted) {
        said = of_charts(items);
    }
    let said = if said.is_empty() { listed.with_aliases().of_publisher(policy) } else { said.with_aliases() };
    let Naming { mut images, mentioned, .. } = said;
    let repositories: BTreeSet<String> =
        images.iter().chain(&mentioned).map(|(name, _)| name.clone()).collect();
    // Other texts and records are asked only where no tool says anything.
    if images.is_empty() {
        images = mentioned;
        let is_latest = |(_, tag): &Named| tag.as_deref() == Some(LATEST);
        if images.len() > 1 && images.iter().any(is_latest) && is_latest_named_too(items) {
            images = images.into_iter().filter(|named| !is_latest(named)).collect();
        }
    }
    if repositories.is_empty() {
        let repositories = items.iter().filter_map(signed_name).collect();
        return Names { repositories, ..Names::default() };
    }
    let tags: BTreeSet<&String> = images.iter().filter_map(|(_, tag)| tag.as_ref()).collect();
    let named: BTreeSet<&String> = images.iter().map(|(name, _)| name).collect();
    let mut only = named.into_iter();
    let image = match (only.next(), only.next(), tags.len()) {
        (Some(name), None, 1) => tags.first().and_then(|tag| Reference::parse(&format!("{name}:{tag}")).ok()),
        _ => None,
    };
    let tags = tags.into_iter().cloned().collect();
    let own = |name: &String| policy.repositories.contains(name);
    let tagged = |own_ones: bool| {
        let of = images.iter().filter(move |(name, _)| own(name) == own_ones);
        of.filter_map(|(name, tag)| Some(format!("{name}:{}", tag.as_ref()?)))
    };
    let images = tagged(false).chain(tagged(true)).collect();
    Names { image, repositories, tags, images }
}

/// What is meant where no tag was typed.
const LATEST: &str = "latest";

/// Whether whatever is said of `latest` is said of another tag of that repository, too:
/// cosign was asked for one image, once without its tag.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn is_latest_named_too(items: &[Item]) -> bool {
    let tops = || items.iter().flat_map(|item| &item.facts).filter(|fact| fact.role == Role::Top);
    let is_latest = |fact: &&Fact| fact.about.tag.as_deref() == Some(LATEST);
    let tagged = tops().filter(|fact| fact.about.tag.is_some() && !is_latest(fact));
    let tagged: BTreeSet<_> = tagged.map(|fact| (&fact.about.repository, &fact.digest)).collect();
    let mut latest = tops().filter(is_latest).peekable();
    latest.peek().is_some() && latest.all(|fact| tagged.contains(&(&fact.about.repository, &fact.digest)))
}

/// The name in a payload. Copies keep it, so it only says whose image this is
/// where nothing else does.
fn signed_name(item: &Item) -> Option<String> {
    if !matches!(item.kind, Kind::Payload | Kind::CosignVerify) {
        return None;
    }
    let payload = Payload::parse(&item.bytes).ok()?;
    Reference::parse(&payload.docker_reference).ok().map(|reference| reference.name())
}
