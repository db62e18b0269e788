// What is missing, and the commands whose output can be pasted.

import { h } from '../dom.js';
import { command } from './command.js';
import { sentence } from './digest.js';

const hint = (words, need) => {
  const key = `need-${need.kind}`;
  const own = words.lang !== 'en' && words.own.words[key] ? words.t(key, { tag: need.tag ?? '', digest: need.digest ?? '', role: need.role ?? '' }) : null;
  return own ? sentence(words, own) : words.english(sentence(words, need.hint));
};

/** Needs of the report: required ones first. */
export function needs(words, list) {
  if (!list.length) return null;
  const item = (need) => h('li', {}, h('p', {}, hint(words, need)), need.command && command(words, { command: need.command }));
  const must = list.filter((n) => n.required);
  const may = list.filter((n) => !n.required);
  return h('section', { class: 'needs', 'aria-labelledby': 'needs-title' },
    h('h2', { id: 'needs-title' }, words.t(must.length ? 'needs' : 'needsMore')),
    must.length > 0 && h('ol', {}, must.map(item)),
    may.length > 0 && (must.length ? h('details', {}, h('summary', {}, words.t('needsMore')), h('ol', {}, may.map(item))) : h('ol', {}, may.map(item))));
}

const SHOWN = 3;

/** The same check in a terminal. */
export function commands(words, list) {
  if (!list.length) return null;
  const item = (c) => {
    const label = words.sentence(c.code, {}, c.label);
    return h('li', {}, command(words, { ...c, label: label === c.label ? words.english(label) : label }));
  };
  return h('section', { class: 'needs', 'aria-labelledby': 'commands-title' },
    h('h2', { id: 'commands-title' }, words.t('terminal')),
    h('ul', { class: 'plain' }, list.slice(0, SHOWN).map(item)),
    list.length > SHOWN && h('details', {}, h('summary', {}, words.t('terminalMore', { n: list.length - SHOWN })), h('ul', { class: 'plain' }, list.slice(SHOWN).map(item))));
}
