//! Which image the texts name: it chooses publisher and commands as if the
//! user had typed it. It never proves anything: another publisher's image
//! leaves nothing to check against.

use crate::base::order::Set as BTreeSet;

use crate::engine::policy::Policy;
use crate::evidence::{Item, Kind, Knows, Role};
use crate::model::reference::Reference;
use crate::proof::cosign::Payload;

/// What the evidence names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The image, if all texts name the same repository and tag.
    pub image: Option<Reference>,
    /// Every repository named, `registry/repository`.
    pub repositories: BTreeSet<String>,
    /// Every tag that they are named with.
    pub tags: BTreeSet<String>,
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
}

impl Names {
    /// The one repository that is named, if it is one.
    #[must_use]
    pub fn only(&self) -> Option<&String> {
        self.repositories.first().filter(|_| self.repositories.len() == 1)
    }
}

/// Reads the names off recognised evidence.
#[must_use]
pub fn names(items: &[Item]) -> Names {
    // What the user's tools say of the image held or asked for, and what other
    // texts and records name: those are asked only where no tool says anything.
    let mut images: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    let mut mentioned = images.clone();
    for item in items {
        for fact in item.facts.iter().filter(|fact| fact.role == Role::Top) {
            let witness = !matches!(fact.witness.knows, Knows::Checked | Knows::Text);
            let into = if witness { &mut images } else { &mut mentioned };
            into.extend(fact.about.repository.clone().map(|name| (name, fact.about.tag.clone())));
        }
        let printed = item.printed_for.as_deref().and_then(|text| Reference::parse(text).ok());
        let document = matches!(item.kind, Kind::Index | Kind::Manifest | Kind::Config);
        let into = if document { &mut images } else { &mut mentioned };
        into.extend(printed.map(|reference| (reference.name(), reference.tag().map(str::to_owned))));
    }
    let repositories: BTreeSet<String> =
        images.iter().chain(&mentioned).map(|(name, _)| name.clone()).collect();
    if images.is_empty() {
        images = mentioned;
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
    Names { image, repositories, tags }
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
