//! What the rest takes from the first, in one order and with names that count
//! up in it: both lists are then a few bits an entry for brotli.

use std::collections::BTreeSet;

use walrus::{ExportItem, FunctionKind, GlobalKind, ImportId, ImportKind, Module};

use crate::Result;

/// Marks the module of an import that has its new name: until all have theirs,
/// it may be the old one of another.
const DONE: &str = " ";

/// Names and orders anew what `first` exports only for `rest`, those names
/// being `shared`. The functions of `first` must have their places in their
/// names (`order`).
pub(crate) fn align(first: &mut Module, rest: &mut Module, shared: &BTreeSet<String>) -> Result<()> {
    let mut moved: Vec<(String, String, ExportItem)> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for export in first.exports.iter() {
        if !shared.contains(&export.name) {
            taken.insert(export.name.clone());
            continue;
        }
        let place = match export.item {
            ExportItem::Function(id) => first.funcs.get(id).name.clone().unwrap_or_default(),
            _ => String::new(),
        };
        moved.push((place, export.name.clone(), export.item));
    }
    moved.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for (_, name, _) in &moved {
        first.exports.remove(name).map_err(|e| format!("{e:#}"))?;
    }
    let free = (0..).map(short).filter(|name| !taken.contains(name));
    for ((_, old, item), new) in moved.into_iter().zip(free) {
        first.exports.add(&new, item);
        let import = rest.imports.iter().find(|import| import.name == old && !import.module.ends_with(DONE));
        let (id, kind) = import.map(|i| (i.id(), i.kind.clone())).ok_or("an import is not there.")?;
        let module = rest.imports.get(id).module.clone();
        rest.imports.delete(id);
        let id = rest.imports.add(&(module + DONE), &new, kind.clone());
        belong(rest, &kind, id);
    }
    for import in rest.imports.iter_mut() {
        import.module.truncate(import.module.trim_end_matches(DONE).len());
    }
    Ok(())
}

/// Lets what is imported know its import.
fn belong(module: &mut Module, kind: &ImportKind, import: ImportId) {
    match kind {
        ImportKind::Function(id) => {
            if let FunctionKind::Import(function) = &mut module.funcs.get_mut(*id).kind {
                function.import = import;
            }
        }
        ImportKind::Table(id) => module.tables.get_mut(*id).import = Some(import),
        ImportKind::Memory(id) => module.memories.get_mut(*id).import = Some(import),
        ImportKind::Global(id) => module.globals.get_mut(*id).kind = GlobalKind::Import(import),
        ImportKind::Tag(_) => {}
    }
}

/// `a`, `b`, … `z`, `aa`, …
pub(crate) fn short(mut number: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'a' + (number % 26) as u8));
        match number / 26 {
            0 => break name.into_iter().rev().collect(),
            more => number = more - 1,
        }
    }
}
