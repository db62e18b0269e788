//! From `src/` to a wasm and its glue: cargo, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::shell::{cargo, command, read, root, run, say, write};
use crate::tools::{WasmCompiler, node_modules, wasm_compiler};

/// A crate that becomes a wasm.
pub(crate) struct Module {
    /// Cargo package.
    pub(crate) package: &'static str,
    /// File name of its cdylib, without `.wasm`.
    pub(crate) file: &'static str,
    /// Features.
    pub(crate) features: &'static str,
    /// Whether it is downloaded, and so worth making smaller.
    pub(crate) shipped: bool,
}

/// The verifier itself.
pub(crate) const CORE: Module =
    Module { package: "webdis-verify", file: "webdis_verify", features: "web", shipped: true };

/// Suites that the public interface cannot reach, for the browser.
pub(crate) const SUITE: Module =
    Module { package: "wasm-suite", file: "wasm_suite", features: "", shipped: false };

/// The wasm before its names are taken out, in the folder of [`build`].
pub(crate) const NAMED: &str = "named.wasm";

/// Builds a module; returns the folder with `NAME.js` and `NAME_bg.wasm`.
/// Nothing is done again when cargo's output is the same as before.
pub(crate) fn build(module: &Module) -> Result<PathBuf> {
    let compiled = compile(module)?;
    let out = root().join("target/xtask").join(module.file);
    let seen = out.join("input.wasm");
    let shipped = out.join(format!("{}_bg.wasm", module.file));
    let input = read(&compiled)?;
    let named = out.join(NAMED);
    if shipped.is_file()
        && named.is_file() == module.shipped
        && std::fs::read(&seen).is_ok_and(|old| old == input)
    {
        return Ok(out);
    }
    bindgen(&compiled, &out, module.file)?;
    if module.shipped {
        // With the names of its functions, for `size --by-module`.
        write(&out.join(NAMED), read(&shipped)?)?;
        optimise(&shipped)?;
    }
    write(&seen, input)?;
    Ok(out)
}

fn compile(module: &Module) -> Result<PathBuf> {
    let compiler = wasm_compiler()?;
    let mut build = match &compiler {
        WasmCompiler::Rustup => cargo(),
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
    build.args(["build", "--profile", "web", "--locked", "--lib", "--target", "wasm32-unknown-unknown"]);
    build.args(["--package", module.package, "--no-default-features", "--features", module.features]);
    if matches!(compiler, WasmCompiler::Debian { .. }) {
        build.arg("-Zbuild-std=std,panic_abort");
    }
    let target = root().join("target");
    build.arg("--target-dir").arg(&target);
    build.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags().join("\u{1f}"));
    run(&format!("Compiling {} to wasm (optimised for size)", module.package), &mut build)?;
    Ok(target.join("wasm32-unknown-unknown/web").join(format!("{}.wasm", module.file)))
}

/// The compiler's options: 128-bit vectors for SHA-256, and no path of the
/// machine that builds.
fn flags() -> Vec<String> {
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
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

/// Runs wasm-bindgen, a program of this workspace that is locked with it.
fn bindgen(compiled: &Path, out: &Path, name: &str) -> Result<()> {
    let mut bindgen: Command = cargo();
    bindgen.args(["run", "--quiet", "--locked", "--profile", "tool", "--package", "xtask-bindgen", "--"]);
    bindgen.arg(compiled).arg(out).arg(name);
    run("Making the JavaScript glue with wasm-bindgen (its first build takes a minute or two)", &mut bindgen)
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
];

/// Makes it smaller with binaryen, which comes from npm.
fn optimise(wasm: &Path) -> Result<()> {
    node_modules()?;
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
    let smaller = wasm.with_extension("opt");
    let mut opt = command("node");
    opt.arg("node_modules/binaryen/bin/wasm-opt").arg(wasm).arg("-o").arg(&smaller);
    opt.args(PASSES).args(["--strip-debug", "--strip-producers", "--strip-target-features"]).args(features);
    run("Making the wasm smaller with wasm-opt", &mut opt)?;
    std::fs::rename(&smaller, wasm).map_err(|e| format!("{} could not be written ({e}).", wasm.display()))?;
    let size = read(wasm)?.len();
    say(&format!("{}: {size} bytes", wasm.file_name().unwrap_or_default().to_string_lossy()));
    Ok(())
}
