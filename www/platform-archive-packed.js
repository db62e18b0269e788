// The worker that reads archives is inside of this script, its wasm packed.

import worker from 'webdis-verify-inline:archive-worker';
import { started } from './started.js';

export { compileArchive } from './platform-packed.js';

/** Starts a worker for archives from its text. */
export const openArchiveWorker = () => started(worker);
