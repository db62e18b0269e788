//! Panics without words.
//!
//! The profile aborts on a panic, and nothing in a browser prints its message:
//! the page says that the verifier stopped. So what makes a panic's message
//! does nothing but trap, and the texts, places and formatting that only it
//! used are in no download.

use walrus::{FunctionId, Module};

/// Functions of the standard library that only ever begin a panic: the end of
/// their path, without generic arguments.
const PANICS: &[&str] = &[
    "::panic_access_error",
    "::panic_already_borrowed",
    "::panic_already_mutably_borrowed",
    "::panic_on_ord_violation",
    "::panic_poisoned",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::handle_error",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::panic",
    "core::panicking::panic_bounds_check",
    "core::panicking::panic_display",
    "core::panicking::panic_explicit",
    "core::panicking::panic_fmt",
    "core::panicking::panic_nounwind",
    "core::panicking::panic_nounwind_fmt",
    "core::panicking::panic_str_2015",
    "core::panicking::unreachable_display",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "core::str::slice_error_fail_rt",
    "::assert_failed",
    "::assert_failed_inner",
    "::capacity_overflow",
    "::len_mismatch_fail",
];

/// Empties them.
pub(crate) fn silence(module: &mut Module) {
    let ids: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let mut count = 0;
    for id in ids {
        let function = module.funcs.get_mut(id);
        let Some(name) = &function.name else { continue };
        if !begins_a_panic(name) {
            continue;
        }
        count += 1;
        let mut body = function.kind.unwrap_local_mut().builder_mut().func_body();
        body.instrs_mut().clear();
        body.unreachable();
    }
    eprintln!("{count} functions that begin a panic say nothing");
}

fn begins_a_panic(name: &str) -> bool {
    // Generic arguments and hashes are no part of the path.
    let mut path = String::new();
    let mut depth = 0;
    for character in name.chars() {
        match character {
            '<' | '[' => depth += 1,
            '>' | ']' => depth -= 1,
            _ if depth == 0 => path.push(character),
            _ => {}
        }
    }
    let path = path.trim_end_matches("::");
    !name.contains("webdis_verify")
        && (path.starts_with("core::panicking::panic_const::")
            || PANICS.iter().any(|end| path.ends_with(end)))
}
