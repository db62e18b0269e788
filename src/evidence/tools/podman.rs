//! `podman pull`, `podman run`, `buildah pull`:
//!
//! ```text
//! Trying to pull quay.io/team/app:1.0...
//! Getting image source signatures
//! Copying config b34882e4eb done   |
//! Writing manifest to image destination
//! b34882e4eb807e973b80ea264e24507dd4e5887b5856dc193e1df040e9492ad0
//! ```
//!
//! The last line is the ID in podman's store: the digest of the config. `podman image tree`
//! shows its first digits:
//!
//! ```text
//! Image ID: b34882e4eb80
//! Tags:     [quay.io/team/app:1.0]
//! ```

use super::docker_images::{Images, Row, begins};
use super::{Command, Kind, Lines, Output};
use crate::base::affix;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::evidence::terminal::hex64;

/// What stands before the config's digest, or its first digits.
const CONFIG: &str = "Copying config ";

/// How its lines begin.
pub(super) const LINES: &str = "Trying to pull |Resolved \"|Resolving \"|Getting image source signatures|Copying blob |\
    Copying config |Writing manifest to image destination|Storing signatures|\
    Checking if image destination supports signatures";

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let starts = |line: &str| affix::begins_one(line, LINES);
    if !starts(first) {
        return None;
    }
    let (mut image, mut cut, mut config) = (None, None, "");
    let mut facts = Facts::new("podman pull", Knows::NameAndComputer).about(command.reference.as_deref());
    let end = lines.run(|_, line| {
        if let Some(name) = line.strip_prefix("Trying to pull ") {
            let name = affix::after(name.trim_end_matches('.'), "docker://");
            facts.next_image(Some(name));
            image = Some(name.to_owned());
            return true;
        }
        if let Some(shown) = line.strip_prefix(CONFIG) {
            let shown = shown.split(' ').next().unwrap_or_default();
            cut = begins(shown, facts.subject().clone(), "podman pull");
            if cut.is_none() && facts.is_empty() {
                facts.top(DigestKind::Config, shown);
                config = affix::after(shown, "sha256:");
            }
            return true;
        }
        if hex64(line) && facts.is_empty() {
            // What `podman run -d` prints last is a container's.
            if !command.is_of_containers() {
                facts.top(DigestKind::Config, line);
            }
            return true;
        }
        starts(line) || line == config
    });
    // The ID below says more than its first digits.
    let cut = cut.filter(|_| facts.is_empty()).into_iter().collect_vec();
    Some(Output { cut, ..Output::new(Kind::ToolOutput, end, facts.done()).of(image) })
}

pub(super) fn tree(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let id = lines.first()?.strip_prefix("Image ID: ")?.trim();
    let tags = lines.second()?.strip_prefix("Tags:")?.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut images = Images::of("podman image tree", DigestKind::Config);
    for tag in tags.split_whitespace().take(limits::FACTS) {
        images.add(Row { name: Some(tag.to_owned()), digest: "", id });
    }
    let layer = |line: &str| line.starts_with(['├', '└']) && line.contains(" ID: ");
    Some(images.output(
        lines.run(|row, line| row < 2 || line.starts_with("Size:") || line == "Image Layers" || layer(line)),
    ))
}
