// What a verdict shows, and what none does. Loaded when there is an answer.

import '../later.js';
import { h } from '../dom.js';
import { after, said } from './verdict.js';

const list = (words, messages, mark) => h('ul', { class: mark }, messages.map((m) => h('li', {}, said(words, m), m.next && [' ', after(words, m)])));

/** One line that opens: what the verdict shows, and what none does. */
export const bounds = (words, { shows, notShown }) => (shows.length + notShown.length ? h('details', { class: 'bounds' },
  h('summary', {}, words.t(shows.length ? 'bounds' : 'neverShown')),
  h('div', { class: 'sides' },
    shows.length > 0 && h('div', {}, h('h3', {}, words.t('shows')), list(words, shows, 'shows')),
    notShown.length > 0 && h('div', {}, shows.length > 0 && h('h3', {}, words.t('notShown')), list(words, notShown, 'not-shown')))) : null);
