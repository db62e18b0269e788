//! What witnesses say: every fact of the evidence, of the registries that
//! were asked and of verified metadata, in one list, and how two of them
//! relate.
//!
//! docs/VERDICT.md, sections 1 and 2. Digests are compared only where their
//! kinds can be equal; bytes beat words. Only bytes, or one output of the
//! user's own computer, connect two different digests: a registry's words do
//! not, because a hostile one could connect anything.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{self, Map as BTreeMap, Set as BTreeSet};
use crate::evidence::{About, COMMAND_LINE, COSIGN_RECORD, DigestKind, Fact, Knows, Role};
use crate::model::oci::{Document, Platform};
use crate::model::reference::Reference;

use super::Question;
use super::answers;
use super::archive;
use super::key_shown;
use super::path::Around;
use super::provenance::name_of;
use super::rows::{is_nameless, is_of_others, lists_of_publisher, named};
use super::store::Store;

/// Who says something, and so what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Voice {
    /// The user, with `--digest` or `REF@digest`.
    User,
    /// A registry, asked directly or by one of the user's tools.
    Registry,
    /// Verified Content Trust metadata.
    Metadata,
    /// The same that is not fresh: the tag may have been signed again since.
    OldMetadata,
    /// A pull: the registry's word, and what the user's computer holds.
    Pull,
    /// What the user's computer lists.
    Computer,
    /// What an archive names as its root.
    Archive,
    /// A checking tool's own word (`docker trust inspect`, `cosign verify`).
    Checked,
    /// A text.
    Text,
}

impl Voice {
    /// Whether it speaks of what the user holds.
    pub(super) const fn holds(self) -> bool {
        matches!(self, Self::User | Self::Pull | Self::Computer | Self::Archive)
    }

    /// Whether it speaks of what a tag means.
    pub(super) const fn names(self) -> bool {
        matches!(self, Self::Registry | Self::Pull | Self::Archive) || self.signs()
    }

    /// Whether it is signed metadata's, of any age.
    pub(super) const fn signs(self) -> bool {
        matches!(self, Self::Metadata | Self::OldMetadata)
    }

    /// Whether it is the registry's or the publisher's side, as it is now.
    pub(super) const fn is_remote(self) -> bool {
        matches!(self, Self::Registry | Self::Metadata)
    }
}

/// One digest, said by one witness about one image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Statement {
    pub(super) digest: ClaimedDigest,
    pub(super) kind: DigestKind,
    pub(super) about: About,
    pub(super) voice: Voice,
    /// The program, as users type it; shown untranslated.
    pub(super) tool: String,
}

impl Statement {
    /// Whether it can be about this image: same repository and tag where both
    /// say one.
    pub(super) fn may_be_about(&self, image: Option<&Reference>) -> bool {
        let Some(image) = image else { return true };
        let repository = self.about.repository.as_ref().is_none_or(|name| *name == image.name());
        let tag = match (&self.about.tag, image.tag_or_latest()) {
            (Some(said), Some(asked)) => said == asked,
            _ => true,
        };
        repository && tag
    }

    /// Whether it says which digest this very tag means, and can know.
    pub(super) fn names_tag(&self, image: &Reference) -> bool {
        self.voice.names() && self.is_of_tag(image) && !self.is_of_one_platform()
    }

    /// Whether a registry was asked for one platform of the tag: its manifest is a part
    /// of what the tag means, or all of it.
    pub(super) fn is_of_one_platform(&self) -> bool {
        self.voice == Voice::Registry && self.kind == DigestKind::Manifest && self.about.platform.is_some()
    }

    /// Whether it speaks of this very tag.
    pub(super) fn is_of_tag(&self, image: &Reference) -> bool {
        self.about.repository.as_deref() == Some(image.name().as_str())
            && self.about.tag.as_deref().is_some_and(|tag| Some(tag) == image.tag_or_latest())
    }

    /// Whether it is about another repository or another tag.
    pub(super) fn is_elsewhere(&self, home: &About) -> bool {
        let differ = |one: &Option<String>, other: &Option<String>| {
            one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
        };
        differ(&self.about.repository, &home.repository) || differ(&self.about.tag, &home.tag)
    }

    /// Whether it is what cosign printed of a signature.
    pub(super) fn is_record(&self) -> bool {
        self.voice == Voice::Checked && self.tool == COSIGN_RECORD
    }

    /// Whether its digest is of an index or manifest, as far as is said.
    pub(super) const fn is_top(&self) -> bool {
        matches!(self.kind, DigestKind::Index | DigestKind::Manifest | DigestKind::IndexOrManifest)
    }
}

/// The witness that a document below a command line is.
pub(super) const DOCUMENT: &str = "printed-manifest";

/// All statements, and what the user's own computer says belongs together.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Sorted, each once: the order of inputs decides nothing.
    pub(super) all: Vec<Statement>,
    /// Digests that one output of the user's computer gives for one image.
    groups: Vec<BTreeSet<ClaimedDigest>>,
    /// The groups in which a digest is.
    in_groups: BTreeMap<ClaimedDigest, Vec<usize>>,
    /// What programs said that were asked by digest, and not by a tag.
    by_digest: BTreeSet<Statement>,
    /// The publisher says that the asked release has a single platform.
    single: bool,
}

impl Facts {
    /// Gathers everything that is said. `signed_tag` is what verified
    /// metadata says that the asked tag means.
    pub(super) fn gather(
        question: &Question<'_>,
        store: &Store,
        signed_tag: Option<(ClaimedDigest, Voice)>,
    ) -> Self {
        let mut facts = Self { single: question.has_one_platform(), ..Self::default() };
        let lists = match question.image {
            None => lists_of_publisher(question, &store.items),
            Some(_) => BTreeSet::default(),
        };
        for (at, item) in store.items.iter().enumerate() {
            let mut groups: BTreeMap<usize, BTreeSet<ClaimedDigest>> = BTreeMap::new();
            let computer = item.facts.iter().any(|fact| fact.witness.knows == Knows::Computer);
            let named = if computer { named(item) } else { BTreeSet::default() };
            let typed = |fact: &Fact| fact.witness.tool == COMMAND_LINE && fact.about.tag.is_none();
            let by_digest = item.facts.iter().any(typed);
            let others = lists.contains(&at);
            for fact in &item.facts {
                let voice = voice(fact);
                if matches!(voice, Voice::Pull | Voice::Computer) && is_of_an_image(fact.kind) {
                    groups.change(fact.image, |group| group.extend([fact.digest.clone()]));
                }
                // A sum of a named file is about that file, a fingerprint about a key.
                if fact.role == Role::Top
                    && fact.about.file.is_none()
                    && !is_nameless(fact, &named)
                    && !(others && is_of_others(question, fact))
                    && !key_shown::is_of_key(question.policy, fact)
                {
                    let said = statement(fact, voice);
                    if by_digest && said.about.tag.is_none() && voice != Voice::Pull {
                        facts.by_digest.insert(said.clone());
                    }
                    facts.all.push(said);
                }
            }
            groups.into_values().for_each(|group| facts.connect(group));
            facts.all.push_all(answers::fetched(item));
        }
        facts.all.push_all(answers::printed(store));
        facts.all.push_all(archive::roots(store, question.image));
        facts.all.push_all(question.tag_answers.iter().filter_map(|told| {
            let digest = told.answer.as_ref().ok()?.clone();
            let name =
                Reference::parse(&told.repository).map_or_else(|_| told.repository.clone(), |r| name_of(&r));
            let about = About { repository: Some(name), tag: Some(told.tag.clone()), ..About::default() };
            let tool = if told.proxy { "registry-by-proxy" } else { "registry" };
            Some(Statement {
                digest,
                kind: DigestKind::IndexOrManifest,
                about,
                voice: Voice::Registry,
                tool: tool.to_owned(),
            })
        }));
        if let (Some((digest, voice)), Some(image)) = (signed_tag, question.image) {
            facts.all.push(Statement {
                digest,
                kind: DigestKind::IndexOrManifest,
                about: about(image),
                voice,
                tool: "Docker Content Trust".to_owned(),
            });
        }
        order::sort_by(&mut facts.all, Ord::cmp);
        // One registry's answer is one statement, however it came to be known.
        facts.all.dedup_by(|later, first| {
            let said = |s: &Statement| (s.digest.clone(), s.kind, s.about.clone(), s.voice);
            let registry = |s: &Statement| s.voice == Voice::Registry && s.tool.starts_with("registry");
            said(later) == said(first) && (later.tool == first.tool || registry(later) && registry(first))
        });
        facts
    }

    /// Whether the program that says it was asked for a digest and no tag.
    pub(super) fn is_asked_by_digest(&self, said: &Statement) -> bool {
        self.by_digest.contains(said)
    }

    fn connect(&mut self, group: BTreeSet<ClaimedDigest>) {
        let number = self.groups.len();
        for digest in &group {
            self.in_groups.change(digest.clone(), |groups| groups.push(number));
        }
        self.groups.push(group);
    }

    fn groups_of(&self, digest: &ClaimedDigest) -> impl Iterator<Item = &BTreeSet<ClaimedDigest>> {
        self.in_groups.get(digest).into_iter().flatten().filter_map(|number| self.groups.get(*number))
    }

    /// Other digests that the user's own computer gives for the same image.
    pub(super) fn same_image(&self, digest: &ClaimedDigest) -> Vec<ClaimedDigest> {
        let all: BTreeSet<_> = self.groups_of(digest).flatten().filter(|other| *other != digest).collect();
        all.into_iter().cloned().collect_vec()
    }

    /// Whether the image is known by nothing but the lists of the user's
    /// computer. A pull, a registry, an archive and the user speak of one
    /// digest, and no list says that they mean another.
    pub(super) fn only_listed(&self, digest: &ClaimedDigest) -> bool {
        let mut said = self.all.iter().filter(|s| s.digest == *digest && s.voice != Voice::Text);
        said.all(|s| s.voice == Voice::Computer)
    }
}

/// How two digests relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// They are equal, or bytes at hand lead from one to the other.
    Connected,
    /// One output of the user's computer gives both for one image.
    SaidTogether,
    /// Both are of kinds that could be equal, everything between them is at
    /// hand, and they are not.
    Different,
    /// Nothing at hand says.
    Open,
}

/// One statement that others are held against: what is connected with it is
/// found once.
pub(super) struct Middle<'a> {
    facts: &'a Facts,
    store: &'a Store,
    subject: &'a Statement,
    around: Around<'a>,
    /// What the user's computer gives for the same image.
    together: BTreeSet<&'a ClaimedDigest>,
}

impl<'a> Middle<'a> {
    pub(super) fn of(facts: &'a Facts, store: &'a Store, subject: &'a Statement) -> Self {
        let around = Around::of(store, &subject.digest);
        let together = facts.groups_of(&subject.digest).flatten().collect();
        Self { facts, store, subject, around, together }
    }

    /// Whether bytes lead from one of the two digests to the other.
    pub(super) fn connects(&self, digest: &ClaimedDigest) -> bool {
        self.around.connects(self.store, digest)
    }

    /// What bytes connect with it.
    pub(super) const fn around(&self) -> &Around<'a> {
        &self.around
    }

    /// The digits of this one and of all that bytes connect with it, in order.
    pub(super) fn digits(&self) -> Vec<String> {
        self.around.digits()
    }

    /// Relates a statement to this one.
    pub(super) fn relate(&self, other: &Statement) -> Relation {
        if self.connects(&other.digest) {
            return Relation::Connected;
        }
        let differ = differ(self.facts, self.store, self.subject, other);
        if !self.together.contains(&other.digest) {
            return if differ { Relation::Different } else { Relation::Open };
        }
        // Words put digests of one image together; bytes say better which ID it
        // has, and a store that names the index is held to it.
        let is_id = |s: &Statement| s.kind == DigestKind::Index || !is_top(kind_of(self.store, s));
        if [self.subject, other].into_iter().any(is_id) {
            return if differ { Relation::Different } else { Relation::SaidTogether };
        }
        // That two indexes or manifests are one image, only documents show: a
        // list excuses what it says itself, and no other witness.
        let listed = other.voice == Voice::Computer
            && self.facts.groups_of(&other.digest).all(|group| group.contains(&self.subject.digest));
        if listed { Relation::SaidTogether } else { Relation::Open }
    }
}

/// Whether two statements are of kinds that could be equal, with everything
/// between them at hand; they are not connected.
fn differ(facts: &Facts, store: &Store, subject: &Statement, other: &Statement) -> bool {
    let (one, two) = (&subject.digest, &other.digest);
    let same_tag = subject.about.tag.is_some()
        && subject.about.tag == other.about.tag
        && subject.about.repository == other.about.repository;
    let machines = subject.about.platform.as_ref().zip(other.about.platform.as_ref());
    let one_machine = machines.is_some_and(|(one, other)| one.same_machine(other));
    let no_machine = subject.about.platform.is_none() && other.about.platform.is_none();
    match (kind_of(store, subject), kind_of(store, other)) {
        (DigestKind::Index, DigestKind::Index) => true,
        (DigestKind::Index, DigestKind::Manifest | DigestKind::IndexOrManifest) if is_index(store, one) => {
            true
        }
        (DigestKind::Manifest | DigestKind::IndexOrManifest, DigestKind::Index) if is_index(store, two) => {
            true
        }
        (DigestKind::Manifest, DigestKind::Manifest) => one_machine || (same_tag && no_machine),
        // An index that is not at hand may list the manifest.
        (DigestKind::Manifest, DigestKind::IndexOrManifest | DigestKind::Index)
        | (DigestKind::IndexOrManifest | DigestKind::Index, DigestKind::Manifest) => {
            facts.single && same_tag && no_machine
        }
        (a, b) if is_top(a) && is_top(b) => same_tag && no_machine,
        // What a loader takes for the tag is one of them.
        (DigestKind::Config, DigestKind::Config)
            if same_tag && [subject, other].iter().all(|s| s.voice == Voice::Archive) =>
        {
            true
        }
        // What a registry was asked for one platform has another config than the others.
        (_, DigestKind::Config) => {
            configs_known(store, one) && (one_machine || !subject.is_of_one_platform())
        }
        (DigestKind::Config, _) if other.is_top() => {
            configs_known(store, two) && (one_machine || !other.is_of_one_platform())
        }
        // Nothing stands above the manifest of a single platform.
        (DigestKind::Manifest, DigestKind::ImageId) => facts.single && configs_known(store, one),
        // In the containerd store an ID is the digest of the index.
        (DigestKind::Index, DigestKind::ImageId) => configs_known(store, one),
        (DigestKind::ImageId, DigestKind::Index) => configs_known(store, two),
        _ => false,
    }
}

const fn is_top(kind: DigestKind) -> bool {
    matches!(kind, DigestKind::Index | DigestKind::Manifest | DigestKind::IndexOrManifest)
}

const fn is_of_an_image(kind: DigestKind) -> bool {
    is_top(kind) || matches!(kind, DigestKind::Config | DigestKind::ImageId)
}

/// Bytes at hand say better than any text what a digest is of.
pub(super) fn kind_of(store: &Store, statement: &Statement) -> DigestKind {
    match store.document(&statement.digest) {
        Some(Document::Index(_)) => DigestKind::Index,
        Some(Document::Manifest(_)) => DigestKind::Manifest,
        Some(Document::Config(_)) => DigestKind::Config,
        None => statement.kind,
    }
}

pub(super) fn is_index(store: &Store, digest: &ClaimedDigest) -> bool {
    store.index(digest).is_some()
}

/// Whether the configs of all images below a digest are known from bytes.
pub(super) fn configs_known(store: &Store, top: &ClaimedDigest) -> bool {
    match store.document(top) {
        Some(Document::Manifest(_)) => true,
        Some(Document::Index(index)) => index
            .manifests
            .iter()
            .filter(|child| !child.platform.as_ref().is_some_and(Platform::is_unknown))
            .all(|child| store.manifest(&child.digest).is_some()),
        _ => false,
    }
}

pub(super) const fn voice(fact: &Fact) -> Voice {
    match fact.witness.knows {
        Knows::NameAndComputer => Voice::Pull,
        Knows::Name => Voice::Registry,
        Knows::Computer => Voice::Computer,
        Knows::Checked => Voice::Checked,
        Knows::Text => Voice::Text,
    }
}

pub(super) fn statement(fact: &Fact, voice: Voice) -> Statement {
    Statement {
        digest: fact.digest.clone(),
        kind: fact.kind,
        about: fact.about.clone(),
        voice,
        tool: fact.witness.tool.to_owned(),
    }
}

/// What a reference speaks of.
pub(super) fn about(reference: &Reference) -> About {
    About {
        repository: Some(reference.name()),
        tag: reference.tag_or_latest().map(str::to_owned),
        ..About::default()
    }
}

/// At most so many lines of one sort are told: all statements are compared, and
/// those beyond are counted.
pub(super) const STATEMENTS: usize = limits::WORDS;
