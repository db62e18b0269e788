// The wasm and its glue, started once. Runs in the worker, or on the page
// itself where a worker is refused.

import * as glue from 'webdis-verify-wasm';

/** Starts the engine from a compiled module. */
export function start(module) {
  glue.initSync({ module });
}

const operations = {
  version: () => glue.version(),
  codes: () => glue.codes(),
  check: (inputs, options) => glue.check(inputs, options),
};

/**
 * Runs one operation.
 * @returns `{ value }`, or `{ usage }` when the arguments were refused.
 * Anything thrown otherwise is a trap: the engine must not be used again.
 */
export function run(name, args) {
  try {
    return { value: operations[name](...args) };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    return { usage: error instanceof Error ? error.message : String(error) };
  }
}
