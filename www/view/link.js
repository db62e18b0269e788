// One link: a line, and a drawer with everything behind it.

import { h } from '../dom.js';
import { sentence } from './digest.js';
import { glyph } from './glyph.js';
import { divide } from './verdict.js';

/** The line and its drawer. `open` remembers what is unfolded. */
export function link(words, data, context) {
  const { id, outcome, caveats, code, args, claim } = data;
  const { report } = context;
  const drawer = h('div', { class: 'drawer', id: `in-${context.index}`, hidden: true });
  const set = (opened) => {
    button.setAttribute('aria-expanded', String(opened));
    drawer.hidden = !opened;
    context.open[opened ? 'add' : 'delete'](id);
    context.opened?.(opened);
    if (opened && !drawer.hasChildNodes()) {
      import('./parts.js').then(({ inside }) => drawer.replaceChildren(...inside(words, data, { ...context, quiet: caveats.filter((m) => !own.includes(m)) }).flat(Infinity).filter(Boolean)),
        (error) => drawer.replaceChildren(words.t('failed', { reason: String(error?.message ?? error).slice(0, 200) })));
    }
  };
  const text = words.sentence(code, args, claim);
  // The link that decided says why: the sentence below the title. Its caveats
  // were said.
  const [title, why] = code === report.code && claim === report.headline ? divide(words, data, text) : [text];
  const shown = outcome === 'consistent' ? title : why || title;
  // Nor is a caveat of an earlier link: its mark stands on the glyph, its
  // sentence in the drawer.
  const own = caveats.filter((m) => !context.told.has(m.text) && context.told.add(m.text));
  const held = report.publisher.keys.some((k) => k.fingerprint === args.fingerprint);
  const button = h('button', {
    type: 'button', class: 'line', 'aria-expanded': 'false', 'aria-controls': `in-${context.index}`, 'data-link': id,
    onclick: () => set(drawer.hidden),
  },
  h('span', { class: 'claim', lang: words.langOf(code) }, sentence(words, shown)),
  !held && h('span', { class: 'vh' }, ` (${words.t(`outcome-${outcome}`)})`));
  button.link = { set, opened: () => !drawer.hidden };
  if (context.open.has(id)) set(true);
  // The pinned key heads the chain as what it is: chosen, not proven.
  return h('div', { class: `node ${held ? 'pinned' : outcome}` }, glyph(held ? 'key' : outcome, caveats.length > 0), button,
    own.length > 0 && h('ul', { class: 'caveats' }, own.map((m) => h('li', {}, h('span', { lang: words.langOf(m.code) }, sentence(words, words.sentence(m.code, m.args, m.text)))))),
    drawer);
}
