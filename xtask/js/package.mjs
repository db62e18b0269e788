// package.mjs WASM_DIR DIST OUT ARCHIVE_DIR: the npm package in the folder OUT.
//
//   webdis-verify.mjs   elements and engine for browsers and bundlers, with the
//                       wasm inside: one module, no request
//   webdis-verify.js    the same as one classic script
//   node.js, *.wasm     the engine for Node
//   cli.js              `npx webdis-verify`
//   webdis-verify.d.ts  types

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const [wasmDir, dist, out, archiveDir] = process.argv.slice(2);
const version = readFileSync('Cargo.toml', 'utf8').match(/^version = "([^"]+)"/m)[1];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const node = {
  name: 'node',
  setup(build) {
    build.onResolve({ filter: /^webdis-verify-wasm$/ }, () => ({ path: join(wasmDir, 'webdis_verify.js') }));
    build.onResolve({ filter: /^webdis-verify-archive$/ }, () => ({
      path: join(archiveDir, 'archive_wasm.js'),
    }));
    build.onResolve({ filter: /\/platform-archive\.js$/ }, (args) => ({
      path: join(args.resolveDir, 'platform-archive-node.js'),
    }));
    build.onResolve({ filter: /\/platform\.js$/ }, (args) => ({
      path: join(args.resolveDir, 'platform-node.js'),
    }));
  },
};
await esbuild.build({
  entryPoints: ['www/engine.js'],
  outfile: join(out, 'node.js'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node18',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [node],
  absWorkingDir: process.cwd(),
});
for (const wasm of ['webdis_verify_bg.wasm', 'webdis_verify_rest.wasm'])
  if (existsSync(join(wasmDir, wasm))) cpSync(join(wasmDir, wasm), join(out, wasm));
cpSync(join(archiveDir, 'archive_wasm_bg.wasm'), join(out, 'archive_wasm_bg.wasm'));
cpSync('www/cli.js', join(out, 'cli.js'));
chmodSync(join(out, 'cli.js'), 0o755);
for (const file of ['webdis-verify.mjs', 'webdis-verify.js', 'webdis-verify.d.ts', 'webdis.pub'])
  cpSync(join(dist, file), join(out, file));
for (const file of ['LICENSE-APACHE', 'LICENSE-MIT']) cpSync(file, join(out, file));
cpSync('docs/NPM.md', join(out, 'README.md'));
const manifest = {
  name: 'webdis-verify',
  version,
  description:
    'Verify that a container image is what its publisher signed: in the browser, in Node, as an element.',
  license: 'Apache-2.0 OR MIT',
  repository: { type: 'git', url: 'git+https://github.com/nicolasff/webdis-verify.git' },
  keywords: ['cosign', 'sigstore', 'container', 'oci', 'verify', 'web-component'],
  type: 'module',
  engines: { node: '>=18' },
  bin: { 'webdis-verify': 'cli.js' },
  exports: {
    '.': { types: './webdis-verify.d.ts', node: './node.js', default: './webdis-verify.mjs' },
    './element': { types: './webdis-verify.d.ts', default: './webdis-verify.mjs' },
    './webdis-verify.js': './webdis-verify.js',
    './webdis.pub': './webdis.pub',
    './package.json': './package.json',
  },
  unpkg: 'webdis-verify.js',
  jsdelivr: 'webdis-verify.js',
  types: './webdis-verify.d.ts',
  sideEffects: ['./webdis-verify.mjs', './webdis-verify.js'],
};
writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
