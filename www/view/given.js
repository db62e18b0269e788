// What the user gave: a row per thing, and below it what was recognised in it.
// Loaded after the page.

import '../later.js';
import { h } from '../dom.js';
import { digest, sentence, short } from './digest.js';
import { byGiven, named } from './inputs.js';

const message = (words, m, mark) => h('li', { class: mark, lang: words.langOf(m.code) },
  sentence(words, words.sentence(m.code, m.args, m.text)),
  m.next && [' ', h('span', { class: 'soft' }, sentence(words, words.next(m.code, m.args, m.next)))]);

// A digest is shown of documents that the report speaks of: the one of a
// pasted text would be taken for the image's.
const spokenOf = (report) => {
  const all = JSON.stringify([report.subject, report.links, report.needs]);
  return (item) => item.digest && all.includes(item.digest);
};

// One line: what it is, of which digest, what was done with it. It opens
// where there is more.
function entry(words, item, outer, known, offer, told = new Set()) {
  const shown = known(item);
  const line = [h('span', { class: 'kind' }, words.kind(item.kind)), shown && [' ', h('code', {}, short(item.digest))],
    item.name !== outer && h('span', { class: 'soft' }, ' · ', h('bdi', {}, sentence(words, item.name))),
    // Where nothing confirms it, the remark below says so instead.
    item.repairs.length > 0 && !item.notes.some((m) => m.code === 'bytes-unconfirmed') && h('span', { class: 'soft' }, ` · ${words.t('restored')}`)];
  const fresh = item.notes.filter((m) => !told.has(m.text) && told.add(m.text));
  const notes = [fresh.length > 0 && h('ul', { class: 'remarks' }, fresh.map((m) => message(words, m, 'note'))), offer(item)];
  if (!shown && !item.repairs.length) return h('li', { class: 'item' }, h('p', {}, line), notes);
  return h('li', { class: 'item' }, h('details', {}, h('summary', {}, line),
    shown && digest(words, item.digest, words.kind(item.kind)),
    h('ul', { class: 'remarks' }, item.repairs.map((m) => message(words, m, 'repair')), h('li', { class: 'soft' }, words.bytes(item.size)))), notes);
}

// Kinds that say that nothing is known.
const UNKNOWN = new Set(['text', 'json', 'blob']);
// So many parts of one thing stand in lines of their own.
const FEW = 4;

// What is said in any case, once: a secret was found, a report was read.
const SAID = ['secret-removed', 'report-read', 'report-bare'];

// The parts of one thing; many are one line with their number.
function parts(words, items, { name, known, offer, open }) {
  const told = new Set();
  const list = h('ul', { class: 'items' }, items.map((item) => entry(words, item, name, known, offer, told)));
  if (items.length <= FEW) return list;
  const not = items.filter((item) => UNKNOWN.has(item.kind)).length;
  const notes = items.flatMap((item) => item.notes);
  const said = SAID.map((code) => notes.find((m) => m.code === code)).filter(Boolean);
  const key = `parts ${name}`;
  return h('div', { class: 'items' }, h('details', { class: 'parts', open: open.has(key), ontoggle: (e) => open[e.target.open ? 'add' : 'delete'](key) },
    h('summary', {}, words.t('parts', { n: items.length - not }), not > 0 && h('span', { class: 'soft' }, ` · ${words.t('partsNot', { n: not })}`)), list),
  said.length > 0 && h('ul', { class: 'remarks' }, said.map((m) => message(words, m, 'note'))));
}

// What was fetched: one row that opens.
const folded = (words, list, found, known, offer) => list.length > 0 && h('li', { class: 'row-item' }, h('details', {},
  h('summary', {}, words.t('fetchedDocuments', { n: list.length, size: words.bytes(list.reduce((n, g) => n + g.size, 0)) })),
  h('ul', { class: 'items' }, list.map((g) => (found.get(g.name) ?? []).map((item) => entry(words, item, '', known, offer))))));

/** The list; `remove` gets the given thing; `offer` draws what an item may be used for. */
export function given(words, list, told, { remove, restart, note, narrow, offer, open }) {
  // What is the verdict is not said again of the text it comes from.
  const report = told && { ...told, items: told.items.map((item) => ({ ...item, notes: item.notes.filter((m) => m.code !== told.code) })) };
  const found = byGiven(report?.items ?? [], list);
  const known = report ? spokenOf(report) : () => false;
  const rows = h('ul', { class: 'rows' }, folded(words, list.filter((g) => g.origin === 'fetched'), found, known, offer), list.filter((g) => g.origin !== 'fetched').map((g) =>
    h('li', { class: 'row-item' },
      h('bdi', { class: 'name' }, sentence(words, named(words, g))),
      parts(words, found.get(g.name) ?? [], { name: g.name, known, offer, open }),
      h('button', { type: 'button', class: 'quiet remove', 'aria-label': words.t('remove', { name: named(words, g) }), onclick: () => remove(g) }, '×'))));
  // In a narrow page it is one line, unless something is to be read in it.
  const fold = narrow && (report?.outcome !== 'not-checked' || !report.items.some((i) => i.notes.length));
  return h('section', { class: 'part given', 'aria-labelledby': 'given-title' },
    h('div', { class: 'head' }, h('h2', { id: 'given-title' }, words.t('given')),
      h('button', { type: 'button', class: 'quiet remove', onclick: restart }, words.t('restart'))),
    note && h('details', { class: 'about small' }, h('summary', {}, note[0]), h('p', {}, note[1])),
    fold ? h('details', {}, h('summary', {}, h('span', { class: 'names' }, sentence(words, list.map((g) => named(words, g)).join(' · ')))), rows) : rows);
}
