#!/usr/bin/env node
// From reference to verdict: `node benches/verify.mjs [webdis-verify] [--runs=N]`.
//
// One two-platform image in a registry on loopback, signed by the real cosign
// in both forms, and one signed with Docker Content Trust. `webdis-verify
// verify` is asked in turn with `cosign verify --key` or `docker trust inspect`, each a new process with nothing remembered; every answer must be yes.
// Printed: medians, their ratio, and what either asked the registry for,
// counted by the same reverse proxy. `docker trust inspect` shows what is signed and
// does not ask the registry. docs/interop.md says how to get the tools.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rekorV1 } from "../tests/interop/rekor-v1.mjs";
import { missingPrograms, trustServer } from "../tests/interop/content-trust.mjs";
import { TOOLS, run, tool } from "../tests/interop/lib.mjs";
import * as stage from "../tests/interop/stage.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const given = process.argv.slice(2);
const built = ["release", "debug"].map((profile) => join(ROOT, "target", profile, "webdis-verify"));
const ours = given.find((word) => !word.startsWith("--")) ?? built.find(existsSync);
const runs = Number(given.find((word) => word.startsWith("--runs="))?.slice(7) ?? 15);
const missing = ["crane", "cosign", "rekor-server"].filter((name) => !tool(name));
if (!ours || missing.length) {
  console.log(`Not measured: ${ours ? `${missing.join(", ")} not built (docs/interop.md)` : "webdis-verify is not built"}.`);
  process.exit(process.env.CI ? 1 : 0);
}

/** Passes everything on to a registry and counts. */
async function counting(upstream) {
  const count = { requests: 0, bytes: 0, paths: [] };
  const [host, port] = upstream.split(":");
  const server = createServer((request, response) => {
    count.requests += 1;
    count.paths.push(`${request.method} ${request.url.replace(/[0-9a-f]{56}(?=[0-9a-f]{0,8})/g, "…")}`);
    const onward = send({ host, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.on("data", (chunk) => { count.bytes += chunk.length; });
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  const reset = () => Object.assign(count, { requests: 0, bytes: 0, paths: [] });
  return { host: `localhost:${server.address().port}`, count, reset, stop };
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const cell = (values) => `${at(values, 0.5).toFixed(0)} (${at(values, 0.25).toFixed(0)}–${at(values, 0.75).toFixed(0)})`;
/** Both in turn, `runs` times: their times in milliseconds. */
async function times(ask) {
  const took = Object.fromEntries(Object.keys(ask).map((who) => [who, []]));
  for (let i = 0; i < runs; i += 1) {
    for (const [who, once] of Object.entries(ask)) {
      const begun = process.hrtime.bigint();
      await once();
      took[who].push(Number(process.hrtime.bigint() - begun) / 1e6);
    }
  }
  return took;
}
const ratio = (took) => (at(took.theirs, 0.5) / at(took.ours, 0.5)).toFixed(1);
const at = (values, part) => sorted(values)[Math.round((values.length - 1) * part)];
const work = mkdtempSync(join(tmpdir(), "webdis-verify-bench-"));
const servers = [];
const start = async (server) => { servers.push(server); return server; };
let text = "";
const say = (line) => { text += `${line}\n`; console.log(line); };
try {
  const logs = {
    bundle: await start(await stage.rekorV2(join(work, "v2"), "rekor2.bench.invalid")),
    sig: await start(await rekorV1(join(work, "v1"), "rekor1.bench.invalid")),
  };
  const { key, pub } = await stage.keyPair(work, "bench");
  say(`${ours.replace(`${ROOT}/`, "")}, cosign ${TOOLS.cosign.version}; ${runs} runs each, in turn; ${cpus().length} cores, ${cpus()[0].model}`);
  say("");
  say("| registry | form | verify, ms (quartiles) | cosign, ms (quartiles) | cosign / verify | verify: requests, bytes | cosign: requests, bytes |");
  say("| --- | --- | --- | --- | --- | --- | --- |");
  for (const begin of stage.REGISTRIES) {
    const registry = await begin(work);
    if (registry.missing) { console.log(`without ${registry.missing}`); continue; }
    await start(registry);
    const front = await start(await counting(registry.host));
    for (const form of ["bundle", "sig"]) {
      const image = await stage.pushImage(work, `${registry.host}/bench/${form}`, "1.0", form);
      await stage.sign(work, image.byDigest, key, form, logs[form]);
      const ask = {
        ours: (host) => run(ours, ["verify", "--key", pub, "--trusted-root", logs[form].trustedRoot, `${host}/bench/${form}:1.0`]),
        cosign: (host) => run(tool("cosign"), ["verify", "--key", pub, "--trusted-root", logs[form].trustedRoot, `${host}/bench/${form}:1.0`]),
      };
      const asked = {};
      for (const [who, once] of Object.entries(ask)) {
        front.reset();
        await once(front.host);
        asked[who] = `${front.count.requests}, ${front.count.bytes}`;
        if (given.includes("--paths")) console.log(who, front.count.paths);
      }
      const took = await times({ ours: () => ask.ours(registry.host), theirs: () => ask.cosign(registry.host) });
      say(`| ${registry.label} | ${form} | ${cell(took.ours)} | ${cell(took.theirs)} | ${ratio(took)} | ${asked.ours} | ${asked.cosign} |`);
    }
  }
  const absent = missingPrograms();
  if (absent.length) {
    say(`\nWithout docker trust inspect: ${absent.join(", ")} not installed.`);
  } else {
    const trust = await start(await trustServer(work));
    const registry = await start(await stage.craneRegistry());
    const image = await stage.pushImage(work, `${registry.host}/bench/trust`, "1.0", "trust", { docker: true });
    const { profile, inspect, said } = await trust.sign(image);
    if (said.SignedTags[0].Digest !== image.digest.slice(7)) throw new Error("docker trust inspect names another digest");
    const { stdout: version } = await run("docker", ["--version"]);
    const took = await times({
      ours: () => run(ours, ["verify", "--publisher", profile, "--notary", trust.host, image.ref]),
      theirs: inspect,
    });
    say("\n| registry | form | verify, ms (quartiles) | docker trust inspect, ms (quartiles) | docker / verify |\n| --- | --- | --- | --- | --- |");
    say(`| crane registry ${TOOLS.crane.version}, notary-server | Content Trust | ${cell(took.ours)} | ${cell(took.theirs)} | ${ratio(took)} |\n`);
    say(version.trim());
  }
} finally {
  for (const server of servers) await server.stop();
  rmSync(work, { recursive: true, force: true });
}
mkdirSync(join(ROOT, "target/interop"), { recursive: true });
writeFileSync(join(ROOT, "target/interop/bench.md"), text);
