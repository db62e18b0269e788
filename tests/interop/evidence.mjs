// What a user would fetch by hand for one image, as files: the manifest, its
// referrers (API, else fallback tag), the `.sig` tag, and every blob they
// name. Plain HTTP, so that it depends on none of the code under test.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Fetches the evidence about `digest` in `host/name`; returns { files, asked }. */
export async function collect(dir, host, name, digest) {
  mkdirSync(dir, { recursive: true });
  const base = `http://${host}/v2/${name}`;
  const files = [];
  let asked = "";
  const get = async (place, accept = MANIFESTS) => {
    const answer = await fetch(`${base}/${place}`, { headers: { Accept: accept } });
    return { status: answer.status, type: answer.headers.get("content-type") ?? "", bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const keep = (file, bytes) => {
    writeFileSync(join(dir, file), bytes);
    files.push(join(dir, file));
  };
  const note = (place, got) => {
    asked += `$ curl -s ${base}/${place}\n${got.bytes.toString("utf8").trim()}\n`;
  };
  const tag = digest.replace(":", "-");

  keep("image.json", (await get(`manifests/${digest}`)).bytes);

  let list = await get(`referrers/${digest}`, MANIFESTS.split(", ")[0]);
  note(`referrers/${digest}`, list);
  const api = list.status === 200 && list.type.startsWith("application/vnd.oci.image.index.v1+json");
  if (!api) {
    list = await get(`manifests/${tag}`);
    note(`manifests/${tag}`, list);
  }
  let number = 0;
  const attached = async (bytes) => {
    number += 1;
    keep(`signature-${number}.json`, bytes);
    for (const [at, layer] of (JSON.parse(bytes).layers ?? []).entries()) {
      keep(`signature-${number}-${at}.json`, (await get(`blobs/${layer.digest}`)).bytes);
    }
  };
  if (list.status === 200) {
    for (const referrer of JSON.parse(list.bytes).manifests ?? []) {
      await attached((await get(`manifests/${referrer.digest}`)).bytes);
    }
  }
  const sig = await get(`manifests/${tag}.sig`);
  note(`manifests/${tag}.sig`, sig);
  if (sig.status === 200) await attached(sig.bytes);
  keep("asked.txt", Buffer.from(asked));
  return { files, api, signatures: number };
}
