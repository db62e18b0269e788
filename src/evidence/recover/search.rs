//! Candidates, made one at a time and held against the wanted digests.

use crate::base::list::CollectVec as _;
use crate::base::order;
use crate::base::order::Set as BTreeSet;

use super::Recovered;
use super::escape::Form;
use super::layout::Layout;
use super::order::orders;
use super::tree::Tree;
use super::unix_lines;
use crate::base::code::Code;
use crate::base::digest::{ClaimedDigest, Digest, Hasher};
use crate::base::json::Node;
use crate::base::limits;
use crate::base::message::Message;
use crate::evidence::codes;

/// Most bytes hashed for one text, over all candidates.
const HASHED_BYTES: usize = 64 * limits::RECOVERY_BYTES;

/// A search under way. Its steps return `None` once it is over: the bytes
/// were found, or the bounds are reached.
pub(super) struct Search<'w> {
    wanted: &'w BTreeSet<ClaimedDigest>,
    pub(super) found: Option<Recovered>,
    pub(super) tried: usize,
    pub(super) hashed: usize,
    budget: usize,
    buffer: Vec<u8>,
}

fn messages(codes: &[Code]) -> Vec<Message> {
    codes.iter().map(|code| Message::new(*code, &[])).collect_vec()
}

impl<'w> Search<'w> {
    /// A search that hashes at most about `budget` bytes.
    pub(super) const fn new(wanted: &'w BTreeSet<ClaimedDigest>, budget: usize) -> Self {
        let budget = if budget < HASHED_BYTES { budget } else { HASHED_BYTES };
        Self { wanted, found: None, tried: 0, hashed: 0, budget, buffer: Vec::new() }
    }

    fn is_wanted(&self, digest: &Digest) -> bool {
        self.wanted.contains(&digest.to_claim())
    }

    fn over(&self) -> Option<()> {
        (self.found.is_none() && self.hashed <= self.budget).then_some(())
    }

    fn test(&mut self, bytes: &[u8], repairs: impl FnOnce() -> Vec<Message>) -> Option<()> {
        self.tried += 1;
        self.hashed += bytes.len();
        let digest = Digest::of(bytes);
        if self.is_wanted(&digest) {
            self.found = Some(Recovered { bytes: bytes.to_vec(), digest, repairs: repairs() });
        }
        self.over()
    }

    /// These bytes.
    pub(super) fn raw(&mut self, bytes: &[u8], repairs: &[Code]) -> Option<()> {
        self.test(bytes, || messages(repairs))
    }

    /// These bytes, without and with a final newline.
    pub(super) fn raw_and_newline(&mut self, bytes: &[u8], repairs: &[Code]) -> Option<()> {
        self.raw(bytes, repairs)?;
        let mut line = bytes.to_vec();
        line.push(b'\n');
        self.test(&line, || [messages(repairs), messages(&[codes::REPAIR_FINAL])].concat())
    }

    /// A JSON value as it stands, with its line ends repaired.
    pub(super) fn value(&mut self, bytes: &[u8], repairs: &[Message]) -> Option<()> {
        self.test(bytes, || repairs.to_vec())?;
        let mut line = unix_lines(bytes);
        let crlf = if line.len() == bytes.len() { vec![] } else { messages(&[codes::REPAIR_CRLF]) };
        if !crlf.is_empty() {
            self.test(&line, || [repairs.to_vec(), crlf.clone()].concat())?;
        }
        line.push(b'\n');
        self.test(&line, || [repairs.to_vec(), crlf, messages(&[codes::REPAIR_FINAL])].concat())
    }

    /// A JSON value written anew: order × escapes × layout × final newline,
    /// those that change least first, at most
    /// [`limits::RECOVERY_CANDIDATES`].
    pub(super) fn layouts(&mut self, node: &Node<'_>, repairs: &[Message]) -> Option<()> {
        let tree = Tree::of(node);
        let forms = Form::distinct(tree.traits());
        let orders = orders(tree);
        let mut plans = Vec::new();
        for (o, order) in orders.iter().enumerate() {
            for (f, form) in forms.iter().enumerate() {
                for (l, layout) in Layout::ALL.into_iter().enumerate() {
                    plans.push((o + f + l, plans.len(), order, *form, layout));
                }
            }
        }
        // Of equal cost, in the order made.
        order::sort_by_key(&mut plans, |(cost, made, ..)| (*cost, *made));
        for (_, _, order, form, layout) in plans.into_iter().take(limits::RECOVERY_CANDIDATES / 2) {
            let all = || {
                let mut all = [repairs, &order.repairs].concat();
                all.push(Message::new(codes::REPAIR_LAYOUT, &[("layout", layout.name())]));
                if !form.name().is_empty() {
                    all.push(Message::new(codes::REPAIR_ESCAPES, &[("escapes", form.name())]));
                }
                all
            };
            self.written(&order.tree, form, layout, all)?;
        }
        Some(())
    }

    fn written(
        &mut self,
        tree: &Tree<'_>,
        form: Form,
        layout: Layout,
        repairs: impl FnOnce() -> Vec<Message>,
    ) -> Option<()> {
        let mut buffer = core::mem::take(&mut self.buffer);
        buffer.clear();
        layout.write(tree, form, &mut buffer, limits::RECOVERY_BYTES);
        if buffer.len() <= limits::RECOVERY_BYTES {
            self.both(&mut buffer, repairs);
        }
        self.buffer = buffer;
        self.over()
    }

    /// Tests the bytes and the bytes with a final newline in one pass.
    fn both(&mut self, buffer: &mut Vec<u8>, repairs: impl FnOnce() -> Vec<Message>) {
        self.tried += 2;
        self.hashed += buffer.len();
        let mut hasher = Hasher::new();
        hasher.update(buffer);
        let mut with_newline = hasher.clone();
        with_newline.update(b"\n");
        let (plain, line) = (hasher.finish(), with_newline.finish());
        if self.is_wanted(&plain) {
            self.found = Some(Recovered { bytes: buffer.clone(), digest: plain, repairs: repairs() });
        } else if self.is_wanted(&line) {
            buffer.push(b'\n');
            let mut repairs = repairs();
            repairs.push(Message::new(codes::REPAIR_FINAL, &[]));
            self.found = Some(Recovered { bytes: buffer.clone(), digest: line, repairs });
        }
    }
}
