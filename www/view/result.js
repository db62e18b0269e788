// Taking the answer along: as JSON, as a link, on paper.

import '../later.js';
import { h } from '../dom.js';
import { copy } from './copy.js';

/** Buttons below the report. `keep` resolves to the report with its evidence,
 * `share` to a link or null; `more` is one more control. */
export function result(words, keep, share, more) {
  const out = h('span', { class: 'linked' });
  const save = h('button', { type: 'button', class: 'quiet', onclick: async () => {
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(await keep(), null, 2)}\n`], { type: 'application/json' }));
    h('a', { href: url, download: 'webdis-verify-report.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  } }, words.t('saveReport'));
  const away = () => { out.replaceChildren(); link.setAttribute('aria-expanded', 'false'); };
  out.addEventListener('keydown', (e) => { if (e.key === 'Escape') { away(); link.focus(); } });
  const link = h('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', onclick: async () => {
    if (out.firstChild) return away();
    const url = await share();
    link.setAttribute('aria-expanded', 'true');
    out.replaceChildren(...(url ? [h('input', { type: 'text', readonly: true, value: url, 'aria-label': words.t('theLink'), onfocus: (e) => e.target.select() }), copy(words, url, words.t('theLink')),
      h('span', { class: 'soft small' }, words.t('linkHint'))] : [words.t('linkTooLong')]));
    out.querySelector('input')?.focus();
  } }, words.t('shareLink'));
  return h('section', { class: 'take bar', 'aria-label': words.t('take') }, save, link, h('button', { type: 'button', class: 'quiet print', onclick: () => print() }, words.t('print')), more, out);
}
