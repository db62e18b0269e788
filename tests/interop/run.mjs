#!/usr/bin/env node
// The interop suite: `node tests/interop/run.mjs [WORD...]`; words choose the
// registries of that name, `trust` (Content Trust), `container`, `copies` and `archives`
// (what real tools save, and what real loaders take from doubtful archives).
//
// Real registries on loopback, images pushed by crane, signed by the real
// cosign in both forms, copied by real tools. Then two verdicts on the same
// image with the same key: `cosign verify --key` and ours. They must agree,
// and both must be what the row says. Exit 0: agreed. 1: a row is wrong, or
// there are fewer than ROWS of them in CI. Without CI what a missing tool would
// have shown is left out, loudly. build.mjs builds the tools.
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NEEDED, TOOLS, run, tool } from "./lib.mjs";
import * as stage from "./stage.mjs";
import { collect } from "./evidence.mjs";
import { missingPrograms, trustServer } from "./content-trust.mjs";
import { container, missing } from "./container.mjs";
import { archives, table as archivesTable, versions as installed } from "./archives.mjs";
import { fronts } from "./fronts.mjs";
import { loaders, parts, readings } from "./loaders.mjs";
import { rekorV1 } from "./rekor-v1.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const OURS = process.env.WEBDIS_VERIFY ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/webdis-verify");
const CI = !["", "0", "false"].includes(process.env.CI ?? "");
/** The rows of a whole run: 26 a registry, 15 for the ways into each of two, 3 of Content Trust, 3 of the container, 8 for each copy between two. */
const ROWS = 4 * 26 + 2 * 15 + 3 + 3 + 4 * 3 * 8;
const words = process.argv.slice(2);
const chosen = (name) => !words.length || words.some((word) => name.startsWith(word));
const OUTCOMES = { 0: "proven", 1: "contradicted", 2: "refused", 3: "unsigned", 4: "not-checked" };

// Whoever stops the suite stops its servers: they are ended when this process exits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

const work = mkdtempSync(join(tmpdir(), "webdis-verify-interop-"));
const servers = [];
const rows = [];

/**
 * One row: three verdicts on one image with one key. `want` is the outcome of
 * `verify`, and of `check` (on files from `open`) unless `offline` differs; `code` narrows it.
 * cosign must say yes exactly when it is proven, unless `cosign` says otherwise and `what` says why.
 */
async function row(what, registry, image, want, { key, log, digest = image.digest, by = "crane", cosign = want === "proven", open = registry.host, code, offline = want }) {
  const ref = `${registry.host}/${image.name}@${digest}`;
  const trust = log ? ["--trusted-root", log.trustedRoot] : [];
  const asked = run(tool("cosign"),
    ["verify", "--key", key, ...(log ? trust : ["--insecure-ignore-tlog"]), ref], { fail: false });
  const got = await collect(join(work, `row-${rows.length}`), open, image.name, digest);
  const options = ["--key", key, ...(log ? trust : ["--ignore-tlog"]), "--format", "json"];
  const checking = run(OURS, ["check", "--image", ref, ...options, ...got.files], { fail: false });
  const fetching = run(OURS, ["verify", ...options, ref], { fail: false });
  const [oracle, checked, fetched] = await Promise.all([asked, checking, fetching]);
  const outcome = ({ code, stdout }) => {
    try { return `${OUTCOMES[code]}: ${JSON.parse(stdout).code}`; } catch { return OUTCOMES[code] ?? `exit ${code}`; }
  };
  // A pasted "not found" is text; only a program that fetches can say unsigned.
  const good = OUTCOMES[checked.code] === (offline === "unsigned" ? "not-checked" : offline) && OUTCOMES[fetched.code] === want
    && (code === undefined || outcome(fetched).endsWith(`: ${code}`)) && (oracle.code === 0) === cosign;
  rows.push({
    registry: registry.label, referrers: got.api ? "API" : "tag", by, what,
    check: outcome(checked), verify: outcome(fetched),
    cosign: oracle.code === 0 ? "verified" : `exit ${oracle.code}`, good,
  });
  if (!good) {
    console.log(`NOT AS EXPECTED: ${registry.label}, ${what}: wanted ${want}\n${ref}\n${oracle.stderr}\n${checked.stdout}${checked.stderr}\n${fetched.stdout}${fetched.stderr}`);
  }
}

/** The images of one registry, and the verdicts on them. */
async function one(registry, { ours, other, v1, v2 }) {
  const push = async (name, docker) =>
    ({ ...(await stage.pushImage(work, `${registry.host}/demo/${name}`, "1.0", name, { docker })), name: `demo/${name}` });
  const made = async (name, form, log, docker, key = ours.key) => {
    const image = await push(name, docker);
    await stage.sign(work, image.byDigest, key, form, log);
    return image;
  };
  const [mine, theirs] = [{ key: ours.pub }, { key: other.pub }];
  for (const [name, form, log, label, docker] of [
    ["bundle", "bundle", v2, "bundle, Rekor v2", false],
    ["bundle-v1", "bundle", v1, "bundle, Rekor v1", true],
    ["sig", "sig", v1, ".sig, Rekor v1", true],
  ]) {
    const image = await made(name, form, log, docker);
    registry.images[name] = image;
    await row(label, registry, image, "proven", { ...mine, log });
    await row(`${label}, amd64 by its own digest`, registry, image, "proven", { ...mine, log, digest: image.platforms.amd64 });
    await row(`${label}, another key`, registry, image, "contradicted", { ...theirs, log });
    await row(`${label}, log ignored`, registry, image, "proven", mine);
    await row(`${label}, another log trusted`, registry, image, "not-checked", { ...mine, log: log === v1 ? v2 : v1 });
  }
  for (const [name, form, label] of [["bare", "bundle", "bundle, no log"], ["bare-sig", "sig", ".sig, no log"]]) {
    const image = await made(name, form, undefined, false);
    await row(`${label}, log ignored`, registry, image, "proven", mine);
    await row(`${label}, log demanded`, registry, image, "not-checked", { ...mine, log: v1 });
    await row(`${label}, another key`, registry, image, "contradicted", theirs);
  }
  const none = await push("none", false);
  registry.images.none = none;
  await row("no signature", registry, none, "unsigned", mine);

  // Strangers may attach what they like.
  const crowded = await made("crowded", "bundle", v2, false);
  await stage.sign(work, crowded.byDigest, other.key, "bundle", v2);
  await row("two bundles, ours and a stranger's", registry, crowded, "proven", { ...mine, log: v2 });
  const both = await made("both", "sig", undefined, false);
  await stage.sign(work, both.byDigest, other.key, "bundle");
  await row("our .sig beside a stranger's bundle: cosign looks at bundles only", registry, both, "proven", { ...mine, cosign: false });
  const moved = await push("moved", true);
  const sig = registry.images.sig;
  await run(tool("crane"), ["copy", `${sig.repository}:${sig.digest.replace(":", "-")}.sig`,
    `${moved.repository}:${moved.digest.replace(":", "-")}.sig`]);
  // Of a file alone nobody can say where it was kept: only `verify` knows that it stood in this image's place.
  await row(".sig of another image", registry, moved, "contradicted", { ...mine, log: v1, offline: "not-checked" });
  if (tool("oras")) {
    const taken = await push("taken", false);
    const { files } = await collect(join(work, `taken-${registry.short}`), registry.host, "demo/bundle", registry.images.bundle.digest);
    await stage.attach(taken.byDigest, files.find((file) => /signature-1-0/.test(file)));
    await row("bundle of another image", registry, taken, "contradicted", { ...mine, log: v2 });
  }
}

/** The same files through tokens, passwords and redirected blobs. */
async function ways(registry, { ours, other, v1, v2 }) {
  const made = await fronts(work, registry);
  servers.push(...made.filter((front) => front.stop));
  for (const front of made) {
    if (front.missing) { console.log(`without ${front.missing}`); continue; }
    const through = { ...registry, ...front };
    const more = { open: registry.host, by: "shared storage" };
    for (const [form, log] of [["bundle", v2], ["sig", v1]]) {
      const image = registry.images[form];
      const [yes, no] = [{ ...more, key: ours.pub, log }, { ...more, key: other.pub, log }];
      if (front.reads) {
        await row(form, through, image, "proven", yes);
        await row(`${form}, another key`, through, image, "contradicted", no);
      } else {
        // Nobody may read: nothing is known, and nothing is called unsigned.
        await row(form, through, image, "not-checked", { ...yes, code: "registry-login", offline: "proven" });
        await row(`${form}, another key`, through, image, "not-checked", { ...no, code: "registry-login", offline: "contradicted" });
      }
    }
    await row("no signature", through, registry.images.none, front.reads ? "unsigned" : "not-checked",
      { ...more, key: ours.pub, offline: "unsigned", ...(front.reads ? {} : { code: "registry-login" }) });
    // They are only tests of these ways if these ways were taken.
    if (front.tokens && front.tokens.asked.length === 0) throw new Error(`${front.label}: no token was asked for`);
    if (front.cdn && front.cdn.heads.length === 0) throw new Error(`${front.label}: no blob was redirected`);
  }
}

/** From every registry to every other one, by every tool. */
async function copies(registries, { ours, v1, v2 }) {
  for (const from of registries) {
    for (const to of registries.filter((registry) => registry !== from)) {
      for (const [by, copy] of Object.entries(stage.COPIES)) {
        if (tool(by) === undefined) continue;
        for (const [form, log] of [["bundle", v2], ["sig", v1]]) {
          const image = from.images[form];
          const name = `copy-${by}/${from.short}/${form}`;
          const args = copy.args(image.ref, `${to.host}/${name}:1.0`, from.host, to.host);
          // cosign copy pushes an index while its children are still on the way; a later run finds them there.
          const copied = (left) => run(tool(by), args, { env: copy.env?.(work) }).catch((error) => {
            if (left === 0) throw error;
            console.log(`again: ${copy.label} ${name}`);
            return copied(left - 1);
          });
          await copied(5);
          await row(`${form === "sig" ? ".sig" : "bundle"} from ${from.label}`, to, { ...image, name },
            copy.carries.includes(form) ? "proven" : "unsigned", { key: ours.pub, log, by: copy.label });
        }
      }
    }
  }
}

/** Content Trust: what `docker trust inspect` says is signed, beside the tag's digest and our verdict. */
async function trust() {
  const absent = missingPrograms();
  if (absent.length) { console.log(`without docker trust: ${absent.join(", ")} not installed`); return; }
  const server = await trustServer(work);
  const registry = { label: "Content Trust", short: "trust", ...(await stage.craneRegistry()) };
  servers.push(server, registry);
  const push = (text) => stage.pushImage(work, `${registry.host}/demo/trust`, "1.0", text, { docker: true });
  const image = await push("signed");
  const { profile, inspect } = await server.sign(image);
  const other = join(work, "other-profile.json");
  const pinned = JSON.parse(readFileSync(profile, "utf8"));
  writeFileSync(other, JSON.stringify({ ...pinned, contentTrust: { ...pinned.contentTrust, root: ["0".repeat(64)] } }));
  const ask = async (what, pins, want, digest, signed) => {
    const got = await run(OURS, ["verify", "--publisher", pins, "--notary", server.host, "--format", "json", image.ref], { fail: false });
    const said = JSON.parse((await inspect()).stdout)[0].SignedTags.some(({ Digest }) => `sha256:${Digest}` === digest);
    const good = OUTCOMES[got.code] === want && said === signed;
    rows.push({ registry: registry.label, referrers: "no", by: "docker trust", what, check: "not asked",
      verify: `${OUTCOMES[got.code]}: ${JSON.parse(got.stdout).code}`, cosign: `docker trust: ${said ? "this digest" : "another digest"}`, good });
    if (!good) console.log(`NOT AS EXPECTED: ${what}: wanted ${want}\n${got.stdout.slice(0, 2000)}${got.stderr}`);
  };
  await ask("signed by a delegated signer", profile, "proven", image.digest, true);
  await ask("another root key pinned: docker pins none", other, "contradicted", image.digest, true);
  const moved = await push("moved");
  await ask("the tag moved to another image", profile, "contradicted", moved.digest, false);
}

/** The container of this project itself, built by its recipe. */
async function itself({ ours, other, v2 }) {
  const absent = missing();
  if (absent.length) { console.log(`without the container: ${absent.join(", ")} not installed`); return; }
  const registry = { label: "deploy/Containerfile", short: "container", ...(await stage.craneRegistry()) };
  servers.push(registry);
  const image = await container(work, registry, OURS, { tag: "verifier" });
  if (!/^webdis-verify \d/.test(image.says)) throw new Error(`the container says ${image.says}`);
  await stage.sign(work, image.byDigest, ours.key, "bundle", v2);
  const by = "buildah";
  await row("the image of the recipe", registry, image, "proven", { key: ours.pub, log: v2, by });
  await row("the image of the recipe, another key", registry, image, "contradicted", { key: other.pub, log: v2, by });
  const changed = await container(work, registry, OURS, { tag: "changed", tamper: true });
  // Asked for by its digest, one platform's manifest may be a part of a signed list.
  await row("one byte more in the program", registry, changed, "not-checked", { key: ours.pub, log: v2, by, code: "list-may-be-signed" });
}

/** Archives that tools write, and doubtful ones before loaders; fewer rows than these are a failure in CI. */
const SAVED = 28;
const READ = 103;
const disk = { text: "", wrong: 0, missing: 0 };

async function saved(key) {
  const registry = await stage.craneRegistry();
  servers.push(registry);
  const { rows: tools, own, other, daemons, asked } = await archives(work, registry, key, OURS, servers);
  const all = loaders(work, registry, daemons);
  const read = await readings(work, await parts(work, own), await parts(work, other), all, asked);
  const named = Object.keys(all);
  const cells = [["archive", "ours", ...named, "good"], ["archive", ...named, "", ""].map(() => "---"),
    ...read.map(({ what, ours, taken, good }) => [what, ours, ...named.map((name) => taken[name]), good ? "yes" : "NO"])];
  disk.text = `${archivesTable(tools)}\n\n${await installed()}\n\n${cells.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
  disk.wrong = [...tools, ...read].filter(({ good }) => !good).length;
  // Daemons want root.
  const daemonRows = (daemons.containerd ? 0 : 2) + (daemons.docker ? 0 : 1);
  disk.missing = SAVED + READ - tools.length - read.length - (process.getuid?.() === 0 ? 0 : daemonRows);
  console.log(`${disk.text}\n${tools.length} archives of ${SAVED}, ${read.length} readings of ${READ}, ${disk.wrong} not as expected.`);
}

async function suite() {
  const start = async (server) => { servers.push(server); return server; };
  // Archives need no log.
  if (words.length && words.every((word) => word === "archives")) {
    await saved(await stage.keyPair(work, "ours"));
    return;
  }
  const context = {
    v2: await start(await stage.rekorV2(join(work, "rekor-v2"), "rekor2.interop.invalid")),
    v1: await start(await rekorV1(join(work, "rekor-v1"), "rekor1.interop.invalid")),
    ours: await stage.keyPair(work, "ours"),
    other: await stage.keyPair(work, "other"),
  };
  const registries = [];
  for (const begin of stage.REGISTRIES) {
    const registry = await begin(work);
    if (registry.missing) console.log(`without ${registry.missing}`);
    else registries.push(await start({ ...registry, images: {} }));
  }
  for (const registry of registries.filter(({ short }) => chosen(short) || chosen("copies"))) {
    await one(registry, context);
    if (registry.data) await ways(registry, context);
  }
  if (chosen("trust")) await trust();
  if (chosen("container")) await itself(context);
  if (chosen("archives")) await saved(context.ours);
  if (chosen("copies")) await copies(registries, context);
}

const absent = NEEDED.find((name) => !tool(name));
const why = absent ? `${absent}, which is not built (node tests/interop/build.mjs)` : existsSync(OURS) ? "" : `${OURS}, which is not built`;
if (why) {
  console.log(`The interop tests need ${why}.`);
  process.exit(1);
}
const begun = Date.now();
let failed = false;
try {
  await suite();
} catch (error) {
  failed = true;
  console.log(error.message);
} finally {
  for (const server of servers) await server.stop();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
const head = ["registry", "referrers", "by", "what", "check", "verify", "cosign", "good"];
const table = [head, head.map(() => "---"), ...rows.map((r) => head.map((h) => (h === "good" ? (r.good ? "yes" : "NO") : r[h])))]
  .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const versions = Object.entries(TOOLS).filter(([name]) => tool(name)).map(([name, { version }]) => `${name} ${version}`).join(", ");
const wrong = rows.filter((r) => !r.good).length + disk.wrong;
const whole = (rows.length === ROWS && disk.missing === 0) || words.length > 0;
const report = `${table}\n\n${failed ? "STOPPED EARLY: " : ""}${rows.length} rows of ${ROWS}, ${wrong} not as expected, ${Math.round((Date.now() - begun) / 1000)} s. Tools: ${versions}.\n`;
mkdirSync(join(ROOT, "target/interop"), { recursive: true });
writeFileSync(join(ROOT, "target/interop/table.md"), `${report}\n${disk.text}`);
console.log(report);
if (!whole) console.log(`${CI ? "FAILED" : "LEFT OUT"}: ${ROWS - rows.length + disk.missing} rows, for want of what is named above.`);
process.exit(failed || wrong || (CI && !whole) || (words.length > 0 && rows.length === 0 && disk.text === "") ? 1 : 0);
