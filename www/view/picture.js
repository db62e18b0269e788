// Two registries side by side, the configs they share between them: drawn
// from the links of the report. A picture of the list below it, no more.

import '../later.js';
import { h, s } from '../dom.js';
import { short } from './digest.js';
import { glyph } from './glyph.js';

const BOX = [112, 44];
const WIDE = { along: 140, across: 64 };
const TALL = { along: 76, across: 132 };

// `nicolas/webdis:1` as the engine names it: docker.io/nicolas/webdis.
function fullName(reference) {
  const name = reference?.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  if (!name) return null;
  const [first, ...rest] = name.split('/');
  if (!rest.length) return `docker.io/library/${name}`;
  if (/^(index|registry-1)\.docker\.io$/.test(first)) return `docker.io/${rest.join('/')}`;
  return /[.:]/.test(first) || first === 'localhost' ? name : `docker.io/${name}`;
}

// What the links of one comparison say: the two images, and each platform.
function compared(report, link) {
  const rows = report.links.filter((l) => l.parent === link.id && l.args.platform).map((l) => ({
    platform: l.args.platform === 'this-platform' ? '' : l.args.platform, outcome: l.outcome, code: l.code,
    signed: l.args.signed, other: l.args.other,
    configs: ['same-config', 'config-needed'].includes(l.code) ? [l.args.config] : [l.expected, l.found].filter(Boolean),
  }));
  const parent = report.links.find((l) => l.id === link.parent);
  // On the chain the other image is the one asked about; the signed one is
  // what the chain came by.
  const reversed = link.place === 'chain';
  const signed = parent?.args.digest ?? (report.code === 'same-as-signed' ? report.args.signed : reversed ? null : report.subject.digest);
  // What stands for the other side is the engine's name for it; for this one
  // too, where two registries were asked.
  const own = report.links.find((l) => l.id.startsWith('registries-') && l.args.one)?.args;
  const name = reversed ? own?.other ?? null : own?.one ?? fullName(report.subject.reference);
  return { name, signed, other: link.args.digest, registry: link.args.registry, rows };
}

// The same from the words of the user's tools: what the conditions of the
// publisher's procedure say of each platform, or of the one image by its Id.
function said(report) {
  const ends = new Map();
  for (const { code, outcome, args, expected, found } of report.links) {
    const known = code === 'procedure-config-holds' || code === 'procedure-id-holds' ? [args.config ?? args.digest] : [expected, found].filter(Boolean);
    const row = { platform: args.platform ?? '', outcome, code, signed: args.signed, other: args.copy, configs: known };
    if (!/^procedure-(config|id)-(holds|differs)$|^procedure-platform-open$/.test(code)) continue;
    const end = ends.get(args.other) ?? { name: args.one, registry: args.other, rows: [], words: true };
    ends.set(args.other, end);
    end.rows.push(row);
  }
  const shows = (name) => report.links.find((l) => /^procedure-(digest|documented)-holds$/.test(l.code) && l.args.repository === name)?.args.digest;
  return [...ends.values()].map((end) => {
    const [signed, other] = [shows(end.name), shows(end.registry)];
    return { ...end, signed, other, rows: end.rows.map((row) => ({ ...row, signed: row.signed ?? signed, other: row.other ?? other })) };
  });
}

const word = (words, { code }) => words.t({
  'same-config': 'pictureSame', 'config-differs': 'pictureDiffers',
  'procedure-config-holds': 'pictureSame', 'procedure-config-differs': 'pictureDiffers',
  'procedure-id-holds': 'pictureSameId', 'procedure-id-differs': 'pictureDiffers',
}[code] ?? 'pictureOpen');

// A box at the centre x, y: a small title and the digest's first eight.
// Two configs that differ stand below each other.
const box = (x, y, title, digest, kind, second) => s('g', { class: `box ${kind}` },
  s('rect', { x: x - BOX[0] / 2, y: y - BOX[1] / 2, width: BOX[0], height: BOX[1], rx: 4 }),
  s('text', { x, y: y - (second ? 9 : 4), class: 'name' }, title),
  s('text', { x, y: y + (second ? 4 : 13), class: 'hex' }, digest ? short(digest) : '?'),
  second && s('text', { x, y: y + 17, class: 'hex other' }, short(second)));

// One drawing; `tall` lets it run downwards, with platforms beside each other.
function draw(words, { signed, other, rows, words: printed }, tall) {
  const { along, across } = tall ? TALL : WIDE;
  const start = (tall ? BOX[1] : BOX[0]) / 2 + 2;
  const end = start + 4 * along;
  const side = (n) => (tall ? BOX[0] / 2 + 14 : BOX[1] / 2 + 2) + n * across;
  const middle = side((rows.length - 1) / 2);
  const at = (step, n) => { const a = start + step * along; return tall ? [n, a] : [a, n]; };
  const lines = [];
  const boxes = [];
  const join = (from, to, n, dashed) => {
    const [x1, y1] = at(from, from === 0 || from === 4 ? middle : n);
    const [x2, y2] = at(to, to === 0 || to === 4 ? middle : n);
    lines.push(s('path', { d: tall ? `M${x1} ${y1}V${(y1 + y2) / 2}H${x2}V${y2}` : `M${x1} ${y1}H${(x1 + x2) / 2}V${y2}H${x2}`, class: dashed ? 'open' : '' }));
  };
  boxes.push(box(...at(0, middle), words.t(printed ? 'expected' : 'pictureSigned'), signed, 'top'), box(...at(4, middle), words.t('pictureOther'), other, 'top'));
  rows.forEach((row, i) => {
    const n = side(i);
    if (row.signed) { join(0, 1, n); boxes.push(box(...at(1, n), row.platform, row.signed, '')); }
    if (row.other) { join(4, 3, n); boxes.push(box(...at(3, n), row.platform, row.other, '')); }
    const known = row.configs.length > 0;
    if (row.signed) join(1, 2, n, !known);
    if (row.other) join(3, 2, n, !known);
    const [x, y] = at(2, n);
    const mark = glyph(row.outcome);
    for (const [key, value] of Object.entries({ x: x - BOX[0] / 2 - 10, y: y - 10, width: 20, height: 20 })) mark.setAttribute(key, value);
    boxes.push(box(x, y, word(words, row), row.configs[0], `config ${row.outcome}`, row.configs[1]), s('circle', { cx: x - BOX[0] / 2, cy: y, r: 13, class: 'gap' }), mark);
  });
  const width = tall ? side(rows.length - 1) + BOX[0] / 2 + 2 : end + BOX[0] / 2 + 2;
  const height = tall ? end + BOX[1] / 2 + 2 : side(rows.length - 1) + BOX[1] / 2 + 2;
  return s('svg', { viewBox: `0 0 ${width} ${height}`, class: tall ? 'tall' : 'wide', width, height, 'aria-hidden': 'true' }, s('g', { class: 'lines' }, lines), boxes);
}

/** The pictures of a report: one for each other registry. */
export function picture(words, report) {
  const hashed = report.links.filter((l) => l.code === 'other-registry').map((l) => compared(report, l)).filter((c) => c.rows.length);
  // Configs by their bytes, else by words; else that they are missing.
  const printed = hashed.some((c) => c.rows.some((r) => r.configs.length)) ? [] : said(report);
  const list = printed.length ? printed : hashed;
  if (!list.length) return null;
  const order = { contradicted: 0, proven: 1, consistent: 1 };
  // Few platforms are named, many are counted.
  const all = list.flatMap((c) => c.rows);
  const told = [...new Set(all.map((r) => word(words, r)))].map((said) => [said, all.filter((r) => word(words, r) === said)]);
  const sum = told.map(([said, rows]) => `${all.length > 3 ? words.number.format(rows.length) : rows.map((r) => r.platform).filter(Boolean).join(', ')}: ${said}`.replace(/^: /, '')).join(' · ');
  return h('details', { class: 'picture' },
    h('summary', {}, words.t('picture'), h('span', { class: 'soft' }, ` · ${sum}`)),
    list.map((c) => {
      const rows = [...c.rows].sort((a, b) => (order[a.outcome] ?? 2) - (order[b.outcome] ?? 2));
      const each = (r) => `${r.platform && `${r.platform}: `}${word(words, r)} ${r.configs.map(short).join(', ')}`;
      return h('figure', {},
        h('div', { class: 'ends' }, h('bdi', {}, c.name ?? words.t('pictureSigned')), h('bdi', {}, c.registry)),
        draw(words, { ...c, rows: rows.slice(0, 6) }, false), draw(words, { ...c, rows: rows.slice(0, 2) }, true),
        rows.length > 2 && h('p', { class: `soft small ${rows.length > 6 ? '' : 'tall'}` }, words.t('pictureMore', { n: rows.length })),
        h('p', { class: 'vh' }, rows.map(each).join('. ')));
    }),
    list[0].words && h('p', { class: 'small said' }, words.t('pictureSaid')),
    h('p', { class: 'soft small' }, words.t('pictureMeans')));
}
