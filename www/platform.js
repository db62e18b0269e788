// Where the worker and the wasm come from on the site: from beside this
// script. The single file and the embedded script have them inside instead
// (platform-inline.js).

/** Starts a worker. Throws, or fires `error`, where one is refused. */
export function openWorker() {
  const url = new URL('./worker.js', import.meta.url).href;
  return new Worker(trusted(url), { type: 'module' });
}

/** Fetches and compiles the wasm. */
export function compile() {
  return WebAssembly.compileStreaming(fetch(new URL('./webdis_verify_bg.wasm', import.meta.url)));
}

function trusted(url) {
  const { trustedTypes } = globalThis;
  return trustedTypes ? trustedTypes.createPolicy('webdis-verify', { createScriptURL: (u) => u }).createScriptURL(url) : url;
}
