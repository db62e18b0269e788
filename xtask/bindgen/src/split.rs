//! Two wasms of one: what is called for a first verdict, and the rest.
//!
//! Both use one memory and one table. A function that moved is called through
//! the table, where its slot holds nothing until the rest is there: such a call
//! traps. Whoever runs the first wasm takes a trap for "this needs the rest"
//! (www/engine.js) and asks again, of an engine that has both.

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::{self, CallIndirect, Const, Instr, InstrLocId, ReturnCallIndirect, Value, VisitorMut};
use walrus::{
    ConstExpr, Element, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, GlobalKind,
    LocalId, Module, TableId, TypeId,
};

use crate::data::{Constants, split_name};
use crate::names::{align, short};
use crate::{Result, constants, emit, order, parse};

/// The name under which the rest imports from the first.
const FIRST: &str = "a";

/// Writes `first.wasm` and `rest.wasm`, with the names of their functions.
/// `called` is a file with the places of the functions that stay, as `count`
/// counts them; `linked` is the wasm as the linker wrote it.
pub(crate) fn run(input: &str, linked: &str, called: &str, out_dir: &str) -> Result<()> {
    let linked = std::fs::read(linked).map_err(|e| format!("{linked} could not be read ({e})."))?;
    let constants = Constants::read(&linked)?;
    let text = std::fs::read_to_string(called).map_err(|e| format!("{called} could not be read ({e})."))?;
    let called: BTreeSet<usize> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let (mut first, mut rest) = (parse(input)?, parse(input)?);
    let plan = Plan::of(&first, &called)?;
    let shared = plan.make_rest(&mut rest, &first)?;
    let public: BTreeSet<String> = first.exports.iter().map(|e| e.name.clone()).collect();
    plan.make_first(&mut first, &shared)?;
    constants::divide(&constants, &mut first, &mut rest)?;
    plain_names(&mut first);
    plain_names(&mut rest);
    order::name(&mut first)?;
    order::name(&mut rest)?;
    align(&mut first, &mut rest, &shared.into_values().filter(|name| !public.contains(name)).collect())?;
    emit(&mut first, &format!("{out_dir}/first.wasm"))?;
    emit(&mut rest, &format!("{out_dir}/rest.wasm"))
}

/// Functions by their index, which both copies of the wasm have in common.
struct Plan {
    /// Those that go to the rest.
    moved: BTreeSet<usize>,
    /// Where in the table those of them are that the first calls.
    slots: BTreeMap<usize, u64>,
    /// Length of the table, with slots for them.
    table: u64,
}

/// What the rest takes from the first, by name: the index of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    Function(usize),
    Table(usize),
    Memory(usize),
    Global(usize),
}

impl Plan {
    fn of(module: &Module, called: &BTreeSet<usize>) -> Result<Self> {
        let all = functions(module);
        let index = indices(&all);
        let mut moved = BTreeSet::new();
        for (place, (id, _)) in module.funcs.iter_local().enumerate() {
            if !called.contains(&place) {
                moved.insert(index[&id]);
            }
        }
        let table = table(module)?;
        let mut slots = BTreeMap::new();
        for (start, items) in segments(module, table)? {
            for (slot, id) in (start..).zip(items) {
                slots.entry(index[&id]).or_insert(slot);
            }
        }
        slots.retain(|function, _| moved.contains(function));
        let mut length = module.tables.get(table).initial;
        let mut give = |id: FunctionId| {
            let function = index[&id];
            if moved.contains(&function) {
                slots.entry(function).or_insert_with(|| {
                    length += 1;
                    length - 1
                });
            }
        };
        for (id, function) in module.funcs.iter_local() {
            if !moved.contains(&index[&id]) {
                let mut named = Named::default();
                ir::dfs_in_order(&mut named, function, function.entry_block());
                named.0.into_iter().for_each(&mut give);
            }
        }
        for export in module.exports.iter() {
            if let ExportItem::Function(id) = export.item {
                give(id);
            }
        }
        if module.start.is_some_and(|id| moved.contains(&index[&id])) {
            return Err("the function that starts the wasm was not called.".to_owned());
        }
        Ok(Self { moved, slots, table: length })
    }

    /// Leaves in `rest` what moved; returns what it imports, by name.
    fn make_rest(&self, rest: &mut Module, first: &Module) -> Result<BTreeMap<Shared, String>> {
        let all = functions(rest);
        let index = indices(&all);
        let mut names = Names::of(first);
        rest.start = None;
        for id in rest.exports.iter().map(|e| e.id()).collect::<Vec<_>>() {
            rest.exports.delete(id);
        }
        for id in rest.data.iter().map(|d| d.id()).collect::<Vec<_>>() {
            rest.data.delete(id);
        }
        // Functions of the first that are called become imports.
        let mut wanted = Named::default();
        for (id, function) in rest.funcs.iter_local() {
            if self.moved.contains(&index[&id]) {
                ir::dfs_in_order(&mut wanted, function, function.entry_block());
            }
        }
        let mut instead = BTreeMap::new();
        for id in wanted.0.into_iter().collect::<BTreeSet<_>>() {
            if self.moved.contains(&index[&id]) {
                continue;
            }
            let name = names.name(Shared::Function(index[&id]));
            let ty = rest.funcs.get(id).ty();
            instead.insert(id, rest.add_import_func(FIRST, &name, ty).0);
        }
        for function in &self.moved {
            let function = rest.funcs.get_mut(all[*function]).kind.unwrap_local_mut();
            let entry = function.entry_block();
            ir::dfs_pre_order_mut(&mut Instead(&instead), function, entry);
        }
        // So do the memory, the tables and the globals.
        let table = table(rest)?;
        let at: Vec<(u64, Vec<FunctionId>)> = segments(rest, table)?;
        let mut filled: BTreeMap<u64, FunctionId> =
            self.slots.iter().map(|(function, slot)| (*slot, all[*function])).collect();
        for (start, items) in at {
            let items = (start..).zip(items);
            filled.extend(items.filter(|(_, id)| self.moved.contains(&index[id])));
        }
        for id in rest.elements.iter().map(Element::id).collect::<Vec<_>>() {
            rest.elements.delete(id);
        }
        for id in rest.tables.iter().map(|t| t.id()).collect::<Vec<_>>() {
            rest.tables.get_mut(id).elem_segments.clear();
        }
        for (place, id) in rest.tables.iter().map(|t| t.id()).enumerate().collect::<Vec<_>>() {
            let import = rest.imports.add(FIRST, &names.name(Shared::Table(place)), id);
            rest.tables.get_mut(id).import = Some(import);
        }
        for (place, id) in rest.memories.iter().map(|m| m.id()).enumerate().collect::<Vec<_>>() {
            let import = rest.imports.add(FIRST, &names.name(Shared::Memory(place)), id);
            let memory = rest.memories.get_mut(id);
            memory.import = Some(import);
            memory.data_segments.clear();
        }
        for (place, id) in rest.globals.iter().map(|g| g.id()).enumerate().collect::<Vec<_>>() {
            let import = rest.imports.add(FIRST, &names.name(Shared::Global(place)), id);
            rest.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        rest.tables.get_mut(table).initial = self.table;
        rest.tables.get_mut(table).maximum = Some(self.table);
        // Its functions take their slots.
        let mut runs: Vec<(u64, Vec<FunctionId>)> = Vec::new();
        for (slot, id) in filled {
            match runs.last_mut() {
                Some((start, items)) if *start + items.len() as u64 == slot => items.push(id),
                _ => runs.push((slot, vec![id])),
            }
        }
        for (start, items) in runs {
            let offset = ConstExpr::Value(Value::I32(start as i32));
            let element =
                rest.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(items));
            rest.tables.get_mut(table).elem_segments.insert(element);
        }
        walrus::passes::gc::run(rest);
        let still: BTreeSet<String> =
            rest.imports.iter().filter(|i| i.module == FIRST).map(|i| i.name.clone()).collect();
        let mut shared = names.given;
        shared.retain(|_, name| still.contains(name));
        if let Some(strange) = rest.imports.iter().find(|i| i.module != FIRST) {
            return Err(format!("the rest would import {} itself.", strange.name));
        }
        Ok(shared)
    }

    /// Takes out of `first` what moved, and offers what the rest imports.
    fn make_first(&self, first: &mut Module, shared: &BTreeMap<Shared, String>) -> Result<()> {
        let all = functions(first);
        let index = indices(&all);
        let table = table(first)?;
        first.tables.get_mut(table).initial = self.table;
        first.tables.get_mut(table).maximum = Some(self.table);
        let far: BTreeMap<FunctionId, (u64, TypeId)> =
            self.slots.iter().map(|(f, slot)| (all[*f], (*slot, first.funcs.get(all[*f]).ty()))).collect();
        let ids: Vec<FunctionId> = first.funcs.iter_local().map(|(id, _)| id).collect();
        for id in ids.into_iter().filter(|id| !self.moved.contains(&index[id])) {
            let function = first.funcs.get_mut(id).kind.unwrap_local_mut();
            let entry = function.entry_block();
            ir::dfs_pre_order_mut(&mut Far { far: &far, table }, function, entry);
        }
        // An export that moved is a function that calls it.
        for id in first.exports.iter().map(|e| e.id()).collect::<Vec<_>>() {
            let ExportItem::Function(function) = first.exports.get(id).item else { continue };
            if let Some((slot, ty)) = far.get(&function) {
                let gate = gate(first, table, *slot, *ty);
                first.exports.get_mut(id).item = ExportItem::Function(gate);
            }
        }
        // In the table stands one that traps.
        let mut trap = FunctionBuilder::new(&mut first.types, &[], &[]);
        trap.name("needs the rest".to_owned()).func_body().unreachable();
        let trap = trap.finish(Vec::new(), &mut first.funcs);
        for id in first.elements.iter().map(Element::id).collect::<Vec<_>>() {
            if let ElementItems::Functions(items) = &mut first.elements.get_mut(id).items {
                for item in items.iter_mut().filter(|id| self.moved.contains(&index[id])) {
                    *item = trap;
                }
            }
        }
        let tables: Vec<_> = first.tables.iter().map(|t| t.id()).collect();
        let memories: Vec<_> = first.memories.iter().map(|m| m.id()).collect();
        let globals: Vec<_> = first.globals.iter().map(|g| g.id()).collect();
        for (what, name) in shared {
            let item = match what {
                Shared::Function(n) => ExportItem::Function(all[*n]),
                Shared::Table(n) => ExportItem::Table(tables[*n]),
                Shared::Memory(n) => ExportItem::Memory(memories[*n]),
                Shared::Global(n) => ExportItem::Global(globals[*n]),
            };
            if !first.exports.iter().any(|e| e.name == *name) {
                first.exports.add(name, item);
            }
        }
        walrus::passes::gc::run(first);
        Ok(())
    }
}

/// Names without numbers.
fn plain_names(module: &mut Module) {
    for function in module.funcs.iter_mut() {
        if let Some(name) = &mut function.name {
            *name = split_name(name).0.to_owned();
        }
    }
}

/// A function that calls the one in a slot of the table.
fn gate(module: &mut Module, table: TableId, slot: u64, ty: TypeId) -> FunctionId {
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let locals: Vec<LocalId> = params.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut gate = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = gate.func_body();
    for local in &locals {
        body.local_get(*local);
    }
    body.i32_const(slot as i32).call_indirect(ty, table);
    gate.finish(locals, &mut module.funcs)
}

fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|f| f.id()).collect()
}

fn indices(all: &[FunctionId]) -> BTreeMap<FunctionId, usize> {
    all.iter().enumerate().map(|(n, id)| (*id, n)).collect()
}

fn table(module: &Module) -> Result<TableId> {
    let table = module.tables.main_function_table().map_err(|e| format!("{e:#}"))?;
    table.ok_or_else(|| "the wasm has no table of functions.".to_owned())
}

/// What is in the table at first: where, and which functions.
fn segments(module: &Module, table: TableId) -> Result<Vec<(u64, Vec<FunctionId>)>> {
    let mut found = Vec::new();
    for element in module.elements.iter() {
        match (&element.kind, &element.items) {
            (
                ElementKind::Active { table: there, offset: ConstExpr::Value(Value::I32(start)) },
                ElementItems::Functions(items),
            ) if *there == table => found.push((*start as u64, items.clone())),
            (ElementKind::Active { table: other, .. }, _) if *other != table => {}
            (ElementKind::Declared, _) => {}
            _ => return Err("the table of functions is filled in a way that is not known here.".to_owned()),
        }
    }
    Ok(found)
}

/// Short names that no export has.
struct Names {
    taken: BTreeSet<String>,
    /// What has a name already.
    known: BTreeMap<Shared, String>,
    given: BTreeMap<Shared, String>,
    next: usize,
}

impl Names {
    fn of(first: &Module) -> Self {
        let index = indices(&functions(first));
        let mut known = BTreeMap::new();
        for export in first.exports.iter() {
            let what = match export.item {
                ExportItem::Function(id) => index.get(&id).map(|n| Shared::Function(*n)),
                ExportItem::Table(id) => first.tables.iter().position(|t| t.id() == id).map(Shared::Table),
                ExportItem::Memory(id) => {
                    first.memories.iter().position(|m| m.id() == id).map(Shared::Memory)
                }
                ExportItem::Global(id) => first.globals.iter().position(|g| g.id() == id).map(Shared::Global),
                ExportItem::Tag(_) => None,
            };
            if let Some(what) = what {
                known.insert(what, export.name.clone());
            }
        }
        let taken = first.exports.iter().map(|e| e.name.clone()).collect();
        Self { taken, known, given: BTreeMap::new(), next: 0 }
    }

    fn name(&mut self, what: Shared) -> String {
        let name = self.known.get(&what).cloned().unwrap_or_else(|| {
            loop {
                let name = short(self.next);
                self.next += 1;
                if !self.taken.contains(&name) {
                    return name;
                }
            }
        });
        self.given.insert(what, name.clone());
        name
    }
}

/// Every function that another one names.
#[derive(Default)]
struct Named(BTreeSet<FunctionId>);

impl ir::Visitor<'_> for Named {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.insert(*function);
    }
}

/// Calls others.
struct Instead<'a>(&'a BTreeMap<FunctionId, FunctionId>);

impl VisitorMut for Instead<'_> {
    fn visit_function_id_mut(&mut self, function: &mut FunctionId) {
        if let Some(other) = self.0.get(function) {
            *function = *other;
        }
    }
}

/// Calls through the table.
struct Far<'a> {
    far: &'a BTreeMap<FunctionId, (u64, TypeId)>,
    table: TableId,
}

impl VisitorMut for Far<'_> {
    fn start_instr_seq_mut(&mut self, seq: &mut ir::InstrSeq) {
        let table = self.table;
        let mut out: Vec<(Instr, InstrLocId)> = Vec::with_capacity(seq.instrs.len());
        for (instr, at) in seq.instrs.drain(..) {
            let called = match &instr {
                Instr::Call(call) => self.far.get(&call.func).map(|far| (far, false)),
                Instr::ReturnCall(call) => self.far.get(&call.func).map(|far| (far, true)),
                _ => None,
            };
            let Some(((slot, ty), last)) = called else {
                out.push((instr, at));
                continue;
            };
            out.push((Const { value: Value::I32(*slot as i32) }.into(), at));
            let call: Instr = match last {
                false => CallIndirect { ty: *ty, table }.into(),
                true => ReturnCallIndirect { ty: *ty, table }.into(),
            };
            out.push((call, at));
        }
        seq.instrs = out;
    }
}
