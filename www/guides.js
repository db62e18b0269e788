// Older releases, step by step: what to print, with the user's image filled
// in. The steps are those of the command line, which reads the same file.

import guides from './guides.json' with { type: 'json' };

const { end, of, paths } = guides;

/** The day Docker's Content Trust service ends. */
export { end };

/** The guided paths by name. */
export const names = Object.keys(paths);

const isPlain = (image) => /^(?!-)[\w.:/@-]{1,255}$/.test(image);
const ECR = 'public.ecr.aws/';

// The host of a name, as docker tells it from a first folder.
const host = (name) => /^(?:localhost|[^/]*[.:][^/]*)(?=\/)/.exec(name)?.[0] ?? '';

// The image at Docker Hub (or where the user has it), its namesake at ECR,
// and the name under which docker keeps its metadata.
function places(name) {
  const given = name.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, '');
  const hub = given.startsWith(ECR) ? given.slice(ECR.length).replace(/^docker\/library\//, '') : given;
  const at = host(hub);
  const path = hub.slice(at && at.length + 1);
  const ecr = ECR + (path.includes('/') || at ? path : `docker/library/${path}`);
  const bare = path.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return { hub, ecr, gun: `${at || 'docker.io'}/${bare.includes('/') || at ? bare : `library/${bare}`}` };
}

/** Whether an image is one that the guides are about, wherever it lies, or none is named. */
export const concerns = (image) => !isPlain(image) || places(image).gun.endsWith(`/${of}`);

// Versions by number: 0.1.9 is before 0.1.12.
const numbers = (tag) => /^v?\d+(?:\.\d+)+/.exec(tag)?.[0].replace('v', '').split('.').map(Number);
const before = (a, b) => { for (let i = 0; i < Math.max(a.length, b.length); i += 1) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) < (b[i] ?? 0); return false; };

// Whether a path is about an image: the publisher's other releases are signed
// otherwise. Of other images nobody says.
function fits({ from, to }, name) {
  const [, path, tag] = /^(.*?)(?::([^/:@]*))?(?:@.*)?$/.exec(places(name).hub);
  if (path !== of || name.includes('@')) return true;
  const version = numbers(tag ?? '');
  return !!version && !before(version, numbers(from)) && !before(numbers(to), version);
}

/** `[word, command]` for each step of a path; for a release that it is
 * about where no plain name is given, or that of another release. */
export function steps(id, image) {
  const values = places(isPlain(image) && fits(paths[id], image) ? image : `${of}:${paths[id].tag}`);
  return paths[id].steps.map(([word, line]) => [word, line.replace(/\{(\w+)\}/g, (_, key) => values[key])]);
}
