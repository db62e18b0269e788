// Where the wasm comes from in Node: from beside this file. There is no
// worker: the engine runs in the process that asks.

import { readFile } from 'node:fs/promises';

/** Compiles a wasm that lies beside this file. */
export const compiled = async (name) => WebAssembly.compile(await readFile(new URL(name, import.meta.url)));

/** Refuses: the engine then runs where it is asked. */
export function openWorker() {
  throw new Error('no worker in Node');
}

/** Whether the rest of the wasm is a file of its own. */
export const apart = true;

/** Compiles the wasm. */
export const compile = () => compiled('./webdis_verify_bg.wasm');

/** Compiles the rest of it. */
export const compileRest = () => compiled('./webdis_verify_rest.wasm');
