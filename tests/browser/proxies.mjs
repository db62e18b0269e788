// The three registry proxies, started on loopback with the same rules: the
// registries given are added to each one's own list, nothing else is changed
// but the port and the time to wait.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, serve, which } from '../interop/lib.mjs';
import { inCI, root } from './harness.mjs';
import { program } from './registry.mjs';

const here = join(root, 'tests/browser/workerd');
/** Seconds each proxy waits for a registry. */
export const PATIENCE = 6;

/** What cannot be had: a failure in CI, said aloud elsewhere. */
export function without(what, why) {
  assert.ok(!inCI, `${what}: ${why}`);
  console.error(`SKIPPED: ${what}: ${why}`);
  return undefined;
}

/** `webdis-verify serve`, built from this tree. */
async function native(work, { hosts, origin, names }) {
  assert.ok(existsSync(program), `${program} is not built; run \`cargo xtask test browser\``);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // It serves a page or does not start; the page is another test's.
  const page = join(work, 'page');
  mkdirSync(page, { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>A page</title>');
  const args = ['serve', '--listen', `127.0.0.1:${port}`, '--page', page, '--timeout', `${PATIENCE}`, '--allow-origin', origin,
    ...[...hosts, ...names].flatMap((host) => ['--allow', host])];
  return { url, ...(await serve(program, args, `${url}/`)) };
}

const MODULE = 'ngx_http_js_module.so';
const modules = () => ['/usr/lib/nginx/modules', '/usr/share/nginx/modules'].map((dir) => join(dir, MODULE)).find(existsSync);

/** nginx with deploy/nginx.conf and its njs; Debian's nginx-light is enough. */
async function nginx(work, { hosts, origin, names }) {
  const file = which('nginx') ?? ['/usr/sbin/nginx'].find(existsSync);
  if (!file) return without('nginx', 'it is not installed (Debian package nginx-light)');
  if (!modules()) return without('nginx', 'its njs is not installed (Debian package libnginx-mod-http-js)');
  const port = await freePort();
  const dir = join(work, 'nginx');
  mkdirSync(dir, { recursive: true });
  const replace = (text, from, to) => {
    assert.ok(text.includes(from), `deploy/nginx.conf has no ${from}`);
    return text.replace(from, to);
  };
  let text = readFileSync(join(root, 'deploy/nginx.conf'), 'utf8');
  text = replace(text, 'js_path /etc/nginx;', `js_path ${join(root, 'deploy')};`);
  text = replace(text, 'listen 127.0.0.1:8081;', `listen 127.0.0.1:${port};`);
  text = replace(text, 'proxy_read_timeout 30s;', `proxy_read_timeout ${PATIENCE}s;`);
  text = replace(text, '    registry-1.docker.io https;\n', [...hosts, ...names].map((host) => `    ${host} http;\n`).join(''));
  text = replace(text, '    https://registry-1.docker.io 1;\n', hosts.map((host) => `    http://${host} 1;\n`).join(''));
  text = replace(text, '    default $http_origin;\n', `    default "";\n    ${origin} $http_origin;\n`);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(dir, name)};`).join('\n');
  writeFileSync(join(dir, 'nginx.conf'), `load_module ${modules()};\nmaster_process off;\ndaemon off;\npid ${join(dir, 'pid')};\nerror_log ${join(dir, 'error.log')};
events { worker_connections 256; }\nhttp {\naccess_log off;\n${temp}\n${text}\n}\n`);
  const url = `http://127.0.0.1:${port}`;
  return { url, ...(await serve(file, ['-p', dir, '-c', join(dir, 'nginx.conf')], `${url}/`)) };
}

/** deploy/worker.js in workerd; `network` says which addresses it may reach. */
async function worker(work, { hosts, origin, names }, network = ['local', 'private', 'public']) {
  const binary = join(here, `node_modules/@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`);
  if (!existsSync(binary)) return without('workerd', 'it is not installed (Linux only: `npm ci` in tests/browser/workerd)');
  const port = await freePort();
  const dir = join(work, `workerd-${port}`);
  mkdirSync(dir, { recursive: true });
  const source = readFileSync(join(root, 'deploy/worker.js'), 'utf8');
  writeFileSync(join(dir, 'worker.js'), source);
  const all = [...hosts, ...names];
  const binding = (name, value) => `( name = "${name}", text = ${JSON.stringify(JSON.stringify(value))} )`;
  writeFileSync(join(dir, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .proxy), (name = "internet", network = (allow = ${JSON.stringify(network)})) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ]
);
const proxy :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "worker.js") ], compatibilityDate = "2026-01-01",
  bindings = [ ${[binding('DIRECT', all), binding('ALLOW_HTTP', all), binding('REDIRECTED', []), binding('ORIGINS', [origin]), binding('TIMEOUT', PATIENCE * 1000)].join(', ')} ]
);
`);
  const url = `http://127.0.0.1:${port}`;
  return { url, ...(await serve(binary, ['serve', join(dir, 'config.capnp')], `${url}/`)) };
}

/** Name to how it is started: `(work, { hosts, names, origin })`; undefined where it cannot be had. */
export const PROXIES = { 'webdis-verify serve': native, 'nginx': nginx, 'worker (workerd)': worker };

/** The worker where only public addresses can be reached, as on Cloudflare. */
export const publicWorker = (work, options) => worker(work, options, ['public']);

/** The worker with its own list of hosts, wildcards included. */
export const listedWorker = (work, options) => worker(work, { ...options, hosts: ['*.pkg.dev'], names: [] }, ['public']);
