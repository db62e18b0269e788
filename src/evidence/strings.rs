//! Texts in a JSON document of no known format: what an automation, a notebook, a chat or
//! a forge kept of a terminal stands in its strings, in one or a line in each.

use super::recognise::Reader;
use super::{Item, Kind, codes};
use crate::base::json::{Node, Value};
use crate::base::limits;
use crate::base::message::Message;

/// How many times one stands in another: each time its escapes double.
const DEPTH: usize = limits::CHAIN_STEPS * 2;

impl Reader<'_, '_> {
    /// Reads every string that is more than a word as a text, and a list of strings as its
    /// lines. What says nothing of an image is not kept.
    // Not for a first verdict: not part of what is downloaded for one.
    #[inline(never)]
    pub(super) fn strings(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::String(text) => self.string(&text.value),
            Value::Object(members) => {
                // A digest beside its name (a task's result) is read with it.
                let named =
                    |value: &Value<'_>| matches!(value, Value::String(text) if is_word(text.value.trim()));
                let others = members.iter().filter(|m| m.name.value != "value" || !named(&m.node.value));
                others.for_each(|member| self.strings(&member.node));
            }
            Value::Array(items) => {
                let lines = items.iter().map(|item| match &item.value {
                    Value::String(text) => Some(text.value.trim_end_matches(['\r', '\n'])),
                    _ => None,
                });
                match lines.collect::<Option<Vec<&str>>>() {
                    Some(lines) if lines.iter().any(|line| !is_word(line.trim())) => {
                        self.string(&lines.join("\n"))
                    }
                    Some(_) => {}
                    None => items.iter().for_each(|item| self.strings(item)),
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, text: &str) {
        // A line of its own says what its digest is: else it is any digest.
        let says = || ["igest", "IGEST", "@sha256:", "{", "["].iter().any(|word| text.contains(word));
        if !text.contains('\n') && (is_word(text) || !says()) {
            return;
        }
        if let Err(error) = limits::within(limits::TEXT_NAME, self.inside + 1, DEPTH) {
            super::recognise::note_last(self.items, &error);
            return;
        }
        let before = self.items.len();
        let outer = (self.repairs.clone(), self.in_text, self.last.take(), core::mem::take(&mut self.folded));
        let command = core::mem::take(&mut self.command);
        self.repairs.push(Message::new(codes::REPAIR_ENCODED, &[]));
        (self.in_text, self.inside) = (true, self.inside + 1);
        self.text(text);
        self.unfold();
        (self.repairs, self.in_text, self.last, self.folded) = outer;
        (self.command, self.asked, self.inside) = (command, None, self.inside - 1);
        let kept = |item: &Item| {
            !matches!(item.kind, Kind::Text | Kind::Json | Kind::Reference | Kind::Secret)
                || !item.facts.is_empty()
                || !item.cut.is_empty()
                || item.cut_short().is_some()
        };
        if !self.items.iter().skip(before).any(kept) {
            self.items.truncate(before);
        }
    }
}

/// Whether a text is a name, a digest or a number: what it means is said by its member.
fn is_word(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '[' | '"'))
}
