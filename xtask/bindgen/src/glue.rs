//! Short names between the wasm and its glue. wasm-bindgen's end in a hash of
//! sixteen digits, which no compression makes smaller, in both files.

use walrus::Module;

use crate::names::short;

/// What keeps its name: a test breaks it, to see what the page makes of that.
const KEPT: &str = "session_check";

/// Names anew what `module` takes from the glue and what the glue takes from
/// it; returns the glue with these names.
pub(crate) fn shorten(module: &mut Module, mut glue: String) -> String {
    for (place, import) in module.imports.iter_mut().enumerate() {
        let (from, to) = (format!(" {}: function(", import.name), format!(" {}: function(", short(place)));
        if glue.matches(&from).count() == 1 {
            glue = glue.replacen(&from, &to, 1);
            import.name = short(place);
        }
    }
    let public: Vec<String> = module.exports.iter().map(|export| export.name.clone()).collect();
    for (place, export) in module.exports.iter_mut().enumerate() {
        let used = format!("wasm.{}", export.name);
        let begun = public.iter().any(|other| *other != export.name && other.starts_with(&export.name));
        if export.name.contains('_') && export.name != KEPT && !begun && glue.contains(&used) {
            export.name = short(place);
            glue = glue.replace(&used, &format!("wasm.{}", export.name));
        }
    }
    glue
}
