//! A list around the signed list: an index, or an archive's root, that names the signed
//! index and another image beside it. Bytes lead from it to what was signed, and whoever
//! loads or runs it may get the other one.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::engine::link::Link;
use crate::model::oci::Platform;

use super::Question;
use super::codes;
use super::facts::{Facts, Statement, Voice, is_index};
use super::path::{self, Around};
use super::store::Store;

/// The first witness of the image in question that names such a list. A manifest's
/// siblings are its other platforms: only around a signed index, or beside some of its
/// images, they are images of nobody.
pub(super) fn list(
    question: &Question<'_>,
    facts: &Facts,
    store: &Store,
    top: &ClaimedDigest,
) -> Option<Link> {
    if !is_index(store, top) {
        return None;
    }
    let around = Around::of(store, top);
    let heard = |voice: Voice| (voice.holds() && voice != Voice::User) || voice == Voice::Registry;
    let said = facts.all.iter().filter(|s| heard(s.voice) && s.may_be_about(question.image));
    // An archive's list of its own that has some of the signed images has them all.
    let mixes = |s: &Statement| {
        let mut children = path::children(store, &s.digest).into_iter();
        s.voice == Voice::Archive
            && !around.leads_to(&s.digest)
            && children.any(|child| around.leads_to(&child))
            && is_index(store, &s.digest)
    };
    let is_list =
        |s: &&Statement| s.digest != *top && (path::find(store, &s.digest, top).is_some() || mixes(s));
    let mut lists = said.filter(is_list);
    let (statement, other) =
        lists.find_map(|s| Some((s, other(store, &around, top, &s.digest, limits::CHAIN_STEPS)?)))?;
    let error = Error::new(codes::HELD_NOT_LISTED).expected(top.to_string()).found(other.to_string());
    let more = [("tool", statement.tool.as_str()), ("kind", "index"), ("witness", "signature")];
    Some(Link::failed_with("wider-list", &error, &more))
}

/// An image in a list that is neither the signed index nor in it.
fn other(
    store: &Store,
    around: &Around<'_>,
    top: &ClaimedDigest,
    list: &ClaimedDigest,
    depth: usize,
) -> Option<ClaimedDigest> {
    let index = store.index(list)?;
    let images =
        index.manifests.iter().filter(|child| !child.platform.as_ref().is_some_and(Platform::is_unknown));
    for child in images.map(|child| &child.digest).filter(|child| *child != top) {
        let leads = path::find(store, child, top).is_some();
        match depth {
            1.. if leads => {
                if let Some(found) = other(store, around, top, child, depth - 1) {
                    return Some(found);
                }
            }
            _ if around.connects(store, child) => {}
            _ => return Some(child.clone()),
        }
    }
    None
}
