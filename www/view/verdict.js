// The verdict: a glyph, a few words, one sentence, one thing to do.

import { h } from '../dom.js';
import { digest, sentence, short } from './digest.js';
import { copy } from './copy.js';
import { glyph } from './glyph.js';

const HEX = /[0-9a-f]{64}/;
const MOST = 8;
const count = (text) => text.split(/\s+/).filter(Boolean).length;
const upper = (text) => (/^(sha\d|\S*[./@\d])/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1));

/** A headline as a title of at most eight words and the sentence below it: the
 * words before its first colon or full stop, or what the outcome is called. A
 * program at its beginning stays as it is typed. */
export function divide(words, { outcome, args }, text) {
  const [, title, rest] = /^([^]{1,100}?)(?:\s?:\s+|\.\s+|\.?$)([^]*)$/.exec(text) ?? [];
  const typed = [args.tool, args.witness].some((name) => name && rest?.startsWith(name));
  if (title && count(title) <= MOST && !HEX.test(title)) return [title, typed ? rest : upper(rest)];
  return [words.t(`verdict-${outcome}`), text];
}

// A reference breaks behind its parts, before a line breaks inside of one.
const broken = (text) => text.split(/(?<=[/@]\b)/).flatMap((part) => [part, h('wbr')]);

/** A sentence of the report, and what it advises. */
export const said = (words, m) => h('span', { lang: words.langOf(m.code) }, sentence(words, words.sentence(m.code, m.args, m.text)));
export const after = (words, m) => m.next && h('span', { class: 'soft', lang: words.langOf(m.code) }, sentence(words, words.next(m.code, m.args, m.next)));

// Whether a sentence says no more than the line of the subject does.
function repeats({ outcome, args, subject, publisher }, rest) {
  const known = [subject.reference, subject.digest, subject.kind, subject.platform, ...publisher.keys.map((k) => k.name)];
  const about = (value) => !value || known.includes(value) || value === args.pinned || value === args.kind;
  return outcome === 'proven' && !!args.kind && !/\. \S/.test(rest) && Object.values(args).every(about);
}

/** The verdict of a report; `act` is a button or null, `unread` says what of the inputs says nothing. */
export function verdict(words, report, act, unread) {
  const { subject, outcome, code, args, caveats } = report;
  const [title, rest] = divide(words, report, words.sentence(code, args, report.headline));
  const lang = words.langOf(code);
  const pinned = outcome === 'proven' && (args.pinned ?? caveats.find((m) => m.args.pinned)?.args.pinned);
  const next = !pinned && words.next(code, args, report.next);
  const known = args.kind ?? subject.kind;
  const kind = words.kind(known === 'unknown' ? 'digest-text' : known);
  const proven = outcome === 'proven';
  // A proof is not about what else was given: that stands with it. So does a signature of
  // another image with the one that is missing.
  const beside = proven ? /^another-/ : code === 'signature-needed' ? /^evidence-set/ : /^$/;
  const others = report.links.filter((l) => l.place === 'aside' && beside.test(l.code)).slice(0, 2);
  const noted = [...caveats, ...others.map(({ code: c, args: a, claim }) => ({ code: c, args: a, text: claim }))];
  const about = [
    // The title may name it already.
    subject.reference && !title.includes(subject.reference) && h('bdi', {}, subject.reference),
    subject.digest && h('span', { class: 'one' }, kind.toLowerCase(), ' ', h('code', { title: subject.digest }, short(subject.digest))), subject.platform,
  ].filter(Boolean);
  return h('div', { class: `verdict ${outcome}`, part: 'verdict' },
    h('div', { class: 'headline' }, glyph(outcome, caveats.length > 0),
      h('div', {},
        h('h2', { id: 'verdict', tabindex: '-1', lang }, title.includes('`') ? sentence(words, title) : broken(title)),
        rest && !repeats(report, rest) && h('p', { class: 'says', lang }, sentence(words, rest)),
        h('p', { class: about.length || proven ? 'subject' : 'subject vh' }, h('b', { class: proven ? 'word' : 'word vh' }, words.t(`outcome-${outcome}`)),
          about.map((part, i) => [(proven || i > 0) && ' · ', part])),
        next && h('p', { class: 'next', lang }, sentence(words, next)),
        pinned && h('p', { class: 'exact' }, h('span', { class: 'soft' }, words.t('exact')), ' ', h('code', {}, broken(pinned))),
        !pinned && proven && subject.digest && digest(words, subject.digest, kind),
        (act || pinned) && h('div', { class: 'bar act' }, pinned ? copy(words, pinned, words.t('theExact'), words.t('copyExact'), 'main') : act))),
    noted.length + unread.length > 0 && h('ul', { class: 'caveats' }, unread.map((text) => h('li', {}, glyph('not-checked'), h('span', {}, text))), noted.map((m) => h('li', {}, glyph('caveat'), h('span', {},
      said(words, m), m.next && m.args.pinned !== pinned && [' ', after(words, m)])))));
}
