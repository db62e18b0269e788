// How a restored text differs from the one that was given: what was cut, what
// was put back. Only for drawing; the hash has already decided.

const blank = (c) => c === ' ' || c === '\n' || c === '\r' || c === '\t' || c === '\u00a0' || c === '\ufeff';
const LONGEST = 65536;
const STARTS = 64;

// One character of a JSON string with the length of its spelling.
function unit(text, at) {
  if (text[at] !== '\\') return [text[at], 1];
  if (text[at + 1] === 'u') return [String.fromCharCode(parseInt(text.slice(at + 2, at + 6), 16)), 6];
  if (text[at + 1] === '/') return ['/', 2];
  return [text.slice(at, at + 2), 2];
}

function from(given, start, restored) {
  const steps = [];
  const push = (what, text) => {
    const last = steps.at(-1);
    if (last?.[0] === what) last[1] += text;
    else steps.push([what, text]);
  };
  let i = start;
  let j = 0;
  while (j < restored.length) {
    const a = given[i];
    const b = restored[j];
    if (a === b && a !== undefined) { push('same', a); i += 1; j += 1; continue; }
    if (a !== undefined && blank(a)) { push('cut', a); i += 1; continue; }
    if (blank(b)) { push('add', b); j += 1; continue; }
    if (a === undefined) return null;
    const [x, n] = unit(given, i);
    const [y, m] = unit(restored, j);
    if (x !== y) return null;
    push('cut', given.slice(i, i + n));
    push('add', restored.slice(j, j + m));
    i += n;
    j += m;
  }
  const tail = /^[\s\u00a0]*/.exec(given.slice(i))[0];
  if (tail) push('cut', tail);
  return steps;
}

/** Steps `['same' | 'cut' | 'add', text]`, or null if nothing was changed or
 * the two cannot be aligned. */
export function align(given, restored) {
  if (!restored || restored.length > LONGEST || given.length > LONGEST * 4) return null;
  let start = given.indexOf(restored[0]);
  for (let tries = 0; start >= 0 && tries < STARTS; tries += 1) {
    const steps = from(given, start, restored);
    if (steps) return steps.some(([what]) => what !== 'same') ? steps : null;
    start = given.indexOf(restored[0], start + 1);
  }
  return null;
}
