// Words: chrome from the dictionary of the language, sentences of the report
// by their code. A sentence nobody translated stays English, and is marked so.

import en from './i18n/en.json' with { type: 'json' };
import { h } from './dom.js';
import { leftOut } from './left-out.js';

// English is part of the page; another language is loaded when it is chosen.
const dictionaries = { en };
const load = {
  es: () => import('./i18n/es.json', { with: { type: 'json' } }),
  fr: () => import('./i18n/fr.json', { with: { type: 'json' } }),
};

/** Adds English words and names of kinds that a part brings along when it is
 * loaded. */
export const bring = ({ words, kinds }) => { Object.assign(en.words, words); Object.assign(en.kinds, kinds); };

/** Language codes with their own names. */
export const languages = [['en', 'English'], ['es', 'Español'], ['fr', 'Français']].filter(([code]) => !leftOut.includes(code));

/** Makes a language ready; false if it is ready already. */
export async function ready(lang) {
  if (dictionaries[lang]) return false;
  // In the single file it is a promise: the words are packed there.
  dictionaries[lang] = await (await load[lang]()).default;
  return true;
}

const fill = (template, args) =>
  template.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(args ?? {}, name) ? args[name] : whole));

// An image's name as a shell takes it.
const PLAIN = /^\w[\w.:/@-]{1,254}$/;

/** Arguments whose values may be tokens (src/base/words.rs). */
const TOKENS = new Set(['kind', 'tool', 'witness', 'source', 'platform']);

/** The nearest language there is. */
export function pick(wanted) {
  const known = languages.map(([code]) => code);
  return wanted.map((tag) => String(tag).toLowerCase().split('-')[0]).find((tag) => known.includes(tag)) ?? 'en';
}

/** Words of one language. */
export class Words {
  constructor(lang) {
    this.own = dictionaries[lang] ?? en;
    this.lang = this.own === en ? 'en' : lang;
    this.number = new Intl.NumberFormat(this.lang);
    this.plural = new Intl.PluralRules(this.lang);
    /** The image that is asked about. */
    this.image = '';
  }

  /** A word of the interface; a number `n` chooses its plural form. */
  t(key, args) {
    if (typeof args?.n === 'number') {
      const form = `${key}-${this.plural.select(args.n)}`;
      return this.t(this.own.words[form] ? form : key, { ...args, n: this.number.format(args.n) });
    }
    return fill(this.own.words[key] ?? en.words[key] ?? key, args);
  }

  /** The name of a kind of document. */
  kind(kind) {
    return this.own.kinds[kind] ?? en.kinds[kind] ?? kind;
  }

  /** Title and description of an example. */
  example({ id, title, description }) {
    return this.own.examples?.[id] ?? [title, description];
  }

  /** Title of a group of examples. */
  section(id, title) {
    return this.own.sections?.[id] ?? title;
  }

  /** A size in bytes. */
  bytes(size) {
    return this.t('bytes', { n: size });
  }

  /** The sentence of a code, or the English one of the report. */
  sentence(code, args, english) {
    const own = this.own.codes?.[code]?.[0];
    let filled = own && fill(own, this.tokens(args));
    // The name of a program stays as it is; words begin a sentence.
    const name = own?.match(/^\{(\w+)\}/)?.[1];
    const first = TOKENS.has(name) && String(args?.[name]).split(', ')[0];
    if (first && Object.hasOwn(this.own.tokens ?? {}, first)) {
      filled = filled[0].toUpperCase() + filled.slice(1);
    }
    // A hole that the report does not fill would stand in the sentence.
    return this.keys(filled && !/\{\w+\}/.test(filled) ? filled : english);
  }

  /** Arguments with the words of their tokens; names of programs stay. */
  tokens(args) {
    const own = this.own.tokens ?? {};
    const one = (value) => (Object.hasOwn(own, value) ? own[value] : value);
    const word = ([name, value]) => [name, TOKENS.has(name) ? String(value).split(', ').map(one).join(', ')
      : this.own.at ? String(value).replace(/^(\S+) at (?=[0-9a-f]{7,40}, )/, `$1 ${this.own.at} `) : value]; // README.md at COMMIT
    return args && Object.fromEntries(Object.entries(args).map(word));
  }

  /** A key without a name, named as this page names it. */
  keys(text) {
    const own = this.t('source-option');
    return String(text ?? '').replace(/^[Tt]he given key/, own[0].toUpperCase() + own.slice(1)).replaceAll('the given key', own);
  }

  /** The next step of a code, or the English one. */
  next(code, args, english) {
    const own = this.own.codes?.[code]?.[1];
    return this.named(own && english ? fill(own, this.tokens(args)) : english);
  }

  /** A command with the image in it, where that is known. */
  named(text) {
    return PLAIN.test(this.image) ? text?.replaceAll(/\bIMAGE\b/g, () => this.image) : text;
  }

  /** What a command does; what it prints is named by its English words. */
  does({ code, label }) {
    const [, printed] = /^Print (.+) with \w+\.$/.exec(label) ?? [];
    return this.sentence(code, this.own.printed?.[printed] && { what: this.own.printed[printed] }, label);
  }

  /** `lang` for a text that may have stayed English. */
  langOf(code) {
    return this.lang === 'en' || this.own.codes?.[code] ? undefined : 'en';
  }

  /** English text of the report that has no code. */
  english(...children) {
    return h('span', { lang: this.lang === 'en' ? undefined : 'en' }, ...children);
  }
}
