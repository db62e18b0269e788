// What the browser tests share: a static server that remembers its requests,
// Chromium, screenshots, accessibility, and the vectors.
//
// `cargo xtask test browser` sets CHROMIUM (the browser) and WASM_SUITE (the
// folder of the wasm of tests/wasm-suite).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** The top of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
/** What is published. */
export const dist = join(root, 'dist');
/** Vectors that are not part of the project; absent on most machines. */
export const vectors = join(root, '../shared/vectors');

/**
 * The `skip` of a test on them: `cargo xtask test` counts these words where
 * they are not beside the project, and accepts no such test where they are.
 */
export const needsShared = existsSync(vectors) ? false : 'needs ../shared';

/** Whether everything must run. */
export const inCI = !['', '0', 'false'].includes(process.env.CI ?? '');

/** The `skip` of a test that runs other programs: where they must be, they are. */
export const without = (...programs) => {
  const gone = programs.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  return gone.length > 0 && !inCI ? `no ${gone.join(', ')}` : false;
};

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/**
 * Serves `folder` on loopback. `pages` adds or replaces paths:
 * `{ '/x.html': { body, headers } }`.
 * @returns `{ url, requests, close }`; `requests` lists `METHOD path`.
 */
export async function serve(folder = dist, pages = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    requests.push(`${request.method} ${path}`);
    const page = pages[path];
    if (page) {
      response.writeHead(page.status ?? 200, { 'content-type': types[extname(path)] ?? 'text/html; charset=utf-8', ...page.headers });
      response.end(page.body);
      return;
    }
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(normalize(folder) + sep) || !existsSync(file)) {
      response.writeHead(404).end('not found');
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close };
}

/** Starts Chromium without a screen; `more` are further arguments. */
export function launch(more = []) {
  const executablePath = process.env.CHROMIUM;
  assert.ok(executablePath, 'CHROMIUM is not set; run `cargo xtask test browser`');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
  });
}

/**
 * What most files begin with: `{ server, browser }`, a folder served (see
 * `serve`) and Chromium, until the last test of the file has ended.
 */
export async function begun(folder = dist, pages = {}) {
  const [server, browser] = await Promise.all([serve(folder, pages), launch()]);
  after(async () => {
    await browser.close();
    await server.close();
  });
  return { server, browser };
}

/**
 * Opens a page in a context of its own.
 * @param options `{ width, height, dark, reduced, locale, javaScript, init }`;
 *   `init` runs in the page before its own scripts.
 * @returns the page, with `errors` (console errors and uncaught exceptions)
 *   and `asked` (every address requested, `data:` and `blob:` left out).
 */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: options.reduced ? 'reduce' : 'no-preference',
    locale: options.locale ?? 'en',
    javaScriptEnabled: options.javaScript ?? true,
  });
  const page = await context.newPage();
  page.errors = [];
  page.asked = [];
  page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  page.on('pageerror', (error) => page.errors.push(String(error)));
  context.on('request', (request) => /^(data|blob):/.test(request.url()) || page.asked.push(request.url()));
  if (options.init) await page.addInitScript(options.init);
  await page.goto(url);
  return page;
}

/** The most memory that a renderer of a browser has held, in bytes. */
export async function most(browser) {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  const peak = ({ id }) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  return Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(peak));
}

/** Writes target/screenshots/NAME.png, the whole page. */
export async function screenshot(page, name) {
  const folder = join(root, 'target/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Runs axe (WCAG 2.2 A and AA) and demands that it finds nothing. */
export async function accessible(page, what = page.url()) {
  // Not through a script element: the page's policy must stay as it is.
  await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const found = violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.target} ${n.failureSummary}`).join('\n')}`);
  assert.equal(found.join('\n'), '', `${what} is not accessible`);
}

/** Waits until the answer is the one of what stands on the page. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const answer = document.querySelector('webdis-verify').shadowRoot.querySelector('.answer');
    return answer && answer.getAttribute('aria-busy') === 'false' && answer.childElementCount > 0;
  });
}

/** Pastes as the browser does, with the text of the clipboard, unaltered; waits for the answer. */
export async function paste(page, text) {
  await page.locator('#sheet').evaluate((field, value) => {
    const data = new DataTransfer();
    data.setData('text/plain', value);
    field.focus();
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
  await settled(page);
}

/** The report that the page shows. */
export const report = (page) => page.evaluate(() => document.querySelector('webdis-verify').report);

// Parts of the verifier that are loaded when they are needed: the same files
// for everybody, and nothing in their addresses.
const PARTS = /\/(?:webdis_verify_rest\.wasm|archive_wasm_bg\.wasm|archive-worker\.js|engine\.js|part-[A-Z0-9]+\.js)$/;

/** Demands that nothing but parts of the verifier was requested while `work` ran. */
export async function silent(page, work) {
  const before = page.asked.length;
  const result = await work();
  assert.deepEqual(page.asked.slice(before).filter((url) => !PARTS.test(url)), [], 'requests were made');
  return result;
}

/** Demands that nothing is wider than the window. */
export async function fits(page, what = page.url()) {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  assert.ok(scroll <= client, `${what}: ${scroll} px wide in ${client} px`);
}

/** A page with nothing but the engine of the site, as `globalThis.engine`. */
export const enginePage = {
  '/engine.html': {
    body: `<!doctype html><meta charset="utf-8"><title>engine</title>
<script type="module">import * as engine from './www/engine.js'; globalThis.engine = engine;</script>`,
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self' blob:" },
  },
};

/** Opens the engine page and waits for the engine. */
export async function openEngine(browser, url, init) {
  const page = await open(browser, `${url}/engine.html`, { init });
  await page.waitForFunction(() => globalThis.engine);
  return page;
}

/**
 * Checks inputs `{ name, origin, bytes }` in the browser.
 * @returns the report.
 */
export async function check(page, inputs, options = {}) {
  const sent = inputs.map(({ name, origin = 'file', bytes }) => ({ name, origin, base64: Buffer.from(bytes).toString('base64') }));
  return page.evaluate(async ([given, chosen]) => {
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return globalThis.engine.check(given.map(({ base64, ...rest }) => ({ ...rest, bytes: bytes(base64) })), chosen);
  }, [sent, options]);
}
