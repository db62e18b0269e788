// The worker and the wasm that read archives inside of this script.

import archive from 'webdis-verify-inline:archive';
import worker from 'webdis-verify-inline:archive-worker';
import { inflate } from './platform-inline.js';
import { started } from './started.js';

/** Starts a worker for archives from its text. */
export const openArchiveWorker = () => started(worker);

/** Compiles the wasm that reads archives. */
export const compileArchive = async () => WebAssembly.compile(await inflate(archive).arrayBuffer());
