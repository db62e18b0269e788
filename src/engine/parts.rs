//! What an output lists as parts of the asked tag, and of which it does not say
//! the digest: `docker manifest inspect IMAGE | grep digest` prints the children
//! of an index, or config and layers of a manifest, and nothing else.
//!
//! They are held against the documents at hand below what was signed. A part
//! that must stand there and does not is another image's; one that may stand in
//! a document that is not at hand stands in the way only where nothing else says
//! what the user holds (docs/VERDICT.md, section 3).

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};
use crate::evidence::{About, COMMAND_LINE, Cut, DigestKind, Fact, Item, Kind, Knows, Role};
use crate::model::oci::{Document, MediaType, Platform};
use crate::model::reference::Reference;

use super::facts::{DOCUMENT, Statement, Voice, about, configs_known, statement, voice};
use super::path;
use super::store::Store;

/// What a part means for the image that it is said to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// The documents at hand would name it, and do not.
    Foreign,
    /// A document that is not at hand may name it.
    Open,
    /// The documents at hand name it.
    Named,
}

/// What every output says of parts of one tag, against what is below the signed
/// digest, or below the image asked about where that is the same under another
/// digest: an output is held against the one that it fits better. Of each output and
/// standing it is the first.
pub(super) fn said(
    store: &Store,
    home: &About,
    signed: &ClaimedDigest,
    asked: &ClaimedDigest,
) -> Vec<(Statement, Standing)> {
    let apart = path::find(store, signed, asked).is_none();
    let tops = [signed].into_iter().chain(Some(asked).filter(|_| apart));
    let trees: Vec<Tree<'_>> = tops.map(|top| Tree::of(store, top)).collect_vec();
    let mut all = BTreeSet::new();
    for item in &store.items {
        let configs: Option<Vec<_>> = trees.iter().map(|tree| tree.config(item, home)).collect();
        all.extend(configs.into_iter().flatten().max_by_key(|(_, standing)| *standing));
        let mut groups: BTreeMap<usize, Vec<&Fact>> = BTreeMap::new();
        for fact in &item.facts {
            groups.change(fact.image, |group| group.push(fact));
        }
        let text = matches!(item.kind, Kind::Fragments | Kind::DigestText);
        let groups = groups.into_values().filter(|group| !names_its_image(group));
        for group in groups {
            let parts = group.into_iter().filter(|fact| is_part(fact, home, text));
            let parts: Vec<_> = parts.collect_vec();
            let worst =
                |said: &Vec<(Statement, Standing)>| said.first().map_or(Standing::Named, |said| said.1);
            all.extend(
                trees.iter().map(|tree| tree.standings(&parts)).max_by_key(worst).into_iter().flatten(),
            );
        }
    }
    all.into_iter().collect_vec()
}

/// Parts of the asked tag of which an output shows the first digits only: those that
/// nothing below what was signed begins with, the first of each output.
pub(super) fn cut<'s>(
    store: &'s Store,
    home: &About,
    signed: &ClaimedDigest,
    asked: &ClaimedDigest,
) -> Vec<(&'s Cut, Standing)> {
    let trees = [Tree::of(store, signed), Tree::of(store, asked)];
    let mut all = Vec::new();
    for item in store.items.iter().filter(|item| item.cut.iter().any(|cut| cut.part)) {
        let of_home =
            |cut: &&Cut| cut.part && cut.about.repository == home.repository && cut.about.tag == home.tag;
        let said = item.cut.iter().filter(of_home);
        let (named, others): (Vec<_>, Vec<_>) =
            said.partition(|cut| trees.iter().any(|tree| tree.begins(&cut.digits)));
        let apart = named.is_empty() && others.iter().all(|cut| cut.about.platform.is_none());
        let known = |cut: &Cut| {
            trees.iter().any(|tree| match cut.kind {
                DigestKind::Unknown => tree.whole || apart && store.doc(tree.top).is_some(),
                DigestKind::DiffId => tree.unpacked,
                _ => tree.images,
            })
        };
        all.push_all(
            others.first().map(|cut| (*cut, if known(cut) { Standing::Foreign } else { Standing::Open })),
        );
    }
    all
}

/// Whether an output says the digest of the image whose parts it shows: that one
/// is compared. So is one that a command asked for.
fn names_its_image(group: &[&Fact]) -> bool {
    group.iter().any(|fact| fact.role == Role::Top)
}

/// Whether it is said to be part of the image with this name, or, in a text, of
/// an image without any.
fn is_part(fact: &Fact, home: &About, text: bool) -> bool {
    let of_an_image = !matches!(fact.kind, DigestKind::Artifact | DigestKind::Key);
    let attested = fact.about.platform.as_ref().is_some_and(Platform::is_unknown);
    let nameless = fact.about.repository.is_none() && fact.about.tag.is_none();
    let of_home = fact.about.repository == home.repository
        && fact.about.tag.as_deref().or(Some("latest")) == home.tag.as_deref();
    let heard = match voice(fact) {
        Voice::Text => text && (nameless || of_home),
        Voice::Checked => false,
        _ => of_home,
    };
    of_an_image && !attested && heard && fact.witness.tool != COMMAND_LINE
}

/// What documents at hand say of the parts of an image.
struct Tree<'a> {
    store: &'a Store,
    top: &'a ClaimedDigest,
    /// Everything that they name, with the layers.
    named: BTreeSet<ClaimedDigest>,
    /// The index at the top is at hand, and each in it.
    listed: bool,
    /// So are all manifests of images: every config and layer is known.
    images: bool,
    /// So are those of attestations.
    whole: bool,
    /// So are all configs of images: every layer's uncompressed digest is known.
    unpacked: bool,
}

impl<'a> Tree<'a> {
    fn of(store: &'a Store, top: &'a ClaimedDigest) -> Self {
        let mut named: BTreeSet<ClaimedDigest> = [top.clone()].into();
        let (mut listed, mut whole, mut unpacked) = (false, true, true);
        // What lists the top lists its siblings.
        let above = store.parents(top).map(|doc| doc.document.digest().to_claim());
        let mut level: Vec<_> = above.chain([top.clone()]).collect_vec();
        if store.index(top).is_some() {
            listed = true;
        }
        for _ in 0..limits::CHAIN_STEPS {
            let mut lower = Vec::new();
            for digest in level {
                match store.document(&digest) {
                    Some(Document::Index(index)) => {
                        for child in &index.manifests {
                            if named.insert(child.digest.clone()) {
                                let at_hand = store.doc(&child.digest).is_some();
                                whole &= at_hand;
                                listed &= at_hand || !MediaType::parse(&child.media_type).is_index();
                                lower.push(child.digest.clone());
                            }
                        }
                    }
                    Some(Document::Manifest(manifest)) => {
                        named.extend([manifest.config.digest.clone()]);
                        named.extend(manifest.layers.iter().map(|layer| layer.digest.clone()));
                        match store.config(&manifest.config.digest) {
                            Some(config) => named.extend(config.diff_ids.iter().cloned()),
                            None => unpacked &= !manifest.is_image(),
                        }
                    }
                    Some(Document::Config(_)) | None => {}
                }
            }
            level = lower;
        }
        // A manifest may be one of an index that is not at hand, as its siblings are.
        let alone = store.parents(top).next().is_none();
        let images = configs_known(store, top) && (listed || alone);
        Self { store, top, named, listed, images, whole: whole && images, unpacked: unpacked && images }
    }

    /// Whether something named here has these first digits.
    fn begins(&self, digits: &str) -> bool {
        self.named.iter().any(|digest| digest.hex().starts_with(digits))
    }

    /// A config that a command printed for the tag. Where its bytes may be others, it may
    /// be one that the documents name.
    fn config(&self, item: &Item, home: &About) -> Option<(Statement, Standing)> {
        let reference = Reference::parse(item.printed_for.as_deref()?).ok()?;
        let of_home = item.parent.is_none() && reference.digest().is_none() && about(&reference) == *home;
        let digest = item.digest.to_claim();
        let doc = self.store.doc(&digest).filter(|_| of_home && item.kind == Kind::Config)?;
        let known = self.images && doc.original;
        // Printed anew it has other bytes, and the same layers.
        let Document::Config(config) = &doc.document else { return None };
        let layers = |named: &ClaimedDigest| {
            self.store.config(named).is_some_and(|named| named.diff_ids == config.diff_ids)
        };
        let others = self.unpacked && !config.diff_ids.is_empty() && !self.named.iter().any(layers);
        let standing = match self.named.contains(&digest) {
            true => return None,
            false if known || others => Standing::Foreign,
            false => Standing::Open,
        };
        let tool = DOCUMENT.to_owned();
        let said =
            Statement { digest, kind: DigestKind::Config, about: home.clone(), voice: Voice::Registry, tool };
        Some((said, standing))
    }

    /// The first part of each standing.
    fn standings(&self, parts: &[&Fact]) -> Vec<(Statement, Standing)> {
        let single = !self.listed && self.images;
        let shared = parts.iter().any(|fact| self.named.contains(&fact.digest));
        // A list that has the manifest has its siblings beside it.
        let sibling = single && parts.iter().any(|fact| fact.digest == *self.top);
        let mut first = BTreeMap::new();
        for fact in parts {
            let standing = match self.standing(fact, shared) {
                Standing::Foreign | Standing::Open if sibling => continue,
                other => other,
            };
            if !first.contains_key(&standing) {
                first.insert(standing, statement(fact, voice(fact)));
            }
        }
        first.iter().map(|(standing, statement)| (statement.clone(), *standing)).collect_vec()
    }

    /// `shared`: another part of the same output is named.
    fn standing(&self, fact: &Fact, shared: bool) -> Standing {
        if self.named.contains(&fact.digest) {
            return Standing::Named;
        }
        // What is asked for one platform lists what is in its manifest.
        let at_hand = self.store.doc(self.top).is_some();
        let apart = at_hand && !shared && fact.about.platform.is_none() && fact.witness.knows != Knows::Text;
        let known = match fact.kind {
            DigestKind::Index | DigestKind::Manifest | DigestKind::IndexOrManifest => self.listed,
            DigestKind::Config | DigestKind::Layer => self.images,
            DigestKind::DiffId => self.unpacked,
            // A computer's inspection names more than documents do: chains of layers.
            DigestKind::Unknown if fact.witness.knows == Knows::Computer => false,
            DigestKind::Unknown => self.whole || apart,
            _ => false,
        };
        if known { Standing::Foreign } else { Standing::Open }
    }
}
