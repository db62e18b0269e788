// size.mjs DIST: sizes of what is published, raw, gzip and brotli, each with
// its aim and its limit. Ends with an error when a limit is exceeded; an aim
// that is not reached is said.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist] = process.argv.slice(2);
const KB = 1000;

const measure = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length,
});
const add = (a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli });
const of = (name) => measure(readFileSync(join(dist, name)));

/** The scripts a page loads at once: an entry and what it imports statically. */
function scripts(entries) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(join(dist, 'www', name), 'utf8');
    for (const [, to] of text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g)) visit(to);
  };
  entries.forEach(visit);
  return [...seen];
}

const first = scripts(['element.js']);
const later = readdirSync(join(dist, 'www')).filter((name) => name.endsWith('.js') && !first.includes(name));

// Name, sizes, which size counts, aim, limit.
const rows = [
  ['wasm at first', of('www/webdis_verify_bg.wasm'), 'brotli', 180 * KB, 182 * KB],
  ['wasm on demand', of('www/webdis_verify_rest.wasm'), null],
  [
    'wasm together',
    ['bg', 'rest'].map((part) => of(`www/webdis_verify_${part}.wasm`)).reduce(add),
    'brotli',
    290 * KB,
    402 * KB,
  ],
  [
    'page at first (HTML, JS, CSS)',
    ['index.html', ...first.map((name) => `www/${name}`)].map(of).reduce(add),
    'brotli',
    28 * KB,
    29 * KB,
  ],
  [
    'page on demand (languages, examples)',
    later.map((name) => of(`www/${name}`)).reduce(add, measure(Buffer.alloc(0))),
    null,
  ],
  ['archive wasm', of('www/archive_wasm_bg.wasm'), 'brotli', 60 * KB, 63 * KB],
  ['single file', of('webdis-verify.html'), 'raw', 600 * KB, 660 * KB],
  ['small single file', of('webdis-verify-small.html'), 'raw', 500 * KB, 530 * KB],
  ['embedded script', of('webdis-verify.js'), 'brotli', 400 * KB, 560 * KB],
];

let exceeded = false;
console.log(`${''.padEnd(38)}${'raw'.padStart(9)}${'gzip'.padStart(9)}${'brotli'.padStart(9)}   aim, limit`);
for (const [name, sizes, unit, aim, limit] of rows) {
  const size = unit && sizes[unit];
  const judged = !unit ? '' : size > limit ? 'OVER THE LIMIT' : size > aim ? 'over the aim' : 'ok';
  exceeded ||= judged === 'OVER THE LIMIT';
  const bounds = unit ? `${unit} ${aim}, ${limit}: ${judged}` : '';
  console.log(
    `${name.padEnd(38)}${[sizes.raw, sizes.gzip, sizes.brotli].map((n) => String(n).padStart(9)).join('')}   ${bounds}`,
  );
}
process.exitCode = exceeded ? 1 : 0;
