// The same steps once more, with the browser's own cryptography: WebCrypto is
// a second implementation, by other people than the verifier's. What a step
// needs stands in the report; what it cannot do here is said, not skipped.

import { decode } from './bytes.js';

const text = (bytes) => new TextDecoder().decode(bytes);
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const base64 = (bytes) => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
const join = (...parts) => { const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0; for (const p of parts) { all.set(p, at); at += p.length; } return all; };
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));

/** Facts of a link by name; a name that repeats has the last value. */
export const factsOf = (link) => Object.fromEntries(link.evidence?.facts ?? []);

/** The two numbers of an ECDSA signature: ASN.1 DER, or 64 bytes as they are.
 * Each 32 bytes; null where it is neither. */
export function numbers(signature) {
  if (signature.length === 64) return [signature.slice(0, 32), signature.slice(32)];
  let at = 2;
  if (signature[0] !== 0x30 || signature[1] !== signature.length - 2) return null;
  const out = [];
  for (let i = 0; i < 2; i += 1) {
    const length = signature[at + 1];
    if (signature[at] !== 2 || at + 2 + length > signature.length) return null;
    const digits = signature.slice(at + 2, at + 2 + length);
    const plain = digits[0] === 0 ? digits.slice(1) : digits;
    if (plain.length > 32) return null;
    out.push(join(new Uint8Array(32 - plain.length), plain));
    at += 2 + length;
  }
  return at === signature.length ? out : null;
}

// Whether the key made the signature; null where this browser cannot tell.
async function signed(spki, signature, bytes) {
  try {
    if (spki[spki.length - 33] === 0 && spki.length === 44) {
      const key = await crypto.subtle.importKey('spki', spki, { name: 'Ed25519' }, false, ['verify']);
      return await crypto.subtle.verify('Ed25519', key, signature, bytes);
    }
    const pair = numbers(signature);
    if (!pair) return false;
    const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, join(...pair), bytes);
  } catch {
    return null;
  }
}

/** The path of a leaf to the root, each step hashed: `{ left, right, hash,
 * sibling }` (RFC 9162, section 2.1.3.2). */
export async function climb(leaf, index, size, path) {
  const steps = [];
  let [at, last, hash] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of path) {
    const beside = unhex(sibling);
    const right = (at & 1n) === 1n || at === last;
    const [left, other] = right ? [beside, hash] : [hash, beside];
    hash = await sha256(new Uint8Array([1]), left, other);
    steps.push({ sibling, before: right, hash: hex(hash) });
    if (right) while ((at & 1n) === 0n && at !== 0n) { at >>= 1n; last >>= 1n; }
    at >>= 1n;
    last >>= 1n;
  }
  return steps;
}

// The entry of a log: its leaf, its way to the root, the log's signatures.
async function entry(link, bytes, facts, report) {
  const leaf = await sha256(new Uint8Array([0]), bytes);
  const out = [{ word: 'againLeaf', value: hex(leaf), ok: link.evidence.digest === `sha256:${hex(leaf)}` }];
  const signature = factsOf(report.links.find((l) => l.id === link.parent) ?? {}).signature;
  const recorded = signature && text(bytes).includes(signature);
  if (recorded) out.push({ word: 'againRecords', ok: true });
  const key = decode(facts.logKey);
  if (facts.checkpoint !== undefined) {
    const ladder = await climb(leaf, facts.leafIndex, facts.treeSize, facts.path ? facts.path.split(' ') : []);
    const root = ladder.at(-1)?.hash ?? hex(leaf);
    const [origin, size, signedRoot] = facts.checkpoint.split('\n');
    out.push({ word: 'againRoot', value: root, ok: root === facts.rootHash, n: ladder.length, ladder: { leaf: hex(leaf), steps: ladder } });
    out.push({ word: 'againCheckpoint', value: origin, ok: size === facts.treeSize && hex(decode(signedRoot) ?? []) === root });
    out.push({ word: 'againLog', ok: await signed(key, decode(facts.checkpointSignature), new TextEncoder().encode(facts.checkpoint)) });
  }
  if (facts.entrySignature !== undefined) {
    const promise = { body: base64(bytes), integratedTime: Date.parse(facts.integratedTime) / 1000, logID: facts.logId, logIndex: Number(facts.logIndex) };
    out.push({ word: 'againPromise', value: facts.integratedTime, ok: await signed(key, decode(facts.entrySignature), new TextEncoder().encode(JSON.stringify(promise))) });
  }
  return out;
}

// The digests that a signed text names: in-toto subjects, or the payload's.
const named = (json) => [...(json.subject ?? []).map((s) => `sha256:${s.digest?.sha256}`), json.critical?.image?.['docker-manifest-digest']];

const parsed = (bytes) => { try { return JSON.parse(text(bytes)); } catch { return {}; } };

/**
 * What the browser finds for a link: a list of `{ word, ok, value, n, ladder }`,
 * `ok` null where it cannot tell. `bytes` are those of the link, or null;
 * `find` resolves a digest to bytes.
 */
export async function again(link, bytes, report, find) {
  const { evidence, args } = link;
  if (!globalThis.crypto?.subtle) return [{ word: 'againNot', ok: null }];
  const facts = factsOf(link);
  const out = [];
  const both = [facts['signed manifest'], facts['other manifest']];
  if (both[0] && both[1]) {
    for (const digest of both) {
      const found = await find(digest);
      if (!found) continue;
      const hash = `sha256:${hex(await sha256(found))}`;
      out.push({ word: 'againHash', value: hash, n: found.length, ok: hash === digest });
      out.push({ word: 'againConfig', value: args.config, ok: parsed(found).config?.digest === args.config });
    }
    return out;
  }
  if (!bytes || !evidence) return out;
  if (facts.logKey) return entry(link, bytes, facts, report);
  const hash = `sha256:${hex(await sha256(bytes))}`;
  const expected = facts.role ? `sha256:${facts.signed?.replace(/^sha256:/, '')}` : evidence.digest;
  if (expected?.startsWith('sha256:')) out.push({ word: facts.role ? 'againCanonical' : 'againHash', value: hash, n: bytes.length, ok: hash === expected });
  if (facts.role) {
    const [keys, signatures] = ['publicKey', 'signature'].map((name) => evidence.facts.filter(([n]) => n === name).map(([, value]) => decode(value)));
    for (const [i, key] of keys.entries()) out.push({ word: 'againSignature', value: hex(await sha256(key)), ok: await signed(key, signatures[i], bytes) });
  } else if (facts.signature) {
    const held = report.links.find((l) => l.code === 'key-pinned' && `sha256:${l.args.fingerprint}` === facts.key)?.evidence.bytes;
    if (held) out.push({ word: 'againSignature', value: facts.key, ok: await signed(decode(held), decode(facts.signature), bytes) });
  }
  if (facts.signedBytes) {
    const outer = report.links.find((l) => l.evidence?.digest === facts.signedBytes)?.evidence.bytes;
    if (outer) out.push({ word: 'againInside', value: facts.signedBytes, ok: text(decode(outer)).endsWith(text(bytes)) });
    out.push({ word: 'againNames', value: link.found, ok: named(parsed(bytes)).includes(link.found) });
  }
  const place = /^manifests\[(\d+)\]$/.exec(facts.position ?? '');
  if (place) {
    const child = parsed(bytes).manifests?.[place[1]] ?? {};
    out.push({ word: 'againListed', value: facts['child digest'], ok: child.digest === facts['child digest'] && String(child.size) === facts['child size'] });
  }
  if (facts['config digest']) out.push({ word: 'againConfig', value: facts['config digest'], ok: parsed(bytes).config?.digest === facts['config digest'] });
  return out;
}
