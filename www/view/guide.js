// Older releases, step by step: what to print, what to paste here.

import { h } from '../dom.js';
import { command } from './command.js';

/** When Docker's Content Trust service ends. */
export const END = '2026-12-08';

const PLAIN = /^[\w.:/@-]{1,255}$/;
const ECR = 'public.ecr.aws/';

// The image at Docker Hub and its namesake at ECR, under the user's tag.
function pair(image, tag) {
  const given = PLAIN.test(image) && !image.startsWith('-') ? image : '';
  const name = (given || `nicolas/webdis:${tag}`).replace(/^(?:index\.)?docker\.io\//, '');
  const hub = name.startsWith(ECR) ? name.slice(ECR.length) : name;
  return [hub, ECR + hub];
}

// Whole name without tag, as docker keeps its metadata.
function gun(hub) {
  const path = hub.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [first, ...rest] = path.split('/');
  if (rest.length && /[.:]|^localhost$/.test(first)) return path;
  return `docker.io/${rest.length ? path : `library/${path}`}`;
}

const guides = {
  trust: ({ hub: [hub] }) => [
    ['guideTrustInspect', `docker trust inspect ${hub}`],
    ['guideTrustPull', `DOCKER_CONTENT_TRUST=1 docker pull ${hub}`],
    ['guideTrustSave', `tar -C ~/.docker/trust/tuf -cf content-trust.tar ${gun(hub)}/metadata`],
    ['guideTrustList', `docker buildx imagetools inspect --raw ${hub}`],
  ],
  single: ({ hub: [hub, ecr] }) => [
    ['guidePullHub', `docker pull ${hub}`],
    ['guidePullEcr', `docker pull ${ecr}`],
    ['guideIds', `docker image inspect ${hub} ${ecr}`],
    ['guideManifestHub', `docker buildx imagetools inspect --raw ${hub}`],
    ['guideManifestEcr', `docker buildx imagetools inspect --raw ${ecr}`],
  ],
  multi: ({ hub: [hub, ecr] }) => [
    ['guideListHub', `docker buildx imagetools inspect --raw ${hub}`],
    ['guideChildrenHub', `docker manifest inspect -v ${hub}`],
    ['guideListEcr', `docker buildx imagetools inspect --raw ${ecr}`],
    ['guideChildrenEcr', `docker manifest inspect -v ${ecr}`],
  ],
};
const tags = { trust: '0.1.19', single: '0.1.18', multi: '0.1.19' };

/** The guided paths. `open` is the one unfolded, kept by `opened`; `now` the
 * report's time, which decides what is said of the service's end. */
export function guide(words, { open, opened }) {
  const parts = Object.keys(guides).map((id) => {
    const body = h('div', {});
    const title = h('summary', {}, words.t(`guide-${id}`));
    const node = h('details', { name: 'guide', id: `guide-${id}`, open: open === id, ontoggle: () => { if (node.open) opened(id); else if (open === id) opened(null); } }, title, body);
    return { id, node, body };
  });
  return {
    node: h('section', { class: 'part guide', 'aria-labelledby': 'guide-title' }, h('h2', { id: 'guide-title' }, words.t('guide')), parts.map((p) => p.node)),
    /** Fills in the user's image. */
    show(image, now) {
      for (const { id, body } of parts) {
        const steps = guides[id]({ hub: pair(image, tags[id]) });
        body.replaceChildren(...[
          h('p', { class: 'small' }, words.t(`guide-${id}-why`)),
          id === 'trust' && h('p', { class: 'small dated' }, words.t(String(now).slice(0, 10) < END ? 'guideBefore' : 'guideAfter')),
          h('ol', { class: 'steps' }, steps.map(([word, line]) => h('li', {}, command(words, { label: words.t(word), command: line })))),
          h('p', { class: 'soft small' }, words.t(`guide-${id}-then`)),
        ].filter(Boolean));
      }
    },
  };
}
