// Taking signed metadata along: a zip file, while a server still gives it.
// Loaded where there is metadata.

import '../later.js';
import { h } from '../dom.js';
import { end as END } from '../guides.js';

// Packs and hands over; a refusal is said beside the button.
async function take(words, pack, said) {
  said.textContent = '';
  try {
    const { name, bytes } = await pack();
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
    h('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  } catch (error) {
    said.textContent = words.t('failed', { reason: String(error?.message ?? error).slice(0, 200) });
  }
}

/** Fills `slot`, below the verdict, and puts the same button behind the date
 * in the guide. `pack` resolves to `{name, bytes}`. */
export function save(words, { now, pack, slot, guide }) {
  const said = h('span', { role: 'alert' });
  const button = () => h('button', { type: 'button', class: 'save-trust', onclick: () => take(words, pack, said) }, words.t('saveTrust'));
  slot.className = 'take save';
  slot.replaceChildren(
    h('p', { class: 'small dated' }, words.t(String(now).slice(0, 10) < END ? 'guideBefore' : 'guideAfter')),
    h('div', { class: 'bar' }, button()),
    h('p', { class: 'soft small' }, words.t('saveTrustHint')), said);
  const dated = guide && guide.node.querySelector('#guide-trust .dated');
  if (dated) dated.append(' ', button());
}
