// What is packed inside of this script, as base64: it works with one integrity
// hash and without any request.

import parts from 'webdis-verify-inline:parts';
import { unpack } from './unpack.js';

/** The bytes that are packed under a name. */
export const part = (name) => unpack(Uint8Array.from(atob(parts[name]), (c) => c.charCodeAt(0)));
