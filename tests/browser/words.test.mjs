// Translations: every code and kind has its words, with the same placeholders.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examples, sections } from '../../www/examples/index.js';
import { begun, enginePage, openEngine, root } from './harness.mjs';

const read = (lang) => JSON.parse(readFileSync(join(root, `www/i18n/${lang}.json`), 'utf8'));
const english = read('en');
// Parts that are loaded later bring their own words.
for (const part of ['guide', 'later', 'tags']) for (const [group, words] of Object.entries(read(`en-${part}`))) Object.assign(english[group], words);
const holes = (text) => [...new Set(text.match(/\{\w+\}/g))].sort().join(' ');

const { server, browser } = await begun(undefined, enginePage);
const codes = await (await openEngine(browser, server.url)).evaluate(() => globalThis.engine.codes());
assert.ok(codes.length > 50);

test('English has every word the page asks for', () => {
  for (const file of ['element.js', 'session.js', 'tags.js', ...['bounds', 'fetch', 'bytes', 'chain', 'command', 'compare', 'copy', 'digest', 'equal', 'frame', 'given', 'guide', 'history', 'inside', 'link', 'needs', 'offer', 'picture', 'policy', 'proof', 'result', 'self', 'sheet', 'spoil', 'start', 'strip', 'verdict'].map((f) => `view/${f}.js`)]) {
    for (const [, key] of readFileSync(join(root, 'www', file), 'utf8').matchAll(/words\.t\('([\w-]+)'/g)) assert.ok(key in english.words, `${file}: ${key}`);
  }
});

test('every kind of item has a name', () => {
  const [, block] = /kinds! \{([^]*?)\n\}/.exec(readFileSync(join(root, 'src/evidence/item.rs'), 'utf8'));
  const kinds = [...block.matchAll(/= "([\w-]+)";/g)].map(([, kind]) => kind);
  assert.ok(kinds.length > 30);
  for (const kind of kinds) assert.ok(kind in english.kinds, kind);
});

for (const lang of ['es', 'fr']) {
  test(`${lang}: words, kinds, examples and every code`, () => {
    const own = read(lang);
    for (const key of Object.keys(own.words)) assert.ok(key in english.words, `${key} is no word of the page`);
    for (const group of ['words', 'kinds']) {
      for (const [key, text] of Object.entries(english[group])) assert.equal(holes(own[group][key] ?? ''), holes(text), `${group}.${key}`);
    }
    for (const { id } of examples) assert.equal(own.examples[id]?.length, 2, `example ${id}`);
    for (const { id } of sections) assert.ok(own.sections[id], `section ${id}`);
    const missing = codes.filter(({ name }) => !own.codes[name]).map(({ name }) => name);
    assert.deepEqual(missing, [], 'codes without words');
    for (const { name, text, next } of codes) {
      const [sentence, step = ''] = own.codes[name];
      assert.equal(holes(sentence), holes(text), name);
      assert.equal(holes(step), holes(next), `${name}: next`);
      assert.equal(!!step, !!next, `${name}: next`);
    }
    assert.deepEqual(Object.keys(own.codes).filter((name) => !codes.some((c) => c.name === name)), [], 'words without a code');
  });
}
