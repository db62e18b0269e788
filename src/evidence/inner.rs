//! Documents inside documents: elements of lists, members that hold exact
//! bytes, the evidence in a report.

use super::recognise::{New, Reader, note_last, recognise};
use super::{Given, Kind, classify, codes, embedded, kept_report, key_file};
use crate::base::json::{self, Node, Value};
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;

impl Reader<'_, '_> {
    /// The documents in a document.
    pub(super) fn children(&mut self, kind: Kind, node: &Node<'_>, text: &str, index: usize) {
        let inner: Vec<&Node<'_>> = match (&node.value, kind) {
            (Value::Array(items), Kind::Container) => items.iter().collect_vec(),
            (Value::Object(members), Kind::SignatureLayer) => {
                members.iter().filter(|m| m.name.value == "annotations").map(|m| &m.node).collect_vec()
            }
            _ => vec![],
        };
        for item in inner {
            let slice = text.get(item.span.clone()).unwrap_or_default();
            self.document(item, text, slice.as_bytes(), Some(index));
        }
        if kind == Kind::Json {
            let before = self.items.len();
            self.strings(node);
            let read = self.items.iter().skip(before).any(|item| item.kind == Kind::PublicKey);
            let pem = (!read).then(|| text.get(node.span.clone())).flatten().and_then(key_file::in_line);
            if let Some(pem) = pem {
                let parent = Some(index);
                self.push(Kind::PublicKey, New { bytes: pem.as_bytes(), parent, ..New::default() });
            }
        }
        if kind == Kind::Report {
            self.report(node, index);
        }
        let encoded = matches!(kind, Kind::ManifestVerbose | Kind::CosignDownload | Kind::ToolOutput);
        for (member, bytes) in if encoded { embedded::encoded(node) } else { vec![] } {
            let outer = self.repairs.clone();
            self.repairs.push(Message::new(codes::REPAIR_MEMBER, &[("member", member)]));
            match (json::parse(&bytes), core::str::from_utf8(&bytes)) {
                (Ok(node), Ok(text)) => self.document(&node, text, &bytes, Some(index)),
                (Err(error), _) => {
                    let kind = classify::guess(&String::from_utf8_lossy(&bytes));
                    let notes = vec![Message::from(&error)];
                    self.push(kind, New { bytes: &bytes, notes, parent: Some(index), ..New::default() });
                }
                (Ok(_), Err(_)) => {}
            }
            self.repairs = outer;
        }
    }

    /// A report of this program: what stands in it as evidence is read anew, and
    /// what it says is not read at all.
    fn report(&mut self, node: &Node<'_>, index: usize) {
        let (given, note) = kept_report::evidence(node, &self.given.name);
        if let Some(item) = self.items.get_mut(index) {
            item.notes.push(note);
        }
        self.adopt(&given, Some(index));
    }

    /// What a thing holds becomes items below `parent`.
    pub(super) fn adopt(&mut self, given: &[Given], parent: Option<usize>) {
        let first = self.items.len();
        let space = limits::ITEMS.saturating_sub(first);
        let members = recognise(given);
        let within = limits::within(limits::ITEMS_NAME, first + members.len(), limits::ITEMS);
        let items = members.into_iter().take(space).map(|mut item| {
            item.parent = item.parent.map(|at| at + first).or(parent);
            item
        });
        self.items.push_all(items);
        within.err().iter().for_each(|error| note_last(self.items, error));
    }
}
