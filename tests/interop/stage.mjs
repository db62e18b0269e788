// Registries, a transparency log, keys and images on loopback, made with the
// real tools. Every function returns what it made; nothing outlives `stop`.
import { mkdirSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { TOOLS, freePort, run, serve, tool, which } from "./lib.mjs";

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
  return { url, pub, signingConfig, trustedRoot, ...server };
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

/** Signs an image and everything in its index. `form`: "bundle" or "sig"; `log`: what `rekorV1` or, for bundles, `rekorV2` returned, or none. */
export async function sign(dir, image, key, form, log) {
  const args = ["sign", "--yes", "--recursive", "--key", key];
  let env;
  if (form === "sig") {
    args.push("--use-signing-config=false", "--new-bundle-format=false");
    if (log) {
      args.push("--rekor-url", log.url, "--trusted-root", log.trustedRoot);
      env = { SIGSTORE_REKOR_PUBLIC_KEY: log.pub };
    } else {
      args.push("--tlog-upload=false");
    }
  } else if (log) {
    args.push("--signing-config", log.signingConfig, "--trusted-root", log.trustedRoot);
  } else {
    const empty = join(dir, "no-log.json");
    await run(tool("cosign"), ["signing-config", "create", "--out", empty]);
    args.push("--signing-config", empty);
  }
  await run(tool("cosign"), [...args, image], { env });
}

/** The exact bytes of a manifest. */
export async function manifest(reference) {
  return (await run(tool("crane"), ["manifest", reference], { binary: true })).stdout;
}

/** The exact bytes of a blob. */
export async function blob(repository, digest) {
  return (await run(tool("crane"), ["blob", `${repository}@${digest}`], { binary: true })).stdout;
}

/** Debian's docker-registry 2.8: OCI 1.0, no referrers API. */
async function dockerRegistry(work) {
  const file = which("docker-registry");
  if (!file) return { missing: "docker-registry (Debian package of that name)" };
  return { label: "docker-registry 2.8", short: "docker", ...(await distribution(file, join(work, "docker-registry"))) };
}

/** distribution 3: no referrers API. */
async function distribution3(work) {
  const file = tool("distribution");
  if (!file) return { missing: "distribution 3" };
  return { label: `distribution ${TOOLS.distribution.version}`, short: "distribution", ...(await distribution(file, join(work, "distribution"))) };
}

async function distribution(file, dir) {
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const config = join(dir, "config.yml");
  writeFileSync(config, `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${join(dir, "data")} } }
http: { addr: "127.0.0.1:${port}" }
`);
  const server = await serve(file, ["serve", config], `http://127.0.0.1:${port}/v2/`, { env: { OTEL_TRACES_EXPORTER: "none" } });
  return { host: `localhost:${port}`, program: file, data: join(dir, "data"), ...server };
}

/** CUE's registry: OCI 1.1 with the referrers API. */
async function ociRegistry() {
  const file = tool("ociregistry");
  if (!file) return { missing: "ociregistry" };
  const port = await freePort();
  const server = await serve(file, [`127.0.0.1:${port}`], `http://127.0.0.1:${port}/v2/`);
  return { host: `localhost:${port}`, label: "ociregistry (CUE)", short: "ociregistry", ...server };
}

/** Attaches a bundle file to an image as cosign 3 would, whatever the bundle says. */
export async function attach(image, file) {
  const type = "application/vnd.dev.sigstore.bundle.v0.3+json";
  await run(tool("oras"), ["attach", "--plain-http", "--disable-path-validation", "--artifact-type", type, image, `${file}:${type}`]);
}

/** Every registry of the suite; each start returns a server or what is missing. */
export const REGISTRIES = [
  async () => ({ label: `crane registry ${TOOLS.crane.version}`, short: "crane", ...(await craneRegistry()) }),
  dockerRegistry, distribution3, ociRegistry,
];

/** Tools that copy an image between registries, and which signature forms they take along. */
export const COPIES = {
  oras: {
    label: "oras copy -r", carries: ["bundle"],
    args: (from, to) => ["copy", "-r", "--from-plain-http", "--to-plain-http", from, to],
  },
  regctl: {
    label: "regctl image copy --referrers --digest-tags", carries: ["bundle", "sig"],
    args: (from, to, a, b) => ["--host", `reg=${a},tls=disabled`, "--host", `reg=${b},tls=disabled`,
      "image", "copy", "--referrers", "--digest-tags", from, to],
    env: (work) => ({ REGCTL_CONFIG: join(work, "regctl.json") }),
  },
  cosign: { label: "cosign copy", carries: ["sig"], args: (from, to) => ["copy", from, to] },
  crane: { label: "crane copy", carries: [], args: (from, to) => ["copy", from, to] },
};
