//! The constants of two wasms of one: to each those that its functions reach.

use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, Module};

use crate::Result;
use crate::data::Constants;

/// As many bytes may be written twice rather than begin a new segment.
const GAP: usize = 8;

/// Leaves in `first` the constants that its functions can reach, and moves to
/// `rest` those that only its functions can. What nobody reaches goes.
pub(crate) fn divide(constants: &Constants, first: &mut Module, rest: &mut Module) -> Result<()> {
    let stays = constants.reach(names(first), &unknown(constants, first));
    let moves = constants.reach(names(rest), &unknown(constants, rest));
    let memory = rest.memories.iter().next().map(|m| m.id()).ok_or("the rest has no memory.")?;
    let readonly = constants.readonly();
    for id in first.data.iter().map(|d| d.id()).collect::<Vec<_>>() {
        let data = first.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind else {
            return Err("a data segment is at no fixed address.".to_owned());
        };
        let mut run: Option<(usize, usize)> = None;
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for place in 0..data.value.len() {
            let Some(mark) = (start as u32).checked_add(place as u32).filter(|at| readonly.contains(at))
            else {
                continue;
            };
            let mark = (mark - readonly.start) as usize;
            if moves[mark] && !stays[mark] {
                run = match run {
                    Some((from, to)) if place - to <= GAP => Some((from, place + 1)),
                    _ => {
                        runs.extend(run);
                        Some((place, place + 1))
                    }
                };
            }
        }
        runs.extend(run);
        for (from, to) in runs {
            let offset = ConstExpr::Value(Value::I32(start + from as i32));
            rest.data.add(DataKind::Active { memory, offset }, data.value[from..to].to_vec());
        }
        for (place, byte) in data.value.iter_mut().enumerate() {
            let address = start as u32 + place as u32;
            if readonly.contains(&address) && !stays[(address - readonly.start) as usize] {
                *byte = 0;
            }
        }
    }
    let added: Vec<_> = rest.data.iter().map(|d| d.id()).collect();
    rest.memories.get_mut(memory).data_segments.extend(added);
    let count = |marks: &[bool]| marks.iter().filter(|m| **m).count();
    eprintln!(
        "constants: {} bytes stay of {}, {} are reached by the rest, in {} segments",
        count(&stays),
        stays.len(),
        count(&moves),
        rest.data.iter().count()
    );
    Ok(())
}

fn names(module: &Module) -> impl Iterator<Item = &str> {
    module.funcs.iter_local().filter_map(|(id, _)| module.funcs.get(id).name.as_deref())
}

/// The addresses in functions that the linker does not know, as wasm-bindgen
/// makes them. One gets there when all who call the function hand over the same.
fn unknown(constants: &Constants, module: &Module) -> Vec<u32> {
    let mut seen = Numbers { readonly: constants.readonly(), found: Vec::new() };
    for (id, function) in module.funcs.iter_local() {
        if !constants.knows(module.funcs.get(id).name.as_deref().unwrap_or_default()) {
            walrus::ir::dfs_in_order(&mut seen, function, function.entry_block());
        }
    }
    seen.found
}

struct Numbers {
    readonly: std::ops::Range<u32>,
    found: Vec<u32>,
}

impl walrus::ir::Visitor<'_> for Numbers {
    fn visit_const(&mut self, instr: &walrus::ir::Const) {
        if let Value::I32(n) = instr.value
            && self.readonly.contains(&(n as u32))
        {
            self.found.push(n as u32);
        }
    }
}
