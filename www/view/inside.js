// What a link unfolds to: two values, the facts, the bytes, the rule, commands.
// Loaded when a page is at rest, or with the first link that is opened.

import { h } from '../dom.js';
import { decode, viewer } from './bytes.js';
import { command } from './command.js';
import { compare } from './compare.js';
import { digest, sentence } from './digest.js';
import { equal } from './equal.js';

function facts(words, list) {
  return list.length > 0 && h('dl', { class: 'facts' }, list.map(([name, value]) => [
    h('dt', { lang: words.lang === 'en' ? undefined : 'en' }, name), h('dd', {}, h('bdi', {}, value))]));
}

function rule(words, text) {
  return text && h('p', { class: 'rule' }, h('span', { class: 'soft' }, `${words.t('rule')} `), words.english(text));
}

// The bytes of a link: its own, or those of the item with its digest, which
// the engine is asked for.
function bytesOf(words, evidence, source) {
  if (evidence?.bytes !== undefined) return viewer(words, decode(evidence.bytes), null);
  if (!source) return null;
  const slot = h('div', {});
  source.bytes().then((bytes) => bytes && slot.replaceWith(viewer(words, bytes, source.given)), () => slot.remove());
  return slot;
}

/** What a link unfolds to. `find` gives an item and the text it came from. */
export function inside(words, link, { find, commands, report }) {
  const { evidence } = link;
  const source = evidence?.digest ? find(evidence.digest) : null;
  const next = words.next(link.code, link.args, link.next);
  return [
    link.expected !== null && link.found !== null && compare(words, link.expected, link.found),
    link.expected !== null && link.found === null && h('p', {}, h('span', { class: 'soft' }, `${words.t('expected')} `), h('code', {}, link.expected)),
    link.found !== null && link.expected === null && h('p', {}, h('span', { class: 'soft' }, `${words.t('found')} `), h('code', {}, link.found)),
    next && h('p', { class: 'todo', lang: words.langOf(link.code) }, sentence(words, next)),
    evidence && facts(words, evidence.facts),
    evidence?.digest && evidence.digest !== link.expected && h('div', {}, h('span', { class: 'soft' }, words.t('examined')), ' ',
      digest(words, evidence.digest, source ? words.kind(source.item.kind) : words.t('bytesWord'))),
    bytesOf(words, evidence, source),
    evidence && rule(words, evidence.rule),
    commands.filter((c) => c.code === link.code || c.code === link.id).map((c) => command(words, { ...c, label: words.sentence(c.code, {}, c.label) })),
    equal(link, report).map(({ word, ...c }) => command(words, { ...c, label: words.t(word) })),
    h('p', { class: 'code soft' }, words.t('code'), ' ', h('code', {}, link.code)),
  ];
}
