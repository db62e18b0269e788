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

/** The crate and modules in a name, as wasm-bindgen writes it, outermost first. */
function path(name) {
  let plain = name.replace(/\[[0-9a-f]{16}\]/g, '').replace(/::h[0-9a-f]{16}$/, '');
  // `<a type as a trait>::function`: the type's module, unless it is a stranger's.
  for (let found; (found = /^<(?:&?(?:mut )?)?(?:\[)?<?([\w:]+)/.exec(plain)); plain = found[1]);
  return /^[a-z_]\w*::/.test(plain)
    ? plain
        .replace(/[<{(].*$/, '')
        .split('::')
        .filter(Boolean)
    : [];
}

const DEPTH = { webdis_verify: 3, core: 2, alloc: 3, std: 2 };
function row(name) {
  const parts = path(name);
  if (!parts.length) return 'exports, glue and others';
  // The last part is the function, or the type.
  return parts.slice(0, Math.max(1, Math.min(DEPTH[parts[0]] ?? 1, parts.length - 1))).join('::');
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
