// Starting a worker from its text, which is inside of the script: no request,
// and it works from file://.

import worker from 'webdis-verify-inline:worker';

/** Starts the engine's worker. Throws, or fires `error`, where refused. */
export const openWorker = () => started(worker);

/** A worker from a text. */
export function started(text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return new Worker(trusted(url));
  } finally {
    // The worker holds its own reference once the constructor has returned.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

function trusted(url) {
  const { trustedTypes } = globalThis;
  return trustedTypes ? trustedTypes.createPolicy('webdis-verify', { createScriptURL: (u) => u }).createScriptURL(url) : url;
}
