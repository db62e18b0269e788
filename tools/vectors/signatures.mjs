// Images, and what the real cosign made of them: both forms, both kinds of
// log, and the twins that must not be proven.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, tool } from "../../tests/interop/lib.mjs";
import { rekorV1 } from "../../tests/interop/rekor-v1.mjs";
import { blob, keyPair, manifest, pushImage, rekorV2, sign } from "../../tests/interop/stage.mjs";
import { changed, otherDigest, saveBundles, saveImage, saveSig, subjects, tagOf } from "../signed-image.mjs";
import { sha256 } from "./book.mjs";
import { listed } from "./docker.mjs";

/** Starts the logs and makes the keys; `trust` is the trusted root that names both logs, not the private one. */
export async function signers(book, servers) {
  const begin = async (server) => { servers.push(server); return server; };
  const v2 = await begin(await rekorV2(join(book.work, "log2"), "log2.vectors.invalid"));
  const v1 = await begin(await rekorV1(join(book.work, "log1"), "log1.vectors.invalid"));
  const hidden = await begin(await rekorV2(join(book.work, "private-log"), "private.vectors.invalid"));
  const ours = await keyPair(book.work, "cosign");
  const other = await keyPair(book.work, "other");
  const root = (log) => JSON.parse(readFileSync(log.trustedRoot, "utf8"));
  const trust = root(v2);
  trust.tlogs.push(...root(v1).tlogs);
  writeFileSync(join(book.work, "trusted_root.json"), `${JSON.stringify(trust, null, 2)}\n`);
  book.save("keys/cosign.pub", readFileSync(ours.pub));
  book.save("keys/other.pub", readFileSync(other.pub));
  book.save("keys/trusted_root.json", readFileSync(join(book.work, "trusted_root.json")));
  book.save("keys/private_root.json", readFileSync(hidden.trustedRoot));
  return { v1, v2, hidden, ours, other };
}

/** Every image: name, tag, media types, how it is signed. */
const IMAGES = [
  ["filler", "1.0", { form: "bundle", log: "v2", by: "other", kept: false }],
  ["app", "1.0", { form: "bundle", log: "v2", listed: "buildx" }],
  ["dsse", "1.1", { form: "bundle", log: "v1" }],
  ["legacy", "1.0", { form: "sig", log: "v1", docker: true, listed: "docker manifest" }],
  ["private", "1.2", { form: "bundle", log: "hidden" }],
  ["unlogged", "1.3", { form: "bundle" }],
  ["unlogged-sig", "0.8", { form: "sig" }],
  ["unsigned", "1.0", {}],
  ["child", "1.5", { form: "bundle", log: "v2", only: "amd64" }],
  ["attested", "1.6", { attested: true }],
  ["stranger", "1.7", { form: "bundle", log: "v2", by: "other" }],
];

async function signOne(book, image, keys, { form, log, by = "ours", only, attested }) {
  const key = keys[by].key;
  const named = only ? `${image.repository}@${image.platforms[only]}` : image.byDigest;
  if (form) await sign(book.work, named, key, form, keys[log]);
  if (attested) {
    writeFileSync(join(book.work, "predicate.json"), '{"note":"a statement about the image, no signature of it"}\n');
    await run(tool("cosign"), ["attest", "--yes", "--key", key, "--predicate", "predicate.json", "--type", "https://vectors.invalid/note/v1",
      "--signing-config", keys.v2.signingConfig, "--trusted-root", keys.v2.trustedRoot, image.byDigest], { cwd: book.work });
  }
}

async function keep(book, image, how) {
  const folder = `images/${image.name}`;
  await saveImage(book.save, folder, image);
  for (const [name, digest] of subjects(image)) {
    const file = `${folder}/${name}.json`;
    book.digest(`${image.name}/${name}`, digest, file, { reference: image.ref });
    const { config, layers } = JSON.parse(await manifest(`${image.repository}@${digest}`));
    if (!config) continue;
    book.digest(`${image.name}/${name}-config`, config.digest, file.replace(/\.json$/, "-config.json"), { reference: image.ref });
    const { rootfs } = JSON.parse(await blob(image.repository, config.digest));
    book.digest(`${image.name}/${name}-layer`, layers[0].digest);
    book.digest(`${image.name}/${name}-diff`, rootfs.diff_ids[0]);
  }
  const all = subjects(image);
  const only = how.only ? all.filter(([name]) => name.endsWith(how.only)) : how.attested ? all.slice(0, 1) : all;
  if (how.form === "sig") {
    await saveSig(book.save, folder, image);
    for (const [name, digest] of all) {
      const bytes = await manifest(`${image.repository}:${tagOf(digest)}.sig`);
      const { layers } = JSON.parse(bytes);
      attached(book, image, name, bytes);
      book.save(`${folder}/${name}.annotations.json`, JSON.stringify(layers[0].annotations));
    }
  } else if (how.form || how.attested) {
    await saveBundles(book.save, folder, image, only);
    for (const [name, digest] of only) {
      const list = JSON.parse(await manifest(`${image.repository}:${tagOf(digest)}`));
      attached(book, image, name, await manifest(`${image.repository}@${list.manifests[0].digest}`));
    }
  }
}

/** The digests of a signature manifest and of what it holds. */
function attached(book, image, name, bytes) {
  const file = (what) => `images/${image.name}/${name}.${what}.json`;
  const { layers } = JSON.parse(bytes);
  book.digest(`${image.name}/${name}.signature`, sha256(bytes), file("signature-manifest"));
  book.digest(`${image.name}/${name}.statement`, layers[0].digest, file(layers[0].mediaType.includes("bundle") ? "bundle" : "payload"));
}

/** The same documents with one byte changed. */
function damage(book) {
  const read = (file) => readFileSync(new URL(`../../tests/vectors/images/${file}`, import.meta.url), "utf8");
  const { digests } = book.facts;
  const arm64 = digests["app/linux-arm64"].digest;
  book.save("images/app/index-changed.json", changed(read("app/index.json"), arm64, otherDigest(arm64)));
  const legacy = digests["legacy/index"].digest;
  book.save("images/legacy/index.payload-changed.json", changed(read("legacy/index.payload.json"), legacy, otherDigest(legacy)));
  const bundle = read("app/index.bundle.json");
  const { sig } = JSON.parse(bundle).dsseEnvelope.signatures[0];
  const at = 24; // inside r: the DER around it stays well formed
  const other = sig.slice(0, at) + (sig[at] === "A" ? "B" : "A") + sig.slice(at + 1);
  book.save("images/app/index.bundle-changed.json", changed(bundle, sig, other));
}

/** Pushes, signs and keeps every image; returns them by name. */
export async function images(book, host, keys, config) {
  const made = {};
  for (const [name, tag, how] of IMAGES) {
    const pushed = await pushImage(book.work, `${host}/team/${name}`, tag, name, { docker: how.docker });
    const image = { ...pushed, name };
    if (how.listed) {
      await listed(config, image, how.listed);
      image.digest = (await run(tool("crane"), ["digest", image.ref])).stdout.trim();
      image.byDigest = `${image.repository}@${image.digest}`;
    }
    await signOne(book, image, keys, how);
    if (tag === "1.0") await run(tool("crane"), ["tag", image.ref, "latest"]);
    if (how.kept !== false) {
      await keep(book, image, how);
      made[name] = image;
    }
  }
  // One platform, under a tag of its own: `docker pull` shows a manifest's digest and a config's.
  const one = `${host}/team/single:0.7`;
  await run(tool("crane"), ["copy", `${made.legacy.repository}@${made.legacy.platforms.amd64}`, one]);
  made.single = { name: "single", repository: `${host}/team/single`, tag: "0.7", ref: one, digest: made.legacy.platforms.amd64, platforms: {} };
  damage(book);
  return made;
}
