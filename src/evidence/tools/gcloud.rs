//! `gcloud container images list-tags REPOSITORY`: what the tags of a repository mean, of
//! which a row may have several or none. Without a format it shows the first digits only:
//!
//! ```text
//! DIGEST        TAGS          TIMESTAMP
//! 1bc6620c963b  1.0,latest    2026-01-02T03:04:05
//! ```

use super::docker_images::begins;
use super::{Command, Cut, Kind, Lines, Output};
use crate::base::affix;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::model::reference::is_tag;

/// `gcloud artifacts docker images list REPOSITORY --include-tags`: a row for each digest.
///
/// ```text
/// IMAGE                DIGEST       TAGS        CREATE_TIME          …
/// host/project/repo/a  sha256:1bc…  1.0,latest  2026-01-02T03:04:05  …
/// ```
pub(super) fn artifacts(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let columns = lines.first()?.split_whitespace().collect_vec();
    let at = |name: &str| columns.iter().position(|column| *column == name);
    let (image, digest, _) = (at("IMAGE")?, at("DIGEST")?, at("CREATE_TIME")?);
    let tags = at("TAGS");
    let mut facts = Facts::new("gcloud", Knows::Name);
    let end = lines.run(|row, line| {
        let words = line.split_whitespace().collect_vec();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        if row == 0 || !word(digest).starts_with("sha256:") {
            return row == 0;
        }
        // The column of tags may be empty; a time is none.
        let named = tags.map(word).filter(|tags| tags.split(',').all(is_tag) && !tags.contains('T'));
        for tag in named.unwrap_or_default().split(',') {
            facts.next_image(Some(word(image)));
            facts.subject().tag = Some(tag).filter(|tag| !tag.is_empty()).map(str::to_owned);
            facts.top(DigestKind::IndexOrManifest, word(digest));
        }
        true
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()))
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let mut header = lines.first()?.split_whitespace();
    if header.next() != Some("DIGEST") || header.next() != Some("TAGS") {
        return None;
    }
    let mut words = command.typed.split_whitespace().skip_while(|word| *word != "list-tags").skip(1);
    let repository = About::of_text(words.find(|word| !word.starts_with('-'))).repository;
    let mut facts = Facts::new("gcloud", Knows::Name);
    let mut cut = Vec::new();
    let end = lines.run(|row, line| {
        let mut words = line.split_whitespace();
        let digest = words.next().unwrap_or_default();
        let hex = affix::after(digest, "sha256:");
        if row == 0 || hex.len() < 12 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return row == 0;
        }
        // The column of tags may be empty; a time is none.
        let tags = words.next().filter(|tags| tags.split(',').all(is_tag)).unwrap_or_default();
        for tag in tags.split(',') {
            let tag = Some(tag).filter(|tag| !tag.is_empty()).map(str::to_owned);
            let about = About { repository: repository.clone(), tag, ..About::default() };
            facts.next_image(None);
            facts.subject().clone_from(&about);
            facts.top(DigestKind::IndexOrManifest, digest);
            let shown = begins(digest, about, "gcloud").filter(|_| cut.len() < limits::FACTS);
            cut.push_all(shown.map(|shown| Cut { kind: DigestKind::IndexOrManifest, ..shown }));
        }
        true
    });
    Some(Output { cut, ..Output::new(Kind::ToolOutput, end, facts.done()) })
}
