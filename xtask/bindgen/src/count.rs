//! Which functions are called: each sets a global of its own, which is
//! exported as `called N`, N being its place among the functions defined.

use walrus::ir::{Const, GlobalSet, Value};
use walrus::{ConstExpr, FunctionId, ValType};

use crate::{Result, emit, parse};

/// Prepares a wasm to be watched.
pub(crate) fn run(input: &str, output: &str) -> Result<()> {
    let mut module = parse(input)?;
    let all: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for (place, id) in all.into_iter().enumerate() {
        let zero = ConstExpr::Value(Value::I32(0));
        let global = module.globals.add_local(ValType::I32, true, false, zero);
        module.exports.add(&format!("called {place}"), global);
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        function
            .builder_mut()
            .func_body()
            .instr_at(0, GlobalSet { global })
            .instr_at(0, Const { value: Value::I32(1) });
    }
    emit(&mut module, output)
}
