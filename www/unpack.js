// What is written in a single file: bytes compressed by LZMA, as text of seven
// bits a character. No browser has a decompressor of its own that comes near
// it; brotli, which does, is not offered to scripts.
//
// LZMA as in the LZMA SDK's specification (7-zip.org, lzma-specification.txt):
// a range decoder, and models that learn each bit. The format is `.lzma`:
// properties, size of the dictionary, size, then the stream.

/** Bytes from a text: characters 0 to 127 are seven bits each, the highest
 * first; after character 127 stands which of those it is that HTML would
 * change (xtask/js/pack.mjs). */
export function bytesOf(text, escaped = [0, 13, 60, 127]) {
  const out = new Uint8Array(text.length);
  let [held, bits, length] = [0, 0, 0];
  for (let i = 0; i < text.length; i += 1) {
    let seven = text.charCodeAt(i);
    if (seven === 127) seven = escaped[text.charCodeAt(i += 1) - 48];
    held = ((held << 7) | seven) & 0x7fff;
    bits += 7;
    if (bits >= 8) out[length++] = held >> (bits -= 8);
  }
  return out.subarray(0, length);
}

/** Decompresses. What is damaged gives other bytes, or a RangeError. */
export function unpack(packed) {
  const properties = packed[0];
  const literalBits = properties % 9;
  const literalMask = (1 << (Math.floor(properties / 9) % 5)) - 1;
  const positionMask = (1 << Math.floor(properties / 45)) - 1;
  const out = new Uint8Array(new DataView(packed.buffer, packed.byteOffset).getUint32(5, true));

  // The range decoder.
  let at = 18;
  let range = 0xffffffff;
  let code = new DataView(packed.buffer, packed.byteOffset).getUint32(14);
  const models = (count) => new Uint16Array(count).fill(1024);
  const bit = (model, i) => {
    const bound = (range >>> 11) * model[i];
    let found = 0;
    if (code < bound) {
      range = bound;
      model[i] += (2048 - model[i]) >> 5;
    } else {
      range -= bound;
      code -= bound;
      model[i] -= model[i] >> 5;
      found = 1;
    }
    if (range < 0x1000000) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | packed[at++]) >>> 0;
    }
    return found;
  };
  // A number of some bits, each with a model for what came before it.
  const tree = (model, bits, from = 0) => {
    let node = 1;
    for (let i = 0; i < bits; i += 1) node = (node << 1) | bit(model, from + node);
    return node - (1 << bits);
  };
  const reverse = (model, bits, from = 0) => {
    let [node, found] = [1, 0];
    for (let i = 0; i < bits; i += 1) {
      const one = bit(model, from + node);
      node = (node << 1) | one;
      found |= one << i;
    }
    return found;
  };
  const direct = (bits) => {
    let found = 0;
    for (let i = 0; i < bits; i += 1) {
      range >>>= 1;
      const one = code >= range ? 1 : 0;
      if (one) code -= range;
      if (range < 0x1000000) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | packed[at++]) >>> 0;
      }
      found = found * 2 + one;
    }
    return found;
  };

  // The models.
  const lengths = () => ({ choice: models(2), low: models(16 * 8), mid: models(16 * 8), high: models(256) });
  const length = ({ choice, low, mid, high }, position) => {
    if (!bit(choice, 0)) return 2 + tree(low, 3, position * 8);
    if (!bit(choice, 1)) return 10 + tree(mid, 3, position * 8);
    return 18 + tree(high, 8);
  };
  const [matchLength, repeatLength] = [lengths(), lengths()];
  const literals = models(0x300 << (literalBits + Math.floor(properties / 9) % 5));
  const [isMatch, isLong] = [models(12 * 16), models(12 * 16)];
  const [isRepeat, isOther, isSecond, isThird] = [models(12), models(12), models(12), models(12)];
  const [slots, near, align] = [models(4 * 64), models(115), models(16)];

  let state = 0;
  let distances = [0, 0, 0, 0]; // the last four, less one
  for (let place = 0; place < out.length;) {
    const position = place & positionMask;
    if (!bit(isMatch, state * 16 + position)) {
      const before = place ? out[place - 1] : 0;
      const from = 0x300 * (((place & literalMask) << literalBits) + (before >> (8 - literalBits)));
      let node = 1;
      if (state >= 7) {
        // The byte that would have followed is likely to differ in one bit.
        let match = out[place - distances[0] - 1];
        do {
          const expected = (match >> 7) & 1;
          match <<= 1;
          const one = bit(literals, from + ((1 + expected) << 8) + node);
          node = (node << 1) | one;
          if (one !== expected) break;
        } while (node < 0x100);
      }
      while (node < 0x100) node = (node << 1) | bit(literals, from + node);
      out[place++] = node;
      state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
      continue;
    }
    let copied;
    if (bit(isRepeat, state)) {
      if (!bit(isOther, state)) {
        if (!bit(isLong, state * 16 + position)) {
          out[place] = out[place - distances[0] - 1];
          place += 1;
          state = state < 7 ? 9 : 11;
          continue;
        }
      } else {
        const which = !bit(isSecond, state) ? 1 : 2 + bit(isThird, state);
        const [one] = distances.splice(which, 1);
        distances.unshift(one);
      }
      copied = length(repeatLength, position);
      state = state < 7 ? 8 : 11;
    } else {
      copied = length(matchLength, position);
      state = state < 7 ? 7 : 10;
      const slot = tree(slots, 6, Math.min(copied - 2, 3) * 64);
      let distance = slot;
      if (slot >= 4) {
        const bits = (slot >> 1) - 1;
        distance = (2 | (slot & 1)) * 2 ** bits;
        distance += slot < 14 ? reverse(near, bits, distance - slot) : direct(bits - 4) * 16 + reverse(align, 4);
      }
      distances = [distance, distances[0], distances[1], distances[2]];
    }
    const source = place - distances[0] - 1;
    if (source < 0) throw new RangeError('what is packed is damaged');
    for (const end = Math.min(place + copied, out.length); place < end; place += 1) out[place] = out[place - distances[0] - 1];
  }
  return out;
}
