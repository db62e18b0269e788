// The chain: a nested list on one spine, from the root of trust to the image.

import { h } from '../dom.js';
import { glyph } from './glyph.js';
import { link } from './link.js';

const FEW = 4;

// Links by parent; a parent that is missing or a circle makes a root.
function tree(links) {
  const ids = new Map(links.map((l) => [l.id, l]));
  const parentOf = (l) => {
    const seen = new Set([l.id]);
    for (let at = ids.get(l.parent); at; at = ids.get(at.parent)) {
      if (seen.has(at.id)) return null;
      seen.add(at.id);
    }
    return ids.get(l.parent) ?? null;
  };
  const children = new Map();
  for (const l of links) {
    const key = parentOf(l)?.id ?? null;
    children.set(key, [...(children.get(key) ?? []), l]);
  }
  return children;
}

/** The chain of a report. */
export function chain(words, report, context) {
  const { links } = report;
  if (!links.length) return null;
  const children = tree(links);
  // The proof of the signed image is one line where the question is whether
  // another registry's image is the same, unless something in it is to be read.
  const other = links.find((l) => l.code === 'other-registry' && l.place === 'chain' && l.parent);
  const spine = links.filter((l) => l.place === 'chain');
  const before = other ? spine.slice(0, spine.indexOf(other)) : [];
  const apart = before.length > 1 && before.every((l) => l.outcome === 'proven' && !l.caveats.length && !context.open.has(l.id));
  if (apart) {
    children.set(other.parent, children.get(other.parent).filter((l) => l !== other));
    children.set(null, [...(children.get(null) ?? []), other]);
  }
  // Caveats that were said; what a fold says is not in sight.
  let told = new Set(report.caveats.map((m) => m.text));
  const apartFrom = (draw) => { const before = told; told = new Set(told); const drawn = draw(); told = before; return drawn; };
  let index = 0;
  let last = null;
  const item = (data) => {
    const below = children.get(data.id) ?? [];
    // What hangs from a branch shows when the branch is opened, unless it
    // differs from it.
    const folds = data.place !== 'chain' && below.every((l) => l.outcome === data.outcome);
    let inner = [];
    const opened = (on) => { for (const list of folds ? inner.filter(Boolean) : []) list.hidden = !on; };
    const node = link(words, data, { ...context, report, told, commands: report.commands, index: index += 1, opened });
    if (data.place === 'chain') { node.classList.add(last ? 'on' : 'first'); last = node; }
    inner = nest(below);
    opened(context.open.has(data.id));
    return h('li', { class: data.place }, node, inner);
  };
  // Branches stand between a link and its successor on the spine.
  function nest(list) {
    const beside = list.filter((l) => l.place !== 'chain');
    const along = list.filter((l) => l.place === 'chain');
    const branch = () => h('ol', { class: 'beside' }, beside.map(item));
    return [
      beside.length > 0 && (beside.length > (other ? 0 : FEW)
        ? h('details', { class: 'many' }, h('summary', {}, words.t('besideMany', { n: beside.length })), apartFrom(branch))
        : branch()),
      along.length > 0 && h('ol', { class: 'along' }, along.map(item)),
    ];
  }
  const roots = children.get(null) ?? [];
  const main = roots.filter((l) => l.place === 'chain');
  // What stands beside it and says something new is seen; what repeats values
  // of the chain, agrees beside a proof, or is about something else, is folded; so does a text that
  // shows a digest and is no tool's.
  const { subject, args, items } = report;
  const said = new Set(['text', subject.digest, subject.kind, ...Object.values(args), ...items.map((i) => i.name),
    ...links.filter((l) => l.place === 'chain' || l.parent).flatMap((l) => Object.values(l.args))]);
  const fresh = (l) => l.outcome === 'contradicted' || (l.place === 'branch' && !(l.outcome === 'consistent' && report.outcome === 'proven') && Object.values(l.args).some((value) => !said.has(value)));
  const seen = roots.filter((l) => l.place !== 'chain' && fresh(l));
  const rest = roots.filter((l) => l.place !== 'chain' && !fresh(l));
  const section = h('section', { class: 'chain', 'aria-labelledby': 'chain-title', onkeydown: walk },
    h('h2', { id: 'chain-title', title: words.t('chainKeys') }, words.t('chain')),
    main.length > 0 && (apart
      ? [h('details', { class: 'many signed-part' }, h('summary', {}, glyph('proven'), words.t('signedPart', { n: before.length })), h('ol', { class: 'along' }, main.filter((l) => l !== other).map(item))), h('ol', { class: 'along' }, item(other))]
      : h('ol', { class: 'along' }, main.map(item))),
    seen.length > 0 && h('ol', { class: 'rest' }, seen.map(item)),
    rest.length > 0 && h('details', { class: 'many' }, h('summary', {}, words.t('aside', { n: rest.length })), h('ol', { class: 'rest' }, rest.map(item))));
  last?.classList.add('last');
  return section;
}

// Arrows walk, Right and Left open and close, Escape closes.
function walk(event) {
  const here = event.target.closest('[data-link]') ?? event.target.closest('.node')?.querySelector('[data-link]');
  if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === 'Escape' && here.link.opened()) { here.link.set(false); here.focus(); event.preventDefault(); event.stopPropagation(); return; }
  if (event.target !== here) return;
  const all = [...event.currentTarget.querySelectorAll('[data-link]')].filter((b) => b.getClientRects().length);
  const at = all.indexOf(here);
  const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (go !== undefined) all[Math.max(0, Math.min(all.length - 1, go))].focus();
  else if (event.key === 'ArrowRight') here.link.set(true);
  else if (event.key === 'ArrowLeft') here.link.set(false);
  else return;
  event.preventDefault();
}
