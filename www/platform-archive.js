// Where the worker and the wasm that read archives come from on the site; the
// single file has them inside (platform-archive-inline.js).

/** Starts a worker for archives. Throws, or fires `error`, where refused. */
export function openArchiveWorker() {
  const url = new URL('./archive-worker.js', import.meta.url).href;
  return new Worker(trusted(url), { type: 'module' });
}

// Its own: what is shared with the first script would be a script of its own.
function trusted(url) {
  const { trustedTypes } = globalThis;
  return trustedTypes ? trustedTypes.createPolicy('webdis-verify-archive', { createScriptURL: (u) => u }).createScriptURL(url) : url;
}

/** Fetches and compiles the wasm that reads archives. */
export const compileArchive = () => WebAssembly.compileStreaming(fetch(new URL('./archive_wasm_bg.wasm', import.meta.url)));
