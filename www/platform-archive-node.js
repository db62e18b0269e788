// Archives in Node: no worker, and the wasm from beside this file.

import { compiled, openWorker } from './platform-node.js';

/** Refuses: archives are then read where they are asked for. */
export const openArchiveWorker = openWorker;

/** Compiles the wasm that reads archives. */
export const compileArchive = () => compiled('./archive_wasm_bg.wasm');
