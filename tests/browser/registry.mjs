// A registry on loopback (the one that the project's vectors were made in) and
// the real `webdis-verify serve` before it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { dist, root } from './harness.mjs';

const folder = join(root, 'tests/vectors');

/** A file of the project's vectors, as text. */
export const kept = (name) => readFileSync(join(folder, name), 'utf8');

const facts = JSON.parse(kept('index.json'));

/** The moment after the last signature. */
export const NOW = facts.made;

/** What is expected: `{repo, what, digest, signed}`. */
export const expected = () => ['app', 'legacy', 'unsigned']
  .map((name) => ({ repo: `team/${name}`, what: 'index', digest: facts.digests[`${name}/index`].digest, signed: name !== 'unsigned' }));

/**
 * Serves the registry.
 * @param twist `(path, response, method) => response` may lie: `{ status, headers, body }`.
 * @returns `{ host, asked, twist, close }`; `asked` lists `METHOD path`.
 */
export async function registry(twist = (path, answer) => answer) {
  const routes = JSON.parse(kept('registry.json'));
  const self = { asked: [], twist };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    self.asked.push(`${request.method} ${pathname}`);
    const route = routes[pathname];
    let answer = { status: 404, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
    if (pathname === '/v2/') answer = { ...answer, status: 200 };
    const list = /^\/v2\/(.+)\/tags\/list$/.exec(pathname);
    if (list) {
      const front = `/v2/${list[1]}/manifests/`;
      const tags = Object.keys(routes).filter((path) => path.startsWith(front) && !path.includes('sha256:')).map((path) => path.slice(front.length));
      answer = { ...answer, status: tags.length ? 200 : 404, body: Buffer.from(JSON.stringify({ name: list[1], tags })) };
    }
    if (route) {
      const body = route.file ? readFileSync(join(folder, route.file)) : Buffer.alloc(0);
      answer = { status: route.status, headers: { 'content-type': route.content_type, 'docker-content-digest': `sha256:${createHash('sha256').update(body).digest('hex')}` }, body };
    }
    answer = await self.twist(pathname, answer, request.method);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  self.host = `127.0.0.1:${server.address().port}`;
  self.close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return self;
}

/** The program, built by `cargo xtask test browser`. */
export const program = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/webdis-verify');

/** Starts `webdis-verify serve` with registries it may ask, and other options. */
export async function proxy(hosts, options = []) {
  assert.ok(existsSync(program), `${program} is not built; run \`cargo xtask test browser\``);
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0', '--page', dist, ...hosts.flatMap((host) => ['--allow', host]), ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await new Promise((found, failed) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const at = /(http:\/\/[\d.]+:\d+)\//.exec(said);
      if (at) found(at[1]); // the line may arrive in pieces
    });
    child.on('exit', () => failed(new Error(said)));
  });
  return { url, close: () => new Promise((done) => { child.on('exit', done); child.kill(); }) };
}
