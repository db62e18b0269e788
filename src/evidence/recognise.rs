//! From what was given to items. Never fails: what is not understood becomes
//! an item that says so.

use super::archive::{self, Archive};
use super::blocks::{Block, block, mentioned};
use super::terminal::{Command, as_reference, command, is_noise};
use super::{
    Claim, ClaimSource, Fact, Given, Item, Kind, Origin, assert, codes, nested, scan, secret, shape, tidy,
};
use crate::base::digest::Digest;
use crate::base::error::Error;
use crate::base::json::{self, Node, Value};
use crate::base::limits;
use crate::base::message::Message;

/// Recognises everything that was given, in order.
///
/// Digests are of the bytes an item holds. Items of kind [`Kind::Secret`]
/// hold none, and secrets inside other text are cut out before it is stored.
#[must_use]
pub fn recognise(given: &[Given]) -> Vec<Item> {
    let mut all = Vec::new();
    for given in given {
        if let Err(error) = limits::within("items", all.len() + 1, limits::ITEMS) {
            let last: Option<&mut Item> = all.last_mut();
            last.into_iter().for_each(|item| item.notes.push(Message::from(&error)));
            break;
        }
        Reader { given, repairs: vec![], command: Command::default(), items: &mut all }.read();
    }
    all
}

struct Reader<'g, 'i> {
    given: &'g Given,
    /// Repairs to the whole text.
    repairs: Vec<Message>,
    /// The last command line seen.
    command: Command,
    items: &'i mut Vec<Item>,
}

impl Reader<'_, '_> {
    fn push(
        &mut self,
        kind: Kind,
        bytes: &[u8],
        claims: Vec<Claim>,
        notes: Vec<Message>,
        parent: Option<usize>,
    ) -> Option<usize> {
        if let Err(error) = limits::within("items", self.items.len() + 1, limits::ITEMS) {
            let note = Message::from(&error);
            if let Some(last) = self.items.last_mut().filter(|last| !last.notes.contains(&note)) {
                last.notes.push(note);
            }
            return None;
        }
        self.items.push(Item {
            name: self.given.name.clone(),
            origin: self.given.origin.clone(),
            kind,
            bytes: bytes.to_vec(),
            digest: Digest::of(bytes),
            facts: claims.iter().map(|claim| Fact::of_claim(claim, 0)).collect(),
            claims,
            printed_for: parent.and_then(|p| self.items.get(p)).and_then(|item| item.printed_for.clone()),
            repairs: self.repairs.clone(),
            notes,
            parent,
        });
        Some(self.items.len() - 1)
    }

    fn read(&mut self) {
        let bytes = &self.given.bytes;
        if let Err(error) = limits::within("a text or file", bytes.len(), limits::PASTE_BYTES) {
            self.push(Kind::Blob, b"", vec![], vec![Message::from(&error)], None);
            return;
        }
        if self.given.origin == Origin::File && archive::is_archive(bytes) {
            return self.archive();
        }
        if self.given.origin != Origin::Paste && self.whole_document() {
            return;
        }
        match tidy::tidy(bytes) {
            Some((text, repairs)) => {
                self.repairs = repairs;
                self.text(&text);
            }
            None => self.blob(bytes),
        }
    }

    /// A file that is one document keeps its bytes as they are.
    fn whole_document(&mut self) -> bool {
        let bytes = &self.given.bytes;
        match json::parse(bytes) {
            Ok(node) => match core::str::from_utf8(bytes) {
                Ok(text) if matches!(node.value, Value::Object(_) | Value::Array(_)) => {
                    self.document(&node, text, bytes, None);
                    true
                }
                _ => false,
            },
            Err(error) => {
                // A document no strict parser accepts: kept, and refused where it is read.
                let text = String::from_utf8_lossy(bytes);
                let kind = shape::guess(&text);
                let one =
                    scan::balanced_end(&text, text.find(['{', '[']).unwrap_or(0)) >= text.trim_end().len();
                let known = kind != Kind::Json
                    && (one || is_glued(&text, &error))
                    && text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
                if known {
                    self.push(kind, bytes, vec![], vec![Message::from(&error)], None);
                }
                known
            }
        }
    }

    /// An archive that was given whole: the documents in it, or why not.
    fn archive(&mut self) {
        let mut archive = Archive::new();
        match archive.push(&self.given.bytes).and_then(|()| archive.finish()) {
            Ok(documents) if documents.is_empty() => self.blob(&self.given.bytes),
            Ok(documents) => {
                let space = limits::ITEMS.saturating_sub(self.items.len());
                let parents = self.items.len();
                let items = recognise(&documents).into_iter().take(space).map(|mut item| {
                    item.parent = item.parent.map(|parent| parent + parents);
                    item
                });
                self.items.extend(items);
            }
            Err(error) => {
                self.push(Kind::Blob, &self.given.bytes, vec![], vec![Message::from(&error)], None);
            }
        }
    }

    fn blob(&mut self, bytes: &[u8]) {
        let der_key = bytes.len() == 91 && crate::model::key::PublicKey::from_der(bytes).is_ok();
        let kind = if der_key { Kind::PublicKey } else { Kind::Blob };
        let notes = if der_key { vec![] } else { vec![Message::new(codes::UNRECOGNISED, &[])] };
        self.push(kind, bytes, vec![], notes, None);
    }

    /// A paste, or a file with more than one document in it.
    fn text(&mut self, text: &str) {
        let parts = scan::parts(text);
        let found =
            |parts: &[scan::Part<'_>]| parts.iter().filter(|p| matches!(p, scan::Part::Json(_))).count();
        let flawed = parts.iter().any(|p| matches!(p, scan::Part::Text(_, flaws) if !flaws.is_empty()));
        let mendable = flawed || found(&parts) == 0;
        let repaired = if mendable {
            [(tidy::mend(text), codes::REPAIR_TYPOGRAPHY), (tidy::join_wrapped(text), codes::REPAIR_WRAPPED)]
        } else {
            [(None, codes::REPAIR_TYPOGRAPHY), (None, codes::REPAIR_WRAPPED)]
        };
        for (mended, code) in repaired {
            let Some(mended) = mended else { continue };
            let better = scan::parts(&mended);
            if found(&better) > found(&parts) || (flawed && found(&better) > 0 && !has_flaws(&better)) {
                self.repairs.push(Message::new(code, &[]));
                return self.parts(&mended, &better);
            }
        }
        self.parts(text, &parts);
    }

    fn parts(&mut self, text: &str, parts: &[scan::Part<'_>]) {
        let before = self.items.len();
        for part in parts {
            match part {
                scan::Part::Json(node) => {
                    let slice = text.get(node.span.clone()).unwrap_or_default();
                    self.document(node, text, slice.as_bytes(), None);
                }
                scan::Part::Refused(range, error) => {
                    self.refused(text.get(range.clone()).unwrap_or_default(), error)
                }
                scan::Part::Text(range, flaws) => {
                    self.lines(text.get(range.clone()).unwrap_or_default(), flaws)
                }
                scan::Part::Limit(error) => {
                    if let Some(last) = self.items.last_mut() {
                        last.notes.push(Message::from(error));
                    } else {
                        self.push(Kind::Text, b"", vec![], vec![Message::from(error)], None);
                    }
                }
            }
        }
        if self.items.len() == before && !text.trim().is_empty() {
            self.push(Kind::Text, b"", vec![], vec![Message::new(codes::UNRECOGNISED, &[])], None);
        }
    }

    /// A document that is kept to be refused where it is read.
    fn refused(&mut self, slice: &str, error: &Error) {
        let kind = shape::guess(slice);
        let mut notes = vec![Message::from(error)];
        if kind == Kind::Json {
            let lines: Vec<_> = slice.lines().collect();
            let text = clean(&lines, &mut notes);
            self.push(kind, text.as_bytes(), vec![], notes, None);
        } else {
            self.push(kind, slice.as_bytes(), vec![], notes, None);
        }
    }

    /// A JSON document and the documents in it.
    fn document(&mut self, node: &Node<'_>, text: &str, bytes: &[u8], parent: Option<usize>) {
        let mut kind = shape::kind(node);
        if kind == Kind::Payload
            && parent.is_some_and(|p| self.items.get(p).is_some_and(|i| i.kind == Kind::Container))
        {
            kind = Kind::CosignVerify;
        }
        if kind == Kind::Secret {
            self.push(
                Kind::Secret,
                b"",
                vec![],
                vec![secret::note("a token, password or private key")],
                parent,
            );
            return;
        }
        let mut claims = assert::claims(kind, node);
        let command = core::mem::take(&mut self.command);
        if parent.is_none() {
            let (digest, reference) = (command.digest.clone(), command.reference.clone());
            claims.extend(digest.map(|digest| Claim {
                source: ClaimSource::Bare,
                digest,
                reference,
                platform: None,
            }));
        }
        for claim in claims
            .iter_mut()
            .filter(|c| c.source == ClaimSource::ImageId || c.source == ClaimSource::Fragment)
        {
            claim.reference = command.reference.clone().or(claim.reference.take());
        }
        let mut notes = Vec::new();
        if kind == Kind::Schema1 {
            notes.push(Message::new(codes::SCHEMA1, &[]));
        }
        if kind == Kind::Json {
            notes.push(Message::new(codes::UNRECOGNISED, &[]));
        }
        let Some(index) = self.push(kind, bytes, claims, notes, parent) else { return };
        if let (Some(item), Some(reference)) = (self.items.get_mut(index), &command.reference) {
            item.printed_for = Some(reference.clone());
        }
        self.children(kind, node, text, index);
        self.command = command;
        self.command.digest = None;
    }

    fn children(&mut self, kind: Kind, node: &Node<'_>, text: &str, index: usize) {
        let inner: Vec<&Node<'_>> = match (&node.value, kind) {
            (Value::Array(items), Kind::Container) => items.iter().collect(),
            (Value::Object(members), Kind::SignatureLayer) => {
                members.iter().filter(|m| m.name.value == "annotations").map(|m| &m.node).collect()
            }
            _ => vec![],
        };
        for item in inner {
            let slice = text.get(item.span.clone()).unwrap_or_default();
            self.document(item, text, slice.as_bytes(), Some(index));
        }
        let encoded = matches!(kind, Kind::ManifestVerbose | Kind::CosignDownload);
        for (member, bytes) in if encoded { nested::encoded(node) } else { vec![] } {
            let outer = self.repairs.clone();
            self.repairs.push(Message::new(codes::REPAIR_MEMBER, &[("member", member)]));
            match (json::parse(&bytes), core::str::from_utf8(&bytes)) {
                (Ok(node), Ok(text)) => self.document(&node, text, &bytes, Some(index)),
                (Err(error), _) => {
                    let kind = shape::guess(&String::from_utf8_lossy(&bytes));
                    self.push(kind, &bytes, vec![], vec![Message::from(&error)], Some(index));
                }
                (Ok(_), Err(_)) => {}
            }
            self.repairs = outer;
        }
    }

    /// A stretch of text without JSON.
    fn lines(&mut self, text: &str, flaws: &[Error]) {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let mut plain: Vec<&str> = Vec::new();
        let mut flaws = flaws.iter().map(damaged).collect::<Vec<_>>();
        let mut at = 0;
        while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
            let line = rest.first().copied().unwrap_or_default();
            if line.trim().starts_with("-----BEGIN ") {
                self.plain(&mut plain, &mut flaws);
                at += self.pem(rest);
            } else if let Some(found) = command(line) {
                self.plain(&mut plain, &mut flaws);
                self.command = found;
                // A command goes on where its line ends in a backslash.
                at += 1 + rest.iter().take_while(|line| line.ends_with('\\')).count();
            } else if let Some(found) =
                (!line.trim().is_empty()).then(|| block(rest, &self.command)).flatten()
            {
                self.plain(&mut plain, &mut flaws);
                at += found.lines.max(1);
                self.tool_output(rest, found);
            } else {
                if !is_noise(line) {
                    plain.push(line);
                }
                at += 1;
            }
        }
        self.plain(&mut plain, &mut flaws);
        if let (false, Some(last)) = (flaws.is_empty(), self.items.last_mut()) {
            last.notes.append(&mut flaws);
        }
    }

    fn tool_output(&mut self, lines: &[&str], found: Block) {
        let mut notes = Vec::new();
        if found.kind == Kind::CosignHeader {
            notes.push(Message::new(codes::TEXT_ONLY, &[]));
        }
        let lines: Vec<_> = lines.iter().take(found.lines).copied().collect();
        let text = clean(&lines, &mut notes);
        self.push(found.kind, text.as_bytes(), found.claims, notes, None);
    }

    /// Text of no known kind, collected so far.
    fn plain(&mut self, lines: &mut Vec<&str>, flaws: &mut Vec<Message>) {
        if lines.is_empty() {
            return;
        }
        let mut notes = core::mem::take(flaws);
        let text = clean(lines, &mut notes);
        let claims: Vec<_> = lines.iter().flat_map(|line| mentioned(line)).collect();
        let only = matches!(lines.as_slice(), [line] if as_reference(line).is_some() && line.contains(['/', ':']) && !line.trim().starts_with("sha256:"));
        let kind = if only { Kind::Reference } else { Kind::Text };
        if kind == Kind::Text && claims.is_empty() && notes.is_empty() {
            notes.push(Message::new(codes::UNRECOGNISED, &[]));
        }
        let secret_only = lines.len() == 1 && text == "[removed]";
        if secret_only {
            self.push(Kind::Secret, b"", vec![], notes, None);
        } else {
            self.push(kind, text.as_bytes(), claims, notes, None);
        }
        lines.clear();
    }

    /// A PEM block; how many lines it takes.
    fn pem(&mut self, lines: &[&str]) -> usize {
        let end = lines.iter().position(|line| line.trim().starts_with("-----END "));
        let count = end.map_or(lines.len(), |end| end + 1);
        let label = lines.first().copied().unwrap_or_default();
        if label.contains("PRIVATE KEY") {
            self.push(Kind::Secret, b"", vec![], vec![secret::note("a private key")], None);
            return count;
        }
        let kind = match label.trim() {
            "-----BEGIN PUBLIC KEY-----" => Kind::PublicKey,
            "-----BEGIN CERTIFICATE-----" => Kind::Certificate,
            _ => Kind::Text,
        };
        let mut text = lines.iter().take(count).map(|line| line.trim()).collect::<Vec<_>>().join("\n");
        text.push('\n');
        self.push(kind, text.as_bytes(), vec![], vec![], None);
        count
    }
}

/// Whether a second value follows on the line where the first one ends. In a
/// file that is no list of documents but one that programs read differently.
fn is_glued(text: &str, error: &Error) -> bool {
    let at = error.position().filter(|_| error.code() == json::codes::TRAILING);
    let Some((before, after)) = at.and_then(|at| text.split_at_checked(at)) else { return false };
    let same_line = !before.trim_end_matches([' ', '\t', '\r']).ends_with('\n');
    same_line && after.starts_with(['{', '['])
}

fn has_flaws(parts: &[scan::Part<'_>]) -> bool {
    parts.iter().any(|p| matches!(p, scan::Part::Text(_, flaws) if !flaws.is_empty()))
}

fn damaged(error: &Error) -> Message {
    Message::new(codes::DAMAGED, &[("found", &error.sentence())])
}

/// The lines as one text, without secrets; says what was cut out.
fn clean(lines: &[&str], notes: &mut Vec<Message>) -> String {
    let mut out = String::new();
    for line in lines {
        if !out.is_empty() {
            out.push('\n');
        }
        match secret::redact(line) {
            Some((line, what)) => {
                out.push_str(&line);
                let note = secret::note(what);
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
            None => out.push_str(line),
        }
    }
    out
}
