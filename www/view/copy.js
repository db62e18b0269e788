// A copy button, named after the kind of thing it copies.

import { h } from '../dom.js';

/** Copies `value` exactly; `what` names it in the user's language. */
export function copy(words, value, what, label = words.t('copyShort'), look = 'copy') {
  const button = h('button', {
    type: 'button', class: look, 'aria-label': label === words.t('copyShort') ? words.t('copy', { what }) : null,
    onclick: async () => {
      const done = await write(value, button);
      button.textContent = words.t(done ? 'copied' : 'copyFailed');
      setTimeout(() => { button.textContent = label; }, 1600);
    },
  }, label);
  return button;
}

// The clipboard interface needs a secure context, which file:// is not
// everywhere; the older way needs a selection in the page.
async function write(value, near) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const field = h('textarea', { class: 'vh', 'aria-hidden': 'true', tabindex: '-1', value });
    near.after(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    near.focus();
    return done;
  }
}
