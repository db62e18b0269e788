//! The words about one release at all of the publisher's repositories, and what
//! conditions they make.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::engine::Question;
use crate::engine::codes as engine;
use crate::engine::content_trust::Trust;
use crate::engine::facts::{DOCUMENT, Facts};
use crate::engine::link::Link;
use crate::engine::store::Store;
use crate::evidence::{Kind, Knows, trust_text};
use crate::model::publisher::{Published, Scheme};
use crate::model::reference::Reference;

use super::codes;
use super::links::Links;
use super::platforms::Side;
use super::words::{Word, Words};

/// The words about one release at all of the publisher's repositories.
pub(super) struct Procedure<'q> {
    tag: &'q str,
    multi: bool,
    /// The repository whose image is signed.
    pub(super) home: (String, Words),
    /// The one that was asked about, if it is another, and others with words.
    others: Vec<(String, Words)>,
    published: Vec<(ClaimedDigest, String)>,
    /// Digests that the author documented for other releases only.
    of_others: Vec<ClaimedDigest>,
    /// Whether `docker trust inspect` printed something about this tag.
    inspected: bool,
    facts: &'q Facts,
}

impl<'q> Procedure<'q> {
    pub(super) fn of(
        question: &Question<'q>,
        store: &Store,
        trust: &Trust,
        facts: &'q Facts,
    ) -> Option<Self> {
        let (policy, image) = (question.policy, question.image?);
        let pins = policy.content_trust.as_ref()?;
        let tag = image.tag_or_latest()?;
        let release = policy.release(tag)?;
        let owned = policy.repositories.contains(&image.name()) && policy.repositories.contains(&pins.gun);
        if release.scheme != Scheme::ContentTrust
            || !owned
            || image.digest().is_some()
            || question.digest.is_some()
        {
            return None;
        }
        let home = (pins.gun.clone(), Words::read(store, &pins.gun, tag));
        let others = policy.repositories.iter().filter(|name| **name != pins.gun);
        let others = others.map(|name| (name.clone(), Words::read(store, name, tag)));
        let others: Vec<_> =
            others.filter(|(name, words)| *name == image.name() || !words.is_empty()).collect_vec();
        let spoken =
            !trust.texts.is_empty() || !home.1.is_empty() || others.iter().any(|(_, w)| !w.is_empty());
        let published = policy.published.iter().filter(|published| published.tag() == tag);
        let published: Vec<_> =
            published.map(|published| (published.digest().clone(), published.place())).collect_vec();
        let foreign = |digest: &&ClaimedDigest| published.iter().all(|(own, _)| own != *digest);
        let of_others = policy.published.iter().map(Published::digest).filter(foreign).cloned().collect_vec();
        let (multi, inspected) = (release.multi_platform, inspected(store, &pins.gun, tag));
        spoken.then_some(Self { tag, multi, home, others, published, of_others, inspected, facts })
    }

    /// Whether the user's computer gives both for one image.
    pub(super) fn held_together(&self, one: &ClaimedDigest, other: &ClaimedDigest) -> bool {
        self.facts.same_image(one).contains(other)
    }

    pub(super) fn image(&self, repository: &str) -> String {
        format!("{repository}:{}", self.tag)
    }

    /// All conditions: those on the chain decide.
    pub(super) fn conditions(&self) -> Vec<Link> {
        let mut out = Links::default();
        for (name, words) in [&self.home].into_iter().chain(&self.others) {
            let within = limits::within(name, words.beyond.unwrap_or_default(), limits::WORDS);
            within.err().iter().for_each(|error| out.push(Link::failed("", error)));
        }
        let signed = self.signed(&mut out);
        if let Some(signed) = &signed {
            self.at_home(signed, &mut out);
        }
        for (name, words) in &self.others {
            self.elsewhere(signed.as_ref(), Side { name, words }, &mut out);
        }
        out.list
    }

    /// The digest that a tool shows as signed, else the one that is documented.
    fn signed(&self, out: &mut Links) -> Option<Signed> {
        let mut shown: Vec<&ClaimedDigest> = self.home.1.signed.iter().map(|word| &word.digest).collect_vec();
        shown.dedup();
        let newest = self.published.last();
        let (Some(first), true) = (shown.first(), shown.len() == 1) else {
            // Two that differ are a conflict of their own.
            let documented = newest.filter(|_| shown.is_empty());
            if shown.is_empty() && (documented.is_none() || self.inspected) {
                let image = self.image(&self.home.0);
                out.open(codes::SIGNED_NEEDED, &[("tag", self.tag), ("image", &image)]);
            }
            if let Some((digest, place)) = documented {
                return Some(Signed { digest: digest.clone(), documented: Some(place.clone()) });
            }
            return None;
        };
        let text = first.to_string();
        match (self.published.iter().find(|(digest, _)| digest == *first), newest) {
            (Some((_, place)), _) => {
                let args = [("tag", self.tag), ("digest", &*text), ("place", place)];
                out.holds(codes::PUBLISHED_HOLDS, &args, [&text, &text]);
            }
            (None, Some((digest, place))) => {
                let args = [("tag", self.tag), ("place", place.as_str())];
                out.differs(engine::PUBLISHED_DIFFERS, &args, [&digest.to_string(), &text]);
            }
            (None, None) => {}
        }
        Some(Signed { digest: (*first).clone(), documented: None })
    }

    /// The signed digest is the one that the image has where it is signed.
    fn at_home(&self, signed: &Signed, out: &mut Links) {
        let (name, words) = &self.home;
        let before = out.held;
        for word in &words.tops {
            self.top(signed, name, word, out);
        }
        for word in words
            .sums
            .iter()
            .filter(|word| words.tops.iter().all(|top| top.digest != word.digest || word.tool != DOCUMENT))
        {
            if word.digest == signed.digest {
                self.has(signed, name, word, out);
            } else {
                let image = self.image(name);
                let args = [("tool", word.tool.as_str()), ("repository", name), ("image", &image)];
                out.different(codes::SUM_DIFFERS, &args, [&signed.digest, &word.digest]);
            }
        }
        if out.held == before && !out.decided() && !self.reached_elsewhere(signed) {
            let image = self.image(name);
            let args = [("image", &*image), ("expected", &*signed.digest.to_string())];
            out.open(codes::DIGEST_NEEDED, &args);
        }
        if self.multi {
            self.ids_of_parts(name, words, out);
        }
    }

    /// The image elsewhere has the signed digest itself: what it has at home
    /// need not be known.
    fn reached_elsewhere(&self, signed: &Signed) -> bool {
        self.others.iter().any(|(_, words)| words.tops.iter().any(|top| top.digest == signed.digest))
    }

    fn has(&self, signed: &Signed, name: &str, word: &Word, out: &mut Links) {
        let text = word.digest.to_string();
        let place = signed.documented.as_deref().unwrap_or_default();
        let args = [("tool", word.tool.as_str()), ("repository", name), ("digest", &*text), ("place", place)];
        let code = if place.is_empty() { codes::DIGEST_HOLDS } else { codes::DOCUMENTED_HOLDS };
        out.holds(code, &args, [&text, &text]);
    }

    /// One output of the user's computer has this digest and the signed one for one image.
    fn together(signed: &Signed, name: &str, word: &Word, out: &mut Links) {
        let (expected, found) = (signed.digest.to_string(), word.digest.to_string());
        let args = [("tool", word.tool.as_str()), ("repository", name), ("digest", &*found)];
        out.holds(codes::TOGETHER_HOLDS, &args, [&expected, &found]);
    }

    /// What a tag is said to mean where it is signed.
    fn top(&self, signed: &Signed, name: &str, word: &Word, out: &mut Links) {
        if word.digest == signed.digest {
            return self.has(signed, name, word, out);
        }
        // A computer may list an image under the digest of one platform.
        if word.knows == Knows::NameAndComputer || (word.knows == Knows::Name && word.tool == "imagetools") {
            // A computer that shows the signed one too was asked at two moments.
            let holds = |top: &Word| matches!(top.knows, Knows::NameAndComputer | Knows::Computer);
            let both = self.home.1.tops.iter().any(|top| holds(top) && top.digest == signed.digest);
            let code = match word.knows {
                Knows::NameAndComputer if !both => engine::HELD_DIFFERS,
                _ => engine::SUBJECT_CONFLICT,
            };
            let args = [
                ("witness", "docker trust inspect"),
                ("tool", word.tool.as_str()),
                ("kind", "index-or-manifest"),
            ];
            if signed.documented.is_none() {
                out.different(code, &args, [&signed.digest, &word.digest]);
            }
        }
    }

    /// The image at another registry is the signed one.
    fn elsewhere(&self, signed: Option<&Signed>, side: Side<'_>, out: &mut Links) {
        let Side { name, words } = side;
        let mut same = false;
        let mut other = None;
        for word in &words.tops {
            match signed {
                Some(signed) if word.digest == signed.digest => {
                    self.has(signed, name, word, out);
                    same = true;
                }
                // Its Id is one, and so is the image.
                Some(signed) if self.held_together(&signed.digest, &word.digest) => {
                    Self::together(signed, name, word, out);
                    same = true;
                }
                Some(signed) => other = other.or(Some((signed, word))),
                None => same |= self.home.1.tops.iter().any(|top| top.digest == word.digest),
            }
        }
        if let Some(signed) = signed {
            words.tops.iter().for_each(|word| self.of_another(signed, side, word, out));
        }
        if self.multi {
            if !same {
                self.platforms(side, out);
            }
            self.ids_of_parts(name, words, out);
        } else {
            self.single(side, same, other, out);
        }
    }

    /// A digest that the author documented for another release is not this one; what
    /// no list or sum of this repository has is not known to be.
    fn of_another(&self, signed: &Signed, Side { name, words }: Side<'_>, word: &Word, out: &mut Links) {
        if word.digest == signed.digest || self.held_together(&signed.digest, &word.digest) {
            return;
        }
        let foreign = self.of_others.contains(&word.digest) && word.knows != Knows::Computer;
        if let (true, Some((digest, place))) = (foreign, self.published.last()) {
            let args = [("tag", self.tag), ("place", place.as_str())];
            return out.different(engine::PUBLISHED_DIFFERS, &args, [digest, &word.digest]);
        }
        let known = words.sums.iter().any(|sum| sum.digest == word.digest)
            || words.list.iter().any(|(_, child)| *child == word.digest);
        if self.multi && (foreign || !known) {
            let image = self.image(name);
            let args = [("tool", word.tool.as_str()), ("repository", name), ("image", &image)];
            out.different(codes::DIGEST_OPEN, &args, [&signed.digest, &word.digest]);
        }
    }

    /// One platform: the Ids are compared besides the digests.
    fn single<'w>(
        &'w self,
        Side { name, words }: Side<'w>,
        same: bool,
        other: Option<(&Signed, &Word)>,
        out: &mut Links,
    ) {
        let (home, ours) = &self.home;
        let image = self.image(name);
        if let Some((signed, word)) = other {
            let args = [("tool", word.tool.as_str()), ("repository", name), ("image", &image)];
            out.different(codes::DIGEST_OTHER, &args, [&signed.digest, &word.digest]);
        }
        // An Id that is the digest of a manifest is the containerd store's; where all
        // digests are known, any other is a config.
        let tops = || ours.tops.iter().chain(&words.tops).map(|word| &word.digest);
        let is_config = |word: &Word| {
            word.knows == Knows::Name
                || !ours.tops.is_empty() && !words.tops.is_empty() && tops().all(|top| *top != word.digest)
        };
        // An Id that a command asked for by another digest is another image's.
        let ids = |words: &'w Words, other: &'w Words| {
            let top = |of: &ClaimedDigest| words.tops.iter().chain(&other.tops).any(|top| top.digest == *of);
            words
                .ids
                .iter()
                .filter(move |(of, _)| of.as_ref().is_none_or(top))
                .map(|(_, id)| id)
                .collect_vec()
        };
        let (our_ids, their_ids) = (ids(ours, words), ids(words, ours));
        let pairs = || our_ids.iter().flat_map(|one| their_ids.iter().map(move |other| (*one, *other)));
        let args = [("one", home.as_str()), ("other", name)];
        let equal = pairs().find(|(one, other)| one.digest == other.digest);
        // Each Id is one of the other registry's, or what a tag means.
        let lone = |ids: &[&'w Word], others: &[&Word]| {
            let known = |word: &&Word| {
                tops().any(|top| *top == word.digest)
                    || others.iter().any(|other| other.digest == word.digest)
            };
            ids.iter().copied().find(|word| !known(word))
        };
        let lone = lone(&our_ids, &their_ids)
            .map(|word| (home.as_str(), word))
            .or_else(|| lone(&their_ids, &our_ids).map(|word| (name, word)));
        let unequal =
            pairs().find(|(one, other)| one.digest != other.digest && is_config(one) && is_config(other));
        if let Some((one, two)) = unequal {
            out.different(codes::ID_DIFFERS, &args, [&one.digest, &two.digest]);
        } else if let Some((one, _)) = equal {
            let text = one.digest.to_string();
            out.holds(codes::ID_HOLDS, &[&args[..], &[("digest", &*text)]].concat(), [&text, &text]);
            if let Some((place, word)) = lone {
                let (digest, image) = (word.digest.to_string(), self.image(place));
                let args = [
                    ("tool", word.tool.as_str()),
                    ("repository", place),
                    ("digest", &digest),
                    ("image", &image),
                ];
                out.open(codes::ID_OPEN, &args);
            }
        } else if !same || pairs().next().is_some() {
            let missing = if our_ids.is_empty() { home } else { name };
            let image = self.image(missing);
            out.open(codes::ID_NEEDED, &[&args[..], &[("image", &*image)]].concat());
        }
    }
}

/// The digest to hold others against.
struct Signed {
    digest: ClaimedDigest,
    /// Where the author documented it, if no tool shows it as signed.
    documented: Option<String>,
}

/// Whether a checking tool was asked about this tag, or about all of the repository.
fn inspected(store: &Store, repository: &str, tag: &str) -> bool {
    let texts = store
        .items
        .iter()
        .filter(|item| matches!(item.kind, Kind::TrustInspect | Kind::TrustPretty | Kind::TrustCleaned));
    let mut references = texts
        .flat_map(|item| trust_text(&item.bytes).unwrap_or_default())
        .filter_map(|text| Reference::parse(&text.reference).ok());
    references.any(|asked| asked.name() == repository && asked.tag().is_none_or(|other| other == tag))
}
