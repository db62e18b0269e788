//! Tar (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU long names), fed in pieces.
//!
//! Headers are blocks of 512 bytes with a checksum; contents are padded to a
//! multiple of that. Sparse members are refused by name: their bytes in the
//! archive are not their contents.

use super::head::{is_tar_header, octal};
use super::{codes, damaged};
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::CollectVec as _;

const BLOCK: usize = 512;

/// What a header says of a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'e> {
    pub(super) name: &'e str,
    pub(super) size: u64,
    /// Where its contents begin in the file.
    pub(super) offset: u64,
    /// Permissions.
    pub(super) mode: u64,
    /// The type flag.
    pub(super) kind: u8,
    /// Whether a driver measures large members itself.
    pub(super) delegates: bool,
}

/// What becomes of members as they pass.
pub(super) trait Members: core::fmt::Debug + Default {
    /// A file begins; whether its bytes are wanted.
    fn begin(&mut self, entry: &Entry<'_>) -> Result<bool>;
    /// The next bytes of it.
    fn data(&mut self, bytes: &[u8]) -> Result<()>;
    /// It ends.
    fn end(&mut self) -> Result<()>;
    /// A link, and where it leads to in the archive.
    fn link(&mut self, entry: &Entry<'_>, target: &str, inside: Option<String>) -> Result<()>;
    /// A folder or a device.
    fn empty(&mut self, entry: &Entry<'_>) -> Result<()>;
    /// A header that programs read differently, or do not read at all.
    fn unusual(&mut self, _expected: &'static str, _found: &str) {}
    /// Whether all is well, at the end.
    fn check(&mut self) -> Result<()>;
}

/// A tar stream under way.
#[derive(Debug, Default)]
pub(super) struct Reader<M> {
    members: M,
    /// Whether a driver measures large members itself.
    delegates: bool,
    /// Bytes taken.
    position: u64,
    /// An incomplete header.
    header: Vec<u8>,
    state: State,
    /// Contents of a GNU long name or a pax header.
    extra: Vec<u8>,
    long_name: Option<String>,
    pax: Pax,
    long_link: Option<String>,
    ended: bool,
}

#[derive(Debug, Default, PartialEq)]
struct Pax {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    /// A record without a value: for some the header's own counts.
    empty: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Header,
    /// Contents: what becomes of them, bytes left, padding after them.
    Body(Purpose, u64, u64),
    Padding(u64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Purpose {
    File,
    LongName,
    LongLink,
    Pax,
    Skip,
}

/// A size: octal, or GNU's base 256 with the first bit set.
fn size(field: &[u8]) -> Option<u64> {
    match field.split_first() {
        Some((0x80, rest)) => {
            rest.iter().try_fold(0_u64, |n, b| n.checked_mul(256)?.checked_add(u64::from(*b)))
        }
        Some((first, _)) if first & 0x80 != 0 => None,
        _ => octal(field),
    }
}

fn text(field: &[u8]) -> Result<String> {
    let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
    let text = core::str::from_utf8(field.get(..end).unwrap_or_default());
    text.map(str::to_owned).map_err(|_| damaged("a name that is not UTF-8"))
}

impl<M: Members> Reader<M> {
    pub(super) fn new(delegates: bool) -> Self {
        Self { delegates, ..Self::default() }
    }

    pub(super) const fn members(&self) -> &M {
        &self.members
    }

    pub(super) const fn members_mut(&mut self) -> &mut M {
        &mut self.members
    }

    /// Bytes of a member that is passed over, and of its padding.
    pub(super) const fn skippable(&self) -> u64 {
        match self.state {
            State::Body(Purpose::Skip, left, _) => left,
            _ => 0,
        }
    }

    /// Passes over bytes of such a member.
    pub(super) fn skip(&mut self, bytes: u64) {
        if let State::Body(Purpose::Skip, left, padding) = self.state {
            let bytes = bytes.min(left);
            self.position = self.position.saturating_add(bytes);
            self.state = State::Body(Purpose::Skip, left - bytes, padding);
            if bytes == left {
                self.state = after(padding);
            }
        }
    }

    pub(super) fn push(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let before = bytes.len();
            bytes = if self.ended { trailing(bytes)? } else { self.step(bytes)? };
            self.position = self.position.saturating_add(u64::try_from(before - bytes.len()).unwrap_or(0));
        }
        Ok(())
    }

    fn step<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        match self.state {
            State::Header => self.header(bytes),
            State::Body(purpose, left, padding) => self.body(bytes, purpose, left, padding),
            State::Padding(left) => {
                let take = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                self.state = after(left - u64::try_from(take).unwrap_or(left));
                Ok(bytes.get(take..).unwrap_or_default())
            }
        }
    }

    fn header<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        let need = BLOCK - self.header.len();
        let (part, rest) = bytes.split_at(need.min(bytes.len()));
        self.header.extend_from_slice(part);
        if self.header.len() == BLOCK {
            let block = core::mem::take(&mut self.header);
            if block.iter().all(|b| *b == 0) {
                self.ended = true;
            } else {
                // Where the contents begin, once this block is counted.
                let offset = self.position.saturating_add(u64::try_from(part.len()).unwrap_or(0));
                self.entry(&block, offset)?;
            }
        }
        Ok(rest)
    }

    fn entry(&mut self, block: &[u8], offset: u64) -> Result<()> {
        if !is_tar_header(block) {
            return Err(damaged("a header with a wrong checksum"));
        }
        let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
        let written = size(field(124, 136)).ok_or_else(|| damaged("a size that is no number"))?;
        let kind = block.get(156).copied().unwrap_or_default();
        let ours = matches!(kind, b'L' | b'K' | b'x' | b'g');
        self.odd(block, kind, written);
        let size = if ours { written } else { self.pax.size.take().unwrap_or(written) };
        let mut purpose = match kind {
            b'0' | b'\0' | b'7' => Purpose::File,
            b'L' => Purpose::LongName,
            b'K' => Purpose::LongLink,
            b'x' => Purpose::Pax,
            b'g' | b'1' | b'2' | b'3' | b'4' | b'5' | b'6' => Purpose::Skip,
            b'S' => return Err(Error::new(codes::ARCHIVE_MEMBER).found("a sparse file")),
            other => return Err(Error::new(codes::ARCHIVE_MEMBER).found(format!("type {other:#04x}"))),
        };
        // Links, devices and directories have no contents, whatever their size says.
        let size = if matches!(kind, b'1'..=b'6') { 0 } else { size };
        if matches!(purpose, Purpose::LongName | Purpose::LongLink | Purpose::Pax) {
            let found = usize::try_from(size).unwrap_or(usize::MAX);
            limits::within("an extended tar header", found, limits::PAYLOAD_BYTES)?;
            self.extra.clear();
        }
        if !ours {
            let name = match self.pax.path.take().or(self.long_name.take()) {
                Some(name) => name,
                None => short_name(block)?,
            };
            let link = self.pax.link.take().or(self.long_link.take());
            self.long_name = None;
            let mode = octal(field(100, 108)).unwrap_or_default() & 0o7777;
            let entry = Entry { name: &name, size, offset, mode, kind, delegates: self.delegates };
            match kind {
                b'1' | b'2' => {
                    let target = link.map_or_else(|| text(field(157, 257)), Ok)?;
                    let inside = if kind == b'1' { Some(target.clone()) } else { beside(&name, &target) };
                    self.members.link(&entry, &target, inside)?;
                }
                _ if purpose == Purpose::File && !name.ends_with('/') => {
                    if !self.members.begin(&entry)? {
                        purpose = Purpose::Skip;
                    }
                }
                _ => self.members.empty(&entry)?,
            }
        }
        let block = u64::try_from(BLOCK).unwrap_or(512);
        let padding = (block - size % block) % block;
        size.checked_add(padding).ok_or_else(|| damaged("a size past all bounds"))?;
        self.state = State::Body(purpose, size, padding);
        if size == 0 { self.close(purpose) } else { Ok(()) }
    }

    fn body<'b>(&mut self, bytes: &'b [u8], purpose: Purpose, left: u64, padding: u64) -> Result<&'b [u8]> {
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (part, rest) = bytes.split_at(take);
        match purpose {
            Purpose::File => self.members.data(part)?,
            Purpose::LongName | Purpose::LongLink | Purpose::Pax => self.extra.extend_from_slice(part),
            Purpose::Skip => {}
        }
        let left = left - u64::try_from(take).unwrap_or(left);
        self.state = State::Body(purpose, left, padding);
        if left == 0 {
            self.close(purpose)?;
        }
        Ok(rest)
    }

    /// Tells of what Go, GNU and BSD tar read differently.
    fn odd(&mut self, block: &[u8], kind: u8, size: u64) {
        let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
        let magic = field(257, 263);
        let posix = magic == b"ustar\0";
        let known = posix || field(257, 265) == b"ustar  \0" || field(257, 265) == [0; 8];
        // Old GNU times, or a prefix for some; the last bytes are star's.
        let after = if posix { field(500, 512) } else { field(345, 512) };
        if !known || after.iter().any(|byte| *byte != 0) {
            self.members.unusual("a ustar, pax or GNU header", "another form of it");
        }
        let pending = |first: bool, second: bool| usize::from(first) + usize::from(second);
        let pax = self.pax != Pax::default();
        let again = match kind {
            b'x' => pax || pending(self.long_name.is_some(), self.long_link.is_some()) > 0,
            b'L' => pax || self.long_name.is_some(),
            b'K' => pax || self.long_link.is_some(),
            _ => false,
        };
        if again {
            self.members.unusual("one extended header for a member", "more of them");
        }
        if kind == b'g' {
            self.members.unusual("headers for one member", "a pax header for all of them");
        }
        if matches!(kind, b'1'..=b'6') && (size > 0 || self.pax.size.is_some_and(|size| size > 0)) {
            self.members.unusual("no contents of a link or folder", "a size");
        }
    }

    /// Ends a member's contents.
    fn close(&mut self, purpose: Purpose) -> Result<()> {
        match purpose {
            Purpose::File => self.members.end()?,
            Purpose::LongName => self.long_name = Some(text(&self.extra)?),
            Purpose::LongLink => self.long_link = Some(text(&self.extra)?),
            Purpose::Pax => {
                self.pax = pax(&self.extra)?;
                if self.pax.empty {
                    self.members.unusual("a pax header with values", "an empty one");
                }
            }
            Purpose::Skip => {}
        }
        let State::Body(_, _, padding) = self.state else { return Ok(()) };
        self.state = after(padding);
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<()> {
        // Some programs leave out the two empty blocks at the end.
        let between = matches!(self.state, State::Header) && self.header.is_empty();
        if !self.ended && !between {
            return Err(damaged("the end inside a member"));
        }
        self.members.check()
    }
}

const fn after(padding: u64) -> State {
    if padding == 0 { State::Header } else { State::Padding(padding) }
}

/// After the end there is padding only: some programs would read on.
fn trailing(bytes: &[u8]) -> Result<&[u8]> {
    if bytes.iter().any(|b| *b != 0) {
        return Err(Error::new(codes::ARCHIVE_TRAILING));
    }
    Ok(&[])
}

/// The path that a symbolic link leads to, if it stays in the archive.
pub(super) fn beside(name: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect_vec();
    parts.pop()?;
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!target.starts_with('/')).then(|| parts.join("/"))
}

fn short_name(block: &[u8]) -> Result<String> {
    let name = text(block.get(..100).unwrap_or_default())?;
    let posix = block.get(257..263) == Some(b"ustar\0");
    let prefix = if posix { text(block.get(345..500).unwrap_or_default())? } else { String::new() };
    Ok(if prefix.is_empty() { name } else { format!("{prefix}/{name}") })
}

/// Records `length key=value\n`.
fn pax(mut records: &[u8]) -> Result<Pax> {
    let wrong = || damaged("a malformed extended header");
    let mut out = Pax::default();
    while !records.is_empty() {
        let blank = records.iter().position(|b| *b == b' ').ok_or_else(wrong)?;
        let digits = core::str::from_utf8(records.get(..blank).unwrap_or_default()).map_err(|_| wrong())?;
        let length: usize = digits.parse().map_err(|_| wrong())?;
        let record = records.get(blank + 1..length).and_then(|r| r.strip_suffix(b"\n")).ok_or_else(wrong)?;
        let equals = record.iter().position(|b| *b == b'=').ok_or_else(wrong)?;
        let (key, value) =
            (record.get(..equals).unwrap_or_default(), record.get(equals + 1..).unwrap_or_default());
        let counts = matches!(key, b"path" | b"linkpath" | b"size");
        if counts && value.contains(&0) {
            return Err(wrong());
        }
        out.empty |= counts && value.is_empty();
        match key {
            b"path" => out.path = Some(text(value)?),
            b"linkpath" => out.link = Some(text(value)?),
            b"size" => {
                let value = core::str::from_utf8(value).map_err(|_| wrong())?;
                if !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(wrong());
                }
                out.size = Some(value.parse().map_err(|_| wrong())?);
            }
            _ if key.starts_with(b"GNU.sparse.") || key == b"SCHILY.realsize" => {
                return Err(Error::new(codes::ARCHIVE_MEMBER).found("a sparse file"));
            }
            _ => {}
        }
        records = records.get(length..).unwrap_or_default();
    }
    Ok(out)
}
