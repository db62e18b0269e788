// Before anything was given: how to begin, with the image that was named.

import { h } from '../dom.js';
import { command } from './command.js';

const PLAIN = /^[\w.:/@-]{1,255}$/;

/** Where the verdict will stand, and three commands that lead to it. */
export function start(words, image) {
  const name = PLAIN.test(image) && !image.startsWith('-') ? image : 'nicolas/webdis:0.1.24';
  const step = (word, line) => h('li', {}, command(words, { label: words.t(word), command: `${line} ${name}` }));
  return h('div', {},
    h('p', { class: 'empty' }, words.t('empty')),
    h('div', { class: 'needs start' }, h('h2', {}, words.t('start')),
      h('ol', {},
        step('startPull', 'docker pull'),
        step('startBytes', 'docker buildx imagetools inspect --raw'),
        step('startSignature', 'cosign download signature'))));
}
