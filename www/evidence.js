// What the user gave, byte for byte, under names that do not repeat.

/** Files in one go. */
export const MOST_FILES = 2000;
/** Inputs of one check, whatever they came by: what is more is refused, and counted. */
export const MOST_INPUTS = 2000;

const encoder = new TextEncoder();

/** A list of given things. */
export class Evidence {
  #given = [];
  #pastes = 0;
  #drops = 0;
  // Names in use, and the next number of those that repeat: to look through
  // the list for each name of each number would take the cube of its length.
  #names = new Set(['typed']);
  #numbers = new Map();
  /** How many inputs were refused because there are too many. */
  refused = 0;

  /** What is given, in order. */
  get given() {
    return this.#given;
  }

  set given(list) {
    this.#given = list;
    this.#names = new Set(['typed', ...list.map((g) => g.name)]);
    this.#numbers.clear();
  }

  /** A name nothing else has. */
  #unique(name) {
    let candidate = name;
    if (this.#names.has(name)) {
      let n = this.#numbers.get(name) ?? 2;
      while (this.#names.has(`${name} (${n})`)) n += 1;
      candidate = `${name} (${n})`;
      this.#numbers.set(name, n + 1);
    }
    this.#names.add(candidate);
    return candidate;
  }

  /** Keeps a pasted text as it came from the clipboard. */
  paste(text) {
    this.#pastes += 1;
    return this.add({ name: `paste ${this.#pastes}`, origin: 'paste', bytes: encoder.encode(text) });
  }

  /** Keeps named bytes, or a file that is read piece by piece; null where there
   * are too many already. */
  add({ name, origin = 'file', bytes, blob, path, drop }) {
    if (this.#given.length >= MOST_INPUTS) { this.refused += 1; return null; }
    const given = { name: this.#unique(name), origin, bytes, blob, path, drop, size: blob?.size ?? bytes.length };
    this.#given.push(given);
    return given;
  }

  /** Reads files that came together. Returns the names of those that could not
   * be read. */
  async files(list) {
    const failed = [];
    const drop = this.#drops += 1;
    for (const { file, path } of list) {
      try {
        if (this.#given.length >= MOST_INPUTS) { this.refused += 1; continue; }
        const { given } = await import('./archive.js');
        this.add({ ...await given(file, path), path, drop });
      } catch {
        failed.push(path);
      }
    }
    return failed;
  }

  /** Forgets one. */
  remove(name) {
    this.given = this.given.filter((g) => g.name !== name);
  }

  /** Forgets all. */
  clear() {
    this.given = [];
    this.#pastes = 0;
    this.refused = 0;
  }
}

/** Files of an `<input type=file>`. */
export const chosen = (files) =>
  [...files].slice(0, MOST_FILES).map((file) => ({ file, path: file.webkitRelativePath || file.name }));

/** Files of a drop; directories are walked. Must be called in the event. */
export async function dropped(transfer) {
  const entries = [...transfer.items].filter((i) => i.kind === 'file').map((i) => i.webkitGetAsEntry?.() ?? i.getAsFile());
  const out = [];
  for (const entry of entries) await walk(entry, '', out);
  return out;
}

async function walk(entry, folder, out) {
  if (!entry || out.length >= MOST_FILES) return;
  if (entry instanceof File) { out.push({ file: entry, path: entry.name }); return; }
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise((resolve) => { entry.file(resolve, () => resolve(null)); });
    if (file) out.push({ file, path });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const batch = await new Promise((resolve) => { reader.readEntries(resolve, () => resolve([])); });
    if (!batch.length) return;
    for (const child of batch) await walk(child, `${path}/`, out);
  }
}
