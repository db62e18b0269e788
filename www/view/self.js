// "Check this page": the files that this host serves, hashed again here, and
// what that is worth. In the single file there is nothing to ask: a command.

import '../later.js';
import { h } from '../dom.js';
import { leftOut } from '../left-out.js';
import { command } from './command.js';
import { digest } from './digest.js';

const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');
const sha256 = async (bytes) => hex(await crypto.subtle.digest('SHA-256', bytes));
const LINE = /^([0-9a-f]{64}) {2}([\w./-]+)$/;
const MOST = 200;

// The list of sums, and what each file hashes to as it is served now.
async function hashed(base) {
  const take = async (name) => {
    const answer = await fetch(new URL(name, base), { cache: 'reload', credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`);
    return answer.arrayBuffer();
  };
  const list = await take('SHA256SUMS');
  const lines = new TextDecoder().decode(list).trim().split('\n').map((line) => LINE.exec(line));
  if (!lines.length || lines.length > MOST || lines.some((line) => !line || line[2].split('/').includes('..'))) throw new Error('SHA256SUMS');
  const files = lines.map(([, sum, name]) => ({ sum, name }));
  const different = [];
  for (const { sum, name } of files) if (await sha256(await take(name)) !== sum) different.push(name);
  return { list: await sha256(list), n: files.length, different };
}

/** A button that checks what is served, and what came of it. `base` is the
 * folder of the page, null where the page is one file. */
export function self(words, base) {
  const said = h('div', { role: 'status' });
  if (!base) return h('div', {}, h('p', {}, words.t('selfFile')), command(words, { command: `sha256sum webdis-verify${leftOut.length ? '-small' : ''}.html` }));
  const button = h('button', { type: 'button', id: 'check-page', onclick: async () => {
    button.disabled = true;
    said.replaceChildren(words.t('selfBusy'));
    try {
      const { list, n, different } = await hashed(base);
      said.replaceChildren(...(different.length ? [h('p', {}, words.t('selfDiffers', { names: different.join(', ') }))]
        : [h('p', {}, words.t('selfSame', { n })), digest(words, `sha256:${list}`, words.t('selfList'))]), h('p', {}, words.t('selfWorth')));
    } catch (error) {
      said.replaceChildren(h('p', {}, words.t('selfFailed', { reason: String(error?.message ?? error).slice(0, 120) })));
    }
    button.disabled = false;
  } }, words.t('selfCheck'));
  return h('div', {}, h('p', {}, button), said);
}
