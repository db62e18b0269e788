// The worker: one engine, one request at a time. The page ends it when it
// traps or takes too long.

import { complete, run, start } from './core.js';

let stop;

self.onmessage = async ({ data }) => {
  const { id, module, rest, name, args } = data;
  if (data.stop) { stop?.abort(); return; }
  try {
    if (module || rest) {
      if (module) start(module, rest);
      else complete(rest);
      self.postMessage({ id, value: true });
    } else {
      stop = new AbortController();
      const progress = (now) => self.postMessage({ id, now });
      self.postMessage({ id, ...(await run(name, args, { progress, signal: stop.signal })) });
    }
  } catch (error) {
    self.postMessage({ id, trap: String(error) });
  }
};
