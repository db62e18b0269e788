//! What the user's tools printed of one release at one repository: what its tag
//! means, what its list names, which configs those name, which Ids it has.
//!
//! Words, not bytes: a list that was printed anew or cut by grep counts as what
//! it says.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::PushAll as _;
use crate::base::order;
use crate::base::order::Set as BTreeSet;
use crate::evidence::{DigestKind, Fact, Item, Kind, Knows, Role};
use crate::model::oci::{Document, Platform};
use crate::model::reference::Reference;

use crate::engine::facts::DOCUMENT;
use crate::engine::store::{Doc, Store};

/// One digest and the program that printed it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub(super) digest: ClaimedDigest,
    pub(super) tool: String,
    pub(super) knows: Knows,
}

/// Everything printed of one release at one repository.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Digests that the tag is said to mean.
    pub(super) tops: Vec<Word>,
    /// Digests that a checking tool calls signed for the tag.
    pub(super) signed: Vec<Word>,
    /// Sums of what a pipe printed for the tag, and of a list that was printed whole.
    pub(super) sums: Vec<Word>,
    /// What the tag's list names.
    pub(super) list: Vec<(Platform, ClaimedDigest)>,
    /// All that a list of the repository names, attestations and other tags too.
    pub(super) named: BTreeSet<ClaimedDigest>,
    /// Manifests that were asked for and printed with other bytes: the digest
    /// asked for, and that of the bytes.
    pub(super) unconfirmed: Vec<(ClaimedDigest, ClaimedDigest)>,
    /// Configs by the manifest that was asked for.
    pub(super) configs: Vec<(ClaimedDigest, Word)>,
    /// Image IDs: of the manifest that was asked for, or of the tag.
    pub(super) ids: Vec<(Option<ClaimedDigest>, Word)>,
    /// Configs of the tag, until it is known which manifest it means.
    loose: Vec<Word>,
    /// How many words of one sort are there, where they are too many to be compared.
    pub(super) beyond: Option<usize>,
}

impl Words {
    /// Reads all that is about a tag of a repository.
    pub(super) fn read(store: &Store, repository: &str, tag: &str) -> Self {
        let mut words = Self::default();
        for item in &store.items {
            let asked = item.printed_for.as_deref().and_then(|text| Reference::parse(text).ok());
            let asked = asked.filter(|asked| asked.name() == repository);
            let digest = asked.as_ref().and_then(Reference::digest);
            let mut manifest = digest.cloned();
            for fact in item.facts.iter().filter(|fact| fact.about.repository.as_deref() == Some(repository))
            {
                if fact.role == Role::Part && matches!(fact.kind, DigestKind::Manifest | DigestKind::Artifact)
                {
                    words.named.extend([fact.digest.clone()]);
                }
                match &fact.about.tag {
                    Some(other) if other != tag => {}
                    Some(_) => words.of_tag(item, fact, &mut manifest),
                    None if digest.is_some() => words.of_digest(fact, digest),
                    None => {}
                }
            }
        }
        let counts = [settle(&mut words.tops), settle(&mut words.signed)];
        // A config that the tag itself is said to have is its manifest's, if that is known.
        let (tops, loose) = (&words.tops, core::mem::take(&mut words.loose));
        match tops.first().filter(|first| tops.iter().all(|top| top.digest == first.digest)) {
            Some(top) => words.configs.push_all(loose.into_iter().map(|word| (top.digest.clone(), word))),
            None => {
                let id = |word| (None, Word { knows: Knows::Name, ..word });
                words.ids.push_all(loose.into_iter().map(id));
            }
        }
        words.documents(store, repository, tag);
        words.settle(counts);
        words
    }

    /// Brings the words into an order that is not that of the inputs, each once.
    /// Past a limit they are not compared, and nothing is concluded.
    fn settle(&mut self, [tops, signed]: [usize; 2]) {
        let counts = [
            tops,
            signed,
            settle(&mut self.sums),
            settle(&mut self.unconfirmed),
            settle(&mut self.configs),
            settle(&mut self.ids),
            self.list.len(),
        ];
        self.beyond = counts.into_iter().filter(|count| *count > limits::WORDS).max();
        if self.beyond.is_some() {
            self.list.truncate(limits::WORDS);
        }
    }

    /// Whether nothing was printed.
    pub(super) const fn is_empty(&self) -> bool {
        self.tops.is_empty()
            && self.sums.is_empty()
            && self.list.is_empty()
            && self.configs.is_empty()
            && self.ids.is_empty()
    }

    /// The config that a manifest is said to name.
    pub(super) fn config(&self, manifest: &ClaimedDigest) -> Option<&ClaimedDigest> {
        self.configs_of(manifest).next()
    }

    /// All that are said: texts may differ.
    pub(super) fn configs_of(&self, manifest: &ClaimedDigest) -> impl Iterator<Item = &ClaimedDigest> {
        self.configs.iter().filter(move |(of, _)| of == manifest).map(|(_, word)| &word.digest)
    }

    fn of_tag(&mut self, item: &Item, fact: &Fact, manifest: &mut Option<ClaimedDigest>) {
        let top = is_top(fact.kind);
        match (fact.role, fact.witness.knows) {
            (Role::Top, Knows::Checked) if top => self.signed.push(word(fact)),
            // A sum of a file, or of an archive, is about that.
            (Role::Top, Knows::Text)
                if fact.kind == DigestKind::Unknown
                    && item.kind == Kind::Sha256sum
                    && fact.about.file.is_none() =>
            {
                self.sums.push(word(fact));
            }
            (Role::Top, Knows::Name | Knows::NameAndComputer | Knows::Computer) if top => {
                *manifest = Some(fact.digest.clone());
                self.tops.push(word(fact));
            }
            (Role::Top, Knows::Computer) if is_id(fact.kind) => self.ids.push((None, word(fact))),
            (Role::Part, Knows::Name) if top => {
                let platform = fact.about.platform.clone().filter(|platform| !platform.is_unknown());
                *manifest = Some(fact.digest.clone());
                platform.into_iter().for_each(|platform| self.names(platform, &fact.digest));
            }
            // In a verbose listing it stands below its manifest.
            (Role::Part, Knows::Name) if fact.kind == DigestKind::Config => match manifest.clone() {
                Some(manifest) => self.configs.push((manifest, word(fact))),
                None => self.loose.push(word(fact)),
            },
            _ => {}
        }
    }

    /// The list names a manifest; what names the platform in full says it better, and of
    /// two such the lesser, whichever was given first.
    fn names(&mut self, platform: Platform, child: &ClaimedDigest) {
        let room = self.list.len() <= limits::WORDS;
        match self.list.iter_mut().find(|(_, known)| known == child) {
            Some((known, _)) => {
                let fuller = (platform.os.is_empty(), &platform) < (known.os.is_empty(), &*known);
                if fuller {
                    *known = platform;
                }
            }
            None if room => self.list.push((platform, child.clone())),
            None => {}
        }
    }

    /// The command asked for one manifest.
    fn of_digest(&mut self, fact: &Fact, asked: Option<&ClaimedDigest>) {
        let Some(asked) = asked.filter(|asked| **asked != fact.digest) else { return };
        match (fact.role, fact.kind) {
            (Role::Part, DigestKind::Config) => self.configs.push((asked.clone(), word(fact))),
            (Role::Top, kind) if is_id(kind) => self.ids.push((Some(asked.clone()), word(fact))),
            _ => {}
        }
    }

    /// Lists and manifests that were printed whole: the lists first, for they say which
    /// manifests belong here.
    fn documents(&mut self, store: &Store, repository: &str, tag: &str) {
        let printed = |doc: &&Doc| {
            let item = store.items.get(doc.item).filter(|item| item.parent.is_none());
            let asked = item.and_then(|item| Reference::parse(item.printed_for.as_deref()?).ok());
            asked.filter(|asked| asked.name() == repository)
        };
        let known = |words: &Self, digest: &ClaimedDigest, asked: Option<&Reference>| {
            asked.is_some_and(|asked| asked.tag() == Some(tag))
                || words.tops.iter().chain(&words.signed).any(|top| top.digest == *digest)
        };
        let word = |digest: ClaimedDigest, knows| Word { digest, tool: DOCUMENT.to_owned(), knows };
        for doc in store.images() {
            let digest = doc.document.digest().to_claim();
            if known(self, &digest, printed(&doc).as_ref()) {
                self.sums.push(word(digest, Knows::Text));
                if let Document::Index(index) = &doc.document {
                    index.manifests.iter().for_each(|child| self.named.extend([child.digest.clone()]));
                    let named = index.platforms().filter(|(platform, _)| !platform.is_unknown());
                    named.for_each(|(platform, child)| self.names(platform.clone(), &child.digest));
                }
            }
        }
        for doc in store.images() {
            let Document::Manifest(manifest) = &doc.document else { continue };
            let (digest, asked) = (doc.document.digest().to_claim(), printed(&doc));
            let belongs =
                known(self, &digest, asked.as_ref()) || self.list.iter().any(|(_, child)| *child == digest);
            // What was asked for is what was printed, whatever a tool made of its bytes.
            let by_digest = asked.as_ref().and_then(Reference::digest).cloned();
            let Some(of) = by_digest.or_else(|| belongs.then(|| digest.clone())) else { continue };
            if of != digest {
                self.unconfirmed.push((of.clone(), digest));
            }
            let config = manifest.names_config().config().digest.clone();
            self.configs.push((of, word(config, Knows::Name)));
        }
    }
}

fn word(fact: &Fact) -> Word {
    Word { digest: fact.digest.clone(), tool: fact.witness.tool.to_owned(), knows: fact.witness.knows }
}

/// Sorts words, each once, and cuts them at the limit; how many there were.
fn settle<T: Ord>(list: &mut Vec<T>) -> usize {
    order::sort_by(list, T::cmp);
    list.dedup();
    let count = list.len();
    list.truncate(limits::WORDS);
    count
}

const fn is_top(kind: DigestKind) -> bool {
    matches!(kind, DigestKind::Index | DigestKind::Manifest | DigestKind::IndexOrManifest)
}

const fn is_id(kind: DigestKind) -> bool {
    matches!(kind, DigestKind::ImageId | DigestKind::Config)
}
