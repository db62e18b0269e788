// modules.mjs WASM: what the bytes of a wasm with names are for, by module.
//
// Functions count for the module that defines them: what a generic of `core`
// or `alloc` was made for is not seen in its name. Brotli is of the functions
// of one row alone, so the rows add up to more than the whole file.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const bytes = readFileSync(process.argv[2]);
let at = 8;

/** An unsigned LEB128 number. */
function number() {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at];
    at += 1;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}
function text() {
  const length = number();
  at += length;
  return bytes.toString('utf8', at - length, at);
}

const bodies = [];
const names = new Map();
let imported = 0;
let data = Buffer.alloc(0);

const sections = {
  2() {
    // imports
    for (let n = number(); n > 0; n -= 1) {
      text();
      text();
      const kind = bytes[at];
      at += 1;
      if (kind === 0) {
        number();
        imported += 1;
      } else if (kind === 1) {
        at += 1;
        limits();
      } else if (kind === 2) limits();
      else if (kind === 3) at += 2;
      else throw new Error(`import of kind ${kind}`);
    }
  },
  10() {
    // code
    for (let n = number(); n > 0; n -= 1) {
      const length = number();
      bodies.push(bytes.subarray(at, at + length));
      at += length;
    }
  },
  11(end) {
    data = bytes.subarray(at, end);
  },
  0(end) {
    // custom
    if (text() !== 'name') return;
    while (at < end) {
      const kind = bytes[at];
      at += 1;
      const length = number();
      const next = at + length;
      if (kind === 1) for (let n = number(); n > 0; n -= 1) names.set(number(), text());
      at = next;
    }
  },
};
function limits() {
  const flags = number();
  number();
  if (flags & 1) number();
}

while (at < bytes.length) {
  const id = bytes[at];
  at += 1;
  const length = number();
  const end = at + length;
  sections[id]?.(end);
  at = end;
}

/** The path in a mangled name: crates and modules, outermost first. */
function path(name) {
  const parts = [];
  let rest = name.startsWith('_ZN') ? name.slice(3) : /^_R/.test(name) ? name.slice(2) : '';
  if (name.startsWith('_ZN')) {
    for (let found; (found = /^(\d+)/.exec(rest)); ) {
      rest = rest.slice(found[0].length);
      parts.push(rest.slice(0, Number(found[0])));
      rest = rest.slice(Number(found[0]));
    }
  } else {
    for (const found of rest.matchAll(/(?:s[0-9A-Za-z]*_)?(\d+)_?([A-Za-z_]\w*)/g))
      parts.push(found[2].slice(0, Number(found[1])));
  }
  // `<impl of a trait for a type>`: the first path in it.
  const inner = /^_?\$LT\$(.*)/.exec(parts[0] ?? '');
  if (inner)
    return [
      ...inner[1]
        .replace(/\$u20\$as\$u20\$.*/, '')
        .replace(/\$\w+\$/g, '')
        .split('..'),
      ...parts.slice(1),
    ];
  return parts;
}

const DEPTH = { webdis_verify: 3 };
function row(name) {
  const parts = path(name).filter(Boolean);
  if (!parts.length) return name.startsWith('__') || !name ? 'compiler and glue' : 'exports and others';
  const [crate] = parts;
  if (crate === 'core' || crate === 'alloc' || crate === 'std') return parts.slice(0, 2).join('::');
  return parts.slice(0, Math.min(DEPTH[crate] ?? 1, Math.max(1, parts.length - 2))).join('::');
}

const rows = new Map();
bodies.forEach((body, i) => {
  const name = row(names.get(i + imported) ?? '');
  const found = rows.get(name) ?? { functions: 0, parts: [] };
  found.functions += 1;
  found.parts.push(body);
  rows.set(name, found);
});
rows.set('(data: texts and tables)', { functions: 0, parts: [data] });

const brotli = (buffer) =>
  brotliCompressSync(buffer, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: buffer.length },
  }).length;
const table = [...rows]
  .map(([name, { functions, parts }]) => {
    const all = Buffer.concat(parts);
    return { name, functions, raw: all.length, brotli: brotli(all) };
  })
  .sort((a, b) => b.raw - a.raw);
const [few, rest] = [table.filter((r) => r.raw >= 1000), table.filter((r) => r.raw < 1000)];
few.push({
  name: `(${rest.length} smaller)`,
  functions: rest.reduce((n, r) => n + r.functions, 0),
  raw: rest.reduce((n, r) => n + r.raw, 0),
  brotli: rest.reduce((n, r) => n + r.brotli, 0),
});
console.log(
  `${'by module, before wasm-opt'.padEnd(46)}${'functions'.padStart(10)}${'raw'.padStart(9)}${'brotli'.padStart(9)}`,
);
for (const { name, functions, raw, brotli: small } of few)
  console.log(
    `${name.padEnd(46)}${String(functions || '').padStart(10)}${String(raw).padStart(9)}${String(small).padStart(9)}`,
  );
