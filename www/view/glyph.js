// Outcome glyphs. They differ in outline, so they survive greyscale.
// Decoration: the word always stands beside them.

import { s } from '../dom.js';

const shapes = {
  proven: () => [
    s('circle', { cx: 10, cy: 10, r: 8.25, class: 'solid' }),
    s('path', { d: 'M6.2 10.4l2.6 2.6 5-5.6', class: 'cut' }),
  ],
  contradicted: () => [
    s('path', { d: 'M6.6 1.75h6.8l4.85 4.85v6.8l-4.85 4.85H6.6L1.75 13.4V6.6z' }),
    s('path', { d: 'M6 10h8' }),
  ],
  unsigned: () => [s('circle', { cx: 10, cy: 10, r: 8.25 })],
  'not-checked': () => [s('circle', { cx: 10, cy: 10, r: 8.25, 'stroke-dasharray': '3.24 3.24' })],
  consistent: () => [s('circle', { cx: 10, cy: 10, r: 8.25 }), s('path', { d: 'M6.2 8h7.6M6.2 12h7.6' })],
  key: () => [s('circle', { cx: 6.5, cy: 10, r: 3.75 }), s('path', { d: 'M10.25 10h8v3.5M14.5 10v2.75' })],
  caveat: () => [s('path', { d: 'M10 3l7.5 13.5h-15z', class: 'rim' })],
};

/** The glyph of an outcome; `caveat` puts a triangle on its rim. */
export function glyph(outcome, caveat) {
  const name = Object.hasOwn(shapes, outcome) ? outcome : 'not-checked';
  return s('svg', { viewBox: '0 0 20 20', class: `glyph ${name}`, 'aria-hidden': 'true' },
    shapes[name](), caveat && s('path', { d: 'M15.2 10.4l4.3 7.8h-8.6z', class: 'rim' }));
}
