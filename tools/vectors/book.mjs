// Where the vectors go and what is known of each: files below tests/vectors,
// and index.json with the facts. Expectations are no facts: people write them,
// in tests/vectors/cases.json.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TOOLS, run, tool } from "../../tests/interop/lib.mjs";

const HERE = fileURLToPath(new URL("../../tests/vectors/", import.meta.url));
/** The folders that are made anew; what people wrote stays. */
const MADE = ["keys", "images", "trust", "pastes", "registry.json", "index.json"];

export const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** As a shell wants it: quoted where need be. */
const word = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** Names of this machine that no vector may hold. */
function ofThisMachine(work) {
  const proxies = Object.entries(process.env).filter(([name]) => /proxy|GOSUMDB/i.test(name))
    .flatMap(([, value]) => [...value.matchAll(/\/\/(?:[^@/]*@)?([^:/,|]+)/g)].map((m) => m[1]));
  const known = ["localhost", "127.0.0.1", "proxy.golang.org"];
  return [work, `${homedir()}/`, hostname(), fileURLToPath(new URL("../..", import.meta.url)), ...proxies.filter((name) => !known.includes(name))]
    .filter((name) => name.length > 3);
}

export class Book {
  constructor(work) {
    this.work = work;
    this.forbidden = ofThisMachine(work);
    this.facts = { made: "", tools: {}, absent: {}, digests: {}, trust: {}, files: {} };
    // Shell lines find the pinned tools under their plain names.
    this.path = `${join(work, "bin")}:${process.env.PATH}`;
    mkdirSync(join(work, "bin"));
    for (const name of Object.keys(TOOLS)) if (tool(name)) symlinkSync(tool(name), join(work, "bin", name));
    for (const name of MADE) rmSync(join(HERE, name), { recursive: true, force: true });
  }

  /** Keeps one file, unless it names this machine. */
  save = (name, bytes) => {
    const text = Buffer.from(bytes).toString("latin1");
    const found = this.forbidden.find((word) => text.includes(word));
    if (found) throw new Error(`${name} names this machine: ${found}`);
    mkdirSync(dirname(join(HERE, name)), { recursive: true });
    writeFileSync(join(HERE, name), bytes);
  };

  /** A digest of the image `id`, and the file that has the bytes. */
  digest(id, digest, file, more = {}) {
    this.facts.digests[id] = { digest, file, ...more };
  }

  /** Notes a tool's version: its first line that has a number. */
  async tool(name, program, args = ["--version"]) {
    const { stdout, stderr } = await run(program, args, { fail: false, cwd: this.work });
    const line = `${stdout}\n${stderr}`.split("\n").find((text) => /\d+\.\d+/.test(text)) ?? "";
    this.facts.tools[name] = /v?\d+\.\d[^\s,"]*/.exec(line)?.[0] ?? line.trim();
  }

  /** The same of a program that `go install` built and that does not know its version. */
  async module(name, program) {
    const { stdout } = await run("go", ["version", "-m", program], { fail: false });
    this.facts.tools[name] = /^\s+mod\s+\S+\s+(v\S+)/m.exec(stdout)?.[1] ?? "unknown";
  }

  /** What is not here, and why. */
  absent(name, why) {
    console.log(`without ${name}: ${why}`);
    this.facts.absent[name] = why;
  }

  /**
   * Runs a tool in the work folder and keeps what it printed.
   * `streams`: "out" is standard output alone, "all" standard error before it.
   * `args` as a text is a shell line; `shown` is what a user would have typed.
   */
  async paste(file, name, program, args, { env, streams = "out", hidden = [], timeout } = {}) {
    const line = typeof args === "string" ? args : `${name.split(" ")[0]} ${args.map(word).join(" ")}`;
    const [what, given] = typeof args === "string" ? ["sh", ["-c", args]] : [program, [...hidden, ...args]];
    const done = await run(what, given, { cwd: this.work, env: { PATH: this.path, ...env }, fail: false, binary: true, timeout });
    const printed = streams === "all" ? Buffer.concat([done.stderr, done.stdout]) : done.stdout;
    if (printed.length === 0) throw new Error(`${line}: printed nothing\n${done.stderr}`);
    this.save(file, printed);
    this.facts.files[file] = { tool: name, command: line, exit: done.code };
    return { code: done.code, text: printed.toString("utf8") };
  }

  finish() {
    // After the last signature, so that nothing was signed in the future.
    this.facts.made = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    this.save("index.json", `${JSON.stringify(this.facts, null, 1)}\n`);
  }
}
