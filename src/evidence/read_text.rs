//! Text without JSON, line by line: commands, outputs of tools, keys, prose.

use core::ops::Range;
use std::borrow::Cow;
use std::sync::OnceLock;

use super::answer;
use super::command::{command, typed};
use super::gates::{Gate, Gates};
use super::lines::{Lines, trim};
use super::marks::Seen;
use super::recognise::{New, Reader};
use super::secret::clean;
use super::terminal::{self, is_noise};
use super::tools::{self, Output};
use super::{COMMAND_LINE, Kind, codes, key_file, secret, shortened};
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::model::reference::Reference;

/// The readers of lines, by their bits: these six, then the formats of tools.
const PEM: u64 = 1;
const COMMANDS: u64 = 0b110;
const NOISE: u64 = 0b11_1000;
const OTHERS: u32 = 6;

/// The gates of all readers, made when first needed.
fn gates() -> &'static Gates {
    static GATES: OnceLock<Gates> = OnceLock::new();
    GATES.get_or_init(|| {
        let pem = Gate { begins: "-----BEGIN ", ..Gate::default() };
        let here = [pem].into_iter().chain(terminal::COMMANDS).chain(terminal::NOISE);
        Gates::new(here.chain(tools::gates()))
    })
}

impl Reader<'_, '_> {
    /// A stretch of the whole text without JSON.
    pub(super) fn lines(&mut self, range: Range<usize>, whole: &str, flaws: &[Error]) {
        self.folded.go_to(whole, range.start);
        let text = whole.get(range).unwrap_or_default();
        let mut flaws = flaws.iter().map(|error| damaged(error, whole)).collect_vec();
        let mut lines = Lines::new(text);
        let mut plain: Option<usize> = None;
        let mut asked: Option<Cow<'_, str>> = None;
        let gates = gates();
        // Up to where the last look ahead was in vain.
        let (far, mut barren) = (tools::far() << OTHERS, 0);
        // Such lines in a row, up to most of what is looked at.
        let fits = |line: &str| gates.readers(line, Seen::default()) & far != 0;
        let row = |from: Lines<'_>| from.run(|n, line| n < limits::LOOK_AHEAD / 4 * 3 && fits(line));
        loop {
            let here = lines;
            let Some((line, seen)) = lines.next_with(gates.marks()) else { break };
            let trimmed = trim(line);
            if trimmed.is_empty() {
                continue;
            }
            if self.items.len() >= limits::ITEMS {
                // Nothing more is kept; the item before says so.
                self.push(Kind::Text, New::default());
                return;
            }
            let mut readers = gates.readers(trimmed, seen);
            // A digest takes a line of 64 letters, somewhere ahead.
            let vain = || !{ here }.take(limits::LOOK_AHEAD).any(|line| line.len() >= 64);
            if here.at() < barren {
                readers &= !far;
            } else if readers & far != 0 && vain() {
                readers &= !far;
                barren = row(here);
            }
            // What a command for IDs printed, cut as it is without `--no-trunc`.
            if let Some(typed) = asked.as_deref().filter(|_| tools::is_cut_id(trimmed)) {
                self.ask(typed);
                if let Some(cut) = tools::cut_id(trimmed, &self.command) {
                    asked = None;
                    let printed_for = self.command.reference.clone();
                    self.push(Kind::DigestText, New { cut: vec![cut], printed_for, ..New::default() });
                    continue;
                }
            }
            if readers == 0 {
                plain.get_or_insert(here.at());
                continue;
            }
            let here = here.knowing(trimmed);
            if readers & PEM != 0 {
                self.plain(text, plain.take(), here.at(), &mut flaws);
                let end = self.pem(here);
                lines.go_on_at(end);
                continue;
            }
            if let Some(found) = (readers & COMMANDS != 0).then(|| typed(line)).flatten() {
                self.plain(text, plain.take(), here.at(), &mut flaws);
                // Of commands in a row each may ask for an image.
                let alone = |typed: &Cow<'_, str>| typed.contains("sha256:") || typed.contains(" tag ");
                asked.take().filter(alone).into_iter().for_each(|typed| self.ask(&typed));
                self.unanswered();
                self.last = None;
                // A command goes on where its line ends in a backslash, or as Windows has it.
                let mut typed = Cow::Borrowed(found);
                while typed.ends_with('\\') || typed.ends_with(" ^") || typed.ends_with(" `") {
                    let Some(next) = lines.next() else { break };
                    let begun = typed.get(..typed.len() - 1).unwrap_or_default();
                    typed = Cow::Owned(format!("{begun} {}", next.trim()));
                }
                asked = Some(typed);
                continue;
            }
            asked.take().into_iter().for_each(|typed| self.ask(&typed));
            if let Some(found) = tools::output(here, &self.command, readers >> OTHERS) {
                self.plain(text, plain.take(), here.at(), &mut flaws);
                lines.go_on_at(found.end.max(lines.at().min(found.end + 1)));
                self.tool_output(here, found);
                continue;
            } else if readers & NOISE != 0 && is_noise(line) {
                self.plain(text, plain.take(), here.at(), &mut flaws);
            } else if plain.is_none() {
                plain = Some(here.at());
            }
            if readers & far != 0 {
                barren = row(here);
            }
        }
        asked.into_iter().for_each(|typed| self.ask(&typed));
        self.plain(text, plain, text.len(), &mut flaws);
        if let (false, Some(last)) = (flaws.is_empty(), self.items.last_mut()) {
            last.notes.append(&mut flaws);
        }
    }

    /// A command was typed: what follows is its output.
    fn ask(&mut self, typed: &str) {
        let mentions = typed.contains("sha256:");
        (self.command, self.asked) = (command(typed), mentions.then(|| typed.to_owned()));
        if let Some(cut) = tools::tagged(&self.command) {
            let printed_for = self.command.reference.clone();
            self.push(Kind::DigestText, New { cut: vec![cut], printed_for, ..New::default() });
        }
    }

    /// The command above printed nothing that is here: what it asked for is all
    /// there is.
    pub(super) fn unanswered(&mut self) {
        let Some(typed) = self.asked.take() else { return };
        let facts = tools::unanswered(&typed, &self.command);
        if !facts.is_empty() {
            let printed_for = self.command.reference.clone();
            self.push(Kind::DigestText, New { facts, printed_for, ..New::default() });
        }
    }

    fn tool_output(&mut self, lines: Lines<'_>, found: Output) {
        let Output { kind, end, mut facts, mut cut, mut notes, image } = found;
        let text = clean(lines.until(end), limits::OUTPUT_BYTES, &mut notes);
        if matches!(kind, Kind::DigestText | Kind::Fragments | Kind::ToolOutput) {
            cut.push_all(answer::hear(lines.until(end), &self.command, &mut facts));
        }
        if kind == Kind::CosignHeader && image.is_some() {
            // A header of another image is not what this command printed.
            if !is_same_tag(image.as_deref(), self.command.reference.as_deref()) {
                self.command = self.command.next();
            }
            self.command.verified.clone_from(&image);
            // What stands below it is not of what stood above.
            self.last = None;
        }
        // A digest that was cut or broken in an output is one all the same.
        let said = lines.until(end);
        let shows = ["sha256:", "Image ID:"].iter().any(|mark| said.contains(mark));
        if facts.is_empty() && cut.is_empty() && notes.is_empty() && shows {
            facts = tools::mentioned(said);
            if facts.is_empty() {
                cut = tools::in_lines(said, &self.command);
                let unnamed = tools::unnamed(said, &self.command);
                cut.push_all(unnamed.filter(|_| cut.is_empty()));
            }
        }
        let printed_for = image.or_else(|| self.command.reference.clone());
        let states = !facts.is_empty();
        let last = facts.last().filter(|_| facts.iter().all(|fact| fact.witness.tool != COMMAND_LINE));
        if let Some(last) = last {
            facts.push_all(tools::asked(&self.command, last.image + 1));
        }
        self.push(kind, New { bytes: text.as_bytes(), facts, cut, notes, printed_for, ..New::default() });
        // Headers stand before the answer; everything else ends what was asked.
        let before = matches!(kind, Kind::CosignHeader | Kind::HttpHeaders | Kind::ErrorText);
        let alone = kind == Kind::HttpHeaders && self.command.headers_only;
        if states && (alone || !before) {
            (self.command, self.asked) = (self.command.next(), None);
        }
    }

    /// Text of no known kind, from where it began to here.
    fn plain(&mut self, text: &str, from: Option<usize>, to: usize, flaws: &mut Vec<Message>) {
        let Some((from, part)) = from.and_then(|from| Some((from, text.get(from..to)?.trim_end()))) else {
            return;
        };
        self.folded.go_on(text, from);
        let text = part;
        let mut notes = core::mem::take(flaws);
        if let Some(pem) = key_file::in_base64(text).or_else(|| key_file::in_line(text)) {
            self.repairs.push(Message::new(codes::REPAIR_KEY, &[]));
            self.push(Kind::PublicKey, New { bytes: pem.as_bytes(), notes, ..New::default() });
            self.repairs.pop();
            return;
        }
        let facts = tools::mentioned(text);
        if facts.is_empty() && shortened::in_text(text) {
            notes.push(Message::new(codes::SHORTENED, &[("place", "sha256:")]));
        } else if let Some(digits) = terminal::cut_digest(text).filter(|_| facts.is_empty()) {
            let args = [("found", digits), ("count", &*digits.len().to_string())];
            notes.push(Message::new(codes::DIGEST_SHORT, &args));
        }
        let single = text.len() <= 600 && !text.contains('\n');
        let reference = single.then(|| Reference::parse_loose(text).ok()).flatten();
        let only = reference.filter(|_| text.contains(['/', ':']) && !text.trim().starts_with("sha256:"));
        // A digest in a form that no tool prints is read all the same.
        let mut facts = only.as_ref().filter(|_| facts.is_empty()).map_or(facts, tools::pinned);
        let mut cut = answer::hear(text, &self.command, &mut facts);
        cut.push_all(tools::in_lines(text, &self.command));
        if facts.is_empty() && cut.is_empty() {
            cut.push_all(tools::unnamed(text, &self.command));
        }
        let kind = if only.is_some() { Kind::Reference } else { Kind::Text };
        if kind == Kind::Text && facts.is_empty() && notes.is_empty() {
            notes.push(without_digest(text));
        }
        // What is too long is not kept; `push` says so.
        let room = limits::UNRECOGNISED_BYTES;
        let cleaned = (text.len() <= room).then(|| clean(text, room, &mut notes));
        let kept = cleaned.as_deref().unwrap_or(text);
        // Below its command a text is what that printed.
        let answers = !cut.is_empty() || !facts.is_empty();
        let printed_for = only.map(|reference| reference.to_string());
        let printed_for = printed_for.or_else(|| self.command.reference.clone().filter(|_| answers));
        if single && kept == secret::REMOVED {
            self.push(Kind::Secret, New { notes, ..New::default() });
        } else if kind == Kind::Text && facts.is_empty() && cut.is_empty() {
            let lines = self.folded.lines(text);
            self.fold(kept, notes, lines);
        } else {
            self.push(kind, New { bytes: kept.as_bytes(), facts, cut, notes, printed_for, parent: None });
        }
    }

    /// A text in which nothing was found. A command without its output says at least which
    /// image it asks about.
    pub(super) fn nothing(&mut self, text: &str) {
        let mut notes = Vec::new();
        match self.command.reference.clone() {
            Some(reference) => {
                let kept = clean(text.trim(), limits::UNRECOGNISED_BYTES, &mut notes);
                let printed_for = Some(reference);
                self.push(
                    Kind::Reference,
                    New { bytes: kept.as_bytes(), notes, printed_for, ..New::default() },
                );
            }
            None => {
                notes.push(Message::new(codes::UNRECOGNISED, &[]));
                self.push(Kind::Text, New { notes, ..New::default() });
            }
        }
    }

    /// A PEM block (RFC 7468); the offset after it. What is no line of one ends
    /// it: else a line that begins a block would hide all that comes after.
    fn pem(&mut self, lines: Lines<'_>) -> usize {
        let mut after = lines;
        let label = after.next().unwrap_or_default().trim();
        if let Some(pem) = Some(label).filter(|label| label.contains("-----END ")).and_then(key_file::in_line)
        {
            self.repairs.push(Message::new(codes::REPAIR_KEY, &[]));
            self.push(Kind::PublicKey, New { bytes: pem.as_bytes(), ..New::default() });
            self.repairs.pop();
            return after.at();
        }
        let mut text = format!("{label}\n");
        let mut end = after.at();
        let mut ends = false;
        // A block that does not end is no longer than a chain of certificates.
        while let Some(line) = after.next().map(str::trim).filter(|_| text.len() < limits::OUTPUT_BYTES) {
            if !line.starts_with("-----END ") && !is_of_pem(line) {
                break;
            }
            text.push_str(line);
            text.push('\n');
            end = after.at();
            if line.starts_with("-----END ") {
                ends = true;
                break;
            }
        }
        let kind = match label {
            _ if label.contains("PRIVATE KEY") => Kind::Secret,
            _ if !ends && text.len() >= limits::OUTPUT_BYTES => Kind::Text,
            "-----BEGIN PUBLIC KEY-----" => Kind::PublicKey,
            "-----BEGIN CERTIFICATE-----" => Kind::Certificate,
            _ => Kind::Text,
        };
        match kind {
            Kind::Secret => {
                self.push(kind, New { notes: vec![secret::note("a private key")], ..New::default() })
            }
            _ => self.push(kind, New { bytes: text.as_bytes(), ..New::default() }),
        };
        end
    }
}

/// Of a text without a digest: the images that it names, or that it says nothing.
fn without_digest(text: &str) -> Message {
    let names = text.contains("FROM ") || text.contains("image:");
    let named = if names { tools::named_by_tag(text) } else { None };
    named.unwrap_or_else(|| Message::new(codes::UNRECOGNISED, &[]))
}

/// Whether two texts name one tag of one repository; a name without a tag is `latest`.
fn is_same_tag(one: Option<&str>, other: Option<&str>) -> bool {
    let parse = |text: &str| Reference::parse(text).ok();
    let both = one.and_then(parse).zip(other.and_then(parse));
    both.is_some_and(|(one, other)| {
        one.name() == other.name() && one.tag_or_latest() == other.tag_or_latest()
    })
}

/// Whether a line may stand in a PEM block: base64, a header of OpenSSL or
/// Notary, or nothing. 64 hexadecimal digits are an ID that a tool
/// printed.
fn is_of_pem(line: &str) -> bool {
    let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let header =
        || ["Proc-Type: ", "DEK-Info: ", "role: ", "gun: "].iter().any(|name| line.starts_with(name));
    let id = || line.len() == 64 && line.bytes().all(|b| b.is_ascii_hexdigit());
    (line.bytes().all(base64) && !id()) || header()
}

fn damaged(error: &Error, text: &str) -> Message {
    shortened::at(text, error.position())
        .unwrap_or_else(|| Message::new(codes::DAMAGED, &[("found", &error.sentence())]))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_word_of_every_gate_is_searched_for() {
        assert!(super::gates().has_room());
    }
}
