//! Which image is meant (docs/VERDICT.md, section 3).
//!
//! The question chooses, never the evidence: first the user's digest, then
//! what witnesses say that the tag means, then what the user's computer
//! holds, then what an archive names. Only where nobody says anything may the
//! bytes answer, and only if they leave no choice.

use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::Set as BTreeSet;
use crate::evidence::{About, COMMAND_LINE, DigestKind, Kind, Role};
use crate::model::reference::Reference;

use super::codes;
use super::facts::{self, Facts, Middle, Relation, Statement, Voice};
use super::path::Above;
use super::provenance::registry_of;
use super::store::{Doc, Store};

/// How the subject became known, in the order of what decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The user gave the digest.
    Asked,
    /// Witnesses say that the tag means it.
    Named,
    /// The user's computer holds it.
    Held,
    /// An archive names it as its root.
    Archive,
    /// A text holds a digest and nothing else is known.
    Text,
    /// It is the only image among the bytes.
    Bytes,
    /// It is the only digest that the signatures name.
    Signed,
}

/// The image a check is about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// What was said of it; the digest is the one to prove.
    pub(super) statement: Statement,
    pub(super) step: Step,
    /// Other digests of the same image, by one output of the user's computer:
    /// the ID beside the repository's digest.
    pub(super) also: Vec<ClaimedDigest>,
}

impl Subject {
    /// The digest to prove.
    pub(super) const fn digest(&self) -> &ClaimedDigest {
        &self.statement.digest
    }

    /// Whether it is a computer's ID of an image, which no registry and no signature
    /// knows.
    pub(super) const fn is_id(&self) -> bool {
        matches!(self.statement.kind, DigestKind::ImageId | DigestKind::Config)
    }

    /// Whether a witness put it beside a repository and tag.
    pub(super) fn is_said_of_a_tag(&self) -> bool {
        let about = &self.statement.about;
        let nameless = matches!(self.step, Step::Asked | Step::Bytes | Step::Signed);
        !nameless && about.repository.is_some() && about.tag.is_some()
    }

    /// The same image under another of its digests.
    pub(super) fn as_digest(&self, digest: &ClaimedDigest) -> Self {
        let statement =
            Statement { digest: digest.clone(), kind: DigestKind::Unknown, ..self.statement.clone() };
        Self { statement, ..self.clone() }
    }

    /// One statement as something to compare others with.
    pub(super) fn of_statement(statement: &Statement) -> Self {
        Self { statement: statement.clone(), step: Step::Named, also: Vec::new() }
    }

    /// A signed image to compare with: it answers for nothing by itself.
    pub(super) fn stand_in(digest: &ClaimedDigest) -> Self {
        let statement = of_bytes(digest, None, "");
        Self { statement, step: Step::Bytes, also: Vec::new() }
    }
}

/// Decides which image is meant; `signed` are digests that verified
/// signatures name, and `image` is what the user asked for or the texts name.
///
/// # Errors
/// [`codes::SUBJECT_UNCLEAR`] or [`codes::SUBJECT_AMBIGUOUS`].
pub(super) fn choose(
    digest: Option<&ClaimedDigest>,
    image: Option<&Reference>,
    facts: &Facts,
    store: &Store,
    signed: &BTreeSet<ClaimedDigest>,
) -> Result<Subject> {
    if let Some(digest) = digest.or_else(|| image.and_then(Reference::digest)) {
        let statement = Statement {
            digest: digest.clone(),
            kind: DigestKind::Unknown,
            about: image.map(facts::about).unwrap_or_default(),
            voice: Voice::User,
            tool: "--digest".to_owned(),
        };
        return Ok(Subject { statement, step: Step::Asked, also: Vec::new() });
    }
    // What a program says of a digest that it was asked for is not said of the tag.
    let (asked, heard): (Vec<&Statement>, Vec<&Statement>) = facts
        .all
        .iter()
        .filter(|s| s.may_be_about(image))
        .partition(|s| s.voice != Voice::Text && image.is_some() && facts.is_asked_by_digest(s));
    let names = |s: &&Statement| image.is_some_and(|image| s.names_tag(image));
    let tops = |voice: fn(Voice) -> bool| heard.iter().copied().filter(move |s| voice(s.voice) && s.is_top());
    // Signed metadata says what the tag means, and changes nothing about what
    // a registry answered or the computer holds: it is held against that.
    let signs = |s: &&Statement| s.voice.signs();
    // An archive is a copy: what it calls so is held against what others say.
    let (copies, named): (Vec<_>, Vec<_>) =
        facts.all.iter().filter(names).filter(|s| !signs(s)).partition(|s| s.voice == Voice::Archive);
    // That a document below a command is what was fetched, other evidence shows: it comes
    // last, so that none chooses the image.
    let (printed, mut named): (Vec<_>, Vec<_>) = named.into_iter().partition(|s| s.tool == facts::DOCUMENT);
    named.push_all(printed);
    let metadata: Vec<_> = facts.all.iter().filter(names).filter(signs).collect_vec();
    let held: Vec<_> = tops(|v| matches!(v, Voice::Pull | Voice::Computer)).collect_vec();
    let is_id = |s: &Statement| matches!(s.kind, DigestKind::Config | DigestKind::ImageId);
    let ids: Vec<_> = heard.iter().copied().filter(|s| s.voice == Voice::Computer && is_id(s)).collect_vec();
    let asked: Vec<_> = asked.into_iter().filter(|s| s.is_top() || is_id(s)).collect_vec();
    let archived: Vec<_> = heard.iter().copied().filter(|s| s.voice == Voice::Archive).collect_vec();
    // What a registry said of an image nobody asked for by name.
    let registry: Vec<_> = tops(|v| v == Voice::Registry).collect_vec();
    let texts: Vec<_> = heard
        .iter()
        .copied()
        .filter(|s| {
            // A command that asked a registry for a part of an image at hand
            // asks about that image.
            let part = s.about.repository.is_some() && store.parents(&s.digest).next().is_some();
            // So does one beside a list, printed or cut, that names platforms.
            let part = part || s.tool == COMMAND_LINE && is_asked_for_list(store, image);
            matches!(s.voice, Voice::Text | Voice::Checked)
                && (s.is_top() || s.kind == DigestKind::Unknown)
                && !part
        })
        .collect_vec();
    // Several that a list at hand names are its parts: a log of what was copied.
    let several = texts.iter().any(|s| Some(&s.digest) != texts.first().map(|first| &first.digest));
    let parts = several && texts.iter().all(|s| store.parents(&s.digest).next().is_some());
    let texts: Vec<_> = texts.into_iter().filter(|_| !parts).collect_vec();
    // A checking tool's record is of a signature: a reference beside it asks.
    let (texts, checked): (Vec<_>, Vec<_>) = texts.into_iter().partition(|s| s.voice == Voice::Text);
    // A bare digest beside one that the asked name stands before chooses nothing.
    let (mut texts, bare): (Vec<_>, Vec<_>) =
        texts.into_iter().partition(|s| image.is_none() || s.about.repository.is_some());
    texts.push_all(bare);
    let checked = answers(checked, image);
    let steps = [
        (Step::Named, named),
        (Step::Named, copies),
        (Step::Held, held),
        (Step::Archive, archived),
        (Step::Held, ids),
        (Step::Named, registry),
        (Step::Named, metadata),
        (Step::Text, texts),
        (Step::Text, checked),
        (Step::Held, asked),
    ];
    for (step, candidates) in steps {
        if let Some(subject) = pick(step, &candidates, facts, store, image)? {
            return Ok(subject);
        }
    }
    of_documents(image, store, signed)
}

/// What checking tools say of the image asked about. A record of cosign is a
/// signature: it says which image a tag means only where cosign was asked for that
/// tag, and found one image.
fn answers<'s>(checked: Vec<&'s Statement>, image: Option<&Reference>) -> Vec<&'s Statement> {
    let mut records = checked.iter().filter(|s| s.is_record());
    let Some(first) = records.next().filter(|_| image.is_some()) else { return checked };
    let one = records.all(|s| s.digest == first.digest);
    checked.into_iter().filter(|s| !s.is_record() || one && s.about.tag.is_some()).collect_vec()
}

/// Whether a tool printed the list of the asked tag, whole or in parts.
pub(super) fn is_asked_for_list(store: &Store, image: Option<&Reference>) -> bool {
    let Some((image, tag)) = image.and_then(|image| Some((image, image.tag()?))) else { return false };
    let of_tag = |asked: Reference| asked.digest().is_none() && asked.tag() == Some(tag);
    let name = image.name();
    store.images().any(|doc| printed_for(store, doc, image).is_some_and(of_tag))
        || store.items.iter().flat_map(|item| &item.facts).any(|fact| {
            fact.role == Role::Part
                && fact.kind == DigestKind::Manifest
                && fact.about.repository.as_deref() == Some(&*name)
                && fact.about.tag.as_deref() == Some(tag)
        })
}

/// What the command above a document asked the image's repository for.
fn printed_for(store: &Store, doc: &Doc, image: &Reference) -> Option<Reference> {
    let item = store.items.get(doc.item).filter(|item| item.parent.is_none())?;
    let asked = Reference::parse(item.printed_for.as_deref()?).ok()?;
    (asked.name() == image.name()).then_some(asked)
}

/// Whether a document is another's than the asked tag's, as its command line says:
/// another tag's, or, where the tag's own list is there, one asked for by digest.
fn is_of_another(store: &Store, doc: &Doc, image: Option<&Reference>) -> bool {
    let Some(image) = image.filter(|image| image.digest().is_none()) else { return false };
    printed_for(store, doc, image).is_some_and(|asked| match asked.digest() {
        Some(_) => is_asked_for_list(store, Some(image)),
        None => asked.tag_or_latest() != image.tag_or_latest(),
    })
}

/// Whether one print has several manifests: the parts of a list that it leaves out
/// (`docker manifest inspect -v`).
fn is_of_printed_list(store: &Store, doc: &Doc) -> bool {
    let parent = |at: usize| store.items.get(at).and_then(|item| item.parent);
    let verbose = |at: &usize| store.items.get(*at).is_some_and(|item| item.kind == Kind::ManifestVerbose);
    let Some(print) = parent(doc.item).filter(verbose) else { return false };
    store.images().filter(|other| parent(other.item) == Some(print)).count() > 1
}

/// The image that the witnesses of one step name. Where they differ and the
/// user named an image, the first is kept with its rivals: that is then the
/// verdict. Where nobody named one, they are several images.
fn pick(
    step: Step,
    candidates: &[&Statement],
    facts: &Facts,
    store: &Store,
    image: Option<&Reference>,
) -> Result<Option<Subject>> {
    let Some(first) = candidates.first() else { return Ok(None) };
    // The topmost of what belongs together: an index before its images.
    let chosen = topmost(store, first, candidates);
    let middle = Middle::of(facts, store, chosen);
    let together =
        |other: &&&Statement| matches!(middle.relate(other), Relation::Connected | Relation::SaidTogether);
    if image.is_none() && candidates.iter().any(|c| !together(&c)) {
        let count = candidates.iter().map(|c| &c.digest).collect::<BTreeSet<_>>().len();
        return Err(Error::new(codes::SUBJECT_AMBIGUOUS).found(count.to_string()));
    }
    let also = facts.same_image(&chosen.digest);
    Ok(Some(Subject { statement: chosen.clone(), step, also }))
}

/// The topmost of what bytes connect with the first, and the first of those.
fn topmost<'s>(store: &Store, first: &'s Statement, candidates: &[&'s Statement]) -> &'s Statement {
    let mut best = first;
    // Each round is higher than the one before.
    for _ in 0..limits::CHAIN_STEPS {
        let above = Above::of(store, &best.digest);
        let leads = |s: &&&Statement| s.digest != best.digest && above.path(store, &s.digest).is_some();
        let Some(higher) = candidates.iter().find(leads) else { break };
        best = higher;
    }
    best
}

/// Nothing but documents and signatures: the only image among them that
/// nothing else there lists, whether it can be read or not, else the one digest that is signed.
fn of_documents(
    image: Option<&Reference>,
    store: &Store,
    signed: &BTreeSet<ClaimedDigest>,
) -> Result<Subject> {
    let subject = |digest: &ClaimedDigest, step, tool| Subject {
        statement: of_bytes(digest, image, tool),
        step,
        also: Vec::new(),
    };
    let mut top_images = store.top_images();
    top_images.retain(|doc| !is_of_another(store, doc, image) && !is_of_printed_list(store, doc));
    let read = top_images.iter().map(|doc| doc.document.digest().to_claim());
    // One that cannot be read may still be what the user holds.
    let tops: BTreeSet<_> = read.chain(store.unread().cloned()).collect();
    // Of several the one that a command line says is from the asked repository.
    let from_there = |doc: &&&Doc| {
        let registry = registry_of(store.items.get(doc.item));
        image.is_some_and(|image| registry == Some(image.name()))
    };
    let mut from_there = top_images.iter().filter(from_there);
    if let (Some(only), None) = (from_there.next(), from_there.next()) {
        return Ok(subject(&only.document.digest().to_claim(), Step::Bytes, "document"));
    }
    let mut several = tops.iter();
    match (several.next(), several.next()) {
        (Some(only), None) => return Ok(subject(only, Step::Bytes, "document")),
        (Some(_), Some(_)) => {
            return Err(Error::new(codes::SUBJECT_AMBIGUOUS).found(tops.len().to_string()));
        }
        _ => {}
    }
    let mut named = signed.iter();
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(subject(only, Step::Signed, "signature")),
        (Some(_), Some(_)) => Err(Error::new(codes::SUBJECT_AMBIGUOUS).found(signed.len().to_string())),
        _ => Err(Error::new(codes::SUBJECT_UNCLEAR)),
    }
}

fn of_bytes(digest: &ClaimedDigest, image: Option<&Reference>, tool: &str) -> Statement {
    Statement {
        digest: digest.clone(),
        kind: DigestKind::Unknown,
        about: image.map_or_else(About::default, facts::about),
        voice: Voice::Text,
        tool: tool.to_owned(),
    }
}
