// Lighthouse on the page, in both themes, as a phone and as a desk sees it:
// `cargo xtask bench lighthouse` sets CHROMIUM and builds dist/. The site is
// served as a host serves it: compressed, with the headers of `_headers`.
//
// Lighthouse comes by npx (180 MB), or is the program that LIGHTHOUSE names.
// Its performance is that of this machine: read it on a quiet one.

import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { dist, serve } from '../tests/browser/harness.mjs';

const LIGHTHOUSE = process.env.LIGHTHOUSE ? [process.env.LIGHTHOUSE] : ['npx', '--yes', 'lighthouse@13.5.0'];
const AIMS = { performance: 95, accessibility: 100, 'best-practices': 100 };
const THEMES = { light: 1, dark: 0 }; // as Blink counts preferred colour schemes

const policy = readFileSync(join(dist, '_headers'), 'utf8').match(/^ {2}Content-Security-Policy: (.*)$/m)[1];
const headers = { 'content-encoding': 'br', 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin' };
const types = { wasm: 'application/wasm', js: 'text/javascript; charset=utf-8', html: 'text/html; charset=utf-8' };
const packed = (name) => brotliCompressSync(readFileSync(join(dist, name)), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
const page = (name) => [`/${name}`, { body: packed(name), headers: { ...headers, 'content-type': types[name.split('.').pop()] ?? 'text/plain' } }];
const names = ['index.html', ...readdirSync(join(dist, 'www')).map((name) => `www/${name}`).filter((name) => statSync(join(dist, name)).isFile())];
const pages = Object.fromEntries(names.map(page));
const server = await serve(dist, { ...pages, '/': pages['/index.html'] });

let missed = false;
try {
  console.log(`${''.padEnd(16)}${Object.keys(AIMS).map((name) => name.padStart(16)).join('')}   LCP, TBT, CLS`);
  for (const form of ['mobile', 'desktop']) {
    for (const [theme, scheme] of Object.entries(THEMES)) {
      const flags = `--headless=new --no-sandbox --blink-settings=preferredColorScheme=${scheme}`;
      const preset = form === 'desktop' ? ['--preset=desktop'] : [];
      const [program, ...more] = LIGHTHOUSE;
      const { stdout } = await promisify(execFile)(program,
        [...more, `${server.url}/`, ...preset, '--quiet', '--output=json', `--only-categories=${Object.keys(AIMS).join()}`, `--chrome-flags=${flags}`],
        { env: { ...process.env, CHROME_PATH: process.env.CHROMIUM }, maxBuffer: 1 << 28 });
      const { categories, audits } = JSON.parse(stdout);
      const scores = Object.entries(AIMS).map(([name, aim]) => [name, Math.round(categories[name].score * 100), aim]);
      const seen = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'].map((id) => audits[id].displayValue);
      console.log(`${`${form}, ${theme}`.padEnd(16)}${scores.map(([, score]) => String(score).padStart(16)).join('')}   ${seen.join(', ')}`);
      for (const [name, score, aim] of scores) {
        if (score >= aim) continue;
        missed = true;
        const refs = categories[name].auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9);
        console.log(`  ${name}: ${score}, aim ${aim}: ${refs.map(({ id }) => id).join(', ')}`);
      }
    }
  }
} finally {
  await server.close();
}
process.exitCode = missed ? 1 : 0;
