#!/usr/bin/env node
// `npx webdis-verify`: the verifier of the npm package on a terminal. The
// native program does more; what both print of a report is the same JSON.

import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check, verify, version } from './node.js';

const USAGE = `usage: webdis-verify check [OPTIONS] FILE|DIRECTORY|-...
       webdis-verify verify [OPTIONS] IMAGE
       webdis-verify --version

  --image REF           the image asked about (check)
  --digest DIGEST       the digest that you hold
  --key FILE            the publisher's public key, PEM
  --publisher NAME|FILE a built-in profile, or one in a file
  --trusted-root FILE   another Sigstore trusted root
  --proxy URL           a registry proxy (verify); without, registries are asked
  --ignore-tlog         do without evidence of a transparency log
  --format text|json

Exit: 0 proven, 1 contradicted, 2 bad usage, 3 unsigned, 4 not checked or consistent.
The native program (cargo install webdis-verify) knows more commands.`;

const EXIT = { proven: 0, contradicted: 1, unsigned: 3, 'not-checked': 4, consistent: 4 };
const MARK = { proven: '✓', contradicted: '✗', unsigned: '○', 'not-checked': '?', consistent: '=' };

class Usage extends Error {}

async function stdin() {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

// Files of a directory, whatever it holds; `-` is a paste.
async function read(path, name = path) {
  if (path === '-') return [{ name: 'standard input', origin: 'paste', bytes: await stdin() }];
  const is = await stat(path);
  if (!is.isDirectory()) return [{ name, origin: 'file', bytes: new Uint8Array(await readFile(path)) }];
  const inner = await readdir(path);
  return (await Promise.all(inner.sort().map((file) => read(join(path, file))))).flat();
}

// What the eye cannot see, or a terminal would obey, is spelled out.
const plain = (text) => String(text).replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (c) => `<U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}>`);

function text(report) {
  const chain = report.links.filter((l) => l.place === 'chain').map((l) => `${MARK[l.outcome]} ${l.claim}`);
  const caveats = report.caveats.map((m) => `note  ${m.text}`);
  return [...chain, ...caveats, '', `${MARK[report.outcome]} ${report.outcome.replace('-', ' ').toUpperCase()}  ${report.headline}`, report.next && `  ${report.next}`].filter((l) => l !== false && l !== undefined).map(plain).join('\n');
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      image: { type: 'string' }, digest: { type: 'string' }, key: { type: 'string' }, publisher: { type: 'string' }, 'trusted-root': { type: 'string' },
      proxy: { type: 'string' }, 'ignore-tlog': { type: 'boolean' }, format: { type: 'string', default: 'text' }, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' },
    },
  });
  if (values.help) { console.log(USAGE); return 0; }
  if (values.version) { console.log(`webdis-verify ${await version()}`); return 0; }
  const [command, ...rest] = positionals;
  if (!['check', 'verify'].includes(command) || !rest.length || !['text', 'json'].includes(values.format)) throw new Usage(USAGE);
  const file = async (path) => (path === undefined ? undefined : readFile(path, 'utf8'));
  const profile = values.publisher && /[./\\]/.test(values.publisher) ? await file(values.publisher) : values.publisher;
  const options = Object.fromEntries(Object.entries({
    image: values.image, digest: values.digest, key: await file(values.key), publisher: profile,
    trustedRoot: await file(values['trusted-root']), ignoreTlog: values['ignore-tlog'],
  }).filter(([, value]) => value !== undefined));
  if (command === 'verify' && rest.length !== 1) throw new Usage(USAGE);
  const report = command === 'verify' ? await verify(rest[0], { ...options, proxy: values.proxy ?? null })
    : await check((await Promise.all(rest.map((path) => read(path)))).flat(), options);
  console.log(values.format === 'json' ? JSON.stringify(report, null, 2) : text(report));
  return EXIT[report.outcome] ?? 4;
}

main().then((code) => { process.exitCode = code; }, (error) => {
  console.error(plain(error instanceof Usage ? error.message : `webdis-verify: ${error.message}`));
  process.exitCode = 2;
});
