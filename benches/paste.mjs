// Times in Chromium: `cargo xtask bench` sets CHROMIUM and builds dist/.
//
// Every median is of 20 runs in one visit after 3 that do not count. The peer
// is WebCrypto in the same page and run, doing the unavoidable part: SHA-256
// of the same bytes and one P-256 verification. Read the ratio, not the
// milliseconds: machines differ.

import { performance } from 'node:perf_hooks';
import { launch, open, serve } from '../tests/browser/harness.mjs';
import { examples } from '../www/examples/index.js';

const RUNS = 20;
const WARM = 3;
const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const show = (what, ms, note = '') => console.log(`${what.padEnd(52)}${ms.toFixed(1).padStart(8)} ms  ${note}`);

const server = await serve();
const browser = await launch();
try {
  // From navigation to a verdict, nothing cached.
  const story = examples.find(({ id }) => id === 'webdis-0.1.19-list');
  const signed = examples.find(({ id }) => id === 'demo-bundle');
  const cold = [];
  for (let i = 0; i < 5; i += 1) {
    const begun = performance.now();
    const page = await open(browser, `${server.url}/`);
    await page.waitForFunction(() => customElements.get('webdis-verify'));
    await paste(page, story.inputs[0].text);
    cold.push(performance.now() - begun);
    await page.context().close();
  }
  show('navigation, paste, verdict (new context, median of 5)', median(cold));

  const page = await open(browser, `${server.url}/`);
  await page.waitForFunction(() => customElements.get('webdis-verify'));
  const shown = [];
  for (let i = 0; i < WARM + RUNS; i += 1) {
    // A new page each time, so that a paste does not add to the last one.
    await page.evaluate(() => document.querySelector('webdis-verify').replaceWith(document.createElement('webdis-verify')));
    const ms = await paste(page, story.inputs[0].text);
    if (i >= WARM) shown.push(ms);
  }
  show('paste of a manifest list to verdict event', median(shown), `${story.inputs[0].text.length} characters; aim < 50`);

  const timed = await page.evaluate(async ([inputs, options, runs, warm]) => {
    const engine = await import(new URL('www/engine.js', location.href).href);
    const encoder = new TextEncoder();
    const given = inputs.map(({ name, origin, text }) => ({ name, origin, bytes: encoder.encode(text) }));
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const how = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = await crypto.subtle.sign(how, pair.privateKey, given[0].bytes);
    const ours = [];
    const peer = [];
    let outcome;
    for (let i = 0; i < runs + warm; i += 1) {
      let begun = performance.now();
      ({ outcome } = await engine.check(given, options));
      const first = performance.now() - begun;
      begun = performance.now();
      for (const { bytes } of given) await crypto.subtle.digest('SHA-256', bytes);
      if (!(await crypto.subtle.verify(how, pair.publicKey, signature, given[0].bytes))) throw new Error('the peer failed');
      const second = performance.now() - begun;
      if (i >= warm) { ours.push(first); peer.push(second); }
    }
    return { ours, peer, outcome };
  }, [signed.inputs, signed.options, RUNS, WARM]);
  if (timed.outcome !== 'proven') throw new Error(`the signed example is ${timed.outcome}, not proven`);
  const [ours, peer] = [median(timed.ours), median(timed.peer)];
  show('bundle with log evidence to report (engine)', ours, 'with the way to the worker and back');
  show('WebCrypto: the same hashes and one verification', peer, `ratio ${(ours / Math.max(peer, 0.05)).toFixed(1)}`);
} finally {
  await browser.close();
  await server.close();
}

/** Pastes a text and waits for the verdict; milliseconds between the two. */
function paste(page, text) {
  return page.evaluate((value) => new Promise((resolve) => {
    const element = document.querySelector('webdis-verify');
    const field = element.shadowRoot.getElementById('sheet');
    const data = new DataTransfer();
    data.setData('text/plain', value);
    let begun = 0;
    element.addEventListener('verdict', () => resolve(performance.now() - begun), { once: true });
    field.focus();
    begun = performance.now();
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }), text);
}
