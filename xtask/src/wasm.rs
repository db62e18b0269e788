//! From `src/` to a wasm and its glue: cargo, wasm-bindgen, wasm-opt; and to
//! the two parts of what is downloaded.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::shell::{cargo, command, read, root, run, say, write};
use crate::tools::{self, WasmCompiler, node_modules, wasm_compiler};

/// A crate that becomes a wasm.
pub(crate) struct Module {
    /// Cargo package.
    pub(crate) package: &'static str,
    /// File name of its cdylib, without `.wasm`.
    pub(crate) file: &'static str,
    /// Features.
    pub(crate) features: &'static str,
    /// Whether it is downloaded: then it is made smaller.
    pub(crate) shipped: bool,
    /// It comes as two parts, of which the first is enough for what this does.
    pub(crate) called: Option<&'static str>,
}

/// The verifier itself.
pub(crate) const CORE: Module = Module {
    package: "webdis-verify",
    file: "webdis_verify",
    features: "web",
    shipped: true,
    called: Some("xtask/js/called.mjs"),
};

/// Archives and layers: loaded when one arrives.
pub(crate) const ARCHIVE: Module =
    Module { package: "archive-wasm", file: "archive_wasm", features: "web", called: None, shipped: true };

/// Suites that the public interface cannot reach, for the browser.
pub(crate) const SUITE: Module =
    Module { package: "wasm-suite", file: "wasm_suite", features: "", shipped: false, called: None };

/// The parts with the names of their functions, in the folder of [`build`].
pub(crate) const NAMED: [&str; 2] = ["first.wasm", "rest.wasm"];

/// Builds a module; returns the folder with `NAME.js`, `NAME_bg.wasm` and, if
/// it is downloaded, `NAME_rest.wasm`. Nothing is done again when cargo's
/// output, and what makes the rest of it, are the same as before.
pub(crate) fn build(module: &Module) -> Result<PathBuf> {
    let compiled = compile(module)?;
    let out = root().join("target/xtask").join(module.file);
    let seen = out.join("input");
    let shipped = out.join(format!("{}_bg.wasm", module.file));
    let mut input = read(&compiled)?;
    for file in inputs(module)? {
        input.extend(read(&file)?);
    }
    if shipped.is_file() && std::fs::read(&seen).is_ok_and(|old| old == input) {
        return Ok(out);
    }
    std::fs::create_dir_all(&out).map_err(|e| format!("{} could not be made ({e}).", out.display()))?;
    drop(std::fs::remove_file(&seen));
    let how = if module.called.is_some() { "bind-silent" } else { "bind" };
    tool(
        "Making the JavaScript glue with wasm-bindgen",
        &[how.as_ref(), &compiled, &out, module.file.as_ref()],
    )?;
    if let Some(called) = module.called {
        parts(module, called, &compiled, &out)?;
    } else if module.shipped {
        node_modules()?;
        let whole = out.join("whole.wasm");
        std::fs::rename(&shipped, &whole)
            .map_err(|e| format!("{} could not be moved ({e}).", shipped.display()))?;
        let (small, named) = (out.join("small.wasm"), out.join("named.wasm"));
        wasm_opt("Making the wasm smaller with wasm-opt", &whole, &small, &[PASSES, &["-g"]].concat())?;
        tool("Finding the order of its functions", &["order".as_ref(), &small, &named])?;
        in_order(&named, &shipped)?;
    }
    write(&seen, input)?;
    Ok(out)
}

/// What the parts depend on besides the compiler's output.
fn inputs(module: &Module) -> Result<Vec<PathBuf>> {
    let mut files = vec![root().join("xtask/src/wasm.rs")];
    files.extend(module.called.map(|called| root().join(called)));
    let tool = root().join("xtask/bindgen/src");
    let listed =
        std::fs::read_dir(&tool).map_err(|e| format!("{} could not be read ({e}).", tool.display()))?;
    files.extend(listed.flatten().map(|entry| entry.path()));
    if module.called.is_some() {
        files.push(root().join("tests/vectors/cases.json"));
    }
    files.sort();
    Ok(files)
}

/// Makes the wasm smaller, and two of it: what a first verdict calls, which
/// is found out by running it, and the rest.
fn parts(module: &Module, called: &str, linked: &Path, out: &Path) -> Result<()> {
    node_modules()?;
    let whole = out.join("whole.wasm");
    let shipped = out.join(format!("{}_bg.wasm", module.file));
    wasm_opt("Making the wasm smaller with wasm-opt", &shipped, &whole, &[PASSES, &["-g"]].concat())?;
    let (counted, list) = (out.join("counted.wasm"), out.join("called"));
    tool("Letting it count its calls", &["count".as_ref(), &whole, &counted])?;
    let mut watch = command("node");
    watch.arg(called).arg(out.join(format!("{}.js", module.file))).args([&counted, &list]);
    run("Verifying what people paste, to see what is called", &mut watch)?;
    tool("Making two parts of it", &["split".as_ref(), &whole, linked, &list, out])?;
    let rest = out.join(format!("{}_rest.wasm", module.file));
    for (named, plain) in NAMED.iter().zip([&shipped, &rest]) {
        in_order(&out.join(named), plain)?;
        let size = read(plain)?.len();
        say(&format!("{}: {size} bytes", plain.file_name().unwrap_or_default().to_string_lossy()));
    }
    Ok(())
}

/// Moves the functions to where their names say. What else was worth it
/// before a wasm was divided is worth it once more.
fn in_order(named: &Path, plain: &Path) -> Result<()> {
    let passes =
        ["--reorder-functions-by-name", "--strip-debug", "--remove-unused-brs", "--merge-blocks", "--vacuum"];
    wasm_opt("Putting functions in order, and taking the names out", named, plain, &passes)
}

fn compile(module: &Module) -> Result<PathBuf> {
    let compiler = wasm_compiler()?;
    let mut build = match &compiler {
        WasmCompiler::Target => cargo(),
        WasmCompiler::Source => {
            let mut build = cargo();
            build.env("RUSTC_BOOTSTRAP", "1");
            build
        }
        WasmCompiler::Debian { linker } => {
            let mut build = command("/usr/bin/cargo");
            build
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env_remove("RUSTUP_TOOLCHAIN");
            build
        }
    };
    build.args(["rustc", "--profile", "web", "--locked", "--lib", "--target", "wasm32-unknown-unknown"]);
    // Of a crate that is a library too, cargo makes both at once, without
    // optimising at link time: 5 % more of brotli.
    build.args(["--crate-type", "cdylib"]);
    build.args(["--package", module.package, "--no-default-features", "--features", module.features]);
    let mut flags = flags();
    if !matches!(compiler, WasmCompiler::Target) {
        // The standard library as small as it can be, with panics that only
        // stop: nothing in a browser would print their texts.
        build.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(str::to_owned));
    }
    let target = root().join("target");
    build.arg("--target-dir").arg(&target);
    build.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    if module.called.is_some() {
        // A function that has one caller moves into it, however seldom it is
        // called, and so cannot be in the rest. Those with a frame of more than
        // this stay. Without a frame of any size (0) the first part has 5 KB of
        // brotli less and both together 6 KB more, with any it is past its aim.
        let args = [
            "-inline-max-stacksize=64",
            // Neither a variable of its own for each address in a loop, nor a
            // load written twice so that one way has it sooner: 5 KB less in
            // all, and as fast.
            "-disable-lsr",
            "-enable-pre=0",
            "-enable-load-pre=0",
        ];
        build.arg("--").args(args.map(|arg| format!("-Cllvm-args={arg}")));
    }
    run(&format!("Compiling {} to wasm (optimised for size)", module.package), &mut build)?;
    Ok(target.join("wasm32-unknown-unknown/web").join(format!("{}.wasm", module.file)))
}

/// The compiler's options: 128-bit vectors for SHA-256, and no path of the
/// machine that builds.
fn flags() -> Vec<String> {
    // What the linker knows of addresses tells which constants a part needs.
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned(), "-Clink-arg=--emit-relocs".to_owned()];
    let mut remap =
        |from: &Path, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".cargo"))
    });
    remap(&root(), "/webdis-verify");
    if let Some(home) = home {
        remap(&home, "/cargo");
    }
    for rustc in ["rustc", "/usr/bin/rustc"] {
        if let Some(sysroot) = crate::shell::output(rustc, &["--print", "sysroot"]) {
            remap(&Path::new(&sysroot).join("lib/rustlib/src/rust"), "/rust");
            remap(Path::new(&sysroot), "/sysroot");
        }
    }
    flags
}

/// Runs a command of `xtask/bindgen`, a program of this workspace that is
/// locked with wasm-bindgen.
fn tool(what: &str, args: &[&Path]) -> Result<()> {
    let mut tool: Command = cargo();
    tool.args(["run", "--quiet", "--locked", "--profile", "tool", "--package", "xtask-bindgen", "--"]);
    let first = if tools::bindgen().is_file() { "" } else { " (its first build takes a minute or two)" };
    run(&format!("{what}{first}"), tool.args(args))
}

/// Passes that make the compressed file smaller. The compiler already
/// optimised for size; `-Oz` on top of that makes fewer bytes of wasm but more
/// of brotli, because it removes the repetition that brotli lives on.
const PASSES: &[&str] = &[
    "--duplicate-function-elimination",
    "--dce",
    "--vacuum",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--optimize-instructions",
    "--precompute",
    "--vacuum",
    "--duplicate-import-elimination",
    "--dae-optimizing",
    "--remove-unused-module-elements",
    "--duplicate-function-elimination",
    "--dae-optimizing",
    "--rse",
    "--vacuum",
    "--reorder-locals",
    "--dealign",
];

/// Runs binaryen's wasm-opt, which comes from npm.
fn wasm_opt(what: &str, input: &Path, output: &Path, passes: &[&str]) -> Result<()> {
    let features = [
        "--enable-simd",
        "--enable-bulk-memory",
        "--enable-bulk-memory-opt",
        "--enable-sign-ext",
        "--enable-nontrapping-float-to-int",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
        "--enable-call-indirect-overlong",
    ];
    let mut opt = command("node");
    opt.arg("node_modules/binaryen/bin/wasm-opt").arg(input).arg("-o").arg(output);
    opt.args(passes).args(["--strip-producers", "--strip-target-features"]).args(features);
    run(what, &mut opt)
}
