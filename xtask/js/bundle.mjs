// bundle.mjs WASM_DIR DIST: puts the published files together.
//
//   DIST/index.html, www/     the site: the page, its script, worker and wasm
//   DIST/webdis-verify.html   one file with everything inside, for file://
//   DIST/webdis-verify-small.html   the same without archives and languages
//   DIST/webdis-verify.js     one classic script to embed <webdis-verify>
//                             and <webdis-tags>
//   DIST/webdis-verify.mjs    the same as a module, which exports the engine
//   DIST/webdis-verify.d.ts   types of the engine
//   DIST/integrity.txt        script elements with their SRI hashes
//   DIST/_headers             the headers that a host should send
//   DIST/SHA256SUMS           of all of these

import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { pack, textOf } from './pack.mjs';

const [wasmDir, dist, archiveDir] = process.argv.slice(2);
const wasmFile = join(wasmDir, 'webdis_verify_bg.wasm');
const restFile = join(wasmDir, 'webdis_verify_rest.wasm');
const archiveFile = join(archiveDir, 'archive_wasm_bg.wasm');
const sha256 = (bytes, form) => createHash('sha256').update(bytes).digest(form);

const glue = {
  name: 'glue',
  setup(build) {
    build.onResolve({ filter: /^webdis-verify-wasm$/ }, () => ({ path: join(wasmDir, 'webdis_verify.js') }));
    build.onResolve({ filter: /^webdis-verify-archive$/ }, () => ({
      path: join(archiveDir, 'archive_wasm.js'),
    }));
  },
};
// Style sheets stand in template strings, which esbuild leaves as they are.
const squeeze = (css) =>
  css
    .replace(/\s*\n\s*/g, '\n')
    .replace(/([{};])[ \n]+/g, '$1')
    .replace(/[ \n]+([{}])/g, '$1')
    .replace(/: /g, ':');
const styles = {
  name: 'styles',
  setup(build) {
    build.onLoad({ filter: /\/www\/(style|later)\.js$/ }, (args) => ({
      contents: readFileSync(args.path, 'utf8').replace(/`[^`]*`/g, squeeze),
      loader: 'js',
    }));
  },
};
// Languages and examples, as JSON: they are packed, and unpacked when they are asked for.
const jsonOf = async (path) =>
  path.endsWith('.json')
    ? readFileSync(path, 'utf8')
    : JSON.stringify(
        await import(pathToFileURL(path).href).then(({ examples, sections }) => ({ examples, sections })),
      );
const starting = (worker) => ({
  name: 'starting',
  setup(build) {
    build.onResolve({ filter: /^webdis-verify-inline:worker$/ }, () => ({
      path: 'worker',
      namespace: 'starting',
    }));
    build.onLoad({ filter: /./, namespace: 'starting' }, () => ({ contents: worker, loader: 'text' }));
  },
});
// For the single files and the script to embed, where all of it is packed;
// `small` leaves out what few need. `inside` are the parts of the script.
const LATER = { es: 'www/i18n/es.json', fr: 'www/i18n/fr.json', examples: 'www/examples/index.js' };
const packed = (archiveWorker, { small = false, inside = null }) => ({
  name: 'packed',
  setup(build) {
    const instead = (filter, file) =>
      build.onResolve({ filter }, (args) => ({ path: join(process.cwd(), 'www', file(args)) }));
    instead(/\/platform\.js$/, () => 'platform-packed.js');
    instead(/\/platform-archive\.js$/, () => `platform-archive-${small ? 'absent' : 'packed'}.js`);
    if (small) instead(/\/left-out\.js$/, () => 'left-out-small.js');
    if (small) instead(/\/archive-worker\.js$/, () => 'platform-archive-absent.js');
    if (inside) instead(/\/part\.js$/, () => 'part-inline.js');
    build.onResolve({ filter: /\/(i18n\/(es|fr)\.json|examples\/index\.js)$/ }, (args) => ({
      path: args.path.replace('/index.js', '').match(/(\w+)(\.json)?$/)[1],
      namespace: 'later',
    }));
    build.onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: `import { more } from './platform-packed.js'; export default more('${path}');`,
      resolveDir: join(process.cwd(), 'www'),
    }));
    build.onResolve({ filter: /^webdis-verify-inline:(archive-worker|parts)$/ }, ({ path }) => ({
      path: path.split(':')[1],
      namespace: 'inside',
    }));
    build.onLoad({ filter: /./, namespace: 'inside' }, ({ path }) =>
      path === 'parts'
        ? { contents: JSON.stringify(inside), loader: 'json' }
        : { contents: archiveWorker, loader: 'text' },
    );
  },
});
const options = {
  bundle: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  target: ['chrome111', 'firefox115', 'safari17'],
  logLevel: 'warning',
  // What the foot of the page says about itself.
  define: {
    BUILD_WHOLE: 'false',
    BUILD_VERSION: JSON.stringify(readFileSync('Cargo.toml', 'utf8').match(/^version = "([^"]+)"/m)[1]),
    BUILD_WASM: JSON.stringify(sha256(readFileSync(wasmFile), 'hex')),
    BUILD_FIRST: String(statSync(wasmFile).size),
    BUILD_REST: JSON.stringify(`sha256-${sha256(readFileSync(restFile), 'base64')}`),
  },
  absWorkingDir: process.cwd(),
};

/** Some of what is loaded later, by name. */
async function later(names) {
  const all = await Promise.all(names.map((name) => jsonOf(join(process.cwd(), LATER[name]))));
  return Buffer.from(`{${all.map((json, i) => `${JSON.stringify(names[i])}:${json}`).join()}}`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'www'), { recursive: true });

const text = async (extra) =>
  (
    await esbuild.build({
      ...options,
      define: { ...options.define, BUILD_WHOLE: 'true' },
      format: 'iife',
      write: false,
      ...extra,
    })
  ).outputFiles[0].text;
// The worker is inside of the script that starts it.
const worker = starting(await text({ entryPoints: ['www/worker.js'], plugins: [glue] }));

// The site.
const site = await esbuild.build({
  ...options,
  entryPoints: ['www/element.js', 'www/engine.js'],
  outdir: join(dist, 'www'),
  format: 'esm',
  splitting: true,
  metafile: true,
  chunkNames: 'part-[hash]',
  plugins: [styles, glue, worker],
  external: ['./archive-worker.js'],
});
// By itself: it shares nothing that the page loads at first.
await esbuild.build({
  ...options,
  entryPoints: ['www/archive-worker.js'],
  outdir: join(dist, 'www'),
  format: 'esm',
  plugins: [glue],
});
// The list of tags is whole: one request.
await esbuild.build({
  ...options,
  entryPoints: ['www/tags.js'],
  outdir: join(dist, 'www'),
  format: 'esm',
  plugins: [styles, glue],
  external: ['./engine.js'],
});
cpSync(wasmFile, join(dist, 'www/webdis_verify_bg.wasm'));
cpSync(restFile, join(dist, 'www/webdis_verify_rest.wasm'));
cpSync(archiveFile, join(dist, 'www/archive_wasm_bg.wasm'));
const page = readFileSync('index.html', 'utf8');
// What the first verdict needs is asked for by the page itself, at once.
const first = new Set();
const needed = (file) => {
  if (first.has(file)) return;
  first.add(file);
  for (const { path, kind } of site.metafile.outputs[file].imports)
    if (kind === 'import-statement') needed(path);
};
needed(relative(process.cwd(), join(dist, 'www/element.js')));
const ahead = [
  ...[...first].map((file) => `<link rel="modulepreload" href="${relative(dist, file)}">\n`),
  '<link rel="preload" as="fetch" type="application/wasm" crossorigin href="www/webdis_verify_bg.wasm">\n',
];
const tag = /<script type="module" src="www\/element\.js">/;
writeFileSync(
  join(dist, 'index.html'),
  page.replace(tag, (script) => ahead.join('') + script),
);

// One script, and one file.
const sri = (file) =>
  `sha384-${createHash('sha384')
    .update(readFileSync(join(dist, file)))
    .digest('base64')}`;
const archiveWorker = await text({ entryPoints: ['www/archive-worker.js'], plugins: [glue] });
// What is packed: the engine's two parts have much in common.
const parts = {
  engine: Buffer.concat([readFileSync(wasmFile), readFileSync(restFile)]),
  archive: readFileSync(archiveFile),
  more: await later(Object.keys(LATER)),
};
const keep = join(wasmDir, '../packed');
const inside = Object.fromEntries(
  Object.entries(parts).map(([name, bytes]) => [name, pack(bytes, keep).toString('base64')]),
);
const both = { contents: "import './www/element.js'; import './www/tags.js';", resolveDir: process.cwd() };
const plugins = [styles, glue, worker, packed(archiveWorker, { inside })];
writeFileSync(join(dist, 'webdis-verify.js'), await text({ stdin: both, plugins }));
const whole = { ...both, contents: `${both.contents} export * from './www/engine.js';` };
writeFileSync(join(dist, 'webdis-verify.mjs'), await text({ stdin: whole, format: 'esm', plugins }));
const begin = await text({ entryPoints: ['www/file.js'] });
const element = { ...both, contents: "import './www/element.js';" };
// What a host's headers must allow, too, for the single files to start there.
const inline = new Set();
for (const [name, small] of [
  ['webdis-verify', false],
  ['webdis-verify-small', true],
]) {
  const own = await text({
    stdin: element,
    plugins: [styles, glue, worker, packed(archiveWorker, { small })],
  });
  const { archive, ...few } = {
    ...parts,
    page: Buffer.from(own),
    more: small ? await later(['examples']) : parts.more,
  };
  writeFileSync(join(dist, `${name}.html`), singleFile(page, begin, own, small ? few : { archive, ...few }));
}
writeFileSync(
  join(dist, 'integrity.txt'),
  [
    ['webdis-verify.js', 'defer'],
    ['webdis-verify.mjs', 'type="module"'],
  ]
    .map(
      ([file, kind]) =>
        `<script src="${file}" integrity="${sri(file)}" crossorigin="anonymous" ${kind}></script>\n`,
    )
    .join(''),
);
// The page's own policy, what only a header can say, the scripts of the single
// files, and the documentation's style sheet, which stands in it.
const own = page
  .match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1]
  .replace("script-src 'self'", `script-src 'self' ${[...inline].join(' ')}`);
const [, style] = readFileSync('docs/demo.html', 'utf8').match(/<style>([^]*?)<\/style>/);
writeFileSync(
  join(dist, '_headers'),
  `/*
  Content-Security-Policy: ${own}; style-src 'sha256-${sha256(style, 'base64')}'; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cross-Origin-Opener-Policy: same-origin
/webdis-verify.*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
`,
);
for (const extra of ['www/webdis-verify.d.ts', 'webdis.pub']) {
  if (existsSync(extra)) cpSync(extra, join(dist, extra.split('/').pop()));
}
mkdirSync(join(dist, 'docs'));
cpSync('docs/demo.html', join(dist, 'docs/demo.html'));

const files = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(dir, entry.name)) : [join(dir, entry.name)],
  );
// Hosts read _headers and do not serve it.
const sums = files(dist)
  .filter((file) => !file.endsWith('_headers'))
  .sort()
  .map((file) => `${sha256(readFileSync(file), 'hex')}  ${relative(dist, file)}\n`);
writeFileSync(join(dist, 'SHA256SUMS'), sums.join(''));
for (const file of files(dist).sort())
  console.error(`  ${String(statSync(file).size).padStart(8)}  ${relative(dist, file)}`);

/** The page with its parts packed inside, and a policy that allows no request
 * and no scripts but `begin`, which unpacks, and `own`, the page's. */
function singleFile(html, begin, own, parts) {
  // `</script` and `<!--` would end or change the script element.
  const safe = begin.replace(/<(\/script|!--)/gi, '\\x3C$1');
  // The page's own policy, with the script's hash for its address and
  // without any connection.
  const meta = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;
  const directives = new Map(
    (html.match(meta)?.[1] ?? '')
      .split(';')
      .map((d) => d.trim())
      .filter(Boolean)
      .map((d) => [d.split(' ')[0], d]),
  );
  if (directives.get('default-src') !== "default-src 'none'")
    throw new Error("index.html: default-src is not 'none'");
  const scripts = [safe, own].map((script) => `'sha256-${sha256(script, 'base64')}'`);
  for (const hash of scripts) inline.add(hash);
  directives.set('script-src', `script-src ${scripts.join(' ')} 'wasm-unsafe-eval'`);
  directives.set('worker-src', 'worker-src blob:');
  directives.set('connect-src', "connect-src 'none'");
  if (/rel="icon" href="data:/.test(html)) directives.set('img-src', 'img-src data:');
  const policy = [...directives.values()].join('; ');
  const replaceOnce = (from, to) => {
    if (html.split(from).length !== 2 && !(from instanceof RegExp && from.test(html)))
      throw new Error(`index.html: ${from} is not there exactly once`);
    html = html.replace(from, () => to);
  };
  replaceOnce(meta, `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  replaceOnce(/<script type="module" src="www\/element\.js"><\/script>\n?/, '');
  if (/<(script|link [^>]*stylesheet)/i.test(html))
    throw new Error('index.html: another script or style sheet cannot be put into the single file');
  // A classic script runs where it stands: after what it upgrades.
  const end = html.lastIndexOf('</html>');
  const data = Object.entries(parts).map(
    ([name, bytes]) =>
      `<script type="text/plain" id="packed-${name}">${textOf(pack(bytes, keep))}</script>\n`,
  );
  return `${html.slice(0, end)}${data.join('')}<script>${safe}</script>\n${html.slice(end)}`;
}
