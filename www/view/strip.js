// A demonstration before the click: one button, and what it will read.

import { h } from '../dom.js';

/** The strip. `absent` are ids of the `evidence` attribute that no element has. */
export const strip = (words, { ids, nodes, absent }, run, spoil) => h('div', { class: 'left strip' },
  h('button', { type: 'button', class: 'main', onclick: run }, words.t('demo')),
  h('button', { type: 'button', class: 'spoil', onclick: spoil }, words.t('demoSpoil')),
  nodes.length > 0 && h('p', { class: 'soft small' }, nodes.map((node) => node.dataset.name ?? node.id).join(' · ')),
  (absent.length > 0 || !ids.length) && h('p', { class: 'small absent' }, words.t(ids.length ? 'absent' : 'absentAll', { names: absent.join(', ') })));
