// What is missing, and the one command or script that prints it; the rest is
// folded.

import '../later.js';
import { h } from '../dom.js';
import { command } from './command.js';
import { copy } from './copy.js';
import { sentence } from './digest.js';

const hint = (words, need) => {
  const own = words.sentence(need.code, { role: need.role ?? '' }, need.hint);
  return own === need.hint ? words.english(sentence(words, own)) : sentence(words, own);
};

/** One thing that opens: the missing pieces, their commands. `open` remembers. */
export function missing(words, { outcome, needs, commands }, open) {
  // Below a contradiction nothing is missing.
  if (outcome === 'contradicted' || !(needs.length + commands.length)) return null;
  const must = needs.filter((n) => n.required);
  const shown = must.length ? must : needs;
  const [first, ...others] = shown;
  const labelled = (c) => {
    const label = words.does(c);
    return h('li', {}, command(words, { ...c, label: label === c.label ? words.english(label) : label }));
  };
  const lines = [...new Set(commands)];
  const script = lines.find((c) => c.command.includes('\n'));
  const rest = lines.filter((c) => c !== script);
  return h('details', { class: 'needs', id: 'missing', open: open.has('missing'), ontoggle: (e) => open[e.target.open ? 'add' : 'delete']('missing') },
    h('summary', {}, words.t(must.length ? 'missingWhat' : 'needsMore')),
    first && h('div', { class: 'need' }, h('p', {}, hint(words, first))),
    others.length > 0 && h('ul', { class: 'plain small' }, others.map((n) => h('li', {}, hint(words, n)))),
    script && h('p', { class: 'script' }, copy(words, script.command, words.t('theScript'), words.t('copyScript')), ' ', h('span', { class: 'soft small' }, words.t('scriptHint'))),
    rest.length > 0 && h('details', {}, h('summary', {}, words.t('terminalMore', { n: rest.length })), h('ul', { class: 'plain' }, rest.map(labelled))));
}
