// The worker: one engine, one request at a time. The page ends it when it
// traps or takes too long.

import { run, start } from './core.js';

self.onmessage = ({ data }) => {
  const { id, module, name, args } = data;
  try {
    if (module) {
      start(module);
      self.postMessage({ id, value: true });
    } else {
      self.postMessage({ id, ...run(name, args) });
    }
  } catch (error) {
    self.postMessage({ id, trap: String(error) });
  }
};
