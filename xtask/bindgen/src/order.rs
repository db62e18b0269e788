//! Functions beside those that look like them.
//!
//! Brotli writes what it has seen a moment ago in the fewest bits, so functions
//! that were made from one generic, or do the same with other fields, stand
//! side by side: 2.5 % of the file. Each is followed by the one that shares
//! most of its short runs of bytes.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{Parser, Payload};

use crate::Result;

/// Length of a run.
const RUN: usize = 4;
/// How much a long function, which shares runs with every other, counts less.
const LENGTH: f64 = 0.7;

/// Names the functions so that their names are in that order; `wasm-opt
/// --reorder-functions-by-name` then moves them.
pub(crate) fn name(module: &mut walrus::Module) -> Result<()> {
    let wasm = module.emit_wasm();
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        if let Payload::CodeSectionEntry(body) =
            payload.map_err(|e| format!("the wasm that was made cannot be read: {e}"))?
        {
            bodies.push(&wasm[body.range()]);
        }
    }
    let again = walrus::Module::from_buffer(&wasm).map_err(|e| format!("{e:#}"))?;
    let names: Vec<String> = again
        .funcs
        .iter_local()
        .map(|(id, _)| again.funcs.get(id).name.clone().unwrap_or_default())
        .collect();
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, at) in order(&bodies).into_iter().enumerate() {
        places.entry(&names[at]).or_default().push(place);
    }
    // Of equal names the functions are taken as they come: a wrong place costs
    // a few bytes.
    for function in module.funcs.iter_mut() {
        let name = function.name.clone().unwrap_or_default();
        if let Some(place) = places.get_mut(name.as_str()).and_then(Vec::pop) {
            function.name = Some(format!("{place:05} {name}"));
        }
    }
    Ok(())
}

/// The bodies in their order: a walk from each to the nearest that is left.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<BTreeSet<u64>> = bodies.iter().map(|body| runs(body)).collect();
    let mut having: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (n, own) in runs.iter().enumerate() {
        for run in own {
            having.entry(*run).or_default().push(n);
        }
    }
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut walk = Vec::new();
    let mut next = left.first().copied();
    while let Some(here) = next {
        left.remove(&here);
        walk.push(here);
        let mut shared = vec![0; bodies.len()];
        for other in runs[here].iter().flat_map(|run| &having[run]) {
            shared[*other] += 1;
        }
        let near = |n: usize, count: u32| f64::from(count) / (runs[n].len() as f64 + 1.0).powf(LENGTH);
        let mut best: Option<(f64, usize)> = None;
        for (n, count) in left.iter().map(|n| (*n, shared[*n])).filter(|(_, count)| *count > 0) {
            if best.is_none_or(|(most, _)| near(n, count) > most) {
                best = Some((near(n, count), n));
            }
        }
        next = best.map(|(_, n)| n).or_else(|| left.first().copied());
    }
    walk
}

/// The runs of a body.
fn runs(body: &[u8]) -> BTreeSet<u64> {
    let number = |run: &[u8]| run.iter().fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
    body.windows(RUN).map(number).collect()
}
