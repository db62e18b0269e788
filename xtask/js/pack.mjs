// Packing for the single files and the script to embed: LZMA, in the files as
// text of seven bits a character. `www/unpack.js` reads both.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compress } from 'lzma1';
import { bytesOf, unpack } from '../../www/unpack.js';

/** Characters that HTML would change, or take for the end of the script; the
 * last one says that one of them follows. */
const ESCAPED = [0, 13, 60, 127];

/** Bytes as characters 0 to 127. */
export function textOf(bytes) {
  let text = '';
  const write = (seven) => {
    const place = ESCAPED.indexOf(seven);
    text += place < 0 ? String.fromCharCode(seven) : `\x7f${place}`;
  };
  let [held, bits] = [0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 7) write((held >> (bits -= 7)) & 127);
  }
  if (bits) write((held << (7 - bits)) & 127);
  return text;
}

/** Packs bytes. What takes seconds is kept in `folder`, by hash. */
export function pack(bytes, folder) {
  const kept = join(folder, createHash('sha256').update(bytes).digest('hex'));
  if (!existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, new Uint8Array(compress(new Uint8Array(bytes), 9)));
  }
  const packed = readFileSync(kept);
  const back = unpack(bytesOf(textOf(packed)));
  if (Buffer.compare(back, bytes)) throw new Error('what was packed is not what was given');
  return packed;
}
