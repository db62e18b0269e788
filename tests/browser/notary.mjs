// A Notary repository made in the test, and a server that is registry and
// Notary server in one. Keys are new each time; openssl makes the certificate.

import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const EXPIRES = '2049-01-01T00:00:00Z';

/** Canonical JSON of plain ASCII values. */
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
};

const described = (keytype, bytes) => {
  const object = { keytype, keyval: { private: null, public: bytes.toString('base64') } };
  return { object, id: sha256(canonical(object)).toString('hex') };
};

/** A key for a role; the root's stands in a certificate for `gun`. */
function key(role, gun) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (role !== 'root') return { privateKey, ...described('ecdsa', publicKey.export({ type: 'spki', format: 'der' })) };
  const folder = mkdtempSync(join(tmpdir(), 'notary-'));
  const at = (name) => join(folder, name);
  writeFileSync(at('key'), privateKey.export({ type: 'sec1', format: 'pem' }));
  execFileSync('openssl', ['req', '-x509', '-new', '-key', at('key'), '-out', at('crt'), '-days', '30', '-subj', `/CN=${gun.replaceAll('/', '\\/')}`,
    '-addext', 'basicConstraints=critical,CA:FALSE'], { stdio: 'pipe' });
  const made = { privateKey: createPrivateKey(readFileSync(at('key'))), ...described('ecdsa-x509', readFileSync(at('crt'))) };
  rmSync(folder, { recursive: true });
  return made;
}

/** Signed files of a repository in which `tags` mean `manifest`. */
function repository(gun, tags, manifest) {
  const keys = Object.fromEntries(['root', 'targets', 'snapshot', 'timestamp', 'releases'].map((role) => [role, key(role, gun)]));
  const entry = (bytes) => ({ hashes: { sha256: sha256(bytes).toString('base64') }, length: bytes.length });
  const file = (role, signed) => {
    const by = keys[role === 'targets/releases' ? 'releases' : role];
    const sig = sign('sha256', Buffer.from(canonical(signed)), { key: by.privateKey, dsaEncoding: 'ieee-p1363' });
    return Buffer.from(`{"signed":${canonical(signed)},"signatures":[{"keyid":"${by.id}","method":"ecdsa","sig":"${sig.toString('base64')}"}]}`);
  };
  const one = (name) => ({ keyids: [keys[name].id], threshold: 1 });
  const files = {};
  files.root = file('root', { _type: 'Root', consistent_snapshot: false, expires: EXPIRES, version: 1,
    keys: Object.fromEntries(['root', 'targets', 'snapshot', 'timestamp'].map((role) => [keys[role].id, keys[role].object])),
    roles: Object.fromEntries(['root', 'targets', 'snapshot', 'timestamp'].map((role) => [role, one(role)])) });
  files.targets = file('targets', { _type: 'Targets', expires: EXPIRES, version: 1, targets: {},
    delegations: { keys: { [keys.releases.id]: keys.releases.object }, roles: [{ name: 'targets/releases', paths: [''], ...one('releases') }] } });
  files['targets/releases'] = file('targets/releases', { _type: 'Targets', expires: EXPIRES, version: 1, delegations: { keys: {}, roles: [] },
    targets: Object.fromEntries(tags.map((tag) => [tag, entry(manifest)])) });
  files.snapshot = file('snapshot', { _type: 'Snapshot', expires: EXPIRES, version: 1, meta: Object.fromEntries(Object.entries(files).map(([role, bytes]) => [role, entry(bytes)])) });
  files.timestamp = file('timestamp', { _type: 'Timestamp', expires: EXPIRES, version: 1, meta: { snapshot: entry(files.snapshot) } });
  return { files, rootKey: keys.root.id, repositoryKey: keys.targets.id };
}

/**
 * Serves an image `example/webdis` whose tags are signed, and the metadata.
 * @returns `{ host, gun, digest, files, rootKey, repositoryKey, asked, down, close }`;
 *   while `down` is true, the Notary part answers with 503.
 */
export async function notary(tags) {
  const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
  const name = (bytes) => `sha256:${sha256(bytes).toString('hex')}`;
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: TYPE,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', size: config.length, digest: name(config) }, layers: [] }));
  const self = { asked: [], down: false, digest: name(manifest) };
  const routes = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    self.asked.push(`${request.method} ${pathname}`);
    const trust = pathname.includes('/_trust/');
    const [type, body] = routes.get(pathname) ?? [];
    const status = trust && self.down ? 503 : body ? 200 : 404;
    const sent = status === 200 ? body : Buffer.from('{}');
    response.writeHead(status, { 'content-type': type ?? 'application/json', 'content-length': sent.length,
      ...(status === 200 && !trust && { 'docker-content-digest': name(sent) }) });
    response.end(request.method === 'HEAD' ? undefined : sent);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  self.host = `127.0.0.1:${server.address().port}`;
  self.gun = `${self.host}/example/webdis`;
  Object.assign(self, repository(self.gun, tags, manifest));
  routes.set('/v2/', ['application/json', Buffer.from('{}')]);
  for (const at of [...tags, self.digest]) routes.set(`/v2/example/webdis/manifests/${at}`, [TYPE, manifest]);
  routes.set(`/v2/example/webdis/blobs/${name(config)}`, ['application/json', config]);
  for (const [role, bytes] of Object.entries(self.files)) routes.set(`/v2/${self.gun}/_trust/tuf/${role}.json`, ['application/json', bytes]);
  self.close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return self;
}
