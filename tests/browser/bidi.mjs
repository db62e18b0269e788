// Firefox by WebDriver BiDi: start, open a page, evaluate. No more.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { ws: WebSocket } = createRequire(import.meta.url)('playwright-core/lib/utilsBundle');

/** Starts Firefox: `{ open(url), close() }`; a page has `run(function, ...args)`. */
export async function firefox() {
  const profile = mkdtempSync(join(tmpdir(), 'webdis-verify-firefox-'));
  const child = spawn('firefox-esr', ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile } });
  const end = async () => {
    if (child.exitCode === null) await new Promise((done) => { child.on('exit', done); child.kill(); });
    rmSync(profile, { recursive: true, force: true });
  };
  try {
    const address = await new Promise((found, failed) => {
      let said = '';
      child.stderr.on('data', (data) => {
        said += data;
        const at = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said);
        if (at) found(at[1]);
      });
      child.on('exit', () => failed(new Error(said)));
      child.on('error', failed);
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise((open, failed) => { socket.onopen = open; socket.onerror = failed; });
    const waiting = new Map();
    socket.onmessage = ({ data }) => {
      const { id, result, error, message } = JSON.parse(data);
      const wait = waiting.get(id);
      waiting.delete(id);
      if (error) wait?.failed(new Error(`${error}: ${message}`));
      else wait?.done(result);
    };
    const send = (method, params = {}) => new Promise((done, failed) => {
      const id = waiting.size + Math.floor(Math.random() * 1e9);
      waiting.set(id, { done, failed });
      socket.send(JSON.stringify({ id, method, params }));
    });
    await send('session.new', { capabilities: {} });
    const open = async (url) => {
      const { context } = await send('browsingContext.create', { type: 'tab' });
      await send('browsingContext.navigate', { context, url, wait: 'complete' });
      const run = async (what, ...args) => {
        const expression = `(async () => JSON.stringify(await (${what})(...${JSON.stringify(args)})))()`;
        const { result, exceptionDetails } = await send('script.evaluate', { expression, target: { context }, awaitPromise: true });
        if (exceptionDetails) throw new Error(exceptionDetails.text);
        return result.value === undefined ? undefined : JSON.parse(result.value);
      };
      const resize = (width, height) => send('browsingContext.setViewport', { context, viewport: { width, height } });
      const screenshot = async () => Buffer.from((await send('browsingContext.captureScreenshot', { context, origin: 'document' })).data, 'base64');
      return { run, resize, screenshot };
    };
    return { open, close: async () => { socket.close(); await end(); } };
  } catch (error) {
    await end();
    throw error;
  }
}
