// A line for the terminal with the user's own values.

import { h, hasHidden } from '../dom.js';
import { copy } from './copy.js';
import { sentence } from './digest.js';

/** A command, what it does, what it should print. */
export function command(words, { label, command: line, prints }) {
  // A line with control characters is shown, but not offered for copying.
  const safe = !hasHidden(line.replaceAll('\n', ''));
  return h('div', { class: 'command' },
    label && h('p', { class: 'label' }, label),
    h('div', { class: 'line' },
      h('pre', { tabindex: '0', role: 'group', 'aria-label': words.t('command') }, h('code', {}, line)),
      safe && copy(words, line, `${words.t('theCommand')} ${label ?? line.split('\n')[0]}`)),
    prints && h('p', { class: 'prints' }, words.t('prints'), ' ', h('code', {}, sentence(words, prints))));
}
