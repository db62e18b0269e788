//! The first digits of a digest beside the name of an image, in a line or in an object:
//! `{{.Repository}}:{{.Tag}} {{.ID}}`, `REPO@sha256:0123456789ab`. Lists and people
//! shorten them so; they are too few to be a digest, and enough to tell images apart.

use super::{Command, Node, Object, object, objects, other_json, text as member};
use crate::base::affix;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::evidence::fact::{About, DigestKind};
use crate::evidence::item::Cut;
use crate::evidence::lines::{Lines, lines_with, trim};
use crate::model::reference::{Reference, is_tag};

/// Longest line that is looked at, in bytes.
const LINE: usize = 400;
/// Digits that a list shows of an ID.
const SHOWN: [usize; 2] = [12, 13];
/// Members that hold a digest or an ID.
const MEMBERS: [&str; 6] = ["ID", "Id", "ImageID", "imageID", "Digest", "digest"];

/// What stands before the ID of the image that the line above names.
const BELOW: [&str; 2] = ["---> ", "Image ID:"];
/// And of the one that the line below names.
const BUILT: &str = "Successfully built ";

/// Whether an ID that stands alone is one: neither a number nor a word.
fn is_id(word: &str) -> bool {
    let both = word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_lowercase());
    both && may_be_id(word)
}

/// Whether a word may be an ID, where the place says that one stands there: one of some
/// hundred has no letter.
fn may_be_id(word: &str) -> bool {
    let hex = word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    SHOWN.contains(&word.len()) && hex
}

/// Digits behind `sha256:`, too few for a digest.
fn marked(word: &str) -> Option<&str> {
    let digits = word.strip_prefix("sha256:").or_else(|| word.strip_prefix("SHA256:"))?;
    // Of what was left out in the middle the beginning counts.
    let left_out = digits.find(['.', '\u{2026}']).filter(|at| digits.get(*at..).is_some_and(is_left_out));
    let digits = left_out.and_then(|at| digits.get(..at)).unwrap_or(digits);
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    (digits.len() >= 6 && digits.len() != 64 && hex).then(|| digits.get(..64).unwrap_or(digits))
}

fn is_left_out(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['.', '\u{2026}']);
    rest.len() < 64 && rest.bytes().all(|b| b.is_ascii_hexdigit())
}

/// First digits behind a word for a digest or an ID, where nothing beside them names an
/// image: `Digest: sha256:0123…`, `"Id": "sha256:0123…"`.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(crate) fn unnamed(text: &str, command: &Command) -> Option<Cut> {
    let about = || About::of_text(command.reference.as_deref());
    let lines = lines_with(text, "sha256:").filter(|line| line.len() <= LINE);
    let mut found = lines.filter_map(|line| {
        let before = line.split("sha256:").next()?.trim_end_matches(['"', ' ', ':', '\t']);
        let label = before.rsplit(['"', ' ', '\t']).next()?;
        let known = label.eq_ignore_ascii_case("digest") || label.eq_ignore_ascii_case("id");
        words(line).find_map(marked).filter(|digits| known && digits.len() >= SHOWN[0])
    });
    found.next().map(|digits| cut(digits, about()))
}

/// The first digits that a name was given to: `docker tag 1bc6 REF`. It prints nothing.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(crate) fn tagged(command: &Command) -> Option<Cut> {
    if !["docker tag", "docker image tag", "podman tag", "podman image tag", "nerdctl tag", "buildah tag"]
        .iter()
        .any(|words| command.is(words))
    {
        return None;
    }
    let (_, named) = command.typed.split_once(" tag ")?;
    let id = named.split_whitespace().find(|word| !word.starts_with('-'))?;
    let digits = affix::after(id, "sha256:");
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let about = About::of_text(command.reference.as_deref());
    (hex && (3..64).contains(&digits.len()) && about.repository.is_some()).then(|| cut(digits, about))
}

/// The image that a word names, with a path or a tag.
fn named(word: &str) -> Option<Reference> {
    let shaped = word.len() < 300 && word.contains('/') && !word.contains("//") && !word.starts_with("sha");
    // `Step 1/2` is none.
    let shaped = shaped && word.bytes().any(|b| b.is_ascii_lowercase());
    Reference::parse(word).ok().filter(|reference| shaped && reference.digest().is_none())
}

fn cut(digits: &str, about: About) -> Cut {
    let digits = digits.to_ascii_lowercase();
    Cut { digits, about, tool: "text", kind: DigestKind::Unknown, part: false }
}

/// Digits in lines that name an image.
pub(crate) fn in_lines(text: &str, command: &Command) -> Vec<Cut> {
    let (mut all, mut containers) = (Vec::new(), None);
    for line in lines_with(text, "/").filter(|line| line.len() <= LINE) {
        if has_few_digits(line) && words(line).any(|word| may_be_id(word) || word.contains("sha256:")) {
            let containers = *containers.get_or_insert_with(|| lists_containers(text, command));
            let lists_images = !containers && !command.words.is_empty();
            in_line(line, containers, if lists_images { may_be_id } else { is_id }, &mut all);
        }
        if all.len() >= limits::FACTS {
            return all;
        }
    }
    if [BELOW[0], BELOW[1], BUILT].iter().any(|mark| text.contains(mark)) {
        beside(text, &mut all);
    }
    all
}

/// IDs in lines of their own below a name (`FROM REF`, ` ---> ID`, as builds print it;
/// `Image ID: ID`), or above it (`Successfully built ID`, `Successfully tagged REF`).
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn beside(text: &str, all: &mut Vec<Cut>) {
    let mut last = "";
    for line in Lines::new(text).map(trim) {
        let below = BELOW.iter().find_map(|mark| line.strip_prefix(mark));
        let (id, name) = below.map_or((last.strip_prefix(BUILT), line), |id| (Some(id), last));
        if let Some(id) = id.map(trim).filter(|id| may_be_id(id))
            && let Some(about) = name_in(name, is_id)
        {
            all.push(cut(id, about));
            if all.len() >= limits::FACTS {
                break;
            }
        }
        last = line;
    }
}

/// Whether hexadecimal digits stand together that are too few for a digest, or too many:
/// most lines have none, and are not taken apart.
fn has_few_digits(line: &str) -> bool {
    let runs = line.as_bytes().split(|b| !b.is_ascii_alphanumeric());
    let few = |run: &[u8]| run.len() >= 6 && run.len() != 64;
    { runs }.any(|run| few(run) && run.iter().all(u8::is_ascii_hexdigit))
}

/// Whether the text may be of containers, which have IDs of their own.
fn lists_containers(text: &str, command: &Command) -> bool {
    let lists = ["", "images", "image"].contains(&command.words.split(' ').nth(1).unwrap_or_default());
    // `podman ps --format '{{.ImageID}} …'`
    (!lists || text.contains("ontainer")) && !command.typed.contains("ImageID")
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| c.is_whitespace() || "\"',;|\u{2502}()<>`=".contains(c);
    let shown = line.split(between).map(|word| word.trim_end_matches(['.', '\u{2026}']));
    shown.filter(|word| !word.is_empty())
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn in_line(line: &str, containers: bool, is_id: fn(&str) -> bool, all: &mut Vec<Cut>) {
    let mut id = None;
    for word in words(line) {
        if let Some((before, digest)) = word.split_once('@')
            && let Some((digits, reference)) =
                marked(digest).zip(named(affix::after(before, "docker-pullable://")))
        {
            // What a tag is pinned to is what a registry gives for it.
            let kind = reference.tag().map_or(DigestKind::Unknown, |_| DigestKind::IndexOrManifest);
            all.push(Cut { kind, ..cut(digits, About::of(&reference)) });
        }
        id = id.or_else(|| marked(word)).or_else(|| Some(word).filter(|word| !containers && is_id(word)));
    }
    // JSON is read elsewhere; a row that begins with an ID and has a command is a container's.
    let other = line.trim_start().starts_with(['"', '{', '[']) || words(line).next().is_some_and(is_id);
    if let Some((id, about)) = id.zip(name_in(line, is_id)).filter(|_| !(other && line.contains('"'))) {
        all.push(cut(id, about));
    }
}

/// The image that a line names first, with its tag beside it or in a column of its own.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn name_in(line: &str, is_id: fn(&str) -> bool) -> Option<About> {
    let mut words = words(line);
    let mut about = About::of(&words.find_map(|word| named(word.trim_end_matches(':')))?);
    let tag = words.next().filter(|tag| is_tag(tag) && !is_id(tag));
    about.tag = about.tag.or_else(|| tag.map(str::to_owned));
    Some(about)
}

/// Digits in objects that name an image.
pub(crate) fn in_objects(node: &Node<'_>) -> Vec<Cut> {
    let read = |o: &Object<'_, '_>| {
        let about = About::of_text(Some(&other_json::name(o)?));
        let digits = MEMBERS.iter().find_map(|name| {
            let value = member(o, name)?;
            marked(value).or_else(|| Some(value).filter(|value| may_be_id(value)))
        })?;
        about.repository.is_some().then(|| cut(digits, about))
    };
    // `crictl inspecti` has the image one level below.
    let all = objects(node);
    let below = all.iter().filter_map(|o| object(o, "status")).collect_vec();
    all.iter().chain(&below).filter_map(read).take(limits::FACTS).collect_vec()
}

#[cfg(test)]
mod tests {
    use super::{Command, in_lines, limits};

    #[test]
    fn no_more_ids_are_kept_than_facts_are() {
        let pair = "FROM team/app:1\n ---> 0123456789ab\n";
        assert_eq!(in_lines(pair, &Command::default()).len(), 1);
        assert_eq!(in_lines(&pair.repeat(limits::FACTS + 9), &Command::default()).len(), limits::FACTS);
    }
}
