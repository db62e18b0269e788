// The image of deploy/Containerfile, as an operator builds, pushes and signs it:
// buildah, then the real cosign. Our own verifier is asked about our own image.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, which } from "./lib.mjs";

const RECIPE = new URL("../../deploy/Containerfile", import.meta.url).pathname;

/** What is needed and not here. */
export const missing = () => ["buildah", "ldd"].filter((name) => !which(name));

/**
 * Builds the image around `program` on a base that holds its C library and
 * nothing else (no registry is asked for one), runs it once, and pushes it:
 * `{ name, digest, byDigest, says }`; `tamper` changes one byte of the program.
 */
export async function container(work, registry, program, { tag, tamper = false }) {
  const own = ["--root", join(work, "buildah"), "--runroot", join(work, "buildah-run"), "--storage-driver", "vfs"];
  const buildah = async (...args) => (await run(which("buildah"), [...own, ...args], { timeout: 300_000 })).stdout.trim();
  const [base, context] = [join(work, `base-${tag}`), join(work, `context-${tag}`)];
  const libraries = execFileSync("ldd", [program], { encoding: "utf8" }).match(/\/\S+\.so\S*/g);
  for (const file of libraries) {
    mkdirSync(join(base, dirname(file)), { recursive: true });
    copyFileSync(file, join(base, file));
  }
  writeFileSync(join(base, "Containerfile"), "FROM scratch\nCOPY . /\n");
  await buildah("build", "--isolation", "chroot", "--tag", `base-${tag}`, base);
  mkdirSync(context);
  copyFileSync(program, join(context, "webdis-verify"));
  if (tamper) writeFileSync(join(context, "webdis-verify"), "x", { flag: "a" });
  await buildah("build", "--isolation", "chroot", "--build-arg", `BASE=localhost/base-${tag}`, "--file", RECIPE, "--tag", `app-${tag}`, context);
  const made = await buildah("from", `localhost/app-${tag}`);
  const says = await buildah("run", "--isolation", "chroot", made, "--", "/usr/local/bin/webdis-verify", "--version");
  const name = `demo/${tag}`;
  await buildah("push", "--tls-verify=false", "--digestfile", join(work, `${tag}.digest`), `localhost/app-${tag}`, `docker://${registry.host}/${name}:1.0`);
  const digest = readFileSync(join(work, `${tag}.digest`), "utf8").trim();
  return { name, digest, byDigest: `${registry.host}/${name}@${digest}`, says };
}
