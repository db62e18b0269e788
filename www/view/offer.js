// A key, a trusted root or a profile among the evidence: recognised, not used,
// and a button for whoever wants to check against it.

import '../later.js';
import { h } from '../dom.js';
import { short } from './digest.js';

/** What each kind may become. */
export const OPTION = { 'public-key': 'key', 'trusted-root': 'trustedRoot', profile: 'publisher' };

const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');

// SHA-256 of the key inside of PEM text; empty where there is none.
async function fingerprint(text) {
  const inner = /-----BEGIN PUBLIC KEY-----([^-]+)-----END/.exec(text)?.[1].replace(/\s/g, '');
  try {
    return hex(await crypto.subtle.digest('SHA-256', Uint8Array.from(atob(inner), (c) => c.charCodeAt(0))));
  } catch {
    return '';
  }
}

/** A line for such an item, or null. `bytes` are the item's, `used` says what
 * an option holds now, `use(option, text)` chooses it. */
export async function offer(words, { kind }, report, bytes, used, use) {
  const option = OPTION[kind];
  if (!option || !bytes) return null;
  const text = new TextDecoder().decode(bytes);
  const print = option === 'key' && await fingerprint(text);
  const held = print && report.publisher.keys.find((k) => k.fingerprint === print);
  if (held) return h('p', { class: 'small' }, words.t('foundEqual', { start: short(print) }));
  if (used(option) === text) return h('p', { class: 'small' }, words.t('foundUsed'));
  return h('p', { class: 'small' }, h('span', { class: 'soft' }, print && report.publisher.keys.length ? words.t('foundOther', { start: short(print) }) : words.t('foundNotUsed')), ' ',
    h('button', { type: 'button', class: 'quiet use', onclick: () => use(option, text) }, words.t('useIt')));
}
