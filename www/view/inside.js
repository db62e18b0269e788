// What a link unfolds to: two values, the facts, the bytes, the rule, commands.
// Loaded when a page is at rest, or with the first link that is opened.

import '../later.js';
import { h } from '../dom.js';
import { decode, viewer } from './bytes.js';
import { command } from './command.js';
import { compare } from './compare.js';
import { digest, groups, sentence } from './digest.js';
import { equal, fileOf, pem } from './equal.js';
import { recomputed, signature } from './proof.js';
import { said } from './verdict.js';

// What is shown as numbers or as a path, and for programs alone.
const HEX = /^[0-9a-f]{64}$/;
const DRAWN = new Set(['signature', 'publicKey', 'logKey', 'path', 'checkpoint', 'checkpointSignature', 'entrySignature']);

function facts(words, list) {
  const shown = list.filter(([name]) => !DRAWN.has(name));
  const called = (name) => { const key = `fact-${name}`; const own = words.t(key); return own === key ? h('span', { lang: 'en' }, name) : own; };
  return shown.length > 0 && h('dl', { class: 'facts' }, shown.map(([name, value]) => [h('dt', {}, called(name)), h('dd', {}, HEX.test(value) ? h('code', { class: 'whole' }, groups(value)) : h('bdi', {}, value))]));
}

function rule(words, text) {
  return text && h('p', { class: 'rule' }, h('span', { class: 'soft' }, `${words.t('rule')} `), words.english(text));
}

// The bytes of a link: its own, or those of the item with its digest, which
// the engine is asked for.
async function bytesOf({ evidence }, source) {
  if (evidence?.bytes !== undefined) return decode(evidence.bytes);
  return source ? (await source.bytes()) ?? null : null;
}

// A place for what is there a little later.
function later(promise) {
  const slot = h('div', {});
  promise.then((node) => (node ? slot.replaceWith(node) : slot.remove()), () => slot.remove());
  return slot;
}

/** What a link unfolds to. `find` gives an item and the text it came from. */
export function inside(words, link, { find, commands, report, quiet }) {
  const { evidence } = link;
  const source = evidence?.digest ? find(evidence.digest) : null;
  const next = words.next(link.code, link.args, link.next);
  const bytes = bytesOf(link, source);
  const file = fileOf(link, source, report);
  const known = (digest) => Promise.resolve(find(digest)?.bytes() ?? null);
  return [
    link.expected !== null && link.found !== null && compare(words, link.expected, link.found),
    link.expected !== null && link.found === null && h('p', {}, h('span', { class: 'soft' }, `${words.t('expected')} `), h('code', {}, link.expected)),
    link.found !== null && link.expected === null && h('p', {}, h('span', { class: 'soft' }, `${words.t('found')} `), h('code', {}, link.found)),
    quiet.map((m) => h('p', {}, said(words, m))),
    next && h('p', { class: 'todo', lang: words.langOf(link.code) }, sentence(words, next)),
    evidence && link.outcome !== 'not-checked' && later(bytes.then((b) => recomputed(words, link, b, report, known))),
    signature(words, link),
    evidence?.digest && evidence.digest !== link.expected && h('div', {}, h('span', { class: 'soft' }, words.t('examined')), ' ',
      digest(words, evidence.digest, source ? words.kind(source.item.kind) : words.t('bytesWord'))),
    later(bytes.then((b) => b && viewer(words, b, source?.given ?? null, file, link.code === 'key-pinned' ? new TextEncoder().encode(pem(b)) : b))),
    commands.filter((c) => c.code === link.code || c.code === link.id).map((c) => command(words, { ...c, label: words.sentence(c.code, {}, c.label) })),
    equal(link, report, file).map(({ word, ...c }) => command(words, { ...c, label: words.t(word) })),
    evidence && facts(words, evidence.facts),
    evidence && rule(words, evidence.rule),
    h('p', { class: 'code soft' }, words.t('code'), ' ', h('code', {}, link.code)),
  ];
}
