// Fetching: how far it is, then one line that says what it took; what to do
// where it failed; the same tag in another registry. Loaded when first used.

import '../later.js';
import { h } from '../dom.js';
import { digest, sentence } from './digest.js';
import { layersOf } from './layers.js';

/** Progress with a way to stop. `update` takes the engine's numbers. */
export function progress(words, reference, stop) {
  const bar = h('progress', { 'aria-label': words.t('fetching', { image: reference }) });
  const line = h('span', { class: 'soft' });
  const button = h('button', { type: 'button', id: 'stop', onclick: () => { button.disabled = true; stop(); } }, words.t('stop'));
  const node = h('div', { class: 'fetching' },
    h('p', {}, words.t('fetching', { image: reference })), bar,
    h('div', { class: 'bar' }, line, button));
  const update = ({ requests, bytes, done, total }) => {
    bar.max = Math.max(total, 1);
    bar.value = done;
    line.textContent = words.t('fetchedSoFar', { done, total, requests: words.number.format(requests), size: words.bytes(bytes) });
  };
  update({ requests: 0, bytes: 0, done: 0, total: 1 });
  return { node, update };
}

/** After the fetch: one line, and other registries to compare with. */
export function done(words, { report, progress: took, others, core, live, session, message }) {
  return h('div', { class: 'fetched' },
    // Where nothing came, fetching again is the verdict's own button; a page that is no proxy sent nothing.
    took?.bytes > 0 && message?.code !== 'registry-no-proxy' && h('p', { class: 'soft small' }, words.t('fetched', { n: took.requests, size: words.bytes(took.bytes) }), ' ',
      h('button', { type: 'button', class: 'quiet', onclick: () => session.fetch() }, words.t('fetchAgain'))),
    layersOf(words, core, live.proxy, session),
    !(message?.code ?? report.code).startsWith('registry-') && others.map((other) => h('p', {}, h('button', { type: 'button', class: 'other', onclick: () => session.fetch(false, other) }, words.t('compareWith', { image: other })))));
}

// A side for each repository that was looked at, with what it said.
function sidesOf(told, looked) {
  return [...new Set([...told, ...looked].map((l) => l.repository))].map((name) => {
    const tag = told.find((l) => l.repository === name);
    const places = looked.filter((l) => l.repository === name);
    const found = places.some((l) => l.answer === 'found');
    const unread = !places.length || places.some((l) => l.answer === 'failed');
    return { name, digest: tag?.subject ?? places[0]?.subject, signatures: found || (unread ? null : false) };
  });
}

/** Registries side by side, and the report's links about them. */
export function beside(words, { report, told, looked, message }) {
  const sides = sidesOf(told, looked);
  const about = report.links.filter((l) => /^(registries|elsewhere)-/.test(l.id));
  const links = about.map(({ code, args, claim: text, next, caveats }) => ({ code, args, text, next, caveats }));
  if (message && !links.some((l) => l.code === 'registries-unknown')) links.push({ ...message, caveats: [] });
  const count = ({ signatures }) => words.t(signatures === null ? 'signaturesUnknown' : signatures ? 'signaturesFound' : 'signaturesNone');
  return h('section', { class: 'beside-registries', 'aria-labelledby': 'sides-title' },
    h('h2', { id: 'sides-title' }, words.t('sideBySide')),
    links.map((m) => h('p', { lang: words.langOf(m.code) }, sentence(words, words.sentence(m.code, m.args, m.text)),
      [...m.caveats.map((c) => words.sentence(c.code, c.args, c.text)), m.next && words.next(m.code, m.args, m.next)]
        .filter(Boolean).map((text) => [' ', h('span', { class: 'soft' }, text)]))),
    h('div', { class: 'sides' }, sides.map((side) => h('div', {},
      h('h3', {}, h('bdi', {}, side.name)),
      side.digest ? digest(words, side.digest, side.name) : h('p', {}, words.t('digestUnknown')),
      h('p', { class: 'soft' }, count(side))))));
}
