// Around the work: name and choices above, the standing of this copy below.

import { h } from '../dom.js';
import { languages } from '../words.js';

const choice = (id, label, value, options, set) => {
  const select = h('select', { id, 'aria-label': label, onchange: () => set(select.value) }, options.map(([v, text]) => h('option', { value: v }, text)));
  select.value = value;
  return select;
};

/** Name, promise, theme and language. */
export function header(words, { theme, setTheme, setLang }) {
  return h('header', {},
    h('div', {}, h('h1', {}, 'webdis-verify'), h('p', { class: 'promise' }, words.t('promise'))),
    h('div', { class: 'choices' },
      choice('theme', words.t('theme'), theme, ['auto', 'light', 'dark'].map((v) => [v, words.t(`theme-${v}`)]), setTheme),
      choice('language', words.t('language'), words.lang, languages, setLang)));
}

// How far this copy of the page can be trusted, in honest order.
function level({ protocol, hostname }, embedded) {
  if (protocol === 'file:') return 'level-file';
  if (embedded) return 'level-embed';
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? 'level-loopback' : 'level-hosted';
}

/** Trust level of this copy, version, link to the full page; `self` fills
 * what opens below the version, `kept` what opens below the history. */
export function footer(words, { embedded, page, brief, self, kept }) {
  // Put in by the build: the engine's version and the hash of its wasm.
  const [version, hash] = [BUILD_VERSION, BUILD_WASM];
  const link = page && h('a', { href: page, target: '_blank', rel: 'noopener' }, words.t('openPage'));
  if (brief) return { link, node: h('footer', { class: 'brief-foot' }, link) };
  // Filled when it is opened, anew each time.
  const more = (fill, ...head) => {
    const slot = h('div', {});
    return h('details', { ontoggle: ({ target }) => { if (target.open && fill) fill().then((node) => slot.replaceChildren(node), () => {}); } }, head, slot);
  };
  return { link, node: h('footer', {},
    h('p', {}, words.t(level(location, embedded)), ' ', link || words.t('limits')),
    kept && more(kept, h('summary', {}, words.t('history'))),
    more(self, h('summary', {}, words.t('version', { version })), h('p', { class: 'build' }, words.t('engineHash', { hash })))) };
}
