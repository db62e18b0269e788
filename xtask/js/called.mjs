// called.mjs GLUE.js COUNTED.wasm OUT: which functions of the wasm are called
// for a first verdict on an image that a key signed: what people paste about
// it, from the project's own vectors. OUT gets the places of the functions,
// one a line.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [gluePath, counted, out] = process.argv.slice(2);
const glue = await import(pathToFileURL(resolve(gluePath)).href);
const wasm = glue.initSync({ module: readFileSync(counted) });

const folder = 'tests/vectors';
const read = (name) => readFileSync(join(folder, name));
const facts = JSON.parse(read('index.json'));
const { checks } = JSON.parse(read('cases.json'));

/** Cases of `cases.json`, by id: the signature in both of its forms and both
 * logs, files and pastes, with and without what `docker pull` printed. */
const FIRST =
  /^(bundle|sig)$|^(bundle|sig), pasted (with what|as cosign)|^bundle, the digest asked$|^bundle in a Rekor v1 log$|^sig, by its manifest$|^pulled by docker .*, signed$/;
const signed = checks.filter(({ id }) => FIRST.test(id));
if (signed.length < 10) throw new Error(`tests/vectors/cases.json has only ${signed.length} of the cases`);
const meant = (text) => (text?.startsWith?.('@') ? facts.digests[text.slice(1)].digest : text);

/** A time whose every part has a zero before it. */
const PADDED = '2027-01-02T03:04:05Z';

/** As the worker does it: www/core.js. */
function check(options, inputs) {
  const session = new glue.Session({});
  session.list();
  const ids = inputs.map(({ name, origin, bytes }) => session.add(name, origin, bytes, undefined));
  session.setOptions(options);
  const report = session.check();
  session.list();
  for (const id of ids) session.raw(id);
  report.items.forEach((_, item) => session.bytes(item));
  if (ids.length) session.remove(ids[0]);
  session.unfetch();
  session.free();
  return report;
}

glue.version();
check({}, []);
check({ image: 'nicolas/webdis:0.1.24' }, [
  { name: 'paste 1', origin: 'paste', bytes: Buffer.from('hello') },
]);
for (const {
  id,
  inputs,
  options: { key, trustedRoot = 'trusted_root', ...rest },
} of signed) {
  const options = {
    now: facts.made,
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, meant(value)])),
    trustedRoot: read(`keys/${trustedRoot}.json`).toString(),
    ...(key && { key: read(`keys/${key}.pub`).toString() }),
  };
  const given = inputs.map((text) => {
    const [at, as] = text.replace(/^paste:/, '').split(' as ');
    return {
      name: as ?? at.split('/').pop(),
      origin: text.startsWith('paste:') ? 'paste' : 'file',
      bytes: read(at),
    };
  });
  const { outcome, code } = check(options, given);
  if (outcome !== 'proven') throw new Error(`${id} is ${outcome} (${code})`);
  // Numbers of one digit are padded: else the hour of the build would decide.
  check({ ...options, now: PADDED }, given);
  // The same pasted, in turn and at once, and of the built-in publisher.
  check(
    options,
    given.map((one) => ({ ...one, origin: 'paste' })),
  );
  check(options, [
    {
      name: 'paste 1',
      origin: 'paste',
      bytes: Buffer.concat(given.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])),
    },
  ]);
  check({ now: facts.made, image: 'nicolas/webdis:0.1.24' }, given);
  // With the list whose digest the pull shows.
  if (id.startsWith('pulled')) {
    check(options, [...given, { name: 'index.json', origin: 'paste', bytes: read('images/app/index.json') }]);
  }
}

const called = [];
for (const name of Object.keys(wasm)) {
  if (name.startsWith('called ') && wasm[name].value) called.push(Number(name.slice(7)));
}
writeFileSync(
  out,
  called
    .sort((a, b) => a - b)
    .map((n) => `${n}\n`)
    .join(''),
);
console.error(`${called.length} functions are called`);
