// The wasm inside of this script, so that it works from file:// and with one
// integrity hash, without any request.

import rest from 'webdis-verify-inline:rest';
import wasm from 'webdis-verify-inline:wasm';

export { openWorker } from './started.js';

/** What is written in this script, gzipped, as base64: a response with it. */
export function inflate(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
}

/** Whether the rest of the wasm is a request of its own. */
export const apart = false;

/** Compiles the first part of the wasm, which is written in this script. */
export const compile = async () => WebAssembly.compile(await inflate(wasm).arrayBuffer());

/** Compiles the rest. */
export const compileRest = async () => WebAssembly.compile(await inflate(rest).arrayBuffer());
