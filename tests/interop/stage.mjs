// Registries, a transparency log, keys and images on loopback, made with the
// real tools. Every function returns what it made; nothing outlives `stop`.
import { mkdirSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { freePort, run, serve, tool } from "./lib.mjs";

/** `crane registry serve`: OCI, no referrers API. */
export async function craneRegistry(wish) {
  const port = await freePort(wish);
  const server = await serve(tool("crane"), ["registry", "serve", "--address", `127.0.0.1:${port}`],
    `http://127.0.0.1:${port}/v2/`);
  return { host: `localhost:${port}`, ...server };
}

/** A Rekor v2 log of our own with an Ed25519 key, its signing config and its trusted root. */
export async function rekorV2(dir, origin) {
  mkdirSync(dir, { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const [key, pub] = [join(dir, "log.key"), join(dir, "log.pub")];
  writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  writeFileSync(pub, publicKey.export({ type: "spki", format: "pem" }));
  const ports = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${ports[0]}`;
  const server = await serve(tool("rekor-server"), ["serve", "--hostname", origin,
    "--http-port", `${ports[0]}`, "--grpc-port", `${ports[1]}`, "--http-metrics-port", `${ports[2]}`,
    "--signer-filepath", key, "--storage-dir", join(dir, "tiles"),
    "--checkpoint-interval", "1s", "--batch-max-age", "100ms"], `${url}/healthz`);
  const start = "2024-01-01T00:00:00Z";
  const signingConfig = join(dir, "signing-config.json");
  const trustedRoot = join(dir, "trusted_root.json");
  await run(tool("cosign"), ["signing-config", "create", "--out", signingConfig, "--rekor-config", "ANY",
    "--rekor", `url=${url},api-version=2,start-time=${start},operator=loopback`]);
  await run(tool("cosign"), ["trusted-root", "create", "--out", trustedRoot,
    "--rekor", `url=https://${origin},public-key=${pub},start-time=${start},origin=${origin}`]);
  return { signingConfig, trustedRoot, ...server };
}

/** A cosign key pair without a password: { key, pub }. */
export async function keyPair(dir, name) {
  const prefix = join(dir, name);
  await run(tool("cosign"), ["generate-key-pair", "--output-key-prefix", prefix]);
  return { key: `${prefix}.key`, pub: `${prefix}.pub` };
}

/** One 512-byte-blocked tar with one file, the same bytes every time. */
function tar(name, text) {
  const header = Buffer.alloc(512);
  const octal = (value, width) => value.toString(8).padStart(width - 1, "0");
  header.write(name, 0);
  [[octal(0o644, 8), 100], [octal(0, 8), 108], [octal(0, 8), 116],
    [octal(Buffer.byteLength(text), 12), 124], [octal(0, 12), 136],
    ["        ", 148], ["0", 156], ["ustar", 257], ["00", 263]].forEach(([v, at]) => header.write(v, at));
  header.write(`${octal(header.reduce((sum, byte) => sum + byte, 0), 7)}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512 + 1024);
  body.write(text);
  return Buffer.concat([header, body]);
}

/** Builds and pushes a linux/amd64 and linux/arm64 image; `docker` for a Docker manifest list instead of an OCI index. */
export async function pushImage(dir, repository, tag, text, { docker = false } = {}) {
  const crane = (...args) => run(tool("crane"), args);
  const platforms = {};
  for (const architecture of ["amd64", "arm64"]) {
    const layer = join(dir, `layer-${architecture}.tar`);
    writeFileSync(layer, tar("hello.txt", `${text} (${architecture})\n`));
    const one = `${repository}:${tag}-${architecture}`;
    await crane("append", "-f", layer, "-t", one, ...(docker ? [] : ["--oci-empty-base"]));
    await crane("mutate", one, "-t", one, "--set-platform", `linux/${architecture}`,
      "--label", `org.opencontainers.image.title=${text}`);
    platforms[architecture] = (await crane("digest", one)).stdout.trim();
  }
  const children = Object.values(platforms).flatMap((digest) => ["-m", `${repository}@${digest}`]);
  await crane("index", "append", ...children, "-t", `${repository}:${tag}`, ...(docker ? ["--docker-empty-base"] : []));
  const digest = (await crane("digest", `${repository}:${tag}`)).stdout.trim();
  return { repository, tag, digest, platforms, ref: `${repository}:${tag}`, byDigest: `${repository}@${digest}` };
}

/** Signs an image and everything in its index. `form`: "bundle" or "sig"; `log`: what `rekorV2` returned, or none. */
export async function sign(dir, image, key, form, log) {
  const args = ["sign", "--yes", "--recursive", "--key", key];
  if (form === "sig") {
    args.push("--use-signing-config=false", "--new-bundle-format=false", "--tlog-upload=false");
  } else if (log) {
    args.push("--signing-config", log.signingConfig, "--trusted-root", log.trustedRoot);
  } else {
    const empty = join(dir, "no-log.json");
    await run(tool("cosign"), ["signing-config", "create", "--out", empty]);
    args.push("--signing-config", empty);
  }
  await run(tool("cosign"), [...args, image]);
}

/** The exact bytes of a manifest. */
export async function manifest(reference) {
  return (await run(tool("crane"), ["manifest", reference], { binary: true })).stdout;
}

/** The exact bytes of a blob. */
export async function blob(repository, digest) {
  return (await run(tool("crane"), ["blob", `${repository}@${digest}`], { binary: true })).stdout;
}
