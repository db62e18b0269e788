// From navigation to the first verdict, each time in a new context with
// nothing cached: `cargo xtask bench first` sets CHROMIUM and builds dist/.
//
// What is pasted as soon as it can be is an index and the bundle that signs
// it. The peer is a page of one file, without wasm, that does the unavoidable
// part with WebCrypto: SHA-256 of both, one P-256 verification of the bundle's
// envelope. Both load in turn in one run. Read the ratio, not the
// milliseconds: machines differ.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist, launch, serve } from '../tests/browser/harness.mjs';
import { examples } from '../www/examples/index.js';

const RUNS = Number(process.env.RUNS ?? 15);
const WARM = 2;
const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const least = (times) => Math.min(...times);

const { inputs, options } = examples.find(({ id }) => id === 'demo-bundle');
const [index, bundle] = ['index.json', 'bundle.json'].map((name) => inputs.find((input) => input.name === name).text);

const attribute = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
const chosen = `layout="page" image="${attribute(options.image)}" key="${attribute(options.key)}" trusted-root="${attribute(options.trustedRoot)}"`;
const page = readFileSync(join(dist, 'index.html'), 'utf8').replace('layout="page"', () => chosen);

const peer = `<!doctype html><meta charset="utf-8"><title>peer</title><link rel="icon" href="data:,"><p id="answer"></p><script type="module">
const [index, bundle, pem] = ${JSON.stringify([index, bundle, options.key]).replace(/</g, '\\u003c')};
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const encoder = new TextEncoder();
const { dsseEnvelope } = JSON.parse(bundle);
const payload = bytes(dsseEnvelope.payload);
const head = encoder.encode(\`DSSEv1 \${dsseEnvelope.payloadType.length} \${dsseEnvelope.payloadType} \${payload.length} \`);
const signed = new Uint8Array([...head, ...payload]);
// The two numbers of a signature in DER, 32 bytes each.
const der = bytes(dsseEnvelope.signatures[0].sig);
const number = (at) => { const end = at + 2 + der[at + 1]; const all = der.subarray(at + 2, end); const raw = new Uint8Array(32); raw.set(all.slice(-32), 32 - Math.min(32, all.length)); return [raw, end]; };
const [r, next] = number(2);
const [s] = number(next);
const key = await crypto.subtle.importKey('spki', bytes(pem.replace(/-----[^-]*-----|\\s/g, '')), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
const good = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, new Uint8Array([...r, ...s]), signed);
const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(index)))].map((b) => b.toString(16).padStart(2, '0')).join('');
await crypto.subtle.digest('SHA-256', encoder.encode(bundle));
const named = JSON.parse(new TextDecoder().decode(payload)).subject.some((one) => one.digest.sha256 === digest);
document.getElementById('answer').textContent = good && named ? 'proven' : 'contradicted';
globalThis.verdict?.(document.getElementById('answer').textContent, performance.now());
</script></html>`;

const server = await serve(dist, { '/': { body: page }, '/peer.html': { body: peer } });
const browser = await launch();

/** Opens a page in a new context; the time of its verdict since navigation. */
async function once(path, init, argument) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const asked = [];
  const client = await context.newCDPSession(tab);
  await client.send('Network.enable');
  client.on('Network.requestWillBeSent', ({ request, initiator }) => asked.push({ url: request.url, initiator }));
  let heard;
  const answer = new Promise((done) => { heard = done; });
  await tab.exposeFunction('verdict', (outcome, at, marks) => heard({ outcome, at, marks }));
  tab.on('pageerror', (error) => heard({ outcome: String(error) }));
  if (init) await tab.addInitScript(init, argument);
  await tab.goto(`${server.url}${path}`, { waitUntil: 'commit' });
  const { outcome, at, marks } = await answer;
  await context.close();
  if (outcome !== 'proven') throw new Error(`${path}: the verdict is ${outcome}`);
  return { at, marks, asked };
}

/** Pastes as soon as there is where to. Runs in the page. */
function pasting(text) {
  customElements.whenDefined('webdis-verify').then(() => {
    const element = document.querySelector('webdis-verify');
    const defined = performance.now();
    element.addEventListener('verdict', ({ detail }) => {
      if (!detail.items.length) return;
      const at = performance.now();
      const answered = performance.getEntriesByType('resource').filter(({ responseEnd }) => responseEnd > 0 && responseEnd < at);
      const wasm = answered.find(({ name }) => name.endsWith('_bg.wasm'));
      globalThis.verdict(detail.outcome, at, { defined, wasm: wasm?.responseEnd ?? 0, answered: [location.href, ...answered.map(({ name }) => name)] });
    });
    const data = new DataTransfer();
    data.setData('text/plain', text);
    element.shadowRoot.getElementById('sheet').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
}

/** How many requests stand behind one another until this one was sent: what
 * the HTML names stands behind it alone. */
function levels(asked) {
  const level = new Map();
  for (const { url, initiator } of asked) {
    if (level.has(url) || /^(data|blob):/.test(url)) continue;
    const stack = [];
    for (let at = initiator.stack; at; at = at.parent) stack.push(...at.callFrames.map((frame) => frame.url));
    const from = [initiator.url, ...stack].find((one) => level.has(one));
    level.set(url, !level.size ? 1 : page.includes(`"${new URL(url).pathname.slice(1)}"`) ? 2 : (level.get(from) ?? 2) + 1);
  }
  return level;
}

try {
  const [ours, theirs] = [[], []];
  for (let i = 0; i < RUNS + WARM; i += 1) {
    const one = await once('/', pasting, `${index}\n${bundle}`);
    const other = await once('/peer.html');
    if (i >= WARM) { ours.push(one); theirs.push(other); }
  }
  const times = (all) => all.map(({ at }) => at);
  const show = (what, all, note = '') => console.log(`${what.padEnd(44)}${median(all).toFixed(0).padStart(6)} ms  least ${least(all).toFixed(0).padStart(4)}   ${note}`);
  console.log(`Navigation to a verdict, ${RUNS} new contexts each, medians`);
  show('this page: paste of a signed index, proven', times(ours), 'aim 250');
  show('  the element is there', ours.map(({ marks }) => marks.defined));
  show('  the wasm has come', ours.map(({ marks }) => marks.wasm));
  show('a page with WebCrypto alone, proven', times(theirs));
  console.log(`ratio ${(median(times(ours)) / median(times(theirs))).toFixed(1)}, of the least ${(least(times(ours)) / least(times(theirs))).toFixed(1)}`);
  const last = ours.at(-1);
  const level = levels(last.asked);
  const waited = last.marks.answered.filter((url) => !/^(data|blob):/.test(url)).map((url) => [level.get(url) ?? '?', url]);
  console.log(`${waited.length} requests before the verdict, in ${Math.max(...waited.map(([n]) => n))} levels (aim: 6 in 2)`);
  for (const [n, url] of waited) console.log(`  ${n}  ${new URL(url).pathname}`);
} finally {
  await browser.close();
  await server.close();
}
