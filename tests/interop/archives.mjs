// Archives and folders that real tools write of one signed image, and ours
// asked about each: proven for what was signed, never for the other image that
// the same tool wrote. Where the archive holds another manifest or none, the
// image's own documents lie beside it, as they would be fetched.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOOLS, run, tool, which } from "./lib.mjs";
import * as stage from "./stage.mjs";
import { collect } from "./evidence.mjs";
import { containerd, docker } from "./daemons.mjs";

/** The image for this machine, as most of these tools take it. */
const PLATFORM = "linux/amd64";

/** What is pulled from a registry without TLS by programs of containers/*. */
const plain = "--src-tls-verify=false";

/** How each tool writes an archive or folder `to` of an image; `name` and `tag` are what it is called in it. */
function writers(work, { containerd: ctrd, docker: dockerd }) {
  const skopeo = (form, more = []) => ({ ref }, to, name) => run("skopeo", ["copy", "-q", "--insecure-policy", plain, ...more, `docker://${ref}`, form(to, name)]);
  const store = (program, at) => (...args) => run(program, ["--root", join(work, `${program}-${at}`), "--runroot", join(work, `${program}-run-${at}`), "--storage-driver", "vfs", ...args]);
  const podman = (format) => async ({ ref, what }, to) => {
    const of = store("podman", what);
    await of("pull", "-q", "--tls-verify=false", ref);
    await of("save", "-q", "--format", format, "-o", to, ref);
  };
  const buildah = (form) => async ({ ref, what }, to, name) => {
    const of = store("buildah", what);
    await of("pull", "-q", "--tls-verify=false", ref);
    await of("push", "-q", ref, form(to, name));
  };
  const crane = (...more) => ({ ref }, to) => run(tool("crane"), ["pull", ...more, ref, to]);
  const host = ({ ref }) => ["--host", `reg=${ref.split("/")[0]},tls=disabled`];
  const regctl = (...args) => run(tool("regctl"), args, { env: { REGCTL_CONFIG: join(work, "regctl.json") } });
  const umoci = async (image, to) => {
    await skopeo((to) => `oci:${to}:1.0`)(image, to);
    await run("umoci", ["tag", "--image", `${to}:1.0`, "umoci"]);
    await run("umoci", ["rm", "--image", `${to}:1.0`]);
    await run("umoci", ["gc", "--layout", to]);
  };
  const inside = (tool) => (which(tool) ? tool : undefined);
  const s = "skopeo";
  return [
    [s, "copy docker-archive:", inside("skopeo"), skopeo((to, name) => `docker-archive:${to}:${name}`)],
    [s, "copy oci-archive:", inside("skopeo"), skopeo((to) => `oci-archive:${to}:1.0`)],
    [s, "copy --all oci-archive:", inside("skopeo"), skopeo((to) => `oci-archive:${to}:1.0`, ["--all"])],
    [s, "copy --dest-compress-format zstd oci-archive:", inside("skopeo"), skopeo((to) => `oci-archive:${to}:1.0`, ["--dest-compress-format", "zstd"])],
    [s, "copy oci: (a folder)", inside("skopeo"), skopeo((to) => `oci:${to}:1.0`)],
    [s, "copy dir: (a folder)", inside("skopeo"), skopeo((to) => `dir:${to}`)],
    [s, "copy --all dir: (a folder)", inside("skopeo"), skopeo((to) => `dir:${to}`, ["--all"])],
    ["umoci", "tag, rm, gc of a layout (a folder)", inside("umoci"), umoci],
    ["buildah", "push docker-archive:", inside("buildah"), buildah((to, name) => `docker-archive:${to}:${name}`)],
    ["buildah", "push oci-archive:", inside("buildah"), buildah((to) => `oci-archive:${to}:1.0`)],
    ["buildah", "push dir: (a folder)", inside("buildah"), buildah((to) => `dir:${to}`)],
    ["podman", "save docker-archive", inside("podman"), podman("docker-archive")],
    ["podman", "save oci-archive", inside("podman"), podman("oci-archive")],
    ["podman", "save docker-dir (a folder)", inside("podman"), podman("docker-dir")],
    ["podman", "save oci-dir (a folder)", inside("podman"), podman("oci-dir")],
    ["crane", "pull --format tarball", tool("crane"), crane("--format", "tarball", "--platform", PLATFORM)],
    ["crane", "pull --format legacy", tool("crane"), crane("--format", "legacy", "--platform", PLATFORM)],
    ["crane", "pull --format oci (a folder)", tool("crane"), crane("--format", "oci")],
    ["crane", "pull --format oci, one platform (a folder)", tool("crane"), crane("--format", "oci", "--platform", PLATFORM)],
    ["regctl", "image export", tool("regctl"), (image, to) => regctl(...host(image), "image", "export", image.ref, to)],
    ["regctl", "image export --platform", tool("regctl"), (image, to) => regctl(...host(image), "image", "export", "--platform", PLATFORM, image.ref, to)],
    ["regctl", "image copy ocidir: (a folder)", tool("regctl"), (image, to) => regctl(...host(image), "image", "copy", image.ref, `ocidir://${to}:1.0`)],
    ["oras", "copy --to-oci-layout (a folder)", tool("oras"), ({ ref }, to) => run(tool("oras"), ["copy", "--from-plain-http", "--to-oci-layout", ref, `${to}:1.0`])],
    ["oras", "copy -r --to-oci-layout (a folder)", tool("oras"), ({ ref }, to) => run(tool("oras"), ["copy", "-r", "--from-plain-http", "--to-oci-layout", ref, `${to}:1.0`])],
    ["oras", "backup", tool("oras"), ({ ref }, to) => run(tool("oras"), ["backup", "--plain-http", "--output", `${to}.tar`, ref]).then(() => `${to}.tar`)],
    ["ctr", "images export", ctrd && "ctr", ({ ref }, to) => ctrd.save(ref, to, "--platform", PLATFORM)],
    ["ctr", "images export --all-platforms", ctrd && "ctr", ({ ref }, to) => ctrd.save(ref, to, "--all-platforms")],
    ["docker 20.10", "save", dockerd && "docker", ({ ref }, to) => dockerd.save(ref, to)],
  ];
}

/**
 * One row for each tool and form; the two images, the daemons and how we are
 * asked, for the readings. `key` is our key pair; the image is signed, and in no log.
 */
export async function archives(work, registry, key, program, servers) {
  const push = (name) => stage.pushImage(work, `${registry.host}/demo/disk-${name}`, "1.0", name, { docker: false });
  const [own, other] = [{ ...(await push("own")), what: "own" }, { ...(await push("other")), what: "other" }];
  await stage.sign(work, own.byDigest, key.key, "bundle");
  const beside = async (image) => {
    const name = image.repository.slice(registry.host.length + 1);
    const top = await collect(join(work, `documents-${image.what}`), registry.host, name, image.digest);
    const files = top.files.filter((file) => !file.endsWith("asked.txt"));
    for (const digest of Object.values(image.platforms)) {
      const manifest = await stage.manifest(`${image.repository}@${digest}`);
      const config = await stage.blob(image.repository, JSON.parse(manifest).config.digest);
      for (const [part, bytes] of [["manifest", manifest], ["config", config]]) {
        const file = join(work, `documents-${image.what}`, `${part}-${digest.slice(7, 19)}.json`);
        writeFileSync(file, bytes);
        files.push(file);
      }
    }
    return files;
  };
  const documents = await beside(own);
  const daemons = { containerd: await containerd(work, servers), docker: await docker(work, servers) };
  const rows = [];
  const asked = async (what) => {
    const args = ["check", "--key", key.pub, "--ignore-tlog", "--format", "json", "--image", own.ref, ...documents, what];
    const got = await run(program, args, { fail: false });
    try {
      const report = JSON.parse(got.stdout);
      return { outcome: report.outcome, code: report.code, layers: report.links.filter(({ code }) => /^layer-(verified|unpacked|hashed)$/.test(code)).length, got };
    } catch {
      return { outcome: `exit ${got.code}`, code: got.stderr.split("\n")[0], layers: 0, got };
    }
  };
  for (const [at, [name, form, there, write]] of writers(work, daemons).entries()) {
    if (!there) { console.log(`without ${name}: ${form}`); continue; }
    const made = async (image) => {
      mkdirSync(join(work, "disk"), { recursive: true });
      const to = join(work, "disk", `${at}-${image.what}${form.includes("folder") ? "" : ".tar"}`);
      try {
        const instead = await write(image, to, image.ref.replace(/^[^/]+/, "registry.example"));
        return typeof instead === "string" ? instead : to;
      } catch (error) {
        return error;
      }
    };
    const [ownFile, otherFile] = [await made(own), await made(other)];
    if (ownFile instanceof Error) {
      console.log(`${name} ${form} could not write it: ${ownFile.message.split("\n").slice(0, 4).join(" ")}`);
      rows.push({ name, form, verdict: "could not write it", layers: 0, twin: "", good: false });
      continue;
    }
    const said = await asked(ownFile);
    const twin = otherFile instanceof Error ? { outcome: "not written", code: "" } : await asked(otherFile);
    const good = said.outcome === "proven" && said.layers > 0 && ["contradicted", "not-checked"].includes(twin.outcome);
    rows.push({ name, form, verdict: `${said.outcome}: ${said.code}`, layers: said.layers, twin: `${twin.outcome}: ${twin.code}`, good });
    if (!good) console.log(`NOT AS EXPECTED: ${name} ${form}\n${said.got.stdout.slice(0, 3000)}${said.got.stderr}\ntwin: ${twin.outcome} ${twin.code}`);
  }
  return { rows, own, other, documents, daemons, asked };
}

/** The table as text. */
export function table(rows) {
  const cells = [["tool", "archive or folder", "verdict", "layers held to manifest or config", "another image of the same tool", "good"], ["---", "---", "---", "---", "---", "---"],
    ...rows.map((r) => [r.name, r.form, r.verdict, `${r.layers}`, r.twin, r.good ? "yes" : "NO"])];
  return cells.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Versions of the tools that are not pinned. */
export async function versions() {
  const said = [];
  for (const [name, args] of [["skopeo", ["--version"]], ["umoci", ["--version"]], ["buildah", ["--version"]], ["podman", ["--version"]], ["ctr", ["--version"]]]) {
    if (which(name)) said.push((await run(name, args, { fail: false })).stdout.trim().split("\n")[0]);
  }
  return [...said, ...["crane", "regctl", "oras"].filter(tool).map((name) => `${name} ${TOOLS[name].version}`)].join(", ");
}
