// Evidence in the fragment of a link. A browser never sends a fragment.
//
// A link carries evidence and the image asked about. It cannot carry a key, a
// publisher or a choice to ignore the log: whoever sends a link must not
// choose what the reader trusts.

const LONGEST = 1024 * 1024;
const UNPACKED = 8 * 1024 * 1024;

async function pump(bytes, transform, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const parts = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) { await reader.cancel(); return null; }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const toBase64 = (bytes) => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
};
const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** The fragment for this evidence, or null where it would be too long. */
export async function pack({ image, digest, given }) {
  const inputs = given.map(({ name, origin, bytes }) => ({ name, origin, data: toBase64(bytes) }));
  if (inputs.reduce((n, i) => n + i.data.length, 0) > UNPACKED) return null;
  const json = new TextEncoder().encode(JSON.stringify({ image, digest, inputs }));
  const packed = await pump(json, new CompressionStream('deflate-raw'), LONGEST);
  return packed && `#e=${toBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** What a fragment carries, or null. */
export async function unpack(fragment) {
  const text = /^#e=([\w-]+)$/.exec(fragment)?.[1];
  if (!text || text.length > LONGEST * 2) return null;
  try {
    const packed = fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
    const json = await pump(packed, new DecompressionStream('deflate-raw'), UNPACKED * 2);
    const { image, digest, inputs } = JSON.parse(new TextDecoder().decode(json));
    const string = (v) => (typeof v === 'string' ? v : '');
    return {
      image: string(image), digest: string(digest),
      given: inputs.map((i) => ({ name: string(i.name) || 'paste', origin: i.origin === 'paste' ? 'paste' : 'file', bytes: fromBase64(i.data) })),
    };
  } catch {
    return null;
  }
}
