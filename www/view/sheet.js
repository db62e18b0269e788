// The sheet: one field that takes pastes, drops and files.

import { h, visible } from '../dom.js';
import { chosen } from '../evidence.js';

/** The sheet. `on` gets paste, typed, files, example and check. */
export function sheet(words, { examples, sections, image, proxy, proxyState, on }) {
  const picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: take });
  const folder = h('input', { type: 'file', webkitdirectory: true, hidden: true, onchange: take });
  function take(event) {
    on.files(chosen(event.target.files));
    event.target.value = '';
  }
  const field = h('textarea', {
    id: 'sheet', class: 'sheet', rows: '9', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', wrap: 'off',
    'aria-describedby': 'sheet-keys',
    oninput: () => on.typed(field.value),
    onpaste: (event) => {
      const { clipboardData } = event;
      if (clipboardData.files.length) { event.preventDefault(); on.files(chosen(clipboardData.files)); return; }
      const text = clipboardData.getData('text/plain');
      // A word pasted into a line being typed is typing; the rest is evidence.
      if (!text || (field.value.trim() && !text.includes('\n'))) return;
      event.preventDefault();
      on.paste(text);
    },
  });
  const menu = examples ? h('select', { id: 'examples', 'aria-label': words.t('examples'), onchange: (e) => { on.example(e.target.value); e.target.value = ''; } },
    h('option', { value: '' }, words.t('examples')),
    sections.map(({ id, title }) => h('optgroup', { label: words.section(id, title) },
      examples.filter((x) => x.section === id).map((x) => h('option', { value: x.id }, words.example(x)[0]))))) : null;
  let typed = !!image;
  const name = h('input', {
    id: 'image', type: 'text', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', value: image, placeholder: 'nicolas/webdis:0.1.24',
    'aria-label': words.t('image'), 'aria-describedby': 'image-wrong proxy', oninput: () => { typed = !!name.value; wrong(''); on.image(name.value); },
    onkeydown: (e) => { if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey && !e.isComposing) { e.preventDefault(); fetch(); } },
  });
  const mistake = h('p', { id: 'image-wrong', class: 'small wrong', 'aria-live': 'polite' });
  const wrong = (text) => {
    mistake.textContent = visible(text);
    if (text) name.setAttribute('aria-invalid', 'true');
    else name.removeAttribute('aria-invalid');
  };
  const fetch = () => {
    if (proxy === null || name.value.trim()) { on.fetch(name.value); return; }
    wrong(words.t('imageMissing'));
    name.focus();
  };
  const state = h('p', { id: 'proxy', class: 'soft small' }, words.t(proxyState, { proxy }));
  return {
    field, name, state,
    /** Says what is wrong with the name, at its field; nothing for ''. */
    wrong,
    /** Fills in the image that a text names, until another one is typed. */
    suggest(reference) { if (!typed) name.value = reference; },
    node: h('section', { class: 'part give', 'aria-labelledby': 'sheet-title' },
      h('div', { class: 'title' }, h('h2', { id: 'sheet-title' }, h('label', { for: 'sheet' }, words.t('sheet'))), menu),
      h('div', { class: 'drop' }, field, h('p', { class: 'dropping', 'aria-hidden': 'true' }, words.t('dropHere'))),
      h('div', { class: 'bar' },
        h('button', { type: 'button', class: 'main', onclick: () => on.check() }, words.t('check')),
        h('button', { type: 'button', onclick: () => picker.click() }, words.t('files')),
        h('button', { type: 'button', class: 'folder', onclick: () => folder.click() }, words.t('folder')),
        picker, folder),
      h('p', { id: 'sheet-keys', class: 'soft small hint' }, words.t('sheetKeys')),
      h('div', { class: 'row' }, h('label', { for: 'image' }, words.t('image')),
        proxy === null ? name : h('div', { class: 'named' }, name, h('button', { type: 'button', id: 'fetch', onclick: fetch }, words.t('fetch'))),
        mistake),
      state),
  };
}
