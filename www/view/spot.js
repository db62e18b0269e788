// Which byte is changed, so that somebody vouched for it.

// Base64 that is signed or is a signature, then any digest: a byte in there is
// one that somebody vouches for, and the text stays what it is.
const TELLING = [/"(?:payload|sig|signature|base64Signature|Base64Signature|Payload|canonicalizedBody)"\s*:\s*"([A-Za-z0-9+/]{24,}=*)"/, /()[0-9a-f]{64}/];

const NEXT = new Map([...'0123456789abcdef', '0'].map((c, i, all) => [c, all[i + 1]]).slice(0, 16));

/** Which byte of a text or file is changed, and to what: `{ at, from, to }`. */
export function spot(bytes) {
  const text = Array.from(bytes.subarray(0, 1 << 20), (b) => String.fromCharCode(b)).join('');
  for (const pattern of TELLING) {
    const found = pattern.exec(text);
    if (!found) continue;
    const at = found.index + found[0].length - 24;
    return { at, from: text[at], to: NEXT.get(text[at]) ?? (text[at] === 'A' ? 'B' : 'A') };
  }
  // What is neither: a letter in the middle, or a bit.
  const middle = bytes.length >> 1;
  const letter = /[a-z]/i.exec(text.slice(middle));
  const at = letter ? middle + letter.index : middle;
  return { at, from: String.fromCharCode(bytes[at]), to: String.fromCharCode(bytes[at] ^ 1) };
}
