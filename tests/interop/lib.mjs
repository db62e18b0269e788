// Where the real tools are, and how to run them, their registries and their
// log on loopback. Used by the interop suite and by tools/make-examples.mjs.
// No packages beyond Node itself.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { connect, createServer } from "node:net";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The pinned tools: name to { module, version, use }. */
export const TOOLS = JSON.parse(readFileSync(new URL("tools.json", import.meta.url), "utf8"));

/** Where built tools are kept, one file a version: `cosign@v3.1.3`. */
export const CACHE = join(
  process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "webdis-verify", "tools");

/** A file of that name on the PATH, or undefined. */
export function which(name) {
  return (process.env.PATH ?? "").split(delimiter)
    .map((dir) => join(dir, name)).find((file) => existsSync(file));
}

/** The pinned tool, built earlier, or undefined. */
export function tool(name) {
  const file = join(CACHE, `${name}@${TOOLS[name].version}`);
  return existsSync(file) ? file : undefined;
}

/** The tools without which nothing can be asked. */
export const NEEDED = ["crane", "cosign", "rekor-server"];

/**
 * Builds one pinned tool with Go; resolves to its file or throws. A `folder`
 * beside this file is a program of ours around a library, pinned by its go.sum.
 */
export async function build(name, minutes = 20) {
  const { module, version, installs, folder } = TOOLS[name];
  mkdirSync(CACHE, { recursive: true });
  // Without tables for debuggers the linker is done sooner.
  const options = ["-trimpath", "-ldflags=-s -w"];
  const env = { ...process.env, GOBIN: CACHE, CGO_ENABLED: "0", GOFLAGS: "" };
  const made = join(CACHE, folder ? `${name}.new` : installs ?? name);
  const args = folder ? ["build", ...options, "-o", made, "."] : ["install", ...options, `${module}@${version}`];
  const cwd = folder && join(import.meta.dirname, folder);
  const done = await run("go", args, { env, cwd, timeout: minutes * 60_000, fail: false });
  if (done.code !== 0) {
    const why = done.stderr.trim().split("\n").filter((l) => !/downloading/.test(l)).pop();
    throw new Error(`go ${args.join(" ")}: ${why || "no answer in time"}`);
  }
  renameSync(made, join(CACHE, `${name}@${version}`));
  return tool(name);
}

/** Runs a program to its end: { code, stdout, stderr, text }; throws on failure unless `fail: false`. */
export function run(file, args, { fail = true, env, cwd, timeout = 120_000, binary = false } = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...process.env, COSIGN_PASSWORD: "", ...env }, cwd, timeout,
      maxBuffer: 64 << 20, encoding: binary ? "buffer" : "utf8",
    };
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 255) : 0;
      if (error && fail) {
        reject(new Error(`${file} ${args.join(" ")}: exit ${code}\n${stderr}`));
      } else {
        resolve({ code, stdout, stderr });
      }
    });
  });
}

/** A loopback port: the wished one if it is free, else any free one. */
export function freePort(wish = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", () => (wish ? resolve(freePort()) : reject(new Error("no free port"))));
    server.listen(wish, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether somebody listens there: resolves, or throws. */
function connects({ protocol, hostname, port, pathname }) {
  const at = protocol === "unix:" ? { path: pathname } : { port: Number(port), host: hostname };
  return new Promise((done, fail) => {
    const socket = connect(at, () => { socket.destroy(); done(); });
    socket.once("error", fail);
  });
}

/**
 * Starts a server and waits until `ready` answers: an http address, tcp: for
 * the port alone, unix: for a socket. `stop` ends it, and only it; with
 * `signal` a server that has children can end them itself.
 */
export async function serve(file, args, ready, { env, cwd, signal = "SIGKILL" } = {}) {
  const child = spawn(file, args, { env: { ...process.env, ...env }, cwd, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const keep = (chunk) => { log = (log + chunk).slice(-8192); };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.once("error", (error) => keep(String(error)));
  const end = () => child.kill(signal);
  process.setMaxListeners(64).once("exit", end);
  const stop = async () => { end(); process.off("exit", end); await ended; };
  for (let i = 0; i < 150; i += 1) {
    if (child.exitCode !== null || child.pid === undefined) break;
    try {
      await (/^(tcp|unix):/.test(ready) ? connects(new URL(ready)) : fetch(ready));
      return { stop, log: () => log };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  child.kill("SIGKILL");
  throw new Error(`${file} did not answer at ${ready}:\n${log}`);
}
