// Where the worker and the wasm come from on the site: from beside this
// script. The single file and the embedded script have them inside instead
// (platform-inline.js).

/** Starts a worker. Throws, or fires `error`, where one is refused. */
export function openWorker() {
  const url = new URL('./worker.js', import.meta.url).href;
  return new Worker(trusted(url), { type: 'module' });
}

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

/** An address that scripts may come from. */
export function trusted(url) {
  const { trustedTypes } = globalThis;
  return trustedTypes ? trustedTypes.createPolicy('webdis-verify', { createScriptURL: (u) => u }).createScriptURL(url) : url;
}
