//! Several platforms: each has the same config at two registries, by the manifests
//! that the lists name.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::engine::codes as engine;
use crate::engine::link::{Link, Place};
use crate::model::oci::Platform;

use super::codes;
use super::conditions::Procedure;
use super::links::Links;
use super::words::Words;

impl Procedure<'_> {
    /// Several platforms: each has the same config at both registries.
    pub(super) fn platforms(&self, name: &str, words: &Words, out: &mut Links) {
        let (home, ours) = &self.home;
        for (place, words) in [(home.as_str(), ours), (name, words)] {
            if words.list.is_empty() {
                let image = self.image(place);
                return out.open(codes::LIST_NEEDED, &[("image", &image)]);
            }
        }
        let mut compared: Vec<[String; 2]> = Vec::new();
        let mut rows = Links::default();
        let mut open: Vec<(String, Vec<(&str, String)>)> = Vec::new();
        for (platform, child) in &ours.list {
            let Some(theirs) = counterpart(platform, &words.list) else { continue };
            let label = label(platform);
            let sides = [(home.as_str(), ours, child), (name, words, theirs)];
            let configs = sides.map(|(_, words, child)| words.config(child));
            let [Some(one), Some(other)] = configs else {
                let missing = sides.iter().zip(configs).filter(|(_, config)| config.is_none());
                open.push((
                    label,
                    missing.map(|((place, _, child), _)| (*place, child.to_string())).collect(),
                ));
                continue;
            };
            compared.push([child, theirs].map(|child| format!("{label} {child}")));
            let args = [("platform", label.as_str()), ("one", home), ("other", name)];
            if one == other {
                let text = one.to_string();
                rows.holds(codes::CONFIG_HOLDS, &[&args[..], &[("config", &*text)]].concat(), [&text, &text]);
            } else {
                rows.different(codes::CONFIG_DIFFERS, &args, [one, other]);
            }
        }
        for (side, place) in [home.as_str(), name].into_iter().enumerate().filter(|_| !compared.is_empty()) {
            let listed: Vec<&str> =
                compared.iter().filter_map(|pair| pair.get(side)).map(String::as_str).collect();
            let listed = listed.join(", ");
            out.holds(codes::LISTED_HOLDS, &[("repository", place), ("listed", &listed)], [&listed, &listed]);
        }
        rows.list.into_iter().for_each(|link| out.push(link));
        let compared = !compared.is_empty();
        // What is not compared decides only where nothing is.
        self.lists_agree(home, ours, out);
        self.lists_agree(name, words, out);
        for link in [unlisted(home, ours), unlisted(name, words)].concat() {
            out.push(link);
        }
        let mut rest = [unconfirmed(home, ours), unconfirmed(name, words)].concat();
        let mut missing = Links::default();
        for (label, places) in &open {
            if compared {
                let command =
                    |(place, digest): &(&str, String)| format!("docker manifest inspect {place}@{digest}");
                let command = places.iter().map(command).collect::<Vec<_>>().join("; ");
                missing.open(codes::PLATFORM_OPEN, &[("platform", label), ("command", &command)]);
                continue;
            }
            for (place, digest) in places {
                let args = [("repository", *place), ("platform", label), ("digest", digest)];
                missing.open(codes::CONFIG_NEEDED, &args);
            }
        }
        rest.extend(missing.list);
        if !compared && rest.is_empty() {
            let list = |words: &Words| {
                words.list.iter().map(|(platform, _)| label(platform)).collect::<Vec<_>>().join(", ")
            };
            let args = [("platform", &*list(words))];
            rest.push(Link::open("", engine::PLATFORM_NOT_SIGNED, &args));
        }
        for link in rest {
            out.push(if compared { link.placed(Place::Branch) } else { link });
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

    /// The Id of a manifest that was asked for is its config, or in the
    /// containerd store the manifest itself.
    pub(super) fn ids_of_parts(&self, name: &str, words: &Words, out: &mut Links) {
        for (manifest, word) in words.ids.iter().filter_map(|(of, word)| Some((of.as_ref()?, word))) {
            let listed = words.list.iter().find(|(_, child)| child == manifest);
            let (Some((platform, _)), Some(config)) = (listed, words.config(manifest)) else { continue };
            if word.digest == *manifest {
                continue;
            }
            let label = label(platform);
            let args = [("tool", word.tool.as_str()), ("platform", &*label), ("repository", name)];
            if word.digest == *config {
                let text = config.to_string();
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
    let listed: Vec<String> = words.list.iter().take(4).map(|(_, child)| child.to_string()).collect();
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
