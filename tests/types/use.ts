// A program as a user of the types would write it. `@ts-expect-error` marks
// what must not compile: an unused one is an error, so this cannot pass by
// the types being `any`.

import { Session, check, codes, tags, verify, version } from '../../www/webdis-verify.js';
import type { Input, Outcome, Report } from '../../www/webdis-verify.js';

export async function run(file: Uint8Array): Promise<Outcome> {
  const inputs: Input[] = [{ name: 'index.json', origin: 'file', bytes: file }];
  const report: Report = await check(inputs, {
    image: 'nicolas/webdis:0.1.24',
    publisher: 'webdis',
    ignoreTlog: false,
  });
  for (const link of report.links) {
    const words: string = `${link.claim} ${link.evidence?.rule ?? ''}`;
    if (link.outcome === 'contradicted') console.log(words, link.expected, link.found);
  }
  const known: string[] = (await codes()).map((code) => code.name);
  if (!known.includes(report.code)) throw new Error(await version());
  return report.outcome;
}

export async function layers(image: string, stop: AbortSignal): Promise<number> {
  const session = new Session();
  await session.fetch({ image }, { proxy: '/' });
  const [first] = await session.layers({ image }, { proxy: '/' });
  if (!first) return 0;
  const failed = await session.fetchLayers(first.layers, {
    signal: stop,
    onProgress: ({ done }) => console.log(done),
  });
  for (const { name, error } of failed) console.log(name, error.message);
  return first.layers.length - failed.length;
}

export async function large(file: File, stop: AbortSignal): Promise<string> {
  const session = new Session();
  session.add({ name: file.name, origin: 'file', blob: file });
  await session.read({ signal: stop, onProgress: ({ done, total }) => console.log(done / total) });
  return (await session.check()).headline;
}

export function listen(): void {
  const element = document.querySelector('webdis-verify');
  element?.addEventListener('verdict', (event) => {
    const outcome: Outcome = event.detail.outcome;
    console.log(outcome, element.report?.headline);
  });
}

export async function fetched(): Promise<string> {
  const stop = new AbortController();
  const report: Report = await verify(
    'nicolas/webdis:0.1.24',
    { proxy: '/', signal: stop.signal, publisher: 'webdis' },
    ({ requests, bytes }) => {
      const so: number = requests + bytes;
      if (so > 1e7) stop.abort();
    },
  );
  const { groups } = await tags('nicolas/webdis', { limit: 10 });
  return `${report.outcome} ${groups[0]?.tags.join(' ') ?? ''}`;
}

export async function over(file: Uint8Array): Promise<string | undefined> {
  const session = new Session();
  const input: Input = { name: 'index.json', origin: 'file', bytes: file };
  session.add(input);
  const { outcome, items } = await session.check({ publisher: 'webdis' });
  const { report, told, looked, message } = await session.fetch(
    { image: 'nicolas/webdis:0.1.24' },
    { proxy: '/' },
  );
  const first: Uint8Array | undefined = await session.bytes(items.length - 1);
  const cause: string | undefined = told[0]?.cause?.code ?? looked[0]?.cause?.code ?? message?.code;
  session.remove(input);
  await session.close();
  return outcome === report.outcome && first ? cause : undefined;
}

// @ts-expect-error what was added is an input
export const badAdd = new Session().add('text');

// @ts-expect-error a proxy is an address
export const badProxy = verify('a', { proxy: 80 });

// @ts-expect-error an origin is `paste` or `file`
export const badOrigin: Input = { name: 'x', origin: 'web', bytes: new Uint8Array() };

// @ts-expect-error bytes are not text
export const badBytes: Input = { name: 'x', origin: 'paste', bytes: 'text' };

// @ts-expect-error there is no such option
export const badOption = check([], { verified: true });

// @ts-expect-error the outcome is not a boolean
export const badOutcome = check([]).then((report): boolean => report.outcome);
