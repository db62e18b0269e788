// What the user gave: a row per thing, and below it what was recognised in it.

import { h } from '../dom.js';
import { digest, sentence } from './digest.js';

// Kinds whose digest would tell nobody anything.
const NAMELESS = new Set(['text', 'secret']);

// The given thing an item stems from: its outermost parent's name.
function root(items, item) {
  let at = item;
  for (let depth = 0; depth < 64 && Number.isInteger(at.parent) && items[at.parent]; depth += 1) at = items[at.parent];
  return at.name;
}

/** Items of the report by the name of the given thing they were found in. */
export function byGiven(items, given) {
  const map = new Map(given.map((g) => [g.name, []]));
  for (const item of items) {
    const name = root(items, item);
    if (map.has(name)) map.get(name).push(item);
    else map.set(name, [item]);
  }
  return map;
}

const message = (words, m, mark) => h('li', { class: mark, lang: words.langOf(m.code) },
  sentence(words, words.sentence(m.code, m.args, m.text)),
  m.next && [' ', h('span', { class: 'soft' }, sentence(words, words.next(m.code, m.args, m.next)))]);

function entry(words, item, outer) {
  const remarks = [...item.repairs.map((m) => message(words, m, 'repair')), ...item.notes.map((m) => message(words, m, 'note'))];
  return h('li', { class: 'item' },
    h('p', { class: 'kind' }, words.kind(item.kind), h('span', { class: 'soft' }, ` · ${words.bytes(item.size)}`,
      item.name !== outer && [' · ', h('bdi', {}, item.name)])),
    item.digest && !NAMELESS.has(item.kind) && digest(words, item.digest, words.kind(item.kind)),
    remarks.length > 0 && h('ul', { class: 'remarks' }, remarks));
}

// What was fetched: one row that opens.
const folded = (words, list, found) => list.length > 0 && h('li', { class: 'row-item' }, h('details', {},
  h('summary', {}, words.t('fetchedDocuments', { n: list.length, size: words.bytes(list.reduce((n, g) => n + g.size, 0)) })),
  h('ul', { class: 'items' }, list.map((g) => (found.get(g.name) ?? []).map((item) => entry(words, item, ''))))));

/** The list; `remove` gets the given thing. */
export function given(words, list, report, remove, restart) {
  const found = byGiven(report?.items ?? [], list);
  return h('section', { class: 'part given', 'aria-labelledby': 'given-title', hidden: list.length === 0 },
    h('div', { class: 'head' }, h('h2', { id: 'given-title' }, words.t('given')),
      h('button', { type: 'button', class: 'quiet remove', onclick: restart }, words.t('restart'))),
    h('ul', { class: 'rows' }, folded(words, list.filter((g) => g.origin === 'fetched'), found), list.filter((g) => g.origin !== 'fetched').map((g) => {
      const items = found.get(g.name) ?? [];
      return h('li', { class: 'row-item' },
        h('div', { class: 'head' },
          h('bdi', { class: 'name' }, named(words, g)),
          h('span', { class: 'soft' }, words.bytes(g.size)),
          h('button', { type: 'button', class: 'quiet remove', 'aria-label': words.t('remove', { name: named(words, g) }), onclick: () => remove(g) }, words.t('removeShort'))),
        items.length > 0 && h('ul', { class: 'items' }, items.map((item) => entry(words, item, g.name))));
    })));
}

/** `paste 2` in the user's language, file names as they are. */
export const named = (words, { name, origin }) => {
  const paste = origin === 'paste' && /^paste( \d+.*)$/.exec(name);
  return paste ? words.t('paste') + paste[1] : name === 'typed' ? words.t('typed') : name;
};
