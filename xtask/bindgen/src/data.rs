//! Which constants a function can reach.
//!
//! The linker says it (`--emit-relocs`): every address in the code and in the
//! data names the constant it means. So what is kept, or moved, is known and
//! not guessed. A function is known by the number that the linker gave it, which
//! is written after its name as long as the wasm is worked on.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    KnownCustom, Linking, Name, Parser, Payload, RelocSectionReader, RelocationType, SymbolInfo,
};

use crate::Result;

/// The constants of a linked wasm, by number, and who names them.
pub(crate) struct Constants {
    /// Their addresses.
    at: Vec<Range<u32>>,
    /// By the number of a function.
    of_function: Vec<BTreeSet<usize>>,
    /// By the number of a constant.
    of_constant: Vec<BTreeSet<usize>>,
    /// Those that name a place in a source file: only a panic prints them, and
    /// panics are silent (`panics`).
    places: BTreeSet<usize>,
    /// The addresses that are never written.
    readonly: Range<u32>,
}

/// A use of an address: where it stands, which constant, which address.
struct Use {
    offset: u32,
    symbol: u32,
    addend: i64,
    /// Whether it stands there as four bytes; else as a LEB128 number.
    word: bool,
}

impl Constants {
    /// Reads what the linker said.
    pub(crate) fn read(wasm: &[u8]) -> Result<Self> {
        let mut segments: Vec<(u32, Range<u32>)> = Vec::new(); // address, place in the section
        let mut readonly = None;
        let mut bodies: Vec<Range<u32>> = Vec::new();
        let mut symbols: Vec<Option<Range<u32>>> = Vec::new();
        let mut raw_symbols: Vec<Option<(u32, u32, u32)>> = Vec::new();
        let (mut code_uses, mut data_uses) = (Vec::new(), Vec::new());
        let (mut code, mut data) = (0, 0); // where the sections begin
        let (mut code_section, mut data_section) = (u32::MAX, u32::MAX);
        let mut imported = 0;
        let mut section = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.map_err(wrong)?;
            match &payload {
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        if matches!(import.map_err(wrong)?.ty, wasmparser::TypeRef::Func(_)) {
                            imported += 1;
                        }
                    }
                }
                Payload::CodeSectionStart { range, .. } => {
                    (code, code_section) = (range.start as u32, section);
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    bodies.push(range.start as u32 - code..range.end as u32 - code);
                }
                Payload::DataSection(all) => {
                    (data, data_section) = (all.range().start as u32, section);
                    for segment in all.clone() {
                        let segment = segment.map_err(wrong)?;
                        let wasmparser::DataKind::Active { offset_expr, .. } = &segment.kind else {
                            return Err("a data segment is passive.".to_owned());
                        };
                        let mut expr = offset_expr.get_operators_reader();
                        let wasmparser::Operator::I32Const { value } = expr.read().map_err(wrong)? else {
                            return Err("a data segment is at no fixed address.".to_owned());
                        };
                        let end = segment.range.end as u32 - data;
                        segments.push((value as u32, end - segment.data.len() as u32..end));
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(all) => {
                        for part in all {
                            let Name::Data(map) = part.map_err(wrong)? else { continue };
                            for name in map {
                                let name = name.map_err(wrong)?;
                                if name.name == ".rodata" {
                                    readonly = Some(name.index);
                                }
                            }
                        }
                    }
                    KnownCustom::Linking(all) => {
                        for part in all {
                            let Linking::SymbolTable(map) = part.map_err(wrong)? else { continue };
                            for symbol in map {
                                raw_symbols.push(match symbol.map_err(wrong)? {
                                    SymbolInfo::Data { symbol: Some(d), .. } => {
                                        Some((d.index, d.offset, d.size))
                                    }
                                    _ => None,
                                });
                            }
                        }
                    }
                    KnownCustom::Reloc(reloc) => {
                        let uses = uses(&reloc)?;
                        match reloc.section_index() {
                            n if n == code_section => code_uses = uses,
                            n if n == data_section => data_uses = uses,
                            _ => {}
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
            if payload.as_section().is_some() {
                section += 1;
            }
        }
        for symbol in raw_symbols {
            symbols.push(match symbol {
                Some((segment, offset, size)) => {
                    let (start, _) = segments.get(segment as usize).ok_or("a symbol is in no segment.")?;
                    Some(start + offset..start + offset + size)
                }
                None => None,
            });
        }
        let readonly = readonly
            .and_then(|n| segments.get(n as usize))
            .map(|(start, place)| *start..start + place.len() as u32);
        let readonly = readonly.ok_or("the linker named no .rodata.")?;
        // What the linker says must be what it wrote.
        for (start, all) in [(code, &code_uses), (data, &data_uses)] {
            for one in all {
                let Some(Some(at)) = symbols.get(one.symbol as usize) else { continue };
                let written = written(wasm, start, one);
                if written != Some(at.start.wrapping_add(one.addend as u32)) {
                    return Err(format!(
                        "at {:#x} stands another address than the linker says.",
                        start + one.offset
                    ));
                }
            }
        }
        // All that an address can mean: two constants may share it.
        let mut meant: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
        let address = |one: &Use| -> Result<Option<i64>> {
            match symbols.get(one.symbol as usize) {
                Some(Some(at)) => Ok(Some(i64::from(at.start) + one.addend)),
                Some(None) => Ok(None),
                None => Err("an address is of no symbol.".to_owned()),
            }
        };
        for one in code_uses.iter().chain(&data_uses) {
            if let Some(address) = address(one)? {
                meant.entry(address).or_default().insert(one.symbol as usize);
            }
        }
        let all_meant = |one: &Use| -> Result<BTreeSet<usize>> {
            Ok(address(one)?.and_then(|address| meant.get(&address)).cloned().unwrap_or_default())
        };
        let mut of_function = vec![BTreeSet::new(); imported + bodies.len()];
        for one in &code_uses {
            let n = bodies.partition_point(|body| body.end <= one.offset);
            if !bodies.get(n).is_some_and(|body| body.contains(&one.offset)) {
                return Err("an address is in no function.".to_owned());
            }
            of_function[imported + n].extend(all_meant(one)?);
        }
        let mut owners: Vec<(Range<u32>, usize)> =
            symbols.iter().enumerate().filter_map(|(n, at)| at.clone().map(|at| (at, n))).collect();
        owners.sort_by_key(|(at, _)| (at.start, at.end));
        let mut of_constant: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); symbols.len()];
        for one in &data_uses {
            let found = segments.iter().find(|(_, place)| place.contains(&one.offset));
            let (start, place) = found.ok_or("an address is in no segment.")?;
            let here = start + one.offset - place.start;
            let targets = all_meant(one)?;
            let mut owned = false;
            let last = owners.partition_point(|(at, _)| at.start <= here);
            for (at, owner) in owners.iter().take(last).rev().take(4096) {
                if at.contains(&here) {
                    of_constant[*owner].extend(&targets);
                    owned = true;
                }
            }
            if !owned {
                return Err(format!("the address at {here:#x} belongs to no constant."));
            }
        }
        let at: Vec<Range<u32>> = symbols.into_iter().map(|at| at.unwrap_or(0..0)).collect();
        let text = |at: &Range<u32>| {
            let (start, place) = segments
                .iter()
                .find(|(start, place)| (*start..*start + place.len() as u32).contains(&at.start))?;
            let from = data + place.start + (at.start - start);
            wasm.get(from as usize..(from + at.end - at.start) as usize)
        };
        // `core::panic::Location`: a text (address and length), line and column.
        let is_place = |n: &usize| {
            let named: Vec<&Range<u32>> = of_constant[*n].iter().map(|m| &at[*m]).collect();
            let source = |at: &&Range<u32>| {
                text(at)
                    .is_some_and(|t| t.trim_ascii_end().strip_suffix(b"\0").unwrap_or(t).ends_with(b".rs"))
            };
            at[*n].len() == 16 && !named.is_empty() && named.iter().all(source)
        };
        let places = (0..at.len()).filter(is_place).collect();
        Ok(Self { at, of_function, of_constant, places, readonly })
    }

    /// The read-only addresses.
    pub(crate) fn readonly(&self) -> Range<u32> {
        self.readonly.clone()
    }

    /// What the linker says of a function that is named so.
    fn of(&self, name: &str) -> Option<&BTreeSet<usize>> {
        self.of_function.get(split_name(name).1?)
    }

    /// Whether the linker knows a function that is named so.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.of(name).is_some()
    }

    /// The constants that functions can reach, and those at addresses.
    fn reached<'a>(&self, functions: impl Iterator<Item = &'a str>, addresses: &[u32]) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut next: Vec<usize> = functions.filter_map(|name| self.of(name)).flatten().copied().collect();
        // What is written may point anywhere from the beginning.
        let written = |n: &usize| !self.at[*n].is_empty() && !self.readonly.contains(&self.at[*n].start);
        next.extend((0..self.at.len()).filter(written));
        let named = |n: &usize| addresses.iter().any(|address| self.at[*n].contains(address));
        next.extend((0..self.at.len()).filter(named));
        while let Some(one) = next.pop() {
            if !self.places.contains(&one) && found.insert(one) {
                next.extend(&self.of_constant[one]);
            }
        }
        found
    }

    /// The read-only addresses that functions can reach, those of constants at
    /// `addresses`, and those that belong to no constant: a mark for each.
    pub(crate) fn reach<'a>(&self, functions: impl Iterator<Item = &'a str>, addresses: &[u32]) -> Vec<bool> {
        let mut marks = vec![true; self.readonly.len()];
        let place = |at: &Range<u32>| {
            let start = at.start.max(self.readonly.start) - self.readonly.start;
            let end = at.end.min(self.readonly.end).saturating_sub(self.readonly.start);
            start as usize..(end as usize).max(start as usize)
        };
        for at in self.at.iter().filter(|at| self.readonly.contains(&at.start)) {
            marks[place(at)].fill(false);
        }
        let found = self.reached(functions, addresses);
        for at in found.iter().map(|n| &self.at[*n]).filter(|at| self.readonly.contains(&at.start)) {
            marks[place(at)].fill(true);
        }
        marks
    }
}

/// Writes the numbers of functions after their names.
pub(crate) fn number(module: &mut walrus::Module, numbered: &[walrus::FunctionId]) {
    let numbers: BTreeMap<_, _> = numbered.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    for function in module.funcs.iter_mut() {
        if let Some(number) = numbers.get(&function.id()) {
            function.name = Some(format!("{}#{number}", function.name.as_deref().unwrap_or_default()));
        }
    }
}

/// The name of a function, and its number.
pub(crate) fn split_name(name: &str) -> (&str, Option<usize>) {
    match name.rsplit_once('#') {
        Some((plain, number)) if number.bytes().all(|b| b.is_ascii_digit()) => (plain, number.parse().ok()),
        _ => (name, None),
    }
}

fn wrong(error: impl std::fmt::Display) -> String {
    format!("the linked wasm could not be read: {error}")
}

/// What stands at a use.
fn written(wasm: &[u8], start: u32, one: &Use) -> Option<u32> {
    let bytes = wasm.get((start + one.offset) as usize..)?;
    if one.word { word(bytes) } else { leb(bytes) }
}

fn word(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|four| u32::from_le_bytes(*four))
}

/// A number of 32 bits as LEB128, five bytes long as linkers write it.
fn leb(bytes: &[u8]) -> Option<u32> {
    let five: &[u8; 5] = bytes.first_chunk()?;
    Some(five.iter().rev().fold(0, |value: u32, byte| (value << 7) | u32::from(byte & 127)))
}

/// The uses of addresses in a section.
fn uses(reloc: &RelocSectionReader<'_>) -> Result<Vec<Use>> {
    let mut uses = Vec::new();
    for entry in reloc.entries() {
        let entry = entry.map_err(wrong)?;
        match entry.ty {
            RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32 => {
                let word = entry.ty == RelocationType::MemoryAddrI32;
                uses.push(Use { offset: entry.offset, symbol: entry.index, addend: entry.addend, word });
            }
            RelocationType::FunctionIndexLeb
            | RelocationType::TableIndexSleb
            | RelocationType::TableIndexI32
            | RelocationType::TypeIndexLeb
            | RelocationType::GlobalIndexLeb
            | RelocationType::TableNumberLeb => {}
            other => return Err(format!("an address of a kind that is not known here: {other:?}.")),
        }
    }
    Ok(uses)
}
