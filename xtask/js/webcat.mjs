// webcat.mjs DIST OUT: what WEBCAT (https://github.com/freedomofpress/webcat) asks of a site, as far
// as it follows from the files: OUT/webcat.config.json for its own program, and
// OUT/manifest.json, the manifest that is to be signed. Who signs it, and the
// enrolment of a domain, is the operator's.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const [dist, out] = process.argv.slice(2);
const base64url = (file) => createHash('sha256').update(readFileSync(file)).digest('base64url');
const cargo = readFileSync('Cargo.toml', 'utf8');
const of = (name) => cargo.match(new RegExp(`^${name} = "([^"]+)"`, 'm'))[1];

// The header of every answer must be this text, letter for letter. WEBCAT
// forbids workers from `blob:`; without one the engine runs on the page itself.
// The single files are for a disk: their inline scripts are left out of it.
const policy = readFileSync(join(dist, '_headers'), 'utf8')
  .match(/^ {2}Content-Security-Policy: (.*)$/m)[1]
  .replace("worker-src 'self' blob:", "worker-src 'self'")
  .replace(/script-src [^;]*/, "script-src 'self' 'wasm-unsafe-eval'");

const all = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  // Hosts read _headers and do not serve it.
  .filter((file) => !file.endsWith('_headers'))
  .sort();
const isWasm = (file) => file.endsWith('.wasm');
const config = {
  app: of('repository'),
  version: `v${of('version')}`,
  default_csp: policy,
  default_index: 'index.html',
  default_fallback: '/index.html',
  wasm: all.filter(isWasm).map(base64url).sort(),
  extra_csp: {},
};
const files = all
  .filter((file) => !isWasm(file))
  .map((file) => [`/${relative(dist, file).replaceAll('\\', '/')}`, base64url(file)])
  .sort(([a], [b]) => (a < b ? -1 : 1));
const { app, version, default_csp, ...rest } = config;
const manifest = { app, version, default_csp, files: Object.fromEntries(files), ...rest };

mkdirSync(out, { recursive: true });
const write = (name, value) => writeFileSync(join(out, name), `${JSON.stringify(value, null, 2)}\n`);
write('webcat.config.json', config);
write('manifest.json', { manifest });
