// The beginning of a single file: unpacks the page's script, whose hash the
// policy of the file names, and lets it run. The rest waits until it is asked
// for (platform-packed.js).

import { bytesOf, unpack } from './unpack.js';

/** What is packed under a name. */
const part = (name) => unpack(bytesOf(document.getElementById(`packed-${name}`).textContent));

const script = document.createElement('script');
script.packed = part;
const { trustedTypes } = globalThis;
const text = new TextDecoder().decode(part('page'));
script.text = trustedTypes ? trustedTypes.createPolicy('webdis-verify-file', { createScript: (t) => t }).createScript(text) : text;
document.head.append(script);
