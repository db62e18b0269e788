// Style sheets, adopted by the shadow root: a <style> would be refused by a
// strict content security policy of the page around it.

const make = (css) => {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
};

/** Of the document, when the element is the whole page. */
export const pageSheet = make(`
html { color-scheme: light dark; background: light-dark(#fbfaf7, #15161a) }
body { margin: 0 }
webdis-verify { min-height: 100vh }
@media print { html { background: #fff; color-scheme: light } }
`);

// The dark tokens once more, for browsers without light-dark().
const dark = (css) => css.replace(/light-dark\((#\w+), (#\w+)\)/g, '$2');
const light = (css) => css.replace(/light-dark\((#\w+), (#\w+)\)/g, '$1');

const tokens = `
  --paper: light-dark(#fbfaf7, #15161a); --ink: light-dark(#1c1d21, #e9e7e1);
  --soft: light-dark(#5a5b61, #a5a49e); --rule: light-dark(#dedbd2, #33343a);
  --edge: light-dark(#85837b, #74757d); --field: light-dark(#ffffff, #1b1c21);
  --tint: light-dark(#f2efe7, #1f2127); --cut: light-dark(#fbfaf7, #15161a); --accent: light-dark(#1f4e8c, #93b9ee);
  --proven: light-dark(#1b673a, #6fc48d); --contradicted: light-dark(#b5300f, #ff8d6b);
  --not-checked: light-dark(#66676d, #9c9ca2);`;

// Embedded, it has no paper: ink and lines follow the host's text, whatever
// its theme calls itself, and outcomes are as dark or light as that text.
const host = `
  --paper: transparent; --ink: currentColor; --soft: color-mix(in oklch, currentColor 78%, transparent);
  --rule: color-mix(in oklch, currentColor 18%, transparent); --edge: color-mix(in oklch, currentColor 55%, transparent);
  --field: transparent; --tint: color-mix(in oklch, currentColor 6%, transparent);
  --cut: oklch(from currentColor clamp(0, (.62 - l) * 100, 1) 0 0 / 1); --accent: oklch(from currentColor clamp(.43, l, .8) .11 255 / 1);
  --proven: oklch(from currentColor clamp(.44, l, .78) .11 152 / 1); --contradicted: oklch(from currentColor clamp(.5, l, .76) .17 38 / 1);
  --not-checked: var(--soft)`;

const base = `
:host {
  ${tokens}
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --serif: ui-serif, Charter, "Iowan Old Style", Georgia, serif;
  display: block; container-type: inline-size; color-scheme: inherit;
  font: 400 1em/1.625 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  text-align: start; -webkit-text-size-adjust: 100%;
}
@supports not (color: light-dark(red, red)) {
  :host { ${light(tokens)} }
  @media (prefers-color-scheme: dark) { :host(:not([theme=light])) { ${dark(tokens)} } }
  :host([theme=dark]) { ${dark(tokens)} }
}
:host(:not([layout=page])) { font: inherit; line-height: 1.5; color: inherit; background: none }
@supports (color: oklch(from red l c h)) { :host(:not([layout=page])) { ${host} } }
:host([layout=page]) { font-size: 1rem }
:host([theme=light]) { color-scheme: light }
:host([theme=dark]) { color-scheme: dark }
:host([hidden]), [hidden] { display: none !important }
*, ::before, ::after { box-sizing: border-box }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; padding: 0; font: inherit }
ul, ol { list-style: none }
h1, h2, h3 { font-weight: 600 }
h2 { font-size: 1.0625em; line-height: 1.5; margin-bottom: .5em }
h3 { font-size: .875em; color: var(--soft); margin-bottom: .25em }
code, pre, .mono { font-family: var(--mono); font-size: .875em; font-variant-numeric: tabular-nums slashed-zero; font-feature-settings: "zero"; font-variant-ligatures: none }
pre code { font-size: 1em }
code, pre, .mono, .whole, .digest code, textarea:not(:placeholder-shown), #image:not(:placeholder-shown) { direction: ltr; unicode-bidi: isolate }
pre, textarea:not(:placeholder-shown), #image:not(:placeholder-shown) { text-align: left }
code { overflow-wrap: anywhere }
.soft { color: var(--soft) }
.small { font-size: .875em; line-height: 1.5 }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; user-select: none }
a { color: var(--accent); text-underline-offset: .2em }

button, input, select, textarea { font: inherit; color: inherit; max-width: 100% }
button { overflow-wrap: anywhere }
button, select { min-height: 2.25em; padding: .25em .875em; border: 1px solid var(--edge); border-radius: 4px; background: none; cursor: pointer }
select { padding-inline: .5em; background: var(--paper) }
button:hover, select:hover { border-color: var(--accent); color: var(--accent) }
button.main { background: var(--accent); border-color: var(--accent); color: var(--cut) }
button.main:hover { filter: brightness(.88); color: var(--cut) }
:host(:not([layout=page])) button.main { background: none; border: 1.5px solid; color: var(--accent); font-weight: 600 }
button.quiet, .copy { min-height: 24px; min-width: 24px; padding: 0 .375em; border-color: transparent; color: var(--accent); font-size: .8125em; text-decoration: underline; text-decoration-color: transparent; text-underline-offset: .2em }
button.quiet:hover, .copy:hover { text-decoration-color: currentColor }
input[type=text], textarea { width: 100%; padding: .375em .625em; border: 1px solid var(--edge); border-radius: 4px; background: var(--field) }
input[type=checkbox] { width: 24px; height: 24px; margin: 0; accent-color: var(--accent); flex: none }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
::placeholder { color: var(--soft); opacity: 1 }
summary { cursor: pointer; padding-block: .25em; min-height: 24px; color: var(--accent) }

.frame { padding-block: 1em }
:host([layout=page]) .frame { max-width: 88em; margin-inline: auto; padding: 1em clamp(16px, 4cqi, 48px) 2em }
header { display: flex; flex-wrap: wrap; gap: .5em 1em; justify-content: space-between; align-items: baseline; padding-bottom: .625em; margin-bottom: 1.5em; border-bottom: 1px solid var(--rule) }
header > div:first-child { display: flex; flex-wrap: wrap; gap: 0 1em; align-items: baseline }
.promise { font-size: .9em; text-wrap: balance }
h1 { font-family: var(--mono); font-size: 1.0625em; white-space: nowrap }
.choices { display: flex; gap: .5em; font-size: .875em }
.choices select { border-color: transparent }
.columns, .left { display: grid; gap: 1.5em; align-items: start; grid-template-columns: minmax(0, 1fr) }
.alert:not(:empty) { border-inline-start: 3px solid var(--contradicted); padding: .5em 1em; margin-bottom: 1.5em; background: var(--tint) }
.fallback { margin-bottom: 1.5em }
@container (min-width: 900px) {
  header, header > div:first-child { flex-wrap: nowrap }
  .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); gap: clamp(40px, 5cqi, 72px) }
  :host([layout=page]) .left { position: sticky; top: min(1.5em, calc(100vh - var(--height, 0px) - 1.5em)) }
}

.sheet { display: block; resize: vertical; min-height: 7em; font: .8125em/1.6 var(--mono); white-space: pre; padding: .75em .875em }
.sheet:placeholder-shown { white-space: pre-wrap }
:host(.answered) .sheet { min-height: 4.7em; height: 4.7em }
:host(.answered) .hint { display: none }
.title { display: flex; gap: .5em; justify-content: space-between; align-items: baseline; margin-bottom: .25em }
.title h2 { margin: 0 }
.title select { min-height: 24px; max-width: 8.5em; padding-block: 0; border-color: transparent; color: var(--accent); font-size: .875em }
.drop { position: relative }
.dropping { display: none; position: absolute; inset: 0; place-items: center; background: var(--field); border: 2px dashed var(--accent); border-radius: 4px; color: var(--accent) }
.over .dropping { display: grid }
.bar { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; margin-top: .5em }
.bar + .small { margin-top: .375em }
.row { display: grid; gap: .125em; margin-top: 1em }
.row + .small { margin-top: .375em }
label { font-size: .875em; font-weight: 600 }
h2 label { font: inherit }
.check { display: flex; gap: .625em; align-items: center; margin-top: 1em; min-height: 24px }
.policy > summary { color: inherit; padding-block: .5em; overflow-wrap: anywhere }
.policy { border-block: 1px solid var(--rule); margin-top: 1em }
.policy[open] { padding-bottom: 1em }
.policy > * + * { margin-top: .75em }
.policy .brief { font-size: .9375em; color: var(--soft) }
.keys li { display: grid; margin-bottom: .25em }
.demands li::before, .keys li::marker { content: "· "; color: var(--soft) }

.rows > li { border-top: 1px solid var(--rule); padding-block: .375em; font-size: .9375em; line-height: 1.5 }

.digest code { letter-spacing: -.01em }
.half { display: inline-block; max-width: 100%; text-indent: 0 }
.given .half { display: inline }
.digest { display: flex; flex-wrap: wrap; gap: 0 .25em; align-items: last baseline }
.digest code { flex: 0 1 auto; max-width: min(100%, 50ch) }
.digest code, .whole:has(.half) { display: inline-block; max-width: min(100%, 50ch); padding-inline-start: 7ch; text-indent: -7ch; vertical-align: top }
.g, .f { display: inline-block; margin-inline-end: .45em; text-indent: 0 }
.whole .g, .whole .f, .digest .g { white-space: nowrap }
.algo { color: var(--soft) }
.sd { white-space: nowrap; font-size: .9em }
.sd .rest { font-size: 0 }
.sd::after { content: "…" }
.stop { font-size: 0 }

.named { display: flex; gap: .5em } .named input { flex: 1; min-width: 0 }
.wrong { color: var(--contradicted) } .wrong:empty { display: none } [aria-invalid] { border-color: var(--contradicted) !important }
.fetch-slot:empty { display: none }
.fetch-slot { margin-block: 1em }
.head-slot, .rest-slot { transition: opacity .1s }
.answer[aria-busy=true] > :is(.head-slot, .rest-slot, .policy) { opacity: .45 }
.fetching-now > :not(.fetch-slot) { display: none }
.rest-slot > * { margin-top: .375em }
.rest-slot > .chain { margin-top: 1em }
.picture > figure { margin-top: .5em }
.rest-slot > .take { margin: .5em -.375em 0 }
.start { margin-top: 1.5em }
.empty { font: 500 1.5em/1.3 var(--serif); color: var(--soft); max-width: 24em }
.glyph { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round; overflow: visible }
.glyph .solid { fill: currentColor }
.glyph .cut { stroke: var(--cut); stroke-width: 2 }
.glyph .rim { fill: var(--cut); stroke: var(--ink); stroke-width: 1.5 }
.glyph.proven { color: var(--proven) }
.glyph.contradicted { color: var(--contradicted) }
.glyph.unsigned, .glyph.consistent { color: var(--ink) }
.glyph.key { color: var(--soft) }
.glyph.not-checked { color: var(--not-checked); stroke-linecap: butt }

.verdict > * + * { margin-top: .75em }
.given-slot:empty { display: none }
.headline { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .875em }
.headline .glyph { width: 2.25em; height: 2.25em; margin-top: .125em; stroke-width: 1.4 }
.headline h2 { font: 500 clamp(1.375em, 1em + 2cqi, 1.9375em)/1.22 var(--serif); margin: 0; text-wrap: balance; overflow-wrap: anywhere; max-width: 30em }
.headline p { max-width: 68ch }
.says { font-size: 1.0625em; margin-top: .25em }
.subject { font-size: .9375em; color: var(--soft); margin-top: .25em }
.subject .word { font-weight: 600 }
.subject code { color: var(--ink) }
.one { white-space: nowrap }
.headline > div > .next, .exact, .headline .digest { margin-top: .5em }
.act { margin-top: .75em }
.proven .word { color: var(--proven) }
.verdict > .caveats { padding-inline-start: 3.275em; font-size: .9375em; line-height: 1.5 }
.never { padding-inline-start: 3.25em }
p, li { overflow-wrap: anywhere; min-width: 0 }
.caveats li > span { min-width: 0 }
.caveats li { display: flex; gap: .5em; align-items: baseline }
.caveats .glyph { width: .9375em; height: .9375em; transform: translateY(.125em) }
@container (max-width: 560px) { .half { display: inline } }
@container (max-width: 480px) {
  .headline { gap: .625em } .headline .glyph { width: 1.75em; height: 1.75em }
  .verdict > .caveats { padding-inline-start: 0 }
  :host(.answered) .promise { display: none }
  header { padding-bottom: .25em; margin-bottom: 1em } .choices { font-size: .8125em; gap: 0 } .choices select { padding-inline: 0; max-width: 6.5em }
  :host(.answered) header { flex-wrap: nowrap; gap: .5em } .choices, .choices select { min-width: 0 }
  .give .bar { gap: .375em } .title h2 { font-size: 1em } :is(.give .bar, .named) > button { font-size: .875em; padding-inline: .625em }
  .exact { line-height: 1.5 }
  :host(.answered) .give :is(.folder, #proxy) { display: none }
  :host(.answered) .title h2 { font-size: .875em } :host(.answered) :is(.columns, .left) { gap: .75em } :host(.answered) .title select { max-width: 6.5em; padding-inline: 0 }
  .columns, .left { gap: 1em } .chain .claim { font-size: .9375em } .node > .line { line-height: 1.4 }
  footer { margin-top: 1em } :host([layout=page]) .frame { padding-bottom: 1em }
}
@container (max-width: 420px) {
  .named { display: grid }
  :host(.answered) .give .row { margin-top: .5em; grid-template-columns: 1fr auto; align-items: end }
  :host(.answered) .named { display: contents } :host(.answered) .give .wrong, :host(.answered) #image { grid-column: 1 / 3 }
  :host(.answered) #fetch { grid-area: 1 / 2; min-height: 28px; padding-block: 0 }
}

.needs > * + *, .needs .plain, .start ol { display: grid; gap: .75em; margin-top: .5em }
.need { padding-inline-start: 1em }
.script { display: block !important }
.command { margin-top: .375em }
.command .line { display: flex; align-items: start; gap: .25em; background: var(--tint); border-radius: 4px; padding-inline-end: .375em }
.command pre { flex: 1; min-width: 0; padding: .5em .75em; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 4px }
.command .copy { margin-top: .5em; flex: none }
.command .label { font-size: .9375em; line-height: 1.625 } .needs li > .command:first-child { margin-top: 0 }
.prints { font-size: .875em; color: var(--soft) }

.chain h2 { margin-bottom: .375em }
.node { position: relative; padding-block-end: .5em; padding-inline-start: 1.875em }
.node > .glyph { position: absolute; inset-inline-start: 0; top: .125em }
.along .node:not(.last)::before { content: ""; position: absolute; inset-inline-start: calc(.625em - 1px); top: 1.5625em; bottom: -1px; border-inline-start: 2px solid var(--rule) }
.along > li:has(> .along) > :is(details, .beside)::before { content: ""; position: absolute; inset-inline-start: calc(.625em - 1px); top: 0; bottom: 0; border-inline-start: 2px solid var(--rule) }
.beside .node::before { display: none }
.along > li > details, .along > li > .beside { position: relative; padding-inline-start: 1.875em }
.many > summary { font-size: .9375em; padding-block: 0 .5em }
.signed-part > summary { color: inherit; font-size: 1em; display: flex; gap: 10px; align-items: center } .signed-part > summary::marker { content: "" } .signed-part > summary::after { content: "▸"; color: var(--accent) } .signed-part[open] > summary::after { content: "▾" }
.beside .along { padding-inline-start: 0 }
.node > .line { display: block; width: 100%; text-align: start; border: 0; padding: 0; min-height: 24px; border-radius: 3px; line-height: 1.5 }
.node > .line:hover { color: inherit; filter: none }
.node > .line:hover .claim { text-decoration: underline; text-underline-offset: .2em; text-decoration-color: var(--accent) }
.claim { overflow-wrap: anywhere; max-width: 72ch }
.node > .line::after { content: "\\a0▸"; color: var(--accent) }
.node > .line[aria-expanded=true]::after { content: "\\a0▾" }
.node > .caveats { font-size: .875em; margin-top: .25em }
.node > .caveats li::before { content: "△"; color: var(--soft) }
:host(.spoilt) .take, :host(:not(.answered)) button.spoil, :host(.spoilt) button.spoil { display: none }
footer summary { color: inherit } footer details:not([open]) { display: inline-block; margin-inline-end: 1.5em } footer .build { font: .8125em var(--mono); overflow-wrap: anywhere; margin-block: .25em }
footer { border-top: 1px solid var(--rule); margin-top: 1.5em; padding-top: .75em; line-height: 1.5; font-size: .875em; color: var(--soft); max-width: none }
.strip { display: flex; flex-wrap: wrap; gap: .5em 1em; align-items: center }
.brief-foot:empty { display: none }
.brief-foot { border: 0; margin-top: .25em; padding: 0; line-height: 1.4 }
:host(.demo) .columns { gap: .75em; grid-template-columns: minmax(0, 1fr) !important }
:host(.demo) .frame { padding-block: .25em }
:host(.demo:not(.answered)) .right { display: none }
.strip p { flex-basis: 100%; line-height: 1.4 } .strip .soft { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
:host(.demo) :is(#chain-title, .policy + .rest-slot > .take) { display: none }
:host(:not([layout=page])) footer { color: inherit }
:host(.demo) .strip { gap: .25em }
@media (prefers-reduced-motion: no-preference) {
  .chain > .along { animation: draw .2s ease-out }
  @keyframes draw { from { clip-path: inset(0 0 100% -8px) } to { clip-path: inset(0 0 0 -8px) } }
}
@media (forced-colors: active) { .glyph { color: CanvasText } .glyph .cut { stroke: Canvas } }
@media print {
  :host { color-scheme: light; font-size: 9.5pt; --paper: #fff }
  header, .give, .take, button, .remove, .tabs, .line::after, details:not([open], .policy) { display: none } .node > .line { display: block }
  .columns { display: block } .columns > * + * { margin-top: 1em } .answer > * + * { margin-top: 1em }
  .node { padding-bottom: .5em; break-inside: avoid }
}
`;

/** Of the element. */
export const sheet = make(base);

let more = '';
/** Adds the rules of a part that is loaded later, in every element. */
export function extend(css) {
  more += css;
  sheet.replaceSync(base + more);
}
