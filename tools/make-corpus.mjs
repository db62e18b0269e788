#!/usr/bin/env node
// Makes the seeds of the fuzz targets: `node tools/make-corpus.mjs [FOLDER]`,
// fuzz/corpus without one: a folder for each target of fuzz/targets. Archives
// are built here, as tools write them and as none does; documents and pastes
// are those of tests/vectors. What the fuzzer finds beside them is kept with
// `cargo +nightly fuzz cmin TARGET`; this script takes nothing away.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { header, padding } from '../tests/browser/tar.mjs';

const root = resolve(import.meta.dirname, '..');
const corpus = resolve(process.argv[2] ?? join(root, 'fuzz/corpus'));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The name of a file is its digest, as libFuzzer has it. */
function seed(target, bytes) {
  const folder = join(corpus, target);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, createHash('sha1').update(bytes).digest('hex')), bytes);
}

// A header with other fields, and its sum made anew.
function field(block, at, text) {
  const changed = Buffer.from(block);
  changed.write(text, at, 'latin1');
  changed.write('        ', 148);
  const sum = changed.reduce((all, byte) => all + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return changed;
}
const member = (name, text, fields = []) => {
  const bytes = Buffer.from(text);
  const block = fields.reduce((block, [at, value]) => field(block, at, value), header(name, bytes.length));
  return Buffer.concat([block, bytes, padding(bytes.length)]);
};
const kind = (name, flag, text = '', link = '') => member(name, text, [[156, flag], [157, link]]);
const tar = (...members) => Buffer.concat([...members, Buffer.alloc(1024)]);
const pax = (record) => {
  let length = record.length + 3;
  while (`${length} ${record}\n`.length !== length) length = `${length} ${record}\n`.length;
  return kind('x', 'x', `${length} ${record}\n`);
};

const layer = tar(member('etc/a', 'a'), kind('etc/b', '2', '', 'a'), kind('etc/c', '1', '', 'etc/a'), kind('d/', '5'), member('.wh.e', ''));
const gzip = gzipSync(layer);
const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] } });
const media = 'application/vnd.oci.image';
const described = (type, bytes) => ({ mediaType: type, digest: `sha256:${sha256(bytes)}`, size: bytes.length });
const manifest = JSON.stringify({ schemaVersion: 2, config: described(`${media}.config.v1+json`, config), layers: [described(`${media}.layer.v1.tar+gzip`, gzip)] });
const index = JSON.stringify({ schemaVersion: 2, manifests: [{ ...described(`${media}.manifest.v1+json`, manifest), annotations: { 'org.opencontainers.image.ref.name': '1.0' } }] });
const blob = (bytes) => member(`blobs/sha256/${sha256(bytes)}`, bytes);
const layout = [member('oci-layout', '{"imageLayoutVersion":"1.0.0"}'), member('index.json', index), blob(manifest), blob(config), blob(gzip)];
const list = (layers) => member('manifest.json', JSON.stringify([{ Config: 'c.json', RepoTags: ['example/app:1.0'], Layers: layers }]));
const saved = [member('a/layer.tar', layer), member('c.json', config), list(['a/layer.tar'])];

// Zstandard: one compressed frame with its checksum, and stored blocks of any bytes.
const zstd = Buffer.from('28b52ffd04686d0100440261206c61796572202c20616e64206d6f7265206f662069743a20303132333435363738390200b8186e7db9fb5f287a', 'hex');
const stored = (bytes) => {
  const block = Buffer.alloc(3);
  block.writeUIntLE((bytes.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x48]), block, bytes]);
};
const skipped = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const repeated = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x48, 0x03, 0x02, 0, 7]);

// CRC-32 (RFC 1952, section 8), for the zip below.
function sum(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
function zip(members) {
  const [files, table] = [[], []];
  let at = 0;
  for (const [name, text, packed] of members) {
    const bytes = Buffer.from(text);
    const data = packed ? deflateRawSync(bytes) : bytes;
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(packed ? 8 : 0, 4);
    about.writeUInt32LE(sum(bytes), 10);
    about.writeUInt32LE(data.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(name.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), data]);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(at, 10);
    table.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), about, where, Buffer.from(name));
    files.push(file);
    at += file.length;
  }
  const central = Buffer.concat(table);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, central, end]);
}

const long = 'x/'.repeat(60) + 'file';
const tars = [
  tar(...saved), tar(...layout), tar(...layout, list([`blobs/sha256/${sha256(gzip)}`])),
  tar(kind('L', 'L', `${long}\0`), member('short', '{}'), kind('K', 'K', `${long}\0`), kind('l', '2', '', 'short')),
  tar(pax(`path=${long}`), member('short', '{}'), pax('size=2'), member('y', '{}'), kind('g', 'g', '12 a=bcdefg\n')),
  tar(kind('a/', '5'), kind('a/../b', '0', '{}'), kind('/etc', '0'), kind('dev', '3'), kind('sparse', 'S')),
  tar(...saved, kind('b/layer.tar', '2', '', '../a/layer.tar'), kind('c', '1', '', 'c.json')),
  tar(...saved, ...saved), tar(...saved, member('C.json', config), member('./c.json', config)),
  tar(member('x', '{}', [[345, 'prefix']]), member('y', '{}', [[257, 'ustar  \0']]), member('z', '{}', [[124, '\x80']])),
  tar(...saved).subarray(0, 2000), Buffer.concat([tar(...saved), Buffer.from('trailing')]), layer,
  tar(member('repositories', '{"example/app":{"1.0":"a"}}'), member('a/json', '{}'), member('a/layer.tar', layer), member('a/VERSION', '1.0')),
];
const files = [['a/metadata/root.json', '{"signed":{"_type":"Root"}}'], ['a/metadata/targets.json', '{}\n', true]];
const described64 = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 97, 98, ...Buffer.from('name\0comment\0'), 0x12, 0x34]);
const streams = [
  gzip, Buffer.concat([gzip, gzipSync('more')]), Buffer.concat([described64, gzip.subarray(10)]), gzip.subarray(0, 40),
  zstd, stored(layer), Buffer.concat([skipped, zstd, skipped, repeated]), repeated, gzipSync(Buffer.alloc(1 << 17)),
];
for (const bytes of tars) {
  for (const target of ['archive', 'files']) seed(target, bytes);
}
for (const bytes of [...tars.slice(0, 3).map((t) => gzipSync(t)), stored(tars[0]), zip(files), zip([...files, files[0]])]) seed('archive', bytes);
for (const bytes of [...streams, layer]) {
  for (const target of ['layer', 'files']) seed(target, bytes);
}

/** Files below a folder that are not large, in the order of their names. */
const below = (folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  .map((name) => join(folder, name)).filter((file) => statSync(file).isFile() && statSync(file).size < 6000);
const vectors = join(root, 'tests/vectors');
// One of each kind that looks alike: names that differ in digits or words stand for one another.
const kinds = new Set();
for (const file of below(vectors)) {
  const bytes = readFileSync(file);
  const like = file.slice(vectors.length).replace(/images\/[^/]+|s\d-[^/]+|docker-[\d.]+(-daemon-[\d.]+)?|arm64|amd64|[\d.]{3,}/g, '*');
  if (kinds.has(like)) continue;
  kinds.add(like);
  for (const target of ['check', 'recognise']) seed(target, bytes);
  if (bytes[0] === 123 || bytes[0] === 91) seed('json', bytes);
  if (/bundle|signature-manifest|annotations|payload/.test(file)) seed('bundle', bytes);
}
for (const state of ['s2-delegated', 's5-root-key-rotated']) {
  const [one, other] = ['root.json', 'targets.json'].map((name) => readFileSync(join(vectors, 'trust', state, name)));
  seed('tuf', Buffer.concat([Buffer.from([Math.round((one.length * 255) / (one.length + other.length))]), one, other]));
}
for (const text of ['nicolas/webdis:0.1.24', 'ghcr.io/a/b', 'localhost:5000/x@sha256:' + 'a'.repeat(64), 'sha256:' + 'b'.repeat(64), readFileSync(join(root, 'webdis.pub'), 'utf8')]) {
  seed('reference', Buffer.from(text));
}
for (const text of ['[1e5,-0.1,"\\u00e9\\n",{"a":null,"b":true}]', '{"a":1,"a":2}', '"\\ud83d\\ude00"', '[[[[]]]]', '\ufeff{}']) seed('json', Buffer.from(text));
