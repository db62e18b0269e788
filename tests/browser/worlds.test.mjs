// Generated worlds (tests/engine/worlds) through the session of the page, in
// Chromium: the same answers as natively, and the same properties.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { begun, dist, enginePage, openEngine, root } from './harness.mjs';

// Written by the native test `worlds::kept`, which `cargo xtask test browser` runs first.
const worlds = JSON.parse(readFileSync(join(root, 'target/worlds.json'), 'utf8'));
const told = ({ outcome, code, subject }) => `${outcome} ${code} about ${subject}`;
const ALARMS = ['contradicted', 'unsigned'];

const { server, browser } = await begun(dist, enginePage);
const page = await openEngine(browser, server.url);

/** The answers of sessions that each got a world's things, in this order and in the other. */
function answers(part) {
  return page.evaluate(async (all) => {
    const bytes = ({ text, base64 }) => (text === undefined ? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) : new TextEncoder().encode(text));
    const answer = ({ outcome, code, subject }) => ({ outcome, code, subject: subject.digest ?? null });
    const out = [];
    for (const { given, options } of all) {
      const inputs = given.map((one) => ({ name: one.name, origin: one.origin, bytes: bytes(one) }));
      const session = new globalThis.engine.Session();
      inputs.forEach((input) => { session.add(input); });
      const first = answer(await session.check(options));
      // Things go and come again: what is asked last is what is at hand.
      session.give([...inputs].reverse());
      out.push([first, answer(await session.check(options))]);
      session.give([]);
    }
    return out;
  }, part);
}

test(`${worlds.length} worlds are answered as natively, in any order`, async () => {
  const wrong = [];
  const seen = {};
  for (let at = 0; at < worlds.length; at += 20) {
    const part = worlds.slice(at, at + 20);
    for (const [n, [first, again]] of (await answers(part)).entries()) {
      const { about, answer, evil, honest } = part[n];
      seen[first.outcome] = (seen[first.outcome] ?? 0) + 1;
      for (const found of [first, again]) {
        if (told(found) !== told(answer)) wrong.push(`${about}: ${told(found)}, natively ${told(answer)}`);
        if (evil && found.outcome === 'proven') wrong.push(`${about}: proven`);
        if (honest && ALARMS.includes(found.outcome)) wrong.push(`${about}: ${found.outcome}`);
      }
    }
  }
  console.log(JSON.stringify(seen));
  assert.deepEqual(wrong, []);
  assert.ok(worlds.length >= 200 && seen.proven > 10 && seen.contradicted > 10, JSON.stringify(seen));
});
