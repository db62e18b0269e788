// The layers of a fetched image: a switch that fetches and hashes them too.

import { h } from '../dom.js';
import { reading } from './reading.js';

/**
 * Offers the layers of a fetched image, once the engine says which there are.
 * `core` is the engine's session, `session` the page's. It is stopped too where
 * something else took the place of its progress.
 */
export function layersOf(words, core, proxy, session) {
  const { chosen } = session;
  const node = h('div', { class: 'layers' });
  const size = ({ layers }) => words.bytes(layers.reduce((all, layer) => all + layer.size, 0));
  const fetching = async (platform) => {
    const stop = new AbortController();
    const bar = reading(words, chosen.image, () => stop.abort());
    const onProgress = (now) => { if (bar.node.isConnected) bar.update(now); else stop.abort(); };
    node.replaceChildren(bar.node);
    let said = '';
    try {
      const failed = await core.fetchLayers(platform.layers, { signal: stop.signal, onProgress });
      if (failed.length) said = words.t('layersFailed', { n: failed.length, of: platform.layers.length, reason: failed[0].error.message });
    } catch (error) {
      if (!stop.signal.aborted) said = String(error.message ?? error);
    }
    if (stop.signal.aborted) { offer(); return; }
    node.replaceChildren(said && h('p', { class: 'soft small' }, said));
    session.check(true);
  };
  let all = [];
  const offer = () => {
    const choice = all.length > 1 && h('select', { 'aria-label': words.t('layersPlatform') }, all.map(({ platform }, at) => h('option', { value: at }, platform)));
    const chosen = () => all[choice ? Number(choice.value) : 0];
    const button = h('button', { type: 'button', class: 'quiet', onclick: () => fetching(chosen()) });
    const label = () => { button.textContent = words.t('layersFetch', { size: size(chosen()) }); };
    if (choice) choice.addEventListener('change', label);
    if (all.length) { label(); node.replaceChildren(h('p', { class: 'small' }, choice, ' ', button)); }
  };
  core.layers(chosen, { proxy }).then((found) => { all = found; offer(); }, () => {});
  return node;
}
