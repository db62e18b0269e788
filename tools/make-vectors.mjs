#!/usr/bin/env node
// Makes the project's own vectors anew: `node tools/make-vectors.mjs`.
//
// Real tools against a real registry, logs and Notary servers on loopback,
// with keys made for this run and thrown away after it: what is kept is what
// they wrote and printed. Keys, digests of signatures and times are others in
// each run, so the vectors are committed; tests say `now` as index.json does.
// What is not installed is named in index.json (`absent`); cosign, crane, a
// Rekor v2 server, docker and notary are needed. See tests/vectors/README.md.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { craneRegistry } from "../tests/interop/stage.mjs";
import { Book } from "./vectors/book.mjs";
import { containers } from "./vectors/containers.mjs";
import { docker, settings } from "./vectors/docker.mjs";
import { cosign, readers } from "./vectors/pastes.mjs";
import { routes } from "./vectors/routes.mjs";
import { images, signers } from "./vectors/signatures.mjs";
import { trust } from "./vectors/trust.mjs";

const work = mkdtempSync(join(tmpdir(), "webdis-verify-vectors-"));
const servers = [];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
const step = async (what, make) => {
  const begun = Date.now();
  const made = await make();
  console.log(`${what}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  return made;
};
try {
  const registry = await craneRegistry(5000);
  servers.push(registry);
  if (registry.host !== "localhost:5000") throw new Error("port 5000 is taken: the vectors name it");
  const book = new Book(work);
  const config = await settings(book);
  const keys = await step("keys and logs", () => signers(book, servers));
  const made = await step("images and signatures", () => images(book, registry.host, keys, config));
  await step("registry as a file", () => routes(book, registry.host, made));
  await step("Content Trust", () => trust(book, made));
  await step("cosign", () => cosign(book, made));
  await step("readers", () => readers(book, made));
  await step("docker", () => docker(book, made, config));
  await step("podman, buildah, nerdctl", () => containers(book, made));
  book.finish();
} finally {
  for (const server of servers) await server.stop();
  rmSync(work, { recursive: true, force: true });
}
