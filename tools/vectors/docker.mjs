// What Docker prints: every `docker` command line on the PATH and, when this
// runs as root, a daemon of our own that only pulls: no network, no container.
import { existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, serve, which } from "../../tests/interop/lib.mjs";

const VERSION = /version:?\s+v?(\d+\.\d+)/i;

/** The command lines: [{ program, version }], each version once. */
async function commandLines() {
  const found = new Map();
  for (const dir of (process.env.PATH ?? "").split(delimiter)) {
    const program = join(dir, "docker");
    if (!existsSync(program)) continue;
    const { stdout } = await run(realpathSync(program), ["--version"], { fail: false });
    const version = VERSION.exec(stdout)?.[1];
    if (version && !found.has(version)) found.set(version, program);
  }
  return [...found].map(([version, program]) => ({ version, program }));
}

/** A daemon: { version, host, stop }; throws where it does not start. */
async function daemon(book, program, version, more) {
  const dir = join(book.work, `dockerd-${version}`);
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, "docker.sock");
  const server = await serve(program, ["--iptables=false", "--ip6tables=false", "--bridge=none", `--data-root=${dir}/data`,
    `--exec-root=${dir}/exec`, `--pidfile=${dir}/pid`, "-H", `unix://${socket}`, ...more], `unix:${socket}`, { signal: "SIGTERM" });
  return { ...server, host: `unix://${socket}`, version };
}

/** What needs no daemon. */
async function withoutDaemon(book, { app, legacy }, { version, program }, config) {
  const folder = `pastes/docker-${version}`;
  const amd64 = (image) => `${image.repository}@${image.platforms.amd64}`;
  const paste = (file, args) => book.paste(`${folder}/${file}`, `docker ${version}`, program, args, { env: { DOCKER_CONFIG: config } });
  // Docker 20.10 does not know OCI indexes.
  for (const image of Number.parseFloat(version) >= 23 ? [app, legacy] : [legacy]) {
    await paste(`manifest-inspect-${image.name}.json`, ["manifest", "inspect", "--insecure", image.ref]);
    await paste(`manifest-inspect-${image.name}-amd64.json`, ["manifest", "inspect", "--insecure", amd64(image)]);
    await paste(`manifest-inspect-v-${image.name}.json`, ["manifest", "inspect", "-v", "--insecure", image.ref]);
    await paste(`manifest-inspect-v-${image.name}-amd64.json`, ["manifest", "inspect", "-v", "--insecure", amd64(image)]);
  }
}

async function withDaemon(book, images, { version, program }, server, config) {
  const name = `docker ${version}`;
  const folder = `pastes/docker-${version}-daemon-${server.version}`;
  const env = { DOCKER_HOST: server.host, DOCKER_CONFIG: config };
  const paste = (file, args, options) => book.paste(`${folder}/${file}`, name, program, args, { env: { ...env, PATH: `${program.replace(/\/docker$/, "")}:${process.env.PATH}` }, ...options });
  const keys = ["app", "legacy", "single"];
  await run(program, ["rmi", "-f", ...keys.map((key) => images[key].ref)], { env, fail: false });
  for (const key of keys) {
    const { ref } = images[key];
    await paste(`pull-${key}.txt`, ["pull", ref]);
    await paste(`pull-again-${key}.txt`, ["pull", ref]);
    await paste(`inspect-${key}.json`, ["image", "inspect", ref]);
    await paste(`repo-digests-${key}.txt`, ["inspect", "--format", "{{json .RepoDigests}}", ref]);
    await paste(`id-${key}.txt`, ["inspect", "--format", "{{.Id}}", ref]);
    await paste(`grep-id-${key}.txt`, `docker image inspect ${ref} | grep -w Id`);
  }
  await paste("images.txt", ["images"]);
  await paste("images-digests.txt", ["images", "--digests"]);
  await paste("images-no-trunc.txt", ["images", "--no-trunc"]);
  await paste("save-app.tar", ["save", images.app.ref]);
  if (which("skopeo")) await book.paste(`${folder}/skopeo-inspect-saved-app.json`, "skopeo", "sh", `docker save ${images.app.ref} > saved.tar; skopeo inspect docker-archive:saved.tar`, { env });
}

/** The folder of the command line's settings, with buildx as a plug-in where there is one. */
export async function settings(book) {
  const config = join(book.work, "docker-config");
  mkdirSync(join(config, "cli-plugins"), { recursive: true });
  const plugin = ["/usr/libexec/docker/cli-plugins/docker-buildx", "/usr/lib/docker/cli-plugins/docker-buildx", which("buildx")].find((file) => file && existsSync(file));
  if (!plugin) throw new Error("no buildx: see tests/vectors/README.md");
  symlinkSync(plugin, join(config, "cli-plugins/docker-buildx"));
  await book.module("docker buildx", plugin);
  return config;
}

/** Makes the index of an image anew as publishers do: buildx writes an OCI index, `docker manifest` a Docker list. */
export async function listed(config, image, by) {
  const docker = (...args) => run("docker", args, { env: { DOCKER_CONFIG: config } });
  const children = Object.values(image.platforms).map((digest) => `${image.repository}@${digest}`);
  if (by === "buildx") {
    await docker("buildx", "imagetools", "create", "--tag", image.ref, ...children);
  } else {
    await docker("manifest", "create", "--insecure", image.ref, ...children);
    await docker("manifest", "push", "--insecure", image.ref);
  }
}

/** What buildx prints. */
async function imagetools(book, { app, legacy }, config) {
  const paste = (file, ...args) => book.paste(`pastes/buildx/${file}`, "docker buildx", "docker", ["buildx", "imagetools", "inspect", ...args], { env: { DOCKER_CONFIG: config } });
  for (const image of [app, legacy]) {
    await paste(`inspect-${image.name}.txt`, image.ref);
    await paste(`raw-${image.name}.json`, "--raw", image.ref);
    await paste(`manifest-${image.name}.json`, "--format", "{{json .Manifest}}", image.ref);
  }
}

export async function docker(book, images, config) {
  const lines = await commandLines();
  if (lines.length === 0) book.absent("docker", "not installed");
  for (const line of lines) {
    await book.tool(`docker ${line.version}`, line.program);
    await withoutDaemon(book, images, line, config);
  }
  await imagetools(book, images, config);
  // Docker 29 keeps images in containerd's store and prints other Ids. Its module
  // is built as `dockerd`; on the PATH it must be called `dockerd-29`.
  for (const [name, known, more] of [["dockerd", undefined, ["--storage-driver=vfs"]], ["dockerd-29", "29", []]]) {
    const program = which(name);
    if (!program || process.getuid() !== 0) { book.absent(name, program ? "needs root" : "not installed"); continue; }
    await (known ? book.module(name, program) : book.tool(name, program));
    const version = known ?? VERSION.exec((await run(program, ["--version"])).stdout)?.[1];
    let server;
    try {
      server = await daemon(book, program, version, more);
    } catch (error) {
      book.absent(name, `did not start: ${error.message.split("\n")[0].replaceAll(book.work, "WORK")}`);
      continue;
    }
    try {
      for (const line of lines) {
        const said = await run(line.program, ["version"], { env: { DOCKER_HOST: server.host, DOCKER_CONFIG: config }, fail: false });
        if (said.code === 0) await withDaemon(book, images, line, server, config);
        else book.absent(`docker ${line.version} with ${name}`, said.stderr.trim().split("\n").pop());
      }
    } finally {
      await server.stop();
    }
  }
}
