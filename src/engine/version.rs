//! The release's own name: the version that the signed tree carries in a
//! label. A profile may say from which release on the publisher's images carry
//! it; then an older signed image under a newer tag is noticed, which no
//! signature shows (docs/VERDICT.md, section 4).

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{self, Set};
use crate::engine::link::{Link, Place};
use crate::model::oci::Document;
use crate::model::publisher::Version;
use crate::model::reference::Reference;

use super::cosign::Chain;
use super::store::Store;
use super::subject::Subject;
use super::{Case, codes, path, witnesses};

/// OCI image-spec, annotations.md, as annotation or label.
const VERSION: &str = "org.opencontainers.image.version";

/// Compares the labels of everything below the chain's top with the asked tag.
pub(super) fn link(case: &Case<'_>, subject: &Subject, chain: &Chain) -> Option<Link> {
    let image = case.question.image?;
    let from = case.question.policy.version_labels.as_ref()?;
    let asked = Version::of_tag(image.tag()?).filter(|asked| asked >= from)?;
    let top = chain.top.as_ref().filter(|_| chain.reached.is_some())?;
    of_labels(case, subject, image, &asked, top)
}

/// The first label that says another version, else that one says the same.
///
/// A tag that stands in a text alone (a command that failed, a list of containers) may
/// be another release's than the evidence, and that of a mirror may be its own: that is no
/// lie, and beside a digest that the user gave it says nothing.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_labels(
    case: &Case<'_>,
    subject: &Subject,
    image: &Reference,
    asked: &Version,
    top: &ClaimedDigest,
) -> Option<Link> {
    let Case { question, store, facts, .. } = *case;
    let mut labels = Vec::new();
    collect(store, top, &mut labels);
    order::sort_by(&mut labels, Ord::cmp);
    let read = |label: &String| Version::of_tag(label).map(|version| (version, label.clone()));
    let versions: Vec<_> = labels.iter().filter_map(read).collect_vec();
    if let Some((_, label)) = versions.iter().find(|(version, _)| !asked.means(version)) {
        let said = question.asked && question.policy.repositories.contains(&image.name());
        if !said && witnesses::speaking(facts, store, subject, image).is_empty() {
            let images = format!("{}, {}:{label}", image.text(), image.name());
            let args = [("images", images.as_str()), ("image", image.text())];
            let link = Link::open("version", codes::SEVERAL_RELEASES, &args);
            return Some(if question.digest.is_some() { link.placed(Place::Aside) } else { link });
        }
        let tag = image.tag().unwrap_or_default();
        let error = Error::new(codes::VERSION_DIFFERS).expected(tag).found(label.as_str());
        return Some(Link::failed("version", &error));
    }
    let (_, label) = versions.first()?;
    Some(Link::open("version", codes::VERSION_AGREES, &[("found", label)]).placed(Place::Branch))
}

/// The labels of a document and of all below it, each read once, however many lists name it.
fn collect(store: &Store, top: &ClaimedDigest, labels: &mut Vec<String>) {
    let (mut level, mut known) = (vec![top.clone()], Set::new());
    for _ in 0..=limits::CHAIN_STEPS {
        let mut below = Vec::new();
        for digest in level {
            let Some(doc) = store.doc(&digest) else { continue };
            let own = match &doc.document {
                Document::Index(index) => &index.annotations,
                Document::Manifest(manifest) => &manifest.annotations,
                Document::Config(config) => &config.labels,
            };
            labels.push_all(own.iter().filter(|(name, _)| name == VERSION).map(|(_, value)| value.clone()));
            for child in path::children(store, &digest) {
                if known.insert(child.clone()) {
                    below.push(child);
                }
            }
        }
        level = below;
    }
}
