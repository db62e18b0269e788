//! What is done to a wasm after the compiler, each a command of its own. Run
//! by `cargo xtask`, which says what every step is for.
//!
//! `bind INPUT OUT_DIR NAME`: wasm-bindgen. Writes NAME.js and NAME_bg.wasm, an
//! ES module whose `init` must be handed the wasm.
//! `bind-silent`: the same, and panics say nothing.
//! `count INPUT OUTPUT`: lets the wasm say which of its functions were called.
//! `order INPUT OUTPUT`: names the functions in the order in which they compress.
//! `split INPUT LINKED CALLED OUT_DIR`: two wasms of one.

// A build tool: an index or a number that is wrong must end the build.
#![allow(clippy::indexing_slicing, clippy::as_conversions)]

mod constants;
mod count;
mod data;
mod glue;
mod names;
mod order;
mod panics;
mod split;

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

/// The result of a command; the error is one sentence.
type Result<T> = std::result::Result<T, String>;

const USAGE: &str = "usage: xtask-bindgen bind|bind-silent INPUT.wasm OUT_DIR NAME
       xtask-bindgen count INPUT.wasm OUTPUT.wasm
       xtask-bindgen order INPUT.wasm OUTPUT.wasm
       xtask-bindgen split INPUT.wasm LINKED.wasm CALLED OUT_DIR";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["bind", input, out_dir, name] => bind(input, out_dir, name, false),
        ["bind-silent", input, out_dir, name] => bind(input, out_dir, name, true),
        ["count", input, output] => count::run(input, output),
        ["order", input, output] => ordered(input, output),
        ["split", input, linked, called, out_dir] => split::run(input, linked, called, out_dir),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn bind(input: &str, out_dir: &str, name: &str, silent: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    let mut linked = parse(input)?;
    for section in ["linking", "reloc.CODE", "reloc.DATA"] {
        linked.customs.remove_raw(section);
    }
    let numbered: Vec<walrus::FunctionId> = linked.funcs.iter().map(|f| f.id()).collect();
    bindgen.input_module(name, linked).typescript(false).omit_default_module_path(true);
    let wrong = |error| format!("wasm-bindgen: {error:#}");
    let mut made = bindgen.web(true).and_then(|b| b.generate_output()).map_err(wrong)?;
    let module = made.wasm_mut();
    if silent {
        panics::silence(module);
    }
    data::number(module, &numbered);
    made.emit(out_dir).map_err(wrong)?;
    let path = format!("{out_dir}/{name}.js");
    let glue = std::fs::read_to_string(&path).map_err(|e| format!("{path} could not be read ({e})."))?;
    let glue = glue::shorten(made.wasm_mut(), glue);
    std::fs::write(&path, glue).map_err(|e| format!("{path} could not be written ({e})."))?;
    emit(made.wasm_mut(), &format!("{out_dir}/{name}_bg.wasm"))
}

fn ordered(input: &str, output: &str) -> Result<()> {
    let mut module = parse(input)?;
    order::name(&mut module)?;
    emit(&mut module, output)
}

/// Reads a wasm, with the names of its functions.
fn parse(path: &str) -> Result<walrus::Module> {
    walrus::Module::from_file(path).map_err(|error| format!("{path} is no wasm that can be read: {error:#}"))
}

/// Writes a wasm.
fn emit(module: &mut walrus::Module, path: &str) -> Result<()> {
    module.emit_wasm_file(path).map_err(|error| format!("{path} could not be written: {error:#}"))
}
