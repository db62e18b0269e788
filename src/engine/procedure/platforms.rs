//! Several platforms: each has the same config at two registries, by the manifests
//! that the lists name.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::list::CollectVec as _;
use crate::engine::codes as engine;
use crate::engine::link::{Link, Place};
use crate::model::oci::Platform;

use super::codes;
use super::conditions::Procedure;
use super::links::Links;
use super::words::{Word, Words};

/// One registry of two.
#[derive(Clone, Copy)]
pub(super) struct Side<'w> {
    pub(super) name: &'w str,
    pub(super) words: &'w Words,
}

/// One platform at both registries.
struct Pair<'w> {
    label: String,
    sides: [(Side<'w>, &'w ClaimedDigest); 2],
}

impl<'w> Pair<'w> {
    fn of((platform, child): &'w (Platform, ClaimedDigest), [home, other]: [Side<'w>; 2]) -> Option<Self> {
        let theirs = counterpart(platform, &other.words.list)?;
        Some(Self { label: label(platform), sides: [(home, child), (other, theirs)] })
    }

    /// The manifest of one side.
    fn manifest(&self, side: usize) -> &'w ClaimedDigest {
        let [(_, one), (_, other)] = self.sides;
        if side == 0 { one } else { other }
    }

    fn configs(&self) -> [Option<&'w ClaimedDigest>; 2] {
        self.sides.map(|(side, manifest)| side.words.config(manifest))
    }

    fn is_known(&self) -> bool {
        self.configs().iter().all(Option::is_some)
    }

    /// A condition about both sides; the page draws it.
    fn about<T>(&self, more: &[(&str, &str)], say: impl FnOnce(&[(&str, &str)]) -> T) -> T {
        let [(home, signed), (other, copy)] = self.sides;
        let (signed, copy) = (signed.to_string(), copy.to_string());
        let args = [
            ("platform", self.label.as_str()),
            ("one", home.name),
            ("other", other.name),
            ("signed", &*signed),
            ("copy", &*copy),
        ];
        say(&[&args[..], more].concat())
    }

    fn compare(&self, out: &mut Links) {
        let [(home, ours), (copy, theirs)] = self.sides;
        let all = |one| copy.words.configs_of(theirs).map(move |other| (one, other));
        let pairs = || home.words.configs_of(ours).flat_map(all);
        let Some((one, other)) = pairs().find(|(one, other)| one != other).or_else(|| pairs().next()) else {
            return;
        };
        let text = one.to_string();
        self.about(&[("config", &*text)], |args| match one == other {
            true => out.holds(codes::CONFIG_HOLDS, args, [&text, &text]),
            false => out.different(codes::CONFIG_DIFFERS, args, [one, other]),
        });
    }

    /// The sides whose config was not given.
    fn missing(&self) -> impl Iterator<Item = (Side<'w>, &'w ClaimedDigest)> {
        let configs = self.configs();
        self.sides.into_iter().zip(configs).filter(|(_, config)| config.is_none()).map(|(side, _)| side)
    }

    /// Each config that is missing is a condition of its own.
    fn needs(&self, out: &mut Links) {
        for (side, manifest) in self.missing() {
            let digest = manifest.to_string();
            let args = [("repository", side.name), ("platform", &self.label), ("digest", &digest)];
            out.open(codes::CONFIG_NEEDED, &args);
        }
    }

    /// Others were compared: this one stands beside them.
    fn left_out(&self) -> Link {
        let command = |(side, manifest): (Side<'_>, &ClaimedDigest)| {
            format!("docker manifest inspect {}@{manifest}", side.name)
        };
        let command = self.missing().map(command).collect_vec().join("; ");
        self.about(&[("command", &*command)], |args| {
            Link::open("", codes::PLATFORM_OPEN, args).placed(Place::Branch)
        })
    }
}

impl Procedure<'_> {
    /// Several platforms: each has the same config at both registries.
    pub(super) fn platforms(&self, other: Side<'_>, out: &mut Links) {
        let Side { name, words } = other;
        let (home, ours) = &self.home;
        for (place, words) in [(home.as_str(), ours), (name, words)] {
            if words.list.is_empty() {
                let image = self.image(place);
                return out.open(codes::LIST_NEEDED, &[("image", &image)]);
            }
        }
        let sides = [Side { name: home, words: ours }, other];
        let pairs: Vec<Pair<'_>> = ours.list.iter().filter_map(|child| Pair::of(child, sides)).collect_vec();
        let (compared, open): (Vec<&Pair<'_>>, Vec<_>) = pairs.iter().partition(|pair| pair.is_known());
        for (n, side) in sides.iter().enumerate().filter(|_| !compared.is_empty()) {
            let listed = compared.iter().map(|pair| format!("{} {}", pair.label, pair.manifest(n)));
            let listed = listed.collect_vec().join(", ");
            let args = [("repository", side.name), ("listed", &listed)];
            out.holds(codes::LISTED_HOLDS, &args, [&listed, &listed]);
        }
        compared.iter().for_each(|pair| pair.compare(out));
        self.lists_agree(home, ours, out);
        self.lists_agree(name, words, out);
        // A manifest that no list names may be another release's: it decides where
        // nothing else does.
        for link in [unlisted(home, ours), unlisted(name, words)].concat() {
            out.push(if compared.is_empty() { link } else { link.placed(Place::Branch) });
        }
        for link in [unconfirmed(home, ours), unconfirmed(name, words)].concat() {
            out.push(link);
        }
        // What is not compared decides only where nothing is.
        let decides = compared.is_empty();
        for pair in open {
            if decides { pair.needs(out) } else { out.push(pair.left_out()) }
        }
        if pairs.is_empty() {
            let theirs: Vec<_> = words.list.iter().map(|(platform, _)| label(platform)).collect_vec();
            out.open(engine::PLATFORM_NOT_SIGNED, &[("platform", &theirs.join(", "))]);
        }
    }

    /// A list that was printed twice says the same twice.
    fn lists_agree(&self, name: &str, words: &Words, out: &mut Links) {
        for (i, (platform, child)) in words.list.iter().enumerate() {
            let before = words.list.iter().take(i).find(|(other, _)| {
                label(other) == label(platform) || !complete(other, platform) && same_machine(other, platform)
            });
            if let Some((_, first)) = before.filter(|(_, first)| first != child) {
                let (label, image) = (label(platform), self.image(name));
                let args = [("platform", label.as_str()), ("repository", name), ("image", &image)];
                out.different(codes::LISTS_DIFFER, &args, [first, child]);
            }
        }
    }

    /// The Id of the tag is one of its configs, or in the containerd store what the
    /// tag means. Where not all configs are known, the computer's word that it
    /// belongs to that digest stands.
    fn id_of_tag(&self, name: &str, words: &Words, word: &Word, out: &mut Links) {
        let named = words.configs.iter().any(|(_, config)| config.digest == word.digest)
            || words.tops.iter().chain(&words.sums).chain(&words.signed).any(|top| top.digest == word.digest)
            || words.list.iter().any(|(_, child)| *child == word.digest);
        let all = !words.list.is_empty() && words.list.iter().all(|(_, child)| words.config(child).is_some());
        let held = words.tops.iter().any(|top| self.held_together(&word.digest, &top.digest));
        if named || held && !all {
            return;
        }
        let text = word.digest.to_string();
        let image = self.image(name);
        let args =
            [("tool", word.tool.as_str()), ("repository", name), ("digest", &*text), ("image", &image)];
        out.open(codes::ID_OPEN, &args);
    }

    /// The Id of a manifest that was asked for is its config, or in the
    /// containerd store the manifest itself.
    pub(super) fn ids_of_parts(&self, name: &str, words: &Words, out: &mut Links) {
        for (_, word) in words.ids.iter().filter(|(of, _)| of.is_none()) {
            self.id_of_tag(name, words, word, out);
        }
        for (manifest, word) in words.ids.iter().filter_map(|(of, word)| Some((of.as_ref()?, word))) {
            let listed = words.list.iter().find(|(_, child)| child == manifest);
            let (Some((platform, _)), Some(config)) = (listed, words.config(manifest)) else { continue };
            if word.digest == *manifest {
                continue;
            }
            let label = label(platform);
            let args = [("tool", word.tool.as_str()), ("platform", &*label), ("repository", name)];
            if words.configs_of(manifest).any(|config| *config == word.digest) {
                let text = word.digest.to_string();
                out.holds(codes::ID_IS_CONFIG, &[&args[..], &[("digest", &*text)]].concat(), [&text, &text]);
            } else {
                out.different(codes::ID_IS_NOT_CONFIG, &args, [config, &word.digest]);
            }
        }
    }
}

/// Manifests that were asked for, and that the list does not name.
fn unlisted(name: &str, words: &Words) -> Vec<Link> {
    let named = |digest: &ClaimedDigest| words.named.contains(digest);
    let listed: Vec<String> = words.list.iter().take(4).map(|(_, child)| child.to_string()).collect_vec();
    let first = listed.first().map_or("", String::as_str);
    let mut out = Links::default();
    for (manifest, _) in words.configs.iter().filter(|(manifest, _)| !named(manifest)).take(4) {
        let args = [("repository", name), ("digest", first)];
        let error = Error::new(codes::NOT_LISTED).expected(listed.join(", ")).found(manifest.to_string());
        out.push(Link::failed_with("", &error, &args));
    }
    out.list
}

/// Manifests that were printed with other bytes than they were asked for by.
fn unconfirmed(name: &str, words: &Words) -> Vec<Link> {
    let mut out = Links::default();
    for (asked, printed) in words.unconfirmed.iter().take(4) {
        let error =
            Error::new(codes::BYTES_UNCONFIRMED).expected(asked.to_string()).found(printed.to_string());
        out.push(Link::failed_with("", &error, &[("repository", name)]).placed(Place::Branch));
    }
    out.list
}

/// A platform as words name it: grep leaves only the architecture.
fn label(platform: &Platform) -> String {
    platform.to_string().trim_start_matches('/').to_owned()
}

/// Whether both name the operating system: what grep has left names none, and no variant.
const fn complete(one: &Platform, other: &Platform) -> bool {
    !one.os.is_empty() && !other.os.is_empty()
}

fn same_machine(one: &Platform, other: &Platform) -> bool {
    match complete(one, other) {
        true => one.same_machine(other),
        false => one.architecture == other.architecture,
    }
}

/// The manifest that another list names for the same machine, if it names one.
fn counterpart<'w>(platform: &Platform, list: &'w [(Platform, ClaimedDigest)]) -> Option<&'w ClaimedDigest> {
    let mut found = list.iter().filter(|(other, _)| same_machine(platform, other)).map(|(_, child)| child);
    let first = found.next()?;
    // Variants that grep has left out.
    found.all(|other| other == first).then_some(first)
}
