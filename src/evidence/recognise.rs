//! From what was given to items. Never fails: what is not understood becomes
//! an item that says so. Every text is read in one pass.

use super::answer;
use super::archive;
#[cfg(feature = "archive")]
use super::archive::{Archive, Measure};
use super::command::Command;
use super::fold::Folded;
use super::measured::Measured;
use super::secret::clean;
use super::tools;
use super::{
    Cut, Fact, Given, Item, Kind, Knows, Origin, carried, classify, codes, json_scan, normalize, secret,
    shortened,
};
use crate::base::digest::Digest;
use crate::base::error::Error;
use crate::base::json::{self, Node, Value};
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order;

/// Recognises everything that was given, in order.
///
/// Digests are of the bytes an item holds. Items of kind [`Kind::Secret`]
/// hold none, and secrets inside other text are cut out before it is stored.
///
/// Where there is more than [`limits::ITEMS`], the smallest are read first, so
/// that the order decides nothing: what a user's tool printed is small, and a
/// flood is not.
#[must_use]
pub fn recognise(given: &[Given]) -> Vec<Item> {
    let all = in_order(given.iter());
    if !all.iter().any(|item| item.cut_short().is_some()) {
        return all;
    }
    let mut sized: Vec<&Given> = given.iter().collect_vec();
    order::sort_by(&mut sized, |a, b| {
        (a.bytes.len(), &a.bytes, &a.name).cmp(&(b.bytes.len(), &b.bytes, &b.name))
    });
    in_order(sized.into_iter())
}

fn in_order<'g>(given: impl Iterator<Item = &'g Given>) -> Vec<Item> {
    let mut all = Vec::new();
    for given in given {
        if let Err(error) = limits::within(limits::ITEMS_NAME, all.len() + 1, limits::ITEMS) {
            note_last(&mut all, &error);
            break;
        }
        Reader {
            given,
            repairs: vec![],
            command: Command::default(),
            asked: None,
            last: None,
            unrecognised: 0,
            folded: Folded::default(),
            in_text: false,
            inside: 0,
            items: &mut all,
        }
        .read();
    }
    all
}

/// Says of the last item that reading stopped there.
pub(super) fn note_last(items: &mut [Item], error: &Error) {
    let note = Message::from(error);
    if let Some(last) = items.last_mut().filter(|last| !last.notes.contains(&note)) {
        last.notes.push(note);
    }
}

pub(super) struct Reader<'g, 'i> {
    pub(super) given: &'g Given,
    /// Repairs to the whole text.
    pub(super) repairs: Vec<Message>,
    /// The command line above, until its output was read.
    pub(super) command: Command,
    /// That line, where it names a digest and nothing that it printed was read.
    pub(super) asked: Option<String>,
    /// The kind and format of the document that the command printed last: more of that kind
    /// belong to it.
    pub(super) last: Option<(Kind, Option<usize>)>,
    /// Bytes of unrecognised text that were kept.
    pub(super) unrecognised: usize,
    /// Texts of no known kind that are one item.
    pub(super) folded: Folded,
    /// What is read is a text, and no document as it came.
    pub(super) in_text: bool,
    /// How many documents the text stands in.
    pub(super) inside: usize,
    pub(super) items: &'i mut Vec<Item>,
}

/// An item to be.
#[derive(Default)]
pub(super) struct New<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) facts: Vec<Fact>,
    pub(super) cut: Vec<Cut>,
    pub(super) notes: Vec<Message>,
    pub(super) parent: Option<usize>,
    pub(super) printed_for: Option<String>,
}

impl Reader<'_, '_> {
    pub(super) fn push(&mut self, kind: Kind, new: New<'_>) -> Option<usize> {
        let New { bytes, facts, cut, mut notes, parent, printed_for } = new;
        if let Err(error) = limits::within(limits::ITEMS_NAME, self.items.len() + 1, limits::ITEMS) {
            note_last(self.items, &error);
            return None;
        }
        if facts.len() >= limits::FACTS && facts.iter().any(|fact| fact.witness.knows != Knows::Text) {
            let full = limits::within(limits::FACTS_NAME, facts.len().saturating_add(1), limits::FACTS);
            notes.push_all(full.err().as_ref().map(Message::from));
        }
        let kept = match self.room(kind) {
            Some((place, room)) => match limits::within(place, bytes.len(), room) {
                Ok(()) => bytes,
                Err(error) => {
                    notes.push(Message::from(&error));
                    &[]
                }
            },
            None => bytes,
        };
        if matches!(kind, Kind::Text | Kind::Json | Kind::Blob) {
            self.unrecognised += kept.len();
        }
        let inherited = parent.and_then(|p| self.items.get(p)).and_then(|item| item.printed_for.clone());
        self.items.push(Item {
            name: self.given.name.clone(),
            origin: self.given.origin.clone(),
            kind,
            bytes: kept.to_vec(),
            digest: Digest::of(bytes),
            size: bytes.len(),
            facts,
            cut,
            printed_for: printed_for.or(inherited),
            platform: None,
            repairs: self.repairs.clone(),
            notes,
            parent,
            in_text: self.in_text,
        });
        Some(self.items.len() - 1)
    }

    /// The most bytes that are kept of an item of a kind, where there is a bound.
    fn room(&self, kind: Kind) -> Option<(&'static str, usize)> {
        let left = limits::UNRECOGNISED_TOTAL.saturating_sub(self.unrecognised);
        match kind {
            Kind::Text | Kind::Json | Kind::Blob => {
                Some(("what is not recognised", left.min(limits::UNRECOGNISED_BYTES)))
            }
            // Their elements are items of their own.
            Kind::Container | Kind::Report => Some(("a list of documents", limits::MANIFEST_BYTES)),
            _ => None,
        }
    }

    fn read(&mut self) {
        if let Origin::Measured(measured) = &self.given.origin {
            return self.measured(measured);
        }
        if let Origin::Refused(error) = &self.given.origin {
            return self.refuse(&error.clone());
        }
        let bytes = &self.given.bytes;
        if let Err(error) = limits::within(limits::TEXT_NAME, bytes.len(), limits::PASTE_BYTES) {
            let notes = vec![Message::from(&error)];
            self.push(Kind::Blob, New { notes, ..New::default() });
            return;
        }
        if self.given.origin == Origin::File && archive::is_archive(bytes) {
            return self.archive();
        }
        if archive::unread_format(bytes).is_some() {
            return self.blob(bytes);
        }
        if self.given.origin != Origin::Paste && self.whole_document() {
            return;
        }
        match normalize::normalize(bytes) {
            Some((text, repairs)) => {
                (self.repairs, self.in_text) = (repairs, true);
                self.text(&text);
                self.unfold();
            }
            None => self.blob(bytes),
        }
    }

    /// A file that is one document keeps its bytes as they are. A byte order
    /// mark is no part of it: editors add it, and no JSON document has one.
    fn whole_document(&mut self) -> bool {
        let (marked, bytes) = match self.given.bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (true, rest),
            None => (false, self.given.bytes.as_slice()),
        };
        let start = bytes.trim_ascii_start();
        if !(start.starts_with(b"{") || start.starts_with(b"[")) {
            return false;
        }
        if marked {
            self.repairs = vec![Message::new(codes::REPAIR_BOM, &[])];
        }
        match json::parse(bytes) {
            Ok(node) => match core::str::from_utf8(bytes) {
                Ok(text) if matches!(node.value, Value::Object(_) | Value::Array(_)) => {
                    self.document(&node, text, bytes, None);
                    true
                }
                _ => false,
            },
            // A terminal's line breaks inside its strings: read like a paste.
            Err(_)
                if core::str::from_utf8(bytes)
                    .ok()
                    .and_then(normalize::join_wrapped)
                    .is_some_and(|text| json::parse(text.as_bytes()).is_ok()) =>
            {
                false
            }
            Err(error) => {
                // What no strict parser accepts is kept, and refused where it is read.
                let text = String::from_utf8_lossy(bytes);
                let start = text.find(['{', '[']).unwrap_or(0);
                let one = json_scan::balanced_end(&text, start) >= text.trim_end().len();
                let one = one || json_scan::is_glued(&text, &error);
                let kind = if one { classify::guess(&text) } else { Kind::Json };
                let known = kind != Kind::Json;
                if known {
                    self.push(kind, New { bytes, notes: vec![Message::from(&error)], ..New::default() });
                }
                known
            }
        }
    }

    /// An archive that was given whole: a wasm of its own reads it.
    #[cfg(not(feature = "archive"))]
    fn archive(&mut self) {
        self.refuse(&Error::new(codes::ARCHIVE_FORMAT).found("an archive"));
    }

    /// What it holds, or why not.
    #[cfg(feature = "archive")]
    fn archive(&mut self) {
        let mut archive = Archive::named(&self.given.name);
        let blob = archive::is_blob_path(&self.given.name);
        let read = if blob {
            Ok(vec![self.as_blob()])
        } else {
            archive.push(&self.given.bytes).and_then(|()| archive.finish())
        };
        match read {
            Ok(given) if given.is_empty() => self.blob(&self.given.bytes),
            Ok(given) => self.adopt(&given, None),
            Err(error) => self.refuse(&error),
        }
    }

    /// A layer that lies in the folder of an OCI layout.
    #[cfg(feature = "archive")]
    fn as_blob(&self) -> Given {
        let mut measure = Measure::new();
        measure.push(&self.given.bytes);
        Given::measured(&self.given.name, measure.finish())
    }

    /// A blob of which only the digests are at hand.
    fn measured(&mut self, measured: &Measured) {
        if let Some(at) = self.push(Kind::Blob, New::default())
            && let Some(item) = self.items.get_mut(at)
        {
            item.digest = measured.digest();
            item.size = usize::try_from(measured.size()).unwrap_or(usize::MAX);
        }
    }

    /// The whole of what was given, and why it is not used.
    fn refuse(&mut self, error: &Error) {
        let notes = vec![Message::from(error)];
        self.push(Kind::Blob, New { bytes: &self.given.bytes, notes, ..New::default() });
    }

    fn blob(&mut self, bytes: &[u8]) {
        let der_key = bytes.len() == 91 && crate::model::key::PublicKey::from_der(bytes).is_ok();
        let kind = if der_key { Kind::PublicKey } else { Kind::Blob };
        let note = match archive::unread_format(bytes) {
            _ if der_key => None,
            Some(format) => Some(codes::unread(&self.given.name, format)),
            None => Some(Message::new(codes::UNRECOGNISED, &[])),
        };
        let notes = note.into_iter().collect_vec();
        self.push(kind, New { bytes, notes, ..New::default() });
    }

    /// A paste, or a file with more than one document in it.
    pub(super) fn text(&mut self, text: &str) {
        // What is longer is no paste: its typography is not mended.
        let short = text.len() <= limits::MENDED_BYTES;
        let open = if short { carried::unpacked } else { carried::opened };
        let text = &open(text, &mut self.repairs);
        let seen =
            if short { json_scan::survey(text) } else { json_scan::Survey { found: 1, flawed: false } };
        if seen.flawed || seen.found == 0 {
            for (mend, code) in normalize::MENDS {
                let Some(mended) = mend(text) else { continue };
                let better = json_scan::survey(&mended);
                if better.found > seen.found || (seen.flawed && better.found > 0 && !better.flawed) {
                    self.repairs.push(Message::new(*code, &[]));
                    return self.parts(&mended);
                }
            }
        }
        self.parts(text);
    }

    fn parts(&mut self, text: &str) {
        let before = self.items.len();
        for part in json_scan::parts(text) {
            match part {
                json_scan::Part::Json(node) => {
                    let slice = text.get(node.span.clone()).unwrap_or_default();
                    self.document(&node, text, slice.as_bytes(), None);
                }
                json_scan::Part::Inner(node) => {
                    let slice = text.get(node.span.clone()).unwrap_or_default();
                    let before = self.items.len();
                    self.document(&node, text, slice.as_bytes(), None);
                    self.items.iter_mut().skip(before).for_each(Item::become_part);
                }
                json_scan::Part::Refused(range, error) => {
                    self.refused(text.get(range).unwrap_or_default(), &error);
                }
                json_scan::Part::Text(range, flaws) => {
                    self.lines(range, text, &flaws);
                }
            }
            // Nothing more is kept: the rest need not be read.
            if self.items.len() >= limits::ITEMS {
                self.push(Kind::Text, New::default());
                return;
            }
        }
        self.unanswered();
        if self.items.len() == before && !text.trim().is_empty() {
            self.nothing(text);
        }
    }

    /// A document that is kept to be refused where it is read.
    fn refused(&mut self, slice: &str, error: &Error) {
        let kind = classify::guess(slice);
        let mut notes = vec![Message::from(error)];
        if kind == Kind::Json {
            let text = clean(slice, limits::UNRECOGNISED_BYTES, &mut notes);
            self.push(kind, New { bytes: text.as_bytes(), notes, ..New::default() });
        } else {
            self.push(kind, New { bytes: slice.as_bytes(), notes, ..New::default() });
        }
    }

    /// A JSON document and the documents in it.
    pub(super) fn document(&mut self, node: &Node<'_>, text: &str, bytes: &[u8], parent: Option<usize>) {
        let mut kind = classify::kind(node);
        let in_list = parent.is_some_and(|p| self.items.get(p).is_some_and(|i| i.kind == Kind::Container));
        if kind == Kind::Payload && in_list {
            kind = Kind::CosignVerify;
        }
        if kind == Kind::Secret {
            let notes = vec![secret::note("a token, password or private key")];
            self.push(kind, New { notes, parent, ..New::default() });
            // What it says of an image is heard without it; strings of no known kind with it.
            let rest = secret::without(node, text);
            let rest = rest.as_ref().and_then(|rest| Some((json::parse(rest.as_bytes()).ok()?, rest)));
            if rest.as_ref().is_none_or(|(node, _)| classify::kind(node) != Kind::Json) {
                self.strings(node);
            }
            if let Some((node, rest)) = rest {
                self.document(&node, rest, rest.as_bytes(), parent);
            }
            return;
        }
        if parent.is_none() {
            // A command prints one document, or several of one kind: signatures, say.
            // Of one reference there is one index or manifest, and one answer of skopeo's
            // unless a loop runs it; what lies below it is none of that registry, nor of
            // an array, which is a whole output.
            let whole = matches!(node.value, Value::Array(_));
            let once = kind == Kind::Skopeo && !self.command.is_computed();
            let single = whole || once || matches!(kind, Kind::Index | Kind::Manifest);
            let this = (kind, tools::json_format(kind, node));
            if self.last.is_some_and(|last| last != this || single) {
                self.command = self.command.next();
            }
            self.last = Some(this);
        }
        let mut facts = tools::json_facts(kind, node, &self.command);
        if kind == Kind::Payload && parent.is_none() && (tools::is_old_record(node) || self.is_record()) {
            facts.push_all(tools::record(node, &self.command));
        }
        let command = self.command.for_whole();
        self.asked = None;
        let mut cut = Vec::new();
        if parent.is_none() {
            facts.push_all(tools::asked(&command, facts.last().map_or(0, |fact| fact.image + 1)));
            if matches!(kind, Kind::Json | Kind::ToolOutput | Kind::ImageInspect) {
                cut = tools::in_objects(node);
            }
            if kind == Kind::Json {
                let text = core::str::from_utf8(bytes).unwrap_or_default();
                cut.push_all(answer::hear(text, &command, &mut facts));
            }
        }
        let mut notes = tools::json_notes(kind, node, &command);
        notes.push_all(shortened::note(kind, node));
        if kind == Kind::Json {
            notes.push(Message::new(codes::UNRECOGNISED, &[]));
        }
        let printed_for = command.printed_for(kind).or_else(|| tools::json_image(kind, node));
        let index = self.push(kind, New { bytes, facts, cut, notes, parent, printed_for });
        if let Some(index) = index {
            if let Some(item) = self.items.get_mut(index).filter(|item| item.parent.is_none()) {
                item.platform.clone_from(&command.platform);
            }
            self.children(kind, node, text, index);
        }
        self.command = Command { digest: None, ..command };
    }

    /// Whether `cosign verify`, or its header, stands above: with `--output text` payloads
    /// follow it.
    fn is_record(&self) -> bool {
        if self.in_text && self.command.verified.is_some() {
            return true;
        }
        let mut above = self.items.iter().rev().take(16).skip_while(|item| item.kind == Kind::Payload);
        let header = above.next().filter(|item| item.kind == Kind::CosignHeader);
        self.in_text && header.is_some_and(|item| item.name == self.given.name)
    }
}
