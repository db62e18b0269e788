// Rules and English words of what is loaded later: what links unfold to,
// pictures, guides, fetching.

import own from './i18n/en-later.json' with { type: 'json' };
import { extend } from './style.js';
import { bring } from './words.js';

bring(own);

extend(`
.names { display: inline-block; max-width: calc(100% - 1.5em); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom }
.given .row-item { display: flex; gap: 0 .75em; align-items: baseline }
.row-item > .items { flex: 1; min-width: 0 }
.row-item > .remove { font-size: 1.125em; text-decoration: none; line-height: 1 }
.head { display: flex; gap: .75em; align-items: baseline }
.head .remove { margin-inline-start: auto }
.row-item .name { font-weight: 600; overflow-wrap: anywhere; max-width: 45% }
.item { font-size: .9375em }
.item summary { color: inherit; padding-block: 1px }
.remarks { line-height: 1.5; color: var(--soft); padding-inline-start: 1em }
:is(.item, .items) > .remarks { padding-inline-start: 0 }
.repair::before { content: "↺ " }
.item .digest { padding-inline-start: 1em }

.beside-registries .sides { margin-top: .75em; grid-template-columns: minmax(0, 1fr) } .beside-registries .sides > * { min-width: 0 } .beside-registries h3 { overflow-wrap: anywhere }
.fetching { display: grid; gap: .5em } .fetching .bar { justify-content: space-between; margin: 0 }
progress { width: 100%; height: 6px; accent-color: var(--accent) }
.fetched { display: grid; gap: .5em } .script .copy { border: 1px solid var(--edge); min-height: 2.25em; padding: .25em .875em; font-size: 1em }
.bounds > .sides { padding-block: .5em }
.sides { display: grid; gap: 1.25em 2.5em; font-size: .9375em; line-height: 1.55 }
.sides li { padding-block: .2em; padding-inline-start: 1.25em; text-indent: -1.25em }
.shows li::before { content: "+"; display: inline-block; width: 1.25em; text-indent: 0; color: var(--soft) }
.not-shown li::before { content: "–"; display: inline-block; width: 1.25em; text-indent: 0; color: var(--soft) }
@container (min-width: 560px) { .sides { grid-template-columns: 1fr 1fr } }
.about summary { color: var(--soft) }
.about p { color: var(--soft); padding-bottom: .5em }
.guide > details { border-top: 1px solid var(--rule); padding-block: .25em; margin-inline-start: 1em }
.guide details > div { display: grid; gap: .75em; padding-block: .375em .75em }
.dated { border-inline-start: 3px solid var(--edge); padding-inline-start: .75em }
.steps { display: grid; gap: .75em; counter-reset: s }
.steps > li { counter-increment: s; padding-inline-start: 1.75em; position: relative }
.steps .command { margin-top: 0 }
.steps > li::before { content: counter(s); position: absolute; inset-inline-start: 0; color: var(--soft) }
.again ul { display: grid; gap: .375em; margin-block: .25em .5em }
.again li { display: flex; gap: .625em; align-items: start } .again .ladder li { display: block }
.again .glyph { width: 1.0625em; height: 1.0625em; margin-top: .25em }
.ladder { font-size: .9375em; padding-inline-start: .75em; border-inline-start: 2px solid var(--rule); margin-block: .25em }
.drawer h3 { margin: 0 }
figure { margin: 0 0 .75em; max-width: 680px }
figure svg { max-width: 100%; height: auto; display: block }
figure .tall { display: none }
.ends { display: flex; justify-content: space-between; gap: 1em; margin-bottom: .5em; font: .8125em var(--mono); overflow-wrap: anywhere }
.ends bdi:last-child { text-align: end }
.lines path { fill: none; stroke: var(--edge); stroke-width: 1.5 }
.lines .open { stroke-dasharray: 4 4 }
.box rect, .gap { fill: var(--paper); stroke: var(--edge) }
.gap { stroke: none }
.box.top rect, .box.config rect { fill: var(--tint) }
.box text { text-anchor: middle; fill: var(--soft); font-size: 11px }
.box .hex { fill: var(--ink); font: 13px var(--mono) }
.box.proven .name { fill: var(--proven) }
.box.contradicted .name { fill: var(--contradicted) }
@container (max-width: 700px) { figure .wide { display: none } figure .tall { display: block } .ends { display: grid; gap: 0 } .ends bdi:last-child { text-align: start } }
.drawer { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1em; padding: .875em 0 .75em; font-size: .9375em; color: var(--ink) }
.compare dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25em 1em }
.compare dt, .facts dt { color: var(--soft) }
.compare code { overflow-wrap: anywhere }
.diff, mark { background: none; color: inherit; font-weight: 700; text-decoration: underline 2px var(--contradicted); text-underline-offset: .25em }
.differs .whole { color: var(--soft) }
.differs .diff, .differs mark { color: var(--ink) }
.compare p { font-size: .9375em; margin-top: .25em }
.facts { display: grid; grid-template-columns: minmax(6em, auto) minmax(0, 1fr); gap: .25em 1em }
.facts dd { overflow-wrap: anywhere }
.code { font-size: .875em }
.bytes .bar { justify-content: space-between; margin: 0 0 .375em }
.tabs { display: flex; flex: none }
.tabs button { white-space: nowrap }
.tabs button:only-child { display: none }
.tabs button { min-height: 26px; padding: 0 .625em; font-size: .8125em; border-radius: 0; margin-inline-start: -1px }
.tabs button:first-child { border-radius: 4px 0 0 4px } .tabs button:last-child { border-radius: 0 4px 4px 0 }
.tabs [aria-pressed=true] { background: var(--ink); border-color: var(--ink); color: var(--paper) }
.dump { max-height: 22em; overflow: auto; background: var(--tint); border-radius: 4px; padding: .75em; font-size: .8125em; line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere }
.dump.hex { white-space: pre; overflow-wrap: normal }
.off, .asc { color: var(--soft) }
del { color: var(--contradicted); text-decoration: line-through; background: color-mix(in srgb, var(--contradicted) 12%, transparent) }
ins { color: var(--proven); text-decoration: underline; background: color-mix(in srgb, var(--proven) 14%, transparent) }
.one-byte { border-inline-start: 3px solid var(--accent); padding: .25em .875em; margin-bottom: 1em } .one-byte li::before { content: "✕ "; color: var(--soft) } .one-byte > * + * { margin-top: .375em }
select.spoil { max-width: 14em; font-size: .8125em; min-height: 24px; color: var(--accent); border-color: transparent; padding: 0 .25em }
.take .linked { display: flex; flex-wrap: wrap; gap: .25em .5em; align-items: center; flex-basis: 100% }
.take .linked input { flex: 1 1 16em; width: auto; font-size: .875em }
@container (max-width: 480px) {
  .about:not([open]) summary { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
  .take .print { display: none } .take { gap: 0 .125em !important } select.spoil { max-width: 11em; padding: 0 }
  .given .row-item:has(.remarks) { flex-wrap: wrap } .row-item:has(.remarks) .name { flex: 1; max-width: none } .row-item:has(.remarks) > .items { flex-basis: 100%; order: 1 }
  .compare dl, .facts { grid-template-columns: minmax(0, 1fr) !important; row-gap: 0 !important } .compare dd, .facts dd { margin-bottom: .375em }
}
@media print { .dump { max-height: none } }
`);
