// The registry as a file: registry.json, from a path to what the registry
// answered, with the bytes where they are kept already. The same answers
// again under `/referrers/`, as a registry with that API gives them: the
// registry at hand has the fallback tag alone.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { subjects, tagOf } from "../signed-image.mjs";
import { sha256 } from "./book.mjs";

const TOP = fileURLToPath(new URL("../../tests/vectors/", import.meta.url));
const ACCEPT = ["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json"].join(", ");

/** The kept files of the images, by digest. */
function kept() {
  const files = new Map();
  for (const name of readdirSync(`${TOP}images`, { recursive: true }).sort()) {
    if (name.endsWith(".json")) files.set(sha256(readFileSync(`${TOP}images/${name}`)), `images/${name}`);
  }
  return files;
}

export async function routes(book, host, images) {
  const files = kept();
  const table = {};
  const ask = async (repository, place) => {
    const answer = await fetch(`http://${host}/v2/${repository}/${place}`, { headers: { accept: ACCEPT } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const route = { status: answer.status, content_type: answer.headers.get("content-type") ?? "" };
    if (answer.ok) {
      route.file = files.get(sha256(bytes));
      if (!route.file) throw new Error(`${repository}/${place} is kept nowhere`);
    }
    table[`/v2/${repository}/${place}`] = route;
    return answer.ok ? JSON.parse(bytes) : undefined;
  };
  for (const image of Object.values(images)) {
    const repository = `team/${image.name}`;
    await ask(repository, `manifests/${image.tag}`);
    if (image.tag === "1.0") await ask(repository, "manifests/latest");
    for (const [, digest] of subjects(image)) {
      const own = await ask(repository, `manifests/${digest}`);
      if (own.config && existsSync(`${TOP}${files.get(own.config.digest)}`)) await ask(repository, `blobs/${own.config.digest}`);
      const list = await ask(repository, `manifests/${tagOf(digest)}`);
      const attached = [await ask(repository, `manifests/${tagOf(digest)}.sig`)];
      for (const { digest: one } of list?.manifests ?? []) attached.push(await ask(repository, `manifests/${one}`));
      for (const { digest: one } of attached.flatMap((found) => found?.layers ?? [])) await ask(repository, `blobs/${one}`);
      const fallback = table[`/v2/${repository}/manifests/${tagOf(digest)}`];
      if (image.name === "app") table[`/v2/${repository}/referrers/${digest}`] = fallback;
    }
  }
  book.save("registry.json", `${JSON.stringify(table, null, 1)}\n`);
}
