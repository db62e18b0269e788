// Where the wasm, and what is loaded on demand, come from in a single file and
// in the script to embed: they are packed in it.

import { part } from './part.js';

export { openWorker } from './started.js';

/** Whether the rest of the wasm is a request of its own. */
export const apart = false;

// Both parts are packed as one: they have much in common.
let engine;
async function unpacked() {
  // The page is drawn before that.
  await new Promise((done) => { setTimeout(done, 0); });
  return (engine ??= part('engine'));
}

/** Compiles the first part of the wasm. */
export const compile = async () => WebAssembly.compile((await unpacked()).subarray(0, BUILD_FIRST));

/** Compiles the rest. */
export const compileRest = async () => WebAssembly.compile((await unpacked()).subarray(BUILD_FIRST));

let later;

/** A language, or the examples. */
export const more = async (name) => (later ??= JSON.parse(new TextDecoder().decode(part('more'))))[name];

/** Compiles the wasm that reads archives. */
export const compileArchive = async () => WebAssembly.compile(part('archive'));
