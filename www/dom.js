// Elements without markup: every text becomes a text node, so nothing in a
// report can become an element, and what the eye cannot see is spelled out.

const SVG = 'http://www.w3.org/2000/svg';

// Controls, bidirectional overrides, zero-width and tag characters: they can
// make one text look like another.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text with invisible characters written as ‹U+202E›. */
export const visible = (text) =>
  String(text).replace(HIDDEN, (c) => `‹U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}›`);

/** Whether a text holds characters that must not reach a terminal. */
export const hasHidden = (text) => String(text).search(HIDDEN) >= 0;

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : visible(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === '') continue;
    node.append(child instanceof Node ? child : visible(child));
  }
  return node;
}

/** `h('p', {class: 'x'}, 'text', node)` */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** The same for SVG. */
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);
