//! A world: who published what, what the registry says, what the user holds,
//! and everything that may be given, each with what it says in truth.

use serde_json::json;
use webdis_verify::Time;
use webdis_verify::proof::tuf::Pins;
use webdis_verify::session::check::{Options, Publisher};

use super::Random;
use super::evidence::{self, Named};
use super::image::{Tree, sum};
use super::print::{DOCUMENTS, LOCAL, PARTS, REGISTRY, SUM, Seen};
use super::told;
use crate::case::{NOW, trusted_root};
use crate::common::image::stranger;
use crate::common::stand_in;

/// What an input is to the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It says what the user holds, or what the registry says: the question.
    Witness,
    /// A document, a signature, metadata: anybody may give it.
    Evidence,
    /// The publisher's own signature.
    Signature,
    /// A stranger's, about something else.
    Junk,
}

/// Something to give.
#[derive(Clone)]
pub(super) struct Input {
    /// What printed or made it.
    pub(super) label: String,
    /// As a file it has this name.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) part: Part,
    /// It shows an image that the publisher did not sign.
    pub(super) evil: bool,
}

impl Input {
    /// Whether it can be pasted and joined with other texts.
    pub(super) fn is_text(&self) -> bool {
        !self.name.ends_with(".tar")
    }
}

/// One thing there is to give, before it is made.
#[derive(Clone, Copy)]
pub(super) enum Entry {
    /// By number in [`LOCAL`].
    Local(usize),
    /// By number in [`REGISTRY`].
    Registry(usize),
    /// Of a tree: by number in [`World::trees`] and in [`DOCUMENTS`].
    Document(usize, usize),
    /// The publisher's signature in a form.
    Own(usize),
    /// His signature of an older release in a form.
    Older(usize),
    /// His signature of a platform.
    Child(usize),
    /// A stranger's signature of what is held.
    Stranger,
    /// Content Trust metadata: whole, without snapshot, of an older moment.
    Metadata,
    Unbound,
    OldMetadata,
    TrustInspect,
    /// By number in [`ARCHIVES`].
    Archive(usize),
    /// By number in [`evidence::junk`].
    Junk(usize),
    /// By number in [`told::all`].
    Told(usize),
    /// What tools print of the copy in the publisher's other repository: by
    /// number in [`LOCAL`] or [`REGISTRY`].
    CopyHeld(usize),
    CopyNamed(usize),
    /// The delegate's release of the same tag in another repository, and a
    /// collection by a retired root key: both of what is held.
    OtherRelease,
    Stolen,
}

/// Archives; the first two can be honest.
const ARCHIVES: [&str; 7] = [
    "OCI layout",
    "docker save",
    "OCI layout with signed strays",
    "docker save with signed strays",
    "OCI layout with a blob under another's name",
    "OCI layout with another layer",
    "docker save with other layers",
];
const REPOSITORIES: [&str; 3] =
    ["docker.io/example/webdis", "registry.example:5000/team/app", "ghcr.io/acme/webapp"];
const ARCHES: [&str; 3] = ["amd64", "arm64", "s390x"];
const TAG: &str = "1.4.2";
/// The publisher's other repository.
const COPY: &str = "public.ecr.example/acme/app";

/// A world, and what may be given in it.
pub(super) struct World {
    pub(super) about: String,
    pub(super) evil: bool,
    pub(super) options: Options,
    pub(super) pool: Vec<Entry>,
    /// Whether the digest asked about is of an image nobody signed.
    asks_evil: bool,
    repository: &'static str,
    /// Where it was pulled from: the repository or a mirror of it.
    place: &'static str,
    /// What is signed, what is held, what was signed before.
    trees: [Tree; 3],
    platform: usize,
    containerd: bool,
    /// Whether the registry's tag was moved to the evil image.
    moved: bool,
    delegated: bool,
    /// How often the root key was changed.
    rotated: usize,
    /// What the publisher's other repository has under the tag.
    copy: Tree,
    pins: Pins,
}

impl World {
    /// The world of a seed.
    pub(super) fn new(seed: u64, evil: bool) -> Self {
        let mut random = Random::new(seed);
        let repository = *random.pick(&REPOSITORIES);
        let count = random.below(3) + 1;
        let indexed = count > 1 || random.chance(50);
        let tree = |content: &str, build| Tree::new(content, &ARCHES[..count], indexed, build);
        let platform = random.below(count);
        // A mirror holds the same layers and configs, compressed again.
        let mirror = random.chance(20);
        let signed = tree("release 1.4.2", 1);
        let held = match (evil, mirror) {
            (true, _) => tree("a back door", 1),
            (false, true) => tree("release 1.4.2", 2),
            (false, false) => signed.clone(),
        };
        let place = if mirror { "mirror.example/proxy/app" } else { repository };
        let pins = evidence::pins(repository);
        let mut options = Options::at(Time::parse(NOW).unwrap());
        options.trusted_root = Some(trusted_root());
        let content_trust = random.chance(25);
        options.publisher = if content_trust {
            let platforms = if indexed { "multi" } else { "single" };
            let profile = json!({"schema": "https://webdis-verify.dev/profile/v1", "id": "test", "publisher": "Test",
                "repositories": [repository, COPY], "log": "required",
                "releases": [{"from": "1.0", "scheme": "content-trust", "platforms": platforms}],
                "contentTrust": {"gun": repository, "root": pins.root, "repository": pins.repository, "signers": []}});
            Publisher::Profile(profile.to_string().into_bytes())
        } else {
            options.ignore_tlog = random.chance(30);
            Publisher::Key("publisher.pub".to_owned(), stand_in::key().pem().into())
        };
        if random.chance(60) {
            options.image = Some(format!("{place}:{TAG}"));
        }
        if random.chance(25) {
            let parts = [held.top_digest(), sum(&held.platforms[platform].manifest)];
            options.digest = Some(random.pick(&parts).clone());
        }
        let mut pool: Vec<Entry> = (0..LOCAL.len()).map(Entry::Local).collect();
        pool.extend((0..REGISTRY.len()).map(Entry::Registry));
        for tree in 0..3 {
            pool.extend((0..DOCUMENTS.len()).map(|n| Entry::Document(tree, n)));
        }
        if content_trust {
            pool.extend([Entry::Metadata, Entry::Unbound, Entry::OldMetadata, Entry::TrustInspect]);
        } else {
            pool.extend([Entry::Own(random.below(4)), Entry::Own(0), Entry::Older(random.below(4))]);
            pool.extend(indexed.then(|| Entry::Child(random.below(count))));
        }
        pool.extend((0..if evil { ARCHIVES.len() } else { 2 }).map(Entry::Archive));
        pool.extend((0..evidence::junk(repository).len()).map(Entry::Junk));
        pool.extend(evil.then_some(Entry::Stranger));
        pool.extend((0..told::all().len()).map(Entry::Told));
        // Of another repository's image only what its registry and a pull say.
        pool.extend([0, 2, 3].map(Entry::CopyHeld));
        pool.extend([0, 2, 4].map(Entry::CopyNamed));
        if evil && content_trust {
            pool.extend([Entry::OtherRelease, Entry::Stolen]);
        }
        let (moved, asks_evil) = (evil && random.chance(50), evil && options.digest.is_some());
        let about = format!(
            "{} world {seed}: {count} platforms{}, {place}:{TAG}{}, registry {}",
            if evil { "evil" } else { "honest" },
            if indexed { ", index" } else { "" },
            if mirror { " (a mirror)" } else { "" },
            if moved { "moved" } else { "honest" }
        );
        let trees = [signed, held, tree("release 1.4.1", 1)];
        let (containerd, delegated) = (random.chance(40), random.chance(50));
        let rotated = random.below(3);
        let copy = tree(if evil { "a back door" } else { "release 1.4.2" }, random.below(2) as u8 + 1);
        Self {
            about,
            evil,
            options,
            pool,
            asks_evil,
            repository,
            place,
            trees,
            platform,
            containerd,
            moved,
            delegated,
            rotated,
            copy,
            pins,
        }
    }

    /// What is about a witness, or may be anybody's.
    pub(super) fn part(entry: Entry) -> Part {
        match entry {
            Entry::Local(_) | Entry::Registry(_) | Entry::Archive(_) => Part::Witness,
            Entry::CopyHeld(_) | Entry::CopyNamed(_) => Part::Witness,
            Entry::Told(n) if told::all()[n].knows != told::Knows::Other => Part::Witness,
            Entry::Own(_) | Entry::Metadata | Entry::Unbound => Part::Signature,
            Entry::Junk(_) => Part::Junk,
            _ => Part::Evidence,
        }
    }

    fn seen<'a>(&self, tree: &'a Tree, containerd: bool) -> Seen<'a> {
        Seen { repository: self.place, tag: TAG, tree, platform: self.platform, containerd }
    }

    /// The image in the publisher's other repository.
    fn copied(&self) -> Seen<'_> {
        Seen {
            repository: COPY,
            tag: TAG,
            tree: &self.copy,
            platform: self.platform,
            containerd: self.containerd,
        }
    }

    /// Whether the copy may be what the question is about: nobody asks for
    /// another repository's image.
    fn copy_asked(&self) -> bool {
        self.evil && self.options.image.is_none()
    }

    /// Makes one thing: a text, a file, or several files that belong together.
    pub(super) fn make(&self, entry: Entry) -> Vec<Input> {
        let [signed, held, old] = &self.trees;
        let part = Self::part(entry);
        let inputs = |label: &str, files: Vec<Named>, evil| -> Vec<Input> {
            let input = |(name, bytes)| Input { label: label.to_owned(), name, bytes, part, evil };
            files.into_iter().map(input).collect()
        };
        let text = |label: &str, text: String, evil| {
            let name = format!("{}.txt", label.replace([' ', '/', ','], "-"));
            inputs(label, vec![(name, text.into_bytes())], evil)
        };
        let metadata = |tags: &[(&str, &[u8])], old| {
            evidence::metadata(self.repository, tags, self.delegated, old, self.rotated)
        };
        let current = || metadata(&[("1.4.1", old.top()), (TAG, signed.top())], false);
        match entry {
            Entry::Local(n) => text(LOCAL[n].0, LOCAL[n].1(&self.seen(held, self.containerd)), self.evil),
            Entry::Registry(n) => {
                let named = if self.moved || !self.evil { held } else { signed };
                text(REGISTRY[n].0, REGISTRY[n].1(&self.seen(named, false)), self.moved)
            }
            Entry::Document(tree, n) => {
                let of = ["of the signed image", "of what is held", "of the older release"][tree];
                let (label, print) = DOCUMENTS[n];
                text(&format!("{label}, {of}"), print(&self.seen(&self.trees[tree], false)), false)
            }
            Entry::Own(form) => {
                inputs("own signature", evidence::signature(signed.top(), self.repository, form), false)
            }
            Entry::Older(form) => {
                let files = evidence::signature(old.top(), self.repository, form);
                inputs("signature of an older release", files, false)
            }
            Entry::Child(n) => {
                let files = evidence::signature(&signed.platforms[n].manifest, self.repository, 0);
                inputs("signature of a platform", files, false)
            }
            Entry::Stranger => {
                inputs("stranger's signature", vec![("s.json".to_owned(), stranger(held.top()))], false)
            }
            Entry::Metadata => inputs("metadata", current(), false),
            Entry::Unbound => {
                let bound = |name: &str| name != "root.json" && !name.starts_with("targets");
                let files = current().into_iter().filter(|(name, _)| !bound(name)).collect();
                inputs("metadata without snapshot", files, false)
            }
            Entry::OldMetadata => {
                let files = metadata(&[("1.4.1", old.top())], true).into_iter();
                inputs(
                    "older metadata",
                    files.map(|(name, bytes)| (format!("old/{name}"), bytes)).collect(),
                    false,
                )
            }
            Entry::TrustInspect => {
                let file = evidence::trust_inspect(self.repository, &self.pins, TAG, signed.top());
                inputs("docker trust inspect", vec![file], false)
            }
            Entry::Told(n) => {
                let told = &told::all()[n];
                let (tree, evil) = match told.knows {
                    told::Knows::Computer => (held, self.evil),
                    told::Knows::Name if self.moved || !self.evil => (held, self.moved),
                    told::Knows::Other if !self.evil => (held, false),
                    _ => (signed, false),
                };
                let printed = told.about(&self.seen(tree, self.containerd));
                printed.map(|printed| text(&told.name, printed, evil)).unwrap_or_default()
            }
            Entry::CopyHeld(n) => {
                text(&format!("{} of the copy", LOCAL[n].0), LOCAL[n].1(&self.copied()), self.copy_asked())
            }
            Entry::CopyNamed(n) => text(
                &format!("{} of the copy", REGISTRY[n].0),
                REGISTRY[n].1(&self.copied()),
                self.copy_asked(),
            ),
            Entry::OtherRelease => inputs(
                "a release of another repository",
                vec![evidence::other_release(TAG, held.top())],
                false,
            ),
            Entry::Stolen => inputs(
                "a retired key's collection",
                evidence::stolen(self.repository, TAG, held.top()),
                false,
            ),
            Entry::Archive(n) => inputs(ARCHIVES[n], vec![self.archive(n)], self.evil),
            Entry::Junk(n) => inputs("junk", vec![evidence::junk(self.repository)[n].clone()], false),
        }
    }

    /// Whether an output can be printed of what is held here.
    pub(super) fn prints(&self, told: &told::Told) -> bool {
        told.about(&self.seen(&self.trees[1], self.containerd)).is_some()
    }

    fn archive(&self, n: usize) -> Named {
        let [signed, held, _] = &self.trees;
        let (here, good) = (&held.platforms[self.platform], &signed.platforms[self.platform]);
        let name = format!("{}:{TAG}", self.place);
        let stray = [signed.clone()];
        match n {
            0 => evidence::layout(held, &name, &[], None),
            1 => evidence::saved(&here.config, &here.layers, &name, &[]),
            2 => evidence::layout(held, &name, &stray, None),
            3 => evidence::saved(&here.config, &here.layers, &name, &stray),
            4 => evidence::layout(signed, &name, &[], Some((&good.manifest, &here.manifest))),
            5 => evidence::layout(signed, &name, &[], Some((&good.layers[1].gzip, &here.layers[1].gzip))),
            _ => evidence::saved(&good.config, &here.layers, &name, &stray),
        }
    }

    /// Draws what is given: a few of everything, in any order.
    pub(super) fn draw(&self, random: &mut Random) -> Vec<Input> {
        let weight = |entry: Entry| match Self::part(entry) {
            Part::Signature => 45,
            Part::Witness => 5,
            Part::Evidence => 10,
            Part::Junk => 4,
        };
        let picked: Vec<Entry> =
            self.pool.iter().copied().filter(|entry| random.chance(weight(*entry))).collect();
        let mut drawn: Vec<Input> = picked.into_iter().flat_map(|entry| self.make(entry)).collect();
        random.shuffle(&mut drawn);
        drawn
    }

    /// Whether the question that was drawn shows an image nobody signed.
    pub(super) fn shows_evil(&self, inputs: &[Input]) -> bool {
        self.asks_evil || inputs.iter().any(|input| input.evil)
    }

    /// Whether the user or a witness says which image is meant. A sum of bytes
    /// that nobody described, and parts, can confirm an image, and name none; of another
    /// repository's image nobody asked.
    pub(super) fn is_asked(&self, inputs: &[Input]) -> bool {
        let elsewhere = |input: &Input| self.options.image.is_some() && input.label.ends_with(" of the copy");
        let nameless = |input: &Input| [SUM, PARTS].contains(&input.label.as_str());
        let names = |input: &Input| input.part == Part::Witness && !nameless(input) && !elsewhere(input);
        self.options.digest.is_some() || inputs.iter().any(names)
    }

    /// Whether two digests are of one image: an index, its platforms, their
    /// configs.
    pub(super) fn same_image(&self, one: &str, other: &str) -> bool {
        let within = |tree: &Tree, digest: &str| {
            let part = |p: &super::image::Platform| sum(&p.manifest) == digest || sum(&p.config) == digest;
            tree.top_digest() == digest || tree.platforms.iter().any(part)
        };
        one == other
            || self.trees.iter().chain([&self.copy]).any(|tree| within(tree, one) && within(tree, other))
    }
}
