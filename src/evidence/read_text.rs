//! Text without JSON, line by line: commands, outputs of tools, keys, prose.

use super::command::{Command, command};
use super::lines::Lines;
use super::recognise::{New, Reader, clean};
use super::terminal::{as_reference, is_noise};
use super::tools::{self, Output};
use super::{Kind, codes, key_file, secret, shortened};
use crate::base::error::Error;
use crate::base::limits;
use crate::base::message::Message;

impl Reader<'_, '_> {
    /// A stretch of text without JSON.
    pub(super) fn lines(&mut self, text: &str, whole: &str, flaws: &[Error]) {
        let mut flaws = flaws.iter().map(|error| damaged(error, whole)).collect::<Vec<_>>();
        let mut lines = Lines::new(text);
        let mut plain: Option<usize> = None;
        loop {
            let here = lines;
            let Some(line) = lines.next() else { break };
            let trimmed = line.trim_start();
            if trimmed.is_empty() {
                continue;
            }
            if self.items.len() >= limits::ITEMS {
                // Nothing more is kept; the item before says so.
                self.push(Kind::Text, New::default());
                return;
            }
            if is_word(trimmed) {
                plain.get_or_insert(here.at());
                continue;
            }
            let here = here.knowing(trimmed);
            if trimmed.starts_with("-----BEGIN ") {
                self.plain(text, plain.take(), here.at(), &mut flaws);
                let end = self.pem(here);
                lines.go_on_at(end);
            } else if let Some(found) = command(line) {
                self.plain(text, plain.take(), here.at(), &mut flaws);
                (self.command, self.last) = (found, None);
                // A command goes on where its line ends in a backslash.
                let mut line = line;
                while line.ends_with('\\') {
                    let Some(next) = lines.next() else { break };
                    line = next;
                }
            } else if let Some(found) = tools::output(here, &self.command) {
                self.plain(text, plain.take(), here.at(), &mut flaws);
                lines.go_on_at(found.end.max(lines.at().min(found.end + 1)));
                self.tool_output(here, found);
            } else if is_noise(line) {
                self.plain(text, plain.take(), here.at(), &mut flaws);
            } else if plain.is_none() {
                plain = Some(here.at());
            }
        }
        self.plain(text, plain, text.len(), &mut flaws);
        if let (false, Some(last)) = (flaws.is_empty(), self.items.last_mut()) {
            last.notes.append(&mut flaws);
        }
    }

    fn tool_output(&mut self, lines: Lines<'_>, found: Output) {
        let Output { kind, end, facts, mut notes, image } = found;
        let text = clean(lines.until(end), limits::OUTPUT_BYTES, &mut notes);
        let printed_for = image.or_else(|| self.command.reference.clone());
        let states = !facts.is_empty();
        self.push(kind, New { bytes: text.as_bytes(), facts, notes, printed_for, ..New::default() });
        // Headers stand before the answer; everything else ends what was asked.
        let before = matches!(kind, Kind::CosignHeader | Kind::HttpHeaders | Kind::ErrorText);
        let alone = kind == Kind::HttpHeaders && self.command.headers_only;
        if states && (alone || !before) {
            self.command = Command::default();
        }
    }

    /// Text of no known kind, from where it began to here.
    fn plain(&mut self, text: &str, from: Option<usize>, to: usize, flaws: &mut Vec<Message>) {
        let Some(text) = from.and_then(|from| text.get(from..to)).map(str::trim_end) else { return };
        let mut notes = core::mem::take(flaws);
        if let Some(pem) = key_file::in_base64(text) {
            self.repairs.push(Message::new(codes::REPAIR_KEY, &[]));
            self.push(Kind::PublicKey, New { bytes: pem.as_bytes(), notes, ..New::default() });
            self.repairs.pop();
            return;
        }
        let facts = tools::mentioned(text);
        if facts.is_empty() && shortened::in_text(text) {
            notes.push(Message::new(codes::SHORTENED, &[("place", "sha256:")]));
        }
        let single = text.len() <= 600 && !text.contains('\n');
        let reference = single.then(|| as_reference(text)).flatten();
        let only = reference.filter(|_| text.contains(['/', ':']) && !text.trim().starts_with("sha256:"));
        let kind = if only.is_some() { Kind::Reference } else { Kind::Text };
        if kind == Kind::Text && facts.is_empty() && notes.is_empty() {
            notes.push(Message::new(codes::UNRECOGNISED, &[]));
        }
        // What is too long is not kept; `push` says so.
        let room = limits::UNRECOGNISED_BYTES;
        let cleaned = (text.len() <= room).then(|| clean(text, room, &mut notes));
        let kept = cleaned.as_deref().unwrap_or(text);
        let printed_for = only.map(|reference| reference.to_string());
        if single && kept == secret::REMOVED {
            self.push(Kind::Secret, New { notes, ..New::default() });
        } else {
            self.push(kind, New { bytes: kept.as_bytes(), facts, notes, printed_for, ..New::default() });
        }
    }

    /// A PEM block; the offset after it.
    fn pem(&mut self, lines: Lines<'_>) -> usize {
        let mut after = lines;
        let label = after.next().unwrap_or_default().trim();
        let mut text = format!("{label}\n");
        let mut end = after.at();
        let mut ends = false;
        // A block that does not end is no longer than a chain of certificates.
        while let Some(line) = after.next().map(str::trim).filter(|_| text.len() < limits::OUTPUT_BYTES) {
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

/// Whether a line is a short word, which no program prints to say something: the
/// quick way through texts of many short lines.
fn is_word(line: &str) -> bool {
    line.len() < 7 && line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn damaged(error: &Error, text: &str) -> Message {
    shortened::at(text, error.position())
        .unwrap_or_else(|| Message::new(codes::DAMAGED, &[("found", &error.sentence())]))
}
