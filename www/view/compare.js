// Two values, one above the other, the first difference marked.

import { h } from '../dom.js';
import { groups } from './digest.js';

const HEX = /^(?:sha(?:256|512):)?[0-9a-f]{40,128}$/;

function firstDifference(a, b) {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

// The text up to the difference, its mark, the rest. Digests keep their
// groups: the mark is the whole group of eight, which the eye can find.
function marked(value, at) {
  if (HEX.test(value)) {
    const start = value.indexOf(':') + 1;
    const index = Math.floor((at - start) / 8);
    return [value.slice(0, start) && h('span', { class: 'algo' }, value.slice(0, start)), groups(value.slice(start), at >= start ? index : undefined)];
  }
  if (at >= value.length) return [value, h('mark', {}, '∎')];
  return [value.slice(0, at), h('mark', {}, value.slice(at, at + 1)), value.slice(at + 1)];
}

/** Expected above found. */
export function compare(words, expected, found) {
  const same = expected === found;
  const at = same ? Infinity : firstDifference(expected, found);
  const line = (name, value) => [
    h('dt', {}, words.t(name)),
    h('dd', {}, h('code', { class: 'whole' }, same ? (HEX.test(value) ? marked(value, Infinity) : value) : marked(value, at))),
  ];
  return h('div', { class: `compare ${same ? 'same' : 'differs'}` },
    h('dl', {}, line('expected', expected), line('found', found)),
    h('p', { class: 'soft' }, same ? words.t('identical') : words.t('firstDifference', { n: words.number.format(at + 1) })));
}
