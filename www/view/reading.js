// Reading an archive: how far it is, how fast, how long it takes, and a way to
// stop. Loaded when the first one arrives.

import '../later.js';
import { h } from '../dom.js';

// 1 234 567 890 → `1,235 MB`: powers of ten, as disks are sold.
const megabytes = (words, bytes) => `${words.number.format(Math.round(bytes / 1e6))} MB`;

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** Progress of a file; `update` takes `{done, total, parts, of}` of archive.js. */
export function reading(words, name, stop) {
  const bar = h('progress', { 'aria-label': words.t('readingFile', { name }) });
  const line = h('span', { class: 'soft' });
  const button = h('button', { type: 'button', id: 'stop', onclick: () => { button.disabled = true; stop(); } }, words.t('stop'));
  const node = h('div', { class: 'fetching' },
    h('p', {}, words.t('readingFile', { name })), bar,
    h('div', { class: 'bar' }, line, button));
  const start = performance.now();
  const update = ({ done, total, parts, of }) => {
    const seconds = (performance.now() - start) / 1000;
    const speed = done / Math.max(seconds, 0.001);
    bar.max = Math.max(total, 1);
    bar.value = done;
    line.textContent = words.t('readSoFar', {
      done: megabytes(words, done), total: megabytes(words, total), speed: `${megabytes(words, speed)}/s`,
      left: clock(Math.max(0, total - done) / Math.max(speed, 1)), parts: `${parts}/${of}`,
    });
  };
  return { node, update };
}

/** Reads what a session has still to read, its progress in the view's slot as
 * long as `current()`. The name of what was stopped, if it was. */
export async function watched(core, view, stop, current) {
  let bar;
  let name;
  const unread = (input) => {
    name = input.name;
    bar = reading(view.words, name, () => stop.abort());
    if (current()) view.slot(bar.node);
  };
  try {
    await core.read({ unread, signal: stop.signal, onProgress: (state) => bar?.update(state) });
    return null;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return current() ? name : null;
  } finally {
    if (bar && current()) view.slot(null);
  }
}
