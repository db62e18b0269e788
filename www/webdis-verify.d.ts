/**
 * Types of the engine (`engine.js`) and of the element `<webdis-verify>`.
 *
 * The report's JSON form is versioned by its member `schema`; its JSON Schema
 * is docs/report.schema.json.
 */

/** What is known of a link, or of a whole chain. */
export type Outcome = 'proven' | 'contradicted' | 'unsigned' | 'not-checked';

/** One text or file to examine. */
export interface Input {
  /** File name, or for example `paste 1`. */
  name: string;
  /** `paste`: lost newlines and changed indentation are to be expected. `file`: hashed as it is first. */
  origin: 'paste' | 'file' | 'fetched';
  /** Where it was fetched from. */
  address?: string;
  bytes: Uint8Array;
}

/** A file of any size, read piece by piece and never held: an archive, a layer. */
export interface FileInput {
  name: string;
  origin: 'file';
  blob: Blob;
}

/** How far the reading of a file is: bytes, and members measured. */
export interface Reading {
  done: number;
  total: number;
  parts: number;
  of: number;
}

/** What to check against. Nothing found among the inputs is ever trusted. */
export interface Options {
  /** The image asked about, for example `nicolas/webdis:0.1.24`. */
  image?: string;
  /** The digest the user holds, `sha256:…`. */
  digest?: string;
  /** Name of a built-in publisher profile, or the JSON text of one. */
  publisher?: string;
  /** PEM text of one P-256 public key. */
  key?: string;
  /** JSON text of a Sigstore trusted root, instead of the built-in one. */
  trustedRoot?: string;
  /** Predicate type of the attestation demanded. */
  attestation?: string;
  /** Do without evidence of a transparency log; the report says so. */
  ignoreTlog?: boolean;
  /** The time to check for, RFC 3339; the clock's if absent. */
  now?: string;
  /** Put the hashed bytes of every item into the report, base64. */
  includeBytes?: boolean;
  /** Subject of a signing certificate, with `issuer`. */
  identity?: string;
  /** OIDC issuer of a signing certificate. */
  issuer?: string;
  /** Content Trust: canonical id of the root key. */
  rootKey?: string;
  /** Content Trust: canonical id of the repository key. */
  repositoryKey?: string;
  /** Content Trust: Notary server to ask instead of the publisher's, `HOST[:PORT]` or its base address. */
  notary?: string;
  /** Milliseconds after which the engine is stopped; 30,000 if absent. */
  timeout?: number;
}

/** A place where signatures were looked for, and its answer. */
export interface Looked {
  repository: string;
  subject: string;
  place: 'referrers' | 'referrers-tag' | 'signature-tag' | 'attestation-tag';
  answer: 'found' | 'absent' | 'unsupported' | 'failed';
  count?: number;
  /** Artifact types of what was found, as far as they say. */
  kinds?: string[];
  cause?: Message;
}

/** What a registry said that a tag means. */
export interface Told {
  repository: string;
  tag: string;
  /** The digest it names, absent if there was no answer. */
  subject?: string;
  answer: 'named' | 'failed';
  cause?: Message;
  /** Whether a proxy told it. */
  proxy: boolean;
}

/** How far a fetch is. */
export interface Progress {
  requests: number;
  bytes: number;
  /** Documents that arrived, of those known to be wanted. */
  done: number;
  total: number;
  /** What the registry says of its rate limit. */
  remaining: string | null;
}

/** How to fetch. */
export interface Fetch {
  /** Address of a registry proxy; the page's own origin if absent; `null` asks registries themselves. */
  proxy?: string | null;
  /** Stops it: what is missing then is `not-checked`. */
  signal?: AbortSignal;
}

/** Tags that name the same digest. */
export interface TagGroup {
  digest: string;
  tags: string[];
  platforms: { platform: string; digest: string }[];
}

/** A sentence with its code and arguments. */
export interface Message {
  code: string;
  text: string;
  next?: string;
  args: Record<string, string>;
}

/** What was examined in a link. */
export interface Evidence {
  digest: string | null;
  size: number | null;
  expected: string | null;
  found: string | null;
  rule: string;
  facts: [name: string, value: string][];
  /** Base64. */
  bytes?: string;
}

/** One claim and what became of it. */
export interface Link {
  id: string;
  parent: string | null;
  place: 'chain' | 'branch' | 'aside';
  claim: string;
  outcome: Outcome;
  code: string;
  args: Record<string, string>;
  next: string;
  expected: string | null;
  found: string | null;
  evidence: Evidence | null;
  caveats: Message[];
}

/** One thing that was given, as it was recognised. */
export interface Item {
  name: string;
  kind: string;
  size: number;
  digest: string;
  repairs: Message[];
  notes: Message[];
  parent: number | null;
  /** Base64, with `includeBytes`. */
  bytes?: string;
}

/** Something that is still missing. */
export interface Need {
  kind: 'tag' | 'manifest' | 'blob' | 'signature' | 'log-evidence' | 'metadata' | 'publisher' | 'subject';
  tag?: string;
  digest?: string;
  /** Notary v1 role, for example `targets/releases`. */
  role?: string;
  /** `registry/repository` to ask, where known. */
  repository: string | null;
  /** Whether the verdict waits for it. */
  required: boolean;
  /** The stable code of what to paste or add. */
  code: string;
  /** That in English words. */
  hint: string;
}

/** A command that does one step in a terminal. */
export interface Command {
  code: string;
  label: string;
  command: string;
  prints: string | null;
}

/** The whole answer. */
export interface Report {
  schema: string;
  outcome: Outcome;
  code: string;
  headline: string;
  args: Record<string, string>;
  next: string;
  subject: { reference: string | null; digest: string | null; kind: string; platform: string | null };
  publisher: { name: string; source: string; keys: { name: string; fingerprint: string }[] };
  criteria: Message[];
  links: Link[];
  caveats: Message[];
  needs: Need[];
  shows: Message[];
  notShown: Message[];
  items: Item[];
  commands: Command[];
  now: string;
}

/** A code of the report: its stable name and its English words. */
export interface Code {
  name: string;
  class: 'fact' | 'contradicted' | 'unsigned' | 'not-checked' | 'caveat';
  text: string;
  next: string;
}

/**
 * Examines the inputs. Always answers with a report, also when the engine
 * traps, takes too long or cannot be loaded (`not-checked`).
 * @throws {UsageError} for a mistake in `options`.
 */
export function check(inputs: (Input | FileInput)[], options?: Options): Promise<Report>;

/**
 * Fetches what a check of `reference` needs, and checks it. Trouble with
 * registries or the proxy makes the report `not-checked`.
 * @throws {UsageError} for a mistake in `reference` or `options`.
 */
export function verify(reference: string, options?: Options & Fetch, onProgress?: (now: Progress) => void): Promise<Report>;

/** What a fetch came to. */
export interface Fetched {
  report: Report;
  progress: Progress | null;
  /** References to the same tag in the publisher's other repositories. */
  others: string[];
  told: Told[];
  looked: Looked[];
  /** Why the image that was fetched last could not be. */
  message: Message | null;
}

/** A layer that can be fetched: what it is to be called, its size in bytes, and the request. */
export interface RemoteLayer {
  name: string;
  size: number;
  url: string;
  authorization?: string;
}

/**
 * Evidence that stays in the engine while questions change: the bytes of an
 * input cross once, those of an item are asked for. What a registry answered,
 * and why it did not, stays too: checking again says the same.
 */
export class Session {
  /** Adds an input; the same object counts once. */
  add(input: Input | FileInput): void;
  /** Forgets an input. */
  remove(input: Input | FileInput): void;
  /** The evidence is these inputs and no others. */
  give(inputs: (Input | FileInput)[]): void;
  /** Reads archives and layers that are not read yet, which `check` does too; `unread` hears of each before that. */
  read(live?: { unread?: (input: FileInput) => void; onProgress?: (now: Reading) => void; signal?: AbortSignal }): Promise<void>;
  /** Which layers of the fetched image there are, by platform. */
  layers(options?: Options, live?: { proxy?: string | null }): Promise<{ platform: string; layers: RemoteLayer[] }[]>;
  /** Fetches layers and measures them as they come, into the evidence; nothing of them is kept. Resolves to those that did not come. */
  fetchLayers(layers: RemoteLayer[], live?: { onProgress?: (now: Reading) => void; signal?: AbortSignal }): Promise<(RemoteLayer & { error: Error })[]>;
  /** The report for the evidence at hand. @throws {UsageError} */
  check(options?: Options): Promise<Report>;
  /** Fetches what a check of `options.image` needs, and checks. @throws {UsageError} */
  fetch(options: Options, live?: Fetch & { onProgress?: (now: Progress) => void }): Promise<Fetched>;
  /** Fetches the same tag from another registry into the evidence, and checks. @throws {UsageError} */
  compare(other: string, options: Options, live?: Fetch & { onProgress?: (now: Progress) => void }): Promise<Fetched>;
  /** What was fetched, without its bytes. */
  readonly fetched: { id: number; name: string; origin: 'fetched'; address: string; size: number }[];
  /** Forgets what was fetched. */
  unfetch(): void;
  /** Something fetched as an input that can be given in its place, as it is or
   * changed; the session forgets what it fetched. */
  take(fetched: { id: number; name: string; origin: 'fetched'; address: string; size: number }, options?: Options): Promise<Input & { address: string }>;
  /** The bytes of something fetched, by its id. */
  raw(id: number, options?: Options): Promise<Uint8Array | undefined>;
  /** The bytes that were hashed for an item of the report, by its index. */
  bytes(item: number, options?: Options): Promise<Uint8Array | undefined>;
  /**
   * The Notary metadata in the evidence as a zip file laid out as
   * `~/.docker/trust/tuf`, which can be given again; `null` if there is none.
   */
  metadata(options?: Options): Promise<{ name: string; bytes: Uint8Array } | null>;
  /** Lets the engine forget everything. */
  close(): Promise<void>;
}

/** The tags of a repository, grouped by the digest they name, latest versions first. */
export function tags(
  repository: string,
  options?: Fetch & { limit?: number },
  onProgress?: (now: Progress) => void,
): Promise<{ groups: TagGroup[]; leftOut: number; missing: string[]; remaining: string | null; failures: Message[] }>;

/** The platforms of an index with their digests. */
export function platforms(
  repository: string,
  digest: string,
  live?: Fetch,
): Promise<{ platforms: { platform: string; digest: string }[]; failures: Message[] }>;

/** Every code there is. */
export function codes(): Promise<Code[]>;

/** The version of the engine. */
export function version(): Promise<string>;

/** Where the engine runs: in a worker, or on the page where that is refused. */
export function where(): Promise<'worker' | 'page'>;

/** A mistake in the arguments. */
export class UsageError extends TypeError {}

/** Why the engine did not answer; `check` turns it into a report. */
export class EngineError extends Error {
  code: 'engine-stopped' | 'engine-timeout' | 'engine-incomplete' | 'engine-unavailable';
  detail: string | undefined;
}

/** `<webdis-verify>`. Attributes are strings; see docs for their meaning. */
export interface WebdisVerifyElement extends HTMLElement {
  /** The last report. */
  readonly report: Report | null;
}

declare global {
  interface HTMLElementTagNameMap {
    'webdis-verify': WebdisVerifyElement;
    /** Attributes: repository, proxy, auto, limit, theme, lang. */
    'webdis-tags': HTMLElement;
  }
  interface HTMLElementEventMap {
    /** Fired by `<webdis-verify>` with every report. */
    verdict: CustomEvent<Report>;
  }
}
