//! A world: who published what, what the registry says, what the user holds,
//! and everything that may be given, each with what it says in truth.

use serde_json::json;
use webdis_verify::Time;
use webdis_verify::session::check::{Options, Publisher};

use super::Random;
use super::evidence::{self, Named};
use super::image::{Tree, sum};
use super::print::{DOCUMENTS, LOCAL, REGISTRY, Seen};
use crate::case::{NOW, trusted_root};
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

/// A world, and what may be given in it.
pub(super) struct World {
    pub(super) about: String,
    pub(super) evil: bool,
    pub(super) options: Options,
    /// Whether the digest asked about is of an image nobody signed.
    pub(super) asks_evil: bool,
    /// All there is; things that belong together are one entry.
    pub(super) pool: Vec<Vec<Input>>,
}

const REPOSITORIES: [&str; 3] =
    ["docker.io/example/webdis", "registry.example:5000/team/app", "ghcr.io/acme/webapp"];
const ARCHES: [&str; 3] = ["amd64", "arm64", "s390x"];

/// How the publisher signs.
#[derive(Clone, Copy, PartialEq)]
enum Scheme {
    Logged,
    Unlogged,
    ContentTrust,
}

impl World {
    /// The world of a seed.
    pub(super) fn new(seed: u64, evil: bool) -> Self {
        let mut random = Random::new(seed);
        let repository = *random.pick(&REPOSITORIES);
        let (tag, count) = ("1.4.2", random.below(3) + 1);
        let indexed = count > 1 || random.chance(50);
        let arches = &ARCHES[..count];
        let old = Tree::new("release 1.4.1", arches, indexed, 1);
        let signed = Tree::new("release 1.4.2", arches, indexed, 1);
        let repacked = Tree::new("release 1.4.2", arches, indexed, 2);
        let wicked = Tree::new("a back door", arches, indexed, 1);
        let platform = random.below(count);
        // A mirror holds the same layers and configs, compressed again.
        let mirror = random.chance(20);
        let held = match (evil, mirror) {
            (true, _) => &wicked,
            (false, true) => &repacked,
            (false, false) => &signed,
        };
        let place = if mirror { "mirror.example/proxy/app" } else { repository };
        let scheme = *random.pick(&[Scheme::Logged, Scheme::Logged, Scheme::Unlogged, Scheme::ContentTrust]);
        let mut options = Options::at(Time::parse(NOW).unwrap());
        options.trusted_root = Some(trusted_root());
        options.ignore_tlog = scheme == Scheme::Unlogged;
        let tags = [("1.4.1", old.top()), (tag, signed.top())];
        let (files, pins) = evidence::metadata(repository, &tags, random.chance(50), false);
        options.publisher = if scheme == Scheme::ContentTrust {
            let profile = json!({"schema": "https://webdis-verify.dev/profile/v1", "id": "test", "publisher": "Test",
                "repositories": [repository], "log": "required",
                "releases": [{"from": "1.0", "scheme": "content-trust", "platforms": if indexed { "multi" } else { "single" }}],
                "contentTrust": {"gun": repository, "root": pins.root, "repository": pins.repository, "signers": []}});
            Publisher::Profile(profile.to_string().into_bytes())
        } else {
            Publisher::Key("publisher.pub".to_owned(), stand_in::key().pem().into())
        };
        if random.chance(60) {
            options.image = Some(format!("{place}:{tag}"));
        }
        if random.chance(25) {
            let parts = [held.top_digest(), sum(&held.platforms[platform].manifest)];
            options.digest = Some(random.pick(&parts).clone());
        }
        let asks_evil = evil && options.digest.is_some();

        let mut pool = Vec::new();
        let seen = Seen { repository: place, tag, tree: held, platform, containerd: random.chance(40) };
        let printed = |label: &str, text: String, part, evil| Input {
            label: label.to_owned(),
            name: format!("{}.txt", label.replace([' ', '/'], "-")),
            bytes: text.into_bytes(),
            part,
            evil,
        };
        for (label, print) in LOCAL {
            pool.push(vec![printed(label, print(&seen), Part::Witness, evil)]);
        }
        // The registry is honest, or its tag was moved.
        let moved = random.chance(50);
        let asked = Seen { tree: if moved || !evil { held } else { &signed }, ..seen };
        for (label, print) in REGISTRY {
            pool.push(vec![printed(label, print(&asked), Part::Witness, evil && moved)]);
        }
        for tree in [&signed, held, &old] {
            let shown = Seen { repository: place, tag, tree, platform, containerd: false };
            for (label, print) in DOCUMENTS {
                pool.push(vec![printed(label, print(&shown), Part::Evidence, false)]);
            }
        }
        let whole = |label: &str, files: Vec<Named>, part| -> Vec<Input> {
            let input = |(name, bytes)| Input { label: label.to_owned(), name, bytes, part, evil: false };
            files.into_iter().map(input).collect()
        };
        if scheme == Scheme::ContentTrust {
            pool.push(whole("metadata", files.clone(), Part::Signature));
            let few: Vec<Named> = files
                .iter()
                .filter(|(name, _)| name == "root.json" || name.starts_with("targets"))
                .cloned()
                .collect();
            pool.push(whole("metadata without snapshot", few, Part::Signature));
            let (older, _) = evidence::metadata(repository, &[("1.4.1", old.top())], true, true);
            pool.push(whole("older metadata", in_folder("old", older), Part::Evidence));
            let text = evidence::trust_inspect(repository, &pins, tag, signed.top());
            pool.push(whole("docker trust inspect", vec![text], Part::Evidence));
        } else {
            let form = random.below(4);
            pool.push(whole(
                "own signature",
                evidence::signature(signed.top(), repository, form),
                Part::Signature,
            ));
            let bundled = evidence::signature(signed.top(), repository, 0);
            pool.push(whole("own signature", bundled, Part::Signature));
            let other = evidence::signature(old.top(), repository, random.below(4));
            pool.push(whole("signature of an older release", other, Part::Evidence));
            if indexed {
                let child = &signed.platforms[random.below(count)].manifest;
                let child = evidence::signature(child, repository, 0);
                pool.push(whole("signature of a platform", child, Part::Evidence));
            }
        }
        let name = format!("{place}:{tag}");
        let here = &held.platforms[platform];
        let mut archive = |label: &str, file: Named, evil| {
            pool.push(vec![Input {
                label: label.to_owned(),
                name: file.0,
                bytes: file.1,
                part: Part::Witness,
                evil,
            }]);
        };
        archive("OCI layout", evidence::layout(held, &name, &[], None), evil);
        archive("docker save", evidence::saved(&here.config, &here.layers, &name, &[]), evil);
        if evil {
            let stray = [signed.clone()];
            let good = &signed.platforms[platform];
            archive("OCI layout with signed strays", evidence::layout(held, &name, &stray, None), true);
            let saved = evidence::saved(&here.config, &here.layers, &name, &stray);
            archive("docker save with signed strays", saved, true);
            let swap = Some((good.manifest.as_slice(), here.manifest.as_slice()));
            archive(
                "OCI layout with a blob under another's name",
                evidence::layout(&signed, &name, &[], swap),
                true,
            );
            let swap = Some((good.layers[1].gzip.as_slice(), here.layers[1].gzip.as_slice()));
            archive("OCI layout with another layer", evidence::layout(&signed, &name, &[], swap), true);
            let saved = evidence::saved(&good.config, &here.layers, &name, &stray);
            archive("docker save with other layers", saved, true);
        }
        for (name, bytes) in evidence::junk(repository) {
            let label = "junk".to_owned();
            pool.push(vec![Input { label, name, bytes, part: Part::Junk, evil: false }]);
        }
        if evil {
            // Own keys' signatures: a stranger signs the image that is held.
            let bytes = crate::common::image::stranger(held.top());
            pool.push(whole("stranger's signature", vec![("s.json".to_owned(), bytes)], Part::Evidence));
        }
        let about = format!(
            "{} world {seed}: {count} platforms{}, {place}:{tag}{}, registry {}",
            if evil { "evil" } else { "honest" },
            if indexed { ", index" } else { "" },
            if mirror { " (a mirror)" } else { "" },
            if evil && moved { "moved" } else { "honest" }
        );
        Self { about, evil, options, asks_evil, pool }
    }

    /// Draws what is given: a few of everything, in any order.
    pub(super) fn draw(&self, random: &mut Random) -> Vec<Input> {
        let weight = |input: &Input| match input.part {
            Part::Signature => 45,
            Part::Witness => 8,
            Part::Evidence => 10,
            Part::Junk => 4,
        };
        let picked = self.pool.iter().filter(|group| random.chance(weight(&group[0])));
        let mut drawn: Vec<Input> = picked.flatten().cloned().collect();
        random.shuffle(&mut drawn);
        drawn
    }
}

fn in_folder(folder: &str, files: Vec<Named>) -> Vec<Named> {
    files.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect()
}

/// Whether the question that was drawn shows an image that nobody signed.
pub(super) fn shows_evil(world: &World, inputs: &[Input]) -> bool {
    world.asks_evil || inputs.iter().any(|input| input.evil)
}
