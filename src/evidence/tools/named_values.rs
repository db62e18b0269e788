//! Lists of names with values, as pipelines hand on what they built: the results of
//! Tekton (`[{"name":"IMAGE_DIGEST","value":"sha256:…"},{"name":"IMAGE_URL",…}]`), the
//! outputs of a workflow or a stack. A digest is of the image whose name begins alike.

use super::{Node, Object, at_digest, text};
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Facts};

/// What the members of a pair are called.
const MEMBERS: [(&str, &str); 5] =
    [("name", "value"), ("key", "value"), ("Name", "Value"), ("Key", "Value"), ("OutputKey", "OutputValue")];
/// How the name of a value ends that is an image's name.
const NAMES: [&str; 6] = ["URL", "URI", "REF", "REFERENCE", "NAME", "REPOSITORY"];
/// What stands in the name of a digest that is not of the image that was made.
const OTHERS: [&str; 5] = ["BASE", "SBOM", "SOURCE", "CHART", "ATTESTATION"];

/// A name in capitals, and its value.
type Pair<'n> = (String, &'n str);

/// The pairs of a list, or of an object that is one.
pub(super) fn pairs<'n>(items: &'n [Node<'_>]) -> Vec<Pair<'n>> {
    let read = |item: &'n Node<'_>| {
        let (name, value) = pair(&item.object("").ok()?)?;
        let name = crate::base::digest::shorten(name).to_ascii_uppercase().replace(['-', '.', ' '], "_");
        Some((name, value.trim()))
    };
    items.iter().take(limits::FACTS).filter_map(read).collect_vec()
}

/// Name and value of an object that is a pair.
pub(super) fn pair<'n>(o: &Object<'n, '_>) -> Option<(&'n str, &'n str)> {
    MEMBERS.iter().find_map(|(name, value)| text(o, name).zip(text(o, value)))
}

/// What the pairs state.
pub(super) fn state(pairs: &[Pair<'_>], facts: &mut Facts) {
    let before = facts.subject().clone();
    for (name, value) in pairs {
        let other = OTHERS.iter().any(|word| name.contains(word));
        if let Some(start) = name.strip_suffix("DIGEST").filter(|_| is_digest(value)) {
            facts.next_image(image(pairs, start).as_deref());
            if facts.subject().repository.is_none() {
                facts.subject().clone_from(&before);
            }
            match other {
                true => facts.part(DigestKind::Unknown, value, None),
                false => facts.top(DigestKind::IndexOrManifest, value),
            }
            continue;
        }
        // A list of images is one value.
        for word in value.split([',', ' ', '\n']).filter(|word| word.len() < 600).take(limits::FACTS) {
            let Some((image, digest)) = at_digest(word) else { continue };
            facts.next_image(Some(image));
            match (facts.subject().repository.is_some(), other) {
                (true, false) => facts.top(DigestKind::IndexOrManifest, digest),
                (true, true) => facts.part(DigestKind::Unknown, digest, None),
                _ => {}
            }
        }
    }
    *facts.subject() = before;
}

fn is_digest(value: &str) -> bool {
    value.starts_with("sha256:") || value.len() == 64
}

/// The image whose name begins like that of its digest, with the tag beside it.
fn image(pairs: &[Pair<'_>], start: &str) -> Option<String> {
    let of = |ends: &[&str]| {
        let fits = |name: &str| name.strip_prefix(start).is_some_and(|end| ends.contains(&end));
        let named = pairs.iter().find(|(name, _)| fits(name) || name == start.trim_end_matches('_'));
        named.map(|(_, value)| *value).filter(|value| value.len() < 300)
    };
    let name = of(&NAMES)?;
    let name = name.split('@').next().unwrap_or_default();
    let tag = pairs.iter().find(|(name, _)| name.strip_prefix(start) == Some("TAG"));
    let about = About::of_text(Some(name));
    about.repository.as_ref()?;
    match tag.filter(|_| about.tag.is_none()) {
        Some((_, tag)) => Some(format!("{name}:{tag}")),
        None => Some(name.to_owned()),
    }
}
