// Older releases, step by step: what to print, what to paste here.

import '../later.js';
import own from '../i18n/en-guide.json' with { type: 'json' };
import { h } from '../dom.js';
import { concerns, end, names, steps } from '../guides.js';
import { bring } from '../words.js';
import { command } from './command.js';

bring(own);

/** The guided paths. `open` is the one unfolded, kept by `opened`; `now` the
 * report's time, which decides what is said of the service's end. */
export function guide(words, { open, opened }) {
  const parts = names.map((id) => {
    const body = h('div', {});
    const title = h('summary', {}, words.t(`guide-${id}`));
    const node = h('details', { name: 'guide', id: `guide-${id}`, open: open === id, ontoggle: () => { if (node.open) opened(id); else if (open === id) opened(null); } }, title, body);
    return { id, node, body };
  });
  const node = h('details', { class: 'part guide', open: !!open }, h('summary', {}, words.t('guide')), parts.map((p) => p.node));
  return {
    node,
    /** Fills in the user's image. */
    show(image, now, profile) {
      // Of another's images nobody says so, unless in a profile.
      node.hidden = !profile && !concerns(image);
      for (const { id, body } of parts) {
        body.replaceChildren(...[
          h('p', { class: 'small' }, words.t(`guide-${id}-why`)),
          id === 'trust' && h('p', { class: 'small dated' }, words.t(String(now).slice(0, 10) < end ? 'guideBefore' : 'guideAfter')),
          h('ol', { class: 'steps' }, steps(id, image).map(([word, line]) => h('li', {}, command(words, { label: words.t(word), command: line })))),
          h('p', { class: 'soft small' }, words.t(`guide-${id}-then`)),
        ].filter(Boolean));
      }
    },
  };
}
