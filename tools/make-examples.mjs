#!/usr/bin/env node
// Makes the examples the page offers: `node tools/make-examples.mjs`.
//
// Three steps. First (skipped with --index-only) the files under
// www/examples/demo: two small two-platform images, pushed to a registry on
// loopback and signed there by the real cosign 3 with a demo key made for
// this run and thrown away after it, logged in logs of our own (a Rekor v2
// server, and a small Rekor v1 for the older form). Then www/examples/demo/mirror:
// one of these images as another registry might hold it, no tools needed. Last
// www/examples/index.js is written from examples.json and the files it names.
// Tools: see docs/interop.md.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rekorV1 } from "../tests/interop/rekor-v1.mjs";
import { craneRegistry, keyPair, pushImage, rekorV2, sign } from "../tests/interop/stage.mjs";
import * as signed from "./signed-image.mjs";

const HERE = fileURLToPath(new URL("../www/examples/", import.meta.url));
const save = (name, bytes) => {
  mkdirSync(dirname(join(HERE, name)), { recursive: true });
  writeFileSync(join(HERE, name), bytes);
};

/** Index, manifests and configs of an image, and what names its digest. */
async function saveImage(folder, image) {
  await signed.saveImage(save, folder, image);
  save(`${folder}/crane-digest.txt`, `$ crane digest ${image.ref}\n${image.digest}\n`);
}

/** The file with the last digit of `digest` changed. */
const changed = (name, digest) =>
  signed.changed(readFileSync(join(HERE, name), "utf8"), digest, signed.otherDigest(digest));


async function makeDemo() {
  const work = mkdtempSync(join(tmpdir(), "webdis-verify-examples-"));
  const servers = [];
  try {
    const registry = await craneRegistry(5000);
    servers.push(registry);
    const log = await rekorV2(join(work, "log"), "log.demo.invalid");
    servers.push(log);
    const log1 = await rekorV1(join(work, "log1"), "rekor.demo.invalid");
    servers.push(log1);
    const demo = await keyPair(work, "demo");
    const other = await keyPair(work, "other");
    save("demo.pub", readFileSync(demo.pub));
    save("demo/other.pub", readFileSync(other.pub));
    // One trusted root that names both logs.
    const trust = JSON.parse(readFileSync(log.trustedRoot, "utf8"));
    trust.tlogs.push(...JSON.parse(readFileSync(log1.trustedRoot, "utf8")).tlogs);
    const trustedRoot = join(work, "trusted_root.json");
    writeFileSync(trustedRoot, `${JSON.stringify(trust, null, 2)}\n`);
    save("demo/trusted_root.json", readFileSync(trustedRoot));

    // Entries of another image first, so that the inclusion proofs have hashes.
    const filler = await pushImage(work, `${registry.host}/demo/filler`, "1.0", "filler");
    await sign(work, filler.byDigest, other.key, "bundle", log);

    const hello = await pushImage(work, `${registry.host}/demo/hello`, "1.0", "Hello");
    await sign(work, hello.byDigest, demo.key, "bundle", log);
    await saveImage("demo/bundle", hello);
    await signed.saveBundles(save, "demo/bundle", hello);
    const args = (key, ref) => ["verify", "--trusted-root", trustedRoot, "--key", key, ref];
    save("demo/bundle/cosign-verify.txt", await signed.transcript(work,
      `verify --key demo.pub --trusted-root trusted_root.json ${hello.ref}`, args("demo.pub", hello.ref)));
    save("demo/bundle/cosign-verify-other-key.txt", await signed.transcript(work,
      `verify --key other.pub --trusted-root trusted_root.json ${hello.ref}`, args("other.pub", hello.ref)));
    save("demo/bundle/index-changed.json", changed("demo/bundle/index.json", hello.platforms.arm64));

    const unlogged = await pushImage(work, `${registry.host}/demo/unlogged`, "1.0", "Not in a log");
    await sign(work, unlogged.byDigest, demo.key, "bundle");
    await saveImage("demo/unlogged", unlogged);
    await signed.saveBundles(save, "demo/unlogged", unlogged);

    const legacy = await pushImage(work, `${registry.host}/demo/legacy`, "1.0", "Older form", { docker: true });
    await sign(work, legacy.byDigest, demo.key, "sig", log1);
    await saveImage("demo/legacy", legacy);
    await signed.saveSig(save, "demo/legacy", legacy);
    save("demo/legacy/cosign-verify.txt", await signed.transcript(work,
      `verify --key demo.pub --trusted-root trusted_root.json ${legacy.ref}`, args("demo.pub", legacy.ref)));
    save("demo/legacy/payload-changed.json", changed("demo/legacy/index.payload.json", legacy.digest));

    const unsigned = await pushImage(work, `${registry.host}/demo/unsigned`, "1.0", "Unsigned");
    await saveImage("demo/unsigned", unsigned);
    const places = [`referrers/${unsigned.digest}`, `manifests/${unsigned.digest.replace(":", "-")}`,
      `manifests/${unsigned.digest.replace(":", "-")}.sig`];
    let asked = "";
    for (const place of places) {
      const url = `http://${registry.host}/v2/demo/unsigned/${place}`;
      asked += `$ curl -s ${url}\n${(await (await fetch(url)).text()).trim()}\n`;
    }
    save("demo/unsigned/places-asked.txt", asked);
    save("demo/unsigned/cosign-verify.txt", await signed.transcript(work,
      `verify --key demo.pub --trusted-root trusted_root.json ${unsigned.ref}`, args("demo.pub", unsigned.ref)));
  } finally {
    for (const server of servers) await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The bundle image as another registry might hold it: manifests laid out anew,
 * so with other digests, that name the same configs. And once more with an
 * arm64 manifest that names another image's config. Texts as a terminal shows
 * them, because the command line says which registry they come from.
 */
function makeMirror() {
  const read = (name) => readFileSync(join(HERE, name), "utf8");
  const sha256 = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
  const anew = (name, config) => {
    const value = JSON.parse(read(name));
    if (config) [value.config.size, value.config.digest] = [Buffer.byteLength(config), sha256(config)];
    return JSON.stringify(value, null, 3);
  };
  const raw = (name, text) => `$ docker buildx imagetools inspect --raw ${name}\n${text}\n`;
  const image = (repository, index, children) => [raw(`${repository}:1.0`, index),
    ...children.map((text) => raw(`${repository}@${sha256(text)}`, text))].join("");
  const platforms = ["linux-amd64", "linux-arm64"];
  const file = (name) => `demo/bundle/${name}.json`;
  save("demo/mirror/signed.txt", image("localhost:5000/demo/hello", read(file("index")), platforms.map((name) => read(file(name)))));
  for (const [name, config] of [["same", null], ["other-arm64", read("demo/unsigned/linux-arm64-config.json")]]) {
    const children = platforms.map((platform) => anew(file(platform), platform === "linux-arm64" && config));
    const index = JSON.parse(read(file("index")));
    children.forEach((text, n) => Object.assign(index.manifests[n], { size: Buffer.byteLength(text), digest: sha256(text) }));
    save(`demo/mirror/${name}.txt`, image("mirror.example/demo/hello", JSON.stringify(index, null, 3), children));
  }
}

/** What docker pull prints where the changed index was served to it. */
function makeChangedPull() {
  const digest = createHash("sha256").update(readFileSync(join(HERE, "demo/bundle/index-changed.json"))).digest("hex");
  const ref = "localhost:5000/demo/hello:1.0";
  save("demo/mirror/docker-pull-changed.txt", `$ docker pull ${ref}\n1.0: Pulling from demo/hello\nDigest: sha256:${digest}\nStatus: Downloaded newer image for ${ref}\n${ref}\n`);
}

/** index.js: the list of examples.json with the files it names, in one module without a request. */
function writeIndex() {
  const { sections, examples } = JSON.parse(readFileSync(join(HERE, "examples.json"), "utf8"));
  const named = new Set();
  for (const example of examples) {
    for (const input of example.inputs) named.add(input.file);
    for (const option of ["key", "trustedRoot"]) if (example.options[option]) named.add(example.options[option]);
  }
  const files = {};
  for (const name of [...named].sort()) {
    const bytes = readFileSync(join(HERE, name));
    files[name] = bytes.toString("utf8");
    if (!Buffer.from(files[name], "utf8").equals(bytes)) throw new Error(`${name} is not text`);
  }
  save("index.js", `// Written by tools/make-examples.mjs from examples.json and the files beside it.
const files = ${JSON.stringify(files, null, 1)};
const list = ${JSON.stringify(examples, null, 1)};

/** The groups of the examples menu: { id, title, description }. */
export const sections = ${JSON.stringify(sections, null, 1)};

/** The examples: { id, section, title, description, inputs: [{ name, origin, text }], options, expect }. */
export const examples = list.map((example) => ({
  ...example,
  inputs: example.inputs.map(({ name, origin, file }) => ({ name, origin, text: files[file] })),
  options: {
    ...example.options,
    ...(example.options.key && { key: files[example.options.key] }),
    ...(example.options.trustedRoot && { trustedRoot: files[example.options.trustedRoot] }),
  },
}));
`);
}

if (!process.argv.includes("--index-only")) await makeDemo();
makeMirror();
makeChangedPull();
writeIndex();
