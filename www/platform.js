// Where the wasm comes from on the site: from beside this script. The single
// file and the embedded script have it inside instead (platform-inline.js).

export { openWorker } from './started.js';

/** Whether the rest of the wasm is a request of its own. */
export const apart = true;

/** Fetches and compiles the first part of the wasm. */
export function compile() {
  return WebAssembly.compileStreaming(fetch(new URL('./webdis_verify_bg.wasm', import.meta.url)));
}

/** Fetches and compiles the rest, which must be of the same build: another
 * one's functions would be called in the wrong places. */
export function compileRest() {
  const wanted = { integrity: BUILD_REST, cache: 'no-cache' };
  return WebAssembly.compileStreaming(fetch(new URL('./webdis_verify_rest.wasm', import.meta.url), wanted));
}
