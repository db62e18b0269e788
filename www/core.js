// The wasm and its glue, started once. Runs in the worker, or on the page
// itself where a worker is refused.

import * as glue from 'webdis-verify-wasm';

/** Starts the engine from a compiled module. */
export function start(module) {
  glue.initSync({ module });
}

// Those that fetch get a function for their progress and an AbortSignal.
const operations = {
  version: () => glue.version(),
  codes: () => glue.codes(),
  check: (live, inputs, options) => glue.check(inputs, options),
  metadata: (live, inputs, options) => glue.metadata(inputs, options),
  elsewhere: (live, options) => glue.elsewhere(options),
  verify: ({ progress, signal }, reference, inputs, options, proxy) => glue.verify(reference, inputs, options, proxy, progress, signal),
  compare: ({ progress, signal }, other, inputs, options, proxy) => glue.compare(other, inputs, options, proxy, progress, signal),
  tags: ({ progress, signal }, repository, limit, proxy) => glue.tags(repository, limit, proxy, progress, signal),
  platforms: ({ signal }, repository, digest, proxy) => glue.platforms(repository, digest, proxy, signal),
};

/**
 * Runs one operation.
 * @returns `{ value }`, or `{ usage }` when the arguments were refused.
 * Anything thrown otherwise is a trap: the engine must not be used again.
 */
export async function run(name, args, live) {
  try {
    return { value: await operations[name](live, ...args) };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    return { usage: error instanceof Error ? error.message : String(error) };
  }
}
