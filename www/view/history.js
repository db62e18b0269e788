// What was checked, remembered on this device: image, digest, outcome, time.
// Off until it is switched on; nothing in it is evidence, and nothing in it is
// checked again. Loaded when the page is at rest.

import '../later.js';
import { h } from '../dom.js';
import { short } from './digest.js';

const KEY = 'webdis-verify.history';
const MOST = 100;
const OUTCOMES = new Set(['proven', 'consistent', 'contradicted', 'unsigned', 'not-checked']);
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const DIGEST = /^sha\d{3}:[0-9a-f]{64,128}$/;

// Other pages of the same host can write there: what has not this shape is
// not read.
const entry = (e) => e !== null && typeof e === 'object' && OUTCOMES.has(e.outcome) && TIME.test(e.time)
  && (e.digest === null || DIGEST.test(e.digest)) && (e.image === null || (typeof e.image === 'string' && e.image.length < 300));

/** The entries, newest first; null where it is off. */
export function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter(entry).slice(0, MOST) : null;
  } catch {
    return null;
  }
}

// Null switches it off and leaves nothing.
function write(entries) {
  try {
    if (entries) localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
    else localStorage.removeItem(KEY);
  } catch { /* This browser keeps nothing for the page. */ }
}

// Draws the list that is on show anew.
let redraw = () => {};

/** Adds a report, where it is on; the same answer once more replaces the last. */
export function remember({ outcome, subject, now }) {
  const entries = read();
  if (!entries || !(subject.reference || subject.digest)) return;
  const one = { time: now, outcome, image: subject.reference?.slice(0, 299) ?? null, digest: subject.digest };
  const same = (e) => e && e.outcome === one.outcome && e.image === one.image && e.digest === one.digest;
  write([one, ...(same(entries[0]) ? entries.slice(1) : entries)]);
  redraw();
}

/** The switch, the list, and a way to clear it. */
export function history(words) {
  const list = h('div', {});
  const box = h('input', { id: 'history', type: 'checkbox', onchange: () => { write(box.checked ? [] : null); draw(); } });
  function draw() {
    const entries = read();
    box.checked = entries !== null;
    list.replaceChildren(...(!entries ? [] : [
      entries.length > 0 ? h('ul', { class: 'rows' }, entries.map((e) => h('li', {},
        h('time', { datetime: e.time, class: 'soft' }, new Date(e.time).toLocaleString(words.lang)), ' · ', h('span', {}, words.t(`outcome-${e.outcome}`)),
        e.image && [' · ', h('bdi', {}, e.image)], e.digest && [' · ', h('code', { title: e.digest }, short(e.digest))])))
        : h('p', {}, words.t('historyNone')),
      h('p', {}, words.t('historyWorth')),
      entries.length > 0 && h('button', { type: 'button', class: 'quiet', onclick: () => { write([]); draw(); box.focus(); } }, words.t('historyClear')),
    ].filter(Boolean)));
  }
  redraw = draw;
  draw();
  return h('div', {}, h('div', { class: 'check' }, box, h('label', { for: 'history' }, words.t('historyOn'))), list);
}
