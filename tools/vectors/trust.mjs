// Content Trust sets by the real Notary server, its signer, the notary client
// and `docker trust`: the life of one repository, stage by stage, a second
// repository of the same signer, and a stranger's repository of the same name.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms, notaryServer } from "../../tests/interop/content-trust.mjs";
import { run } from "../../tests/interop/lib.mjs";
import { manifest } from "../../tests/interop/stage.mjs";

const GUN = "docker.io/example/webdis";
const OTHER = "docker.io/example/other";
const TAGS = ["0.1.19", "0.1.20", "0.1.21"];
const ROLES = ["root", "targets", "snapshot", "timestamp", "targets/releases", "targets/alice", "targets/bob"];

/** What the server serves of a repository, by file name. */
async function served(server, gun) {
  const names = [...ROLES.map((role) => `${role}.json`)];
  for (let n = 1; n < 9; n += 1) names.push(`${n}.root.json`);
  const files = {};
  for (const name of names) {
    const answer = await fetch(`http://${server.host}/v2/${gun}/_trust/tuf/${name}`);
    if (answer.ok) files[name] = Buffer.from(await answer.arrayBuffer());
  }
  return files;
}

/** Keeps one stage: the metadata and what both programs say of it. */
async function snap(book, server, stage, gun = GUN) {
  const folder = `trust/${stage}`;
  for (const [name, bytes] of Object.entries(await served(server, gun))) book.save(`${folder}/${name}`, bytes);
  const shown = gun.replace("docker.io/", "");
  const list = await book.paste(`${folder}/notary-list.txt`, "notary", "notary", ["list", gun], { env: server.env, hidden: server.options });
  book.facts.trust.lists[stage] = list.text.split("\n").map((line) => line.trim().split(/\s+/))
    .filter(([, digest]) => /^[0-9a-f]{64}$/.test(digest ?? "")).map(([tag, digest, , role]) => [tag, `sha256:${digest}`, role]);
  const docker = (file, ...args) => book.paste(`${folder}/${file}`, "docker trust", "docker", ["trust", "inspect", ...args], { env: server.env });
  await docker("inspect.json", shown);
  await docker("inspect.pretty.txt", "--pretty", shown);
  for (const tag of TAGS) {
    await docker(`inspect-${tag}.json`, `${shown}:${tag}`);
    await docker(`inspect-${tag}.pretty.txt`, "--pretty", `${shown}:${tag}`);
  }
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${folder}/root.json`, import.meta.url), "utf8")).signed;
}

const pins = ({ roles }) => ({ root: roles.root.keyids[0], repository: roles.targets.keyids[0] });

/** Every stage; `images` are those of signatures.mjs. */
export async function trust(book, images) {
  const absent = missingPrograms();
  if (absent.length) throw new Error(`Content Trust sets need ${absent.join(", ")}`);
  const server = await notaryServer(join(book.work, "notary-1"));
  const stranger = await notaryServer(join(book.work, "notary-2"));
  try {
    // Debian's client does not say its own version.
    await book.tool("notary", "dpkg-query", ["--show", "notary"]);
    await book.tool("docker trust", "docker");
    const facts = book.facts.trust = { gun: GUN, other: OTHER, lists: {}, tags: {} };
    const of = { "0.1.19": images.legacy, "0.1.20": images.app, "0.1.21": images.dsse, again: images.private, elsewhere: images.unsigned };
    const add = async (by, gun, tag, image, ...roles) => {
      const { length } = await manifest(`${image.repository}@${image.digest}`);
      await by.client("addhash", gun, tag, `${length}`, "--sha256", image.digest.slice(7), ...roles.flatMap((role) => ["-r", role]), "--publish");
    };
    for (const tag of TAGS) {
      facts.tags[tag] = of[tag].digest;
      book.save(`trust/manifests/${tag}.json`, await manifest(of[tag].byDigest));
    }
    const delegated = ["targets/releases", "targets/alice"];

    await server.docker("key", "generate", "alice");
    await server.docker("signer", "add", "--key", "alice.pub", "alice", GUN);
    facts.first = pins(await snap(book, server, "s0-init"));
    book.save("keys/alice.pub", readFileSync(join(server.dir, "alice.pub")));
    await add(server, GUN, "0.1.19", of["0.1.19"]);
    await snap(book, server, "s1-admin-tag");
    for (const tag of ["0.1.20", "0.1.21"]) await add(server, GUN, tag, of[tag], ...delegated);
    await snap(book, server, "s2-delegated");
    await server.client("key", "rotate", GUN, "targets");
    facts.rotated = pins(await snap(book, server, "s3-targets-key-rotated"));
    await server.client("key", "rotate", GUN, "snapshot", "-r");
    await snap(book, server, "s4-snapshot-key-rotated");
    const old = readdirSync(join(server.config, "trust/private"));
    await run("sh", ["-c", 'yes yes | notary "$@"', "notary", ...server.options, "key", "rotate", GUN, "root"], { env: server.env });
    if (readdirSync(join(server.config, "trust/private")).length <= old.length) throw new Error("no new root key");
    facts.newest = pins(await snap(book, server, "s5-root-key-rotated"));
    await server.docker("key", "generate", "bob");
    await server.docker("signer", "add", "--key", "bob.pub", "bob", GUN);
    await add(server, GUN, "0.1.21", of["0.1.21"], "targets/bob");
    await server.client("delegation", "remove", GUN, "targets/bob", "-y", "--publish");
    await server.client("remove", GUN, "0.1.20", ...delegated.flatMap((role) => ["-r", role]), "--publish");
    await add(server, GUN, "0.1.21", of.again);
    await snap(book, server, "s9-tag-in-two-roles");

    await server.docker("signer", "add", "--key", "alice.pub", "alice", OTHER);
    await add(server, OTHER, "0.1.20", of.elsewhere, ...delegated);
    facts.second = pins(await snap(book, server, "other-repository", OTHER));
    facts.tags.elsewhere = of.elsewhere.digest;

    await stranger.docker("key", "generate", "mallory");
    await stranger.docker("signer", "add", "--key", "mallory.pub", "mallory", GUN);
    await add(stranger, GUN, "0.1.20", of.elsewhere, "targets/releases", "targets/mallory");
    facts.stranger = pins(await snap(book, stranger, "stranger"));
  } finally {
    await server.stop();
    await stranger.stop();
  }
}
