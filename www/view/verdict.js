// The verdict: criteria first, then the sentence, what it shows and what not.

import { h } from '../dom.js';
import { digest, sentence } from './digest.js';
import { glyph } from './glyph.js';

const said = (words, m) => [
  h('span', { lang: words.langOf(m.code) }, sentence(words, words.sentence(m.code, m.args, m.text))),
  m.next && [' ', h('span', { class: 'soft', lang: words.langOf(m.code) }, sentence(words, words.next(m.code, m.args, m.next)))],
];

const list = (words, title, messages, mark) => messages.length > 0 && h('div', {},
  h('h3', {}, title), h('ul', { class: mark }, messages.map((m) => h('li', {}, said(words, m)))));

/** The verdict of a report. */
export function verdict(words, report) {
  const { subject, outcome } = report;
  const next = words.next(report.code, report.args, report.next);
  return h('div', { class: `verdict ${outcome}`, part: 'verdict' },
    report.criteria.length > 0 && h('div', { class: 'criteria' },
      h('h2', {}, words.t('criteria')),
      h('ul', {}, report.criteria.map((m) => h('li', {}, said(words, m))))),
    h('div', { class: 'headline' }, glyph(outcome, report.caveats.length > 0),
      h('div', {},
        h('p', { class: 'word' }, words.t(`outcome-${outcome}`), report.caveats.length > 0 && ` · ${words.t('withCaveats', { n: report.caveats.length })}`),
        h('h2', { id: 'verdict', tabindex: '-1', lang: words.langOf(report.code) }, sentence(words, words.sentence(report.code, report.args, report.headline))))),
    subject.digest && h('p', { class: 'subject' },
      h('span', { class: 'soft' }, words.t('subject', { kind: words.kind(subject.kind) }),
        subject.reference && [' · ', h('bdi', {}, subject.reference)], subject.platform && ` · ${subject.platform}`),
      digest(words, subject.digest, words.kind(subject.kind))),
    report.caveats.length > 0 && h('ul', { class: 'caveats' }, report.caveats.map((m) => h('li', {}, glyph('caveat'), h('span', {}, said(words, m))))),
    next && h('div', { class: 'next' }, h('h3', {}, words.t('next')), h('p', { lang: words.langOf(report.code) }, sentence(words, next))),
    outcome === 'proven'
      ? h('div', { class: 'sides' },
        list(words, words.t('shows'), report.shows, 'shows'),
        list(words, words.t('notShown'), report.notShown, 'not-shown'))
      : report.notShown.length > 0 && h('details', { class: 'never' },
        h('summary', {}, words.t('neverShown')),
        h('ul', { class: 'not-shown' }, report.notShown.map((m) => h('li', {}, said(words, m))))));
}
