// The bytes that were hashed: as text with repairs drawn, or in hexadecimal.

import { h, hasHidden, visible } from '../dom.js';
import { align } from '../align.js';
import { copy } from './copy.js';

const FIRST = 2048;
const MOST = 65536;

/** Bytes of base64 text; null if it is none. */
export function decode(base64) {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}

const hex = (n, width) => n.toString(16).padStart(width, '0');

function dump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const cells = row.map((b, i) => (i === 8 ? ' ' : '') + hex(b, 2)).join(' ').padEnd(48);
    const text = row.map((b) => (b > 31 && b < 127 ? String.fromCharCode(b) : '·')).join('');
    lines.push(h('span', { class: 'off' }, hex(at, 6)), `  ${cells}  `, h('span', { class: 'asc' }, text), '\n');
  }
  return lines;
}

const drawn = (text) => text.replace(/\r/g, '␍').replace(/\n/g, '⏎\n').replace(/\t/g, '⇥');

function repaired(steps) {
  return steps.map(([what, text]) => (what === 'same' ? visible(text) : h(what === 'cut' ? 'del' : 'ins', {}, drawn(text))));
}

/** Hands bytes over as a file. */
export function saveAs(name, bytes, type = 'application/octet-stream') {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A viewer of `bytes`; `given` is the text they were restored from, `file`
 * the name to save them by, `saved` what is saved in their place. */
export function viewer(words, bytes, given, file, saved = bytes) {
  const text = new TextDecoder().decode(bytes);
  const binary = text.includes('\ufffd') || hasHidden(text);
  const steps = given && !binary ? align(given, text) : null;
  const pre = h('pre', { class: 'dump', tabindex: '0', role: 'group', 'aria-label': words.t('bytesHashed') });
  const more = h('button', { type: 'button', class: 'quiet', onclick: () => { limit = MOST; draw(); pre.focus(); } });
  let limit = FIRST;
  let mode = 'text';
  const draw = () => {
    const part = bytes.subarray(0, limit);
    pre.className = `dump ${mode}`;
    if (mode === 'hex') pre.replaceChildren(...dump(part));
    else if (mode === 'restored') pre.replaceChildren(...repaired(steps));
    else pre.replaceChildren(h('span', {}, limit < bytes.length ? new TextDecoder().decode(part) : text));
    more.hidden = mode === 'restored' || bytes.length <= limit || limit === MOST;
    more.textContent = words.t('showMore', { size: words.bytes(Math.min(MOST, bytes.length)) });
    for (const button of tabs.children) button.setAttribute('aria-pressed', String(button.value === mode));
  };
  const tab = (value, label) => h('button', { type: 'button', value, onclick: () => { mode = value; draw(); } }, label);
  const tabs = h('div', { class: 'tabs', role: 'group', 'aria-label': words.t('view') },
    !binary && tab('text', words.t('asText')), tab('hex', words.t('asHex')), steps && tab('restored', words.t('asRestored')));
  if (binary) mode = 'hex';
  if (steps) mode = 'restored';
  draw();
  return h('div', { class: 'bytes' },
    h('div', { class: 'bar' }, h('span', { class: 'soft' }, words.t('exactly', { size: words.bytes(bytes.length) })), tabs), pre,
    h('div', { class: 'bar' }, more,
      file && h('button', { type: 'button', class: 'quiet', onclick: () => saveAs(file, saved) }, `${words.t('saveBytes')} `, h('code', {}, file)),
      !binary && copy(words, text, words.t('theBytes'), words.t('copyBytes'), 'quiet')));
}
