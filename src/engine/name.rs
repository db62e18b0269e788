//! Which image the texts name: it chooses publisher and commands as if the
//! user had typed it. It never proves anything: another publisher's image
//! leaves nothing to check against.

use crate::base::order::Set as BTreeSet;

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
        return Names { image: None, repositories: items.iter().filter_map(signed_name).collect() };
    }
    let tags: BTreeSet<&String> = images.iter().filter_map(|(_, tag)| tag.as_ref()).collect();
    let named: BTreeSet<&String> = images.iter().map(|(name, _)| name).collect();
    let mut only = named.into_iter();
    let image = match (only.next(), only.next(), tags.len()) {
        (Some(name), None, 1) => tags.first().and_then(|tag| Reference::parse(&format!("{name}:{tag}")).ok()),
        _ => None,
    };
    Names { image, repositories }
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
