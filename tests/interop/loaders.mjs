// Archives that programs may read differently, and what real loaders take from
// them: skopeo, crane, regctl, podman, Docker's and containerd's daemons. Whatever one of them takes
// for another image than the signed one must never be proven.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, tool, which } from "./lib.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The members of a tar that a tool wrote: [name, bytes, kind, link]. */
export function members(tar) {
  const found = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const text = (from, to) => tar.toString("utf8", at + from, at + to).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 136).trim() || "0", 8);
    found.push([text(0, 100), tar.subarray(at + 512, at + 512 + size), text(156, 157) || "0", text(157, 257)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

/** One member as any program may write it. */
export function entry(name, bytes = "", kind = "0", link = "", more = {}) {
  const body = Buffer.from(bytes);
  const block = Buffer.alloc(512);
  block.write(name, 0, "utf8");
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write(kind, 156);
  block.write(link, 157, "utf8");
  block.write("ustar\x0000", 257);
  for (const [at, text] of Object.entries(more)) block.write(text, Number(at), "latin1");
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

const tar = (parts) => Buffer.concat([...parts, Buffer.alloc(1024)]);
const write = (list) => list.map(([name, bytes, kind, link]) => entry(name, kind === "0" || kind === undefined ? bytes : "", kind, link));

/** Archives of both images that programs may read differently: [what, bytes]; the first of each kind is honest. */
export function cases(own, evil) {
  const [docker, layout] = [own.docker, own.layout];
  const find = (list, name) => list.find(([path]) => path === name);
  const without = (list, ...names) => list.filter(([path]) => !names.includes(path));
  const all = [];
  const add = (what, parts) => all.push([what, tar(parts)]);
  add("honest docker-archive", write(docker));
  add("honest layout", write(layout));
  const others = (ours, theirs) => theirs.filter(([path]) => !find(ours, path));
  for (const [form, ours, theirs, list] of [["docker-archive", docker, evil.docker, "manifest.json"], ["layout", layout, evil.layout, "index.json"]]) {
    const beside = write(others(ours, theirs));
    const good = write(ours);
    const rest = write(without(ours, list));
    const [mine, yours] = [find(ours, list)[1], find(theirs, list)[1]];
    add(`${form}: both images' parts, our list`, [...good, ...beside]);
    for (const [what, name] of [["twice", list], ["under ./", `./${list}`], ["under .//", `.//${list}`], ["in capitals", list.toUpperCase()], ["with a slash behind", `${list}/`], ["by a way around", `x/../${list}`], ["absolute", `/${list}`]]) {
      add(`${form}: the list ${what}, the other last`, [...rest, ...beside, entry(list, mine), entry(name, yours)]);
      add(`${form}: the list ${what}, the other first`, [...rest, ...beside, entry(name, yours), entry(list, mine)]);
    }
    for (const [what, kind, link] of [["a link", "2", "other.json"], ["a link by ./", "2", "./other.json"], ["a hard link", "1", "other.json"]]) {
      add(`${form}: the list is ${what}`, [...rest, ...beside, entry("other.json", yours), entry(list, "", kind, link)]);
      add(`${form}: the list is ${what} to what comes later`, [...rest, ...beside, entry(list, "", kind, link), entry("other.json", yours)]);
      add(`${form}: the list, then ${what} over it`, [...rest, ...beside, entry("other.json", yours), entry(list, mine), entry(list, "", kind, link)]);
    }
    const long = (kind, text) => entry("././@LongLink", `${text}\0`, kind);
    const record = (key, value) => { const rest = ` ${key}=${value}\n`; let n = rest.length + 1; while (`${n}${rest}`.length !== n) n = `${n}${rest}`.length; return `${n}${rest}`; };
    const pax = (key, value) => entry("x", record(key, value), "x");
    add(`${form}: pax path to the list`, [...good, ...beside, pax("path", list), entry("harmless", yours)]);
    add(`${form}: long name to the list`, [...good, ...beside, long("L", list), entry("harmless", yours)]);
    add(`${form}: pax path away from the list`, [...good, ...beside, pax("path", "harmless"), entry(list, yours)]);
    add(`${form}: long name and pax path`, [...good, ...beside, long("L", list), pax("path", "harmless"), entry("z", yours)]);
    add(`${form}: pax path and long name`, [...good, ...beside, pax("path", "harmless"), long("L", list), entry("z", yours)]);
    add(`${form}: a global pax path`, [...good, ...beside, entry("x", record("path", list), "g"), entry("harmless", yours)]);
    add(`${form}: an old type`, [...rest, ...beside, entry(list, mine), entry(list, yours, "7")]);
    add(`${form}: a type of zero`, [...rest, ...beside, entry(list, mine), entry(list, yours, "\0")]);
    add(`${form}: a prefix`, [...good, ...beside, entry(list, yours, "0", "", { 345: "." })]);
    add(`${form}: two archives, one behind the other`, [...good, Buffer.alloc(1024), ...write(theirs)]);
    add(`${form}: one empty block between`, [...good, Buffer.alloc(512), ...write(theirs)]);
    add(`${form}: several images, ours first`, [...rest, ...beside, entry(list, both(mine, yours, form))]);
    add(`${form}: several images, ours last`, [...rest, ...beside, entry(list, both(yours, mine, form))]);
    const renamed = yours.toString().replaceAll(evil.name, own.name);
    add(`${form}: both under one name, ours first`, [...rest, ...beside, entry(list, both(mine, renamed, form))]);
    add(`${form}: both under one name, ours last`, [...rest, ...beside, entry(list, both(renamed, mine, form))]);
    add(`${form}: two lists in one file`, [...rest, ...beside, entry(list, `${yours}\n${mine}`)]);
    add(`${form}: another case of its members`, [...rest, ...beside, entry(list, again(mine, yours, form))]);
    add(`${form}: a byte order mark`, [...rest, ...beside, entry(list, `\ufeff${mine}`)]);
  }
  // Two lists of two formats.
  const [a, b] = [write(docker), write(evil.docker)];
  add("their docker-archive in our layout", [...write(layout), ...write(others(layout, evil.docker))]);
  add("our docker-archive in their layout", [...write(evil.layout), ...write(others(evil.layout, docker))]);
  add("a layout of theirs without its mark, our docker-archive", [...write(without(evil.layout, "oci-layout")), ...a]);
  add("config of theirs under our name", [...write(docker.map(([name, bytes, ...rest]) => (name === own.config ? [name, find(evil.docker, evil.config)[1], ...rest] : [name, bytes, ...rest])))]);
  add("layers of theirs under our names", [...write(docker.map(([name, bytes, ...rest], at) => (/\.tar(\.gz)?$/.test(name) ? [name, evil.docker.filter(([n]) => /\.tar(\.gz)?$/.test(n))[0][1], ...rest] : [name, bytes, ...rest])))]);
  add("our config twice, theirs last", [...a, entry(own.config, find(evil.docker, evil.config)[1])]);
  add("our config twice, theirs first", [entry(own.config, find(evil.docker, evil.config)[1]), ...a]);
  add("one after the other without an end", [...a, ...b]);
  const blobs = layout.filter(([name]) => name.startsWith("blobs/sha256/") && name.length > 20);
  for (const [name, bytes] of blobs.slice(0, 3)) {
    add(`a blob twice (${name.slice(13, 19)})`, [...write(layout), entry(name, "{}")]);
    add(`a blob twice, the other first (${name.slice(13, 19)})`, [entry(name, "{}"), ...write(layout)]);
    add(`a blob under ./ again (${name.slice(13, 19)})`, [...write(layout), entry(`./${name}`, bytes)]);
  }
  return all;
}

// Both images in one list.
function both(first, second, form) {
  const [a, b] = [JSON.parse(first), JSON.parse(second)];
  return JSON.stringify(form === "layout" ? { ...a, manifests: [...a.manifests, ...b.manifests] } : [...a, ...b]);
}

// The other image in members that Go's decoder takes for the known ones.
function again(first, second, form) {
  const [a, b] = [JSON.parse(first), JSON.parse(second)];
  if (form === "layout") return JSON.stringify({ ...a, Manifests: b.manifests });
  return JSON.stringify([{ ...a[0], config: b[0].Config, layers: b[0].Layers }]);
}

/**
 * The loaders: each gives the digests of the configs that it takes, or throws.
 * Of several images the one under the asked name, where it keeps names.
 */
export function loaders(work, registry, { containerd, docker }) {
  const all = {};
  const config = (stdout) => [sha256(stdout)];
  const ids = ({ stdout }) => [...new Set(stdout.trim().split("\n").filter(Boolean))].map((id) => id.replace("sha256:", ""));
  if (which("skopeo")) {
    for (const form of ["docker-archive", "oci-archive"]) {
      all[`skopeo ${form}`] = async (file) => config((await run("skopeo", ["inspect", "--config", "--raw", `${form}:${file}`], { binary: true })).stdout);
    }
  }
  const pushed = async (ref) => config((await run(tool("crane"), ["config", "--platform", "linux/amd64", ref], { binary: true })).stdout);
  let number = 0;
  if (tool("crane")) all.crane = async (file) => {
    const ref = `${registry.host}/loaded/crane-${number += 1}:1`;
    await run(tool("crane"), ["push", file, ref]);
    return pushed(ref);
  };
  if (tool("regctl")) all.regctl = async (file, name, several) => {
    const ref = `${registry.host}/loaded/regctl-${number += 1}:1`;
    await run(tool("regctl"), ["--host", `reg=${registry.host},tls=disabled`, "image", "import", ...(several ? ["--name", name] : []), ref, file], { env: { REGCTL_CONFIG: join(work, "regctl-load.json") } });
    return pushed(ref);
  };
  if (which("podman")) all["podman load"] = async (file, name) => {
    const root = join(work, "podman-load");
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    const podman = (...args) => run("podman", ["--root", join(root, "r"), "--runroot", join(root, "run"), "--storage-driver", "vfs", ...args]);
    await podman("load", "-q", "-i", file);
    const list = ids(await podman("images", "-q", "--no-trunc"));
    return list.length > 1 ? ids(await podman("image", "inspect", "--format", "{{.Id}}", name)) : list;
  };
  if (docker) all["docker load"] = async (file, name) => {
    const list = async () => ids(await docker.docker("images", "-aq", "--no-trunc"));
    for (const id of await list()) await docker.docker("rmi", "-f", id);
    await docker.docker("load", "-q", "-i", file);
    const all = await list();
    return all.length > 1 ? ids(await docker.docker("image", "inspect", "--format", "{{.Id}}", name)) : all;
  };
  if (containerd) all["ctr import"] = async (file, name) => {
    const ctr = containerd.ctr;
    const names = async () => (await ctr("images", "ls", "-q")).stdout.trim().split("\n").filter(Boolean);
    for (const name of await names()) await ctr("images", "rm", "--sync", name);
    await ctr("images", "import", "--no-unpack", "--base-name", "loaded/x", file);
    const found = [];
    const lines = (await ctr("images", "ls")).stdout.trim().split("\n").slice(1);
    const named = lines.filter((line) => line.startsWith(`${name} `));
    for (const line of lines.length > 1 && named.length ? named : lines) {
      let [, , digest] = line.split(/\s+/);
      for (let depth = 0; depth < 3; depth += 1) {
        const document = JSON.parse((await ctr("content", "get", digest)).stdout);
        if (document.config) { found.push(document.config.digest.slice(7)); break; }
        const child = document.manifests.find(({ platform }) => !platform || platform.architecture === "amd64") ?? document.manifests[0];
        digest = child.digest;
      }
    }
    return found;
  };
  return all;
}

/**
 * Every case before every loader and before us: [{ what, ours, taken, good }].
 * `asked(file)` is our verdict; proven is right only where no loader takes
 * anything but what was signed.
 */
export async function readings(work, own, evil, all, asked) {
  const dir = join(work, "readings");
  mkdirSync(dir, { recursive: true });
  const names = new Map([[own.id, "own"], [evil.id, "OTHER"]]);
  const rows = [];
  for (const [at, [what, bytes]] of cases(own, evil).entries()) {
    const file = join(dir, `${at}.tar`);
    writeFileSync(file, bytes);
    const taken = {};
    for (const [name, load] of Object.entries(all)) {
      try {
        const ids = await load(file, own.name, /several/.test(what));
        taken[name] = [...new Set(ids.map((id) => names.get(id) ?? "something else"))].sort().join("+") || "nothing";
      } catch {
        taken[name] = "refused";
      }
    }
    const said = await asked(file);
    const other = Object.values(taken).some((what) => /OTHER|something/.test(what));
    const honest = what.startsWith("honest");
    const good = honest ? said.outcome === "proven" && Object.values(taken).includes("own") : !(said.outcome === "proven" && other);
    rows.push({ what, ours: said.outcome, code: said.code, taken, good });
  }
  return rows;
}

/** An image's parts as tools write them, for `cases`. */
export async function parts(work, image) {
  const dockerFile = join(work, `parts-${image.what}.tar`);
  await run(tool("crane"), ["pull", "--format", "tarball", "--platform", "linux/amd64", image.ref, dockerFile]);
  const layoutFile = join(work, `parts-${image.what}-oci.tar`);
  await run("skopeo", ["copy", "-q", "--insecure-policy", "--src-tls-verify=false", `docker://${image.ref}`, `oci-archive:${layoutFile}:1.0`]);
  const docker = members(readFileSync(dockerFile));
  const [list] = JSON.parse(docker.find(([name]) => name === "manifest.json")[1]);
  const config = docker.find(([name]) => name === list.Config);
  return { docker, layout: members(readFileSync(layoutFile)), config: list.Config, id: sha256(config[1]), name: image.ref };
}
