// modules.mjs FIRST REST: what the bytes of two wasms with names are for, by
// module: the part that is loaded at once, and the rest.
//
// Functions count for the module that defines them: what a generic of `core`
// or `alloc` was made for is not seen in its name. Brotli is of the functions
// of one row alone, so the rows add up to more than the whole file.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/** The functions of a wasm by row of the table, and its data. */
function parts(bytes) {
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

  const rows = new Map();
  const put = (name, part) => rows.set(name, [...(rows.get(name) ?? []), part]);
  bodies.forEach((body, i) => put(row(names.get(i + imported) ?? ''), body));
  rows.set(DATA, [data]);
  return rows;
}

/** The crate and modules in a name, as wasm-bindgen writes it, outermost first. */
function path(name) {
  let plain = name
    .replace(/^\d{5} /, '')
    .replace(/\[[0-9a-f]{16}\]/g, '')
    .replace(/::h[0-9a-f]{16}$/, '');
  // `<a type as a trait>::function`: the type's module, unless it is a stranger's.
  for (let found; (found = /^<(?:&?(?:mut )?)?(?:\[)?<?([\w:]+)/.exec(plain)); plain = found[1]);
  return /^[a-z_]\w*::/.test(plain)
    ? plain
        .replace(/[<{(].*$/, '')
        .split('::')
        .filter(Boolean)
    : [];
}

const DATA = '(data: texts and tables)';
const DEPTH = { webdis_verify: 3, core: 2, alloc: 3, std: 2 };
function row(name) {
  const parts = path(name);
  if (!parts.length) return 'exports, glue and others';
  // The last part is the function, or the type.
  return parts.slice(0, Math.max(1, Math.min(DEPTH[parts[0]] ?? 1, parts.length - 1))).join('::');
}

const brotli = (buffer) =>
  brotliCompressSync(buffer, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: buffer.length },
  }).length;
const both = process.argv.slice(2).map((file) => parts(readFileSync(file)));
const measure = (found = []) => {
  const all = Buffer.concat(found);
  return { functions: found.length, raw: all.length, brotli: brotli(all) };
};
const names = [...new Set(both.flatMap((rows) => [...rows.keys()]))];
const table = names.map((name) => ({ name, parts: both.map((rows) => measure(rows.get(name))) }));
const raw = (one) => one.parts.reduce((n, { raw: size }) => n + size, 0);
table.sort((a, b) => raw(b) - raw(a));
const [few, small] = [table.filter((one) => raw(one) >= 1000), table.filter((one) => raw(one) < 1000)];
const sum = (all) =>
  all.reduce((a, b) => ({
    functions: a.functions + b.functions,
    raw: a.raw + b.raw,
    brotli: a.brotli + b.brotli,
  }));
few.push({
  name: `(${small.length} smaller)`,
  parts: both.map((_, i) => sum(small.map((one) => one.parts[i]))),
});
const line = (name, cells) =>
  console.log(`${name.padEnd(44)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
line('', ['first:', '', '', 'rest:', '', '']);
line('', ['functions', 'raw', 'brotli', 'functions', 'raw', 'brotli']);
for (const { name, parts: cells } of few)
  line(
    name,
    cells.flatMap((cell) =>
      cell.raw ? [name === DATA ? '' : cell.functions, cell.raw, cell.brotli] : ['', '', ''],
    ),
  );
