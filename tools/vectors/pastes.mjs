// What tools print about the images, kept as it was printed. Nothing here is
// edited: a tool that is not installed is named in index.json instead.
import { tool, which } from "../../tests/interop/lib.mjs";
import { tagOf } from "../signed-image.mjs";

const HOST = "localhost:5000";

/** cosign itself: verify in both forms, and what it downloads and lists. */
export async function cosign(book, images) {
  const program = tool("cosign");
  await book.tool("cosign", program, ["version"]);
  const paste = (file, args, options) => book.paste(`pastes/cosign/${file}`, "cosign", program, args, options);
  const verify = (key, image, ...more) => ["verify", "--trusted-root", "trusted_root.json", "--key", `${key}.pub`, ...more, image.ref];
  for (const name of ["app", "dsse", "legacy"]) {
    const image = images[name];
    await paste(`verify-${name}.txt`, verify("cosign", image), { streams: "all" });
    await paste(`verify-${name}.json`, verify("cosign", image));
    await paste(`verify-${name}-other-key.txt`, verify("other", image), { streams: "all" });
    await paste(`download-signature-${name}.json`, ["download", "signature", image.ref]);
    await paste(`tree-${name}.txt`, ["tree", image.ref], { streams: "all" });
    await paste(`triangulate-${name}.txt`, ["triangulate", image.ref]);
  }
  for (const name of ["private", "unsigned", "attested", "child", "stranger"]) {
    await paste(`verify-${name}.txt`, verify("cosign", images[name]), { streams: "all" });
  }
  await paste("verify-unlogged.txt", ["verify", "--insecure-ignore-tlog", "--key", "cosign.pub", images.unlogged.ref], { streams: "all" });
}

/** Tools that read registries. */
export async function readers(book, images) {
  const { app, legacy, single } = images;
  const amd64 = (image) => `${image.repository}@${image.platforms.amd64}`;
  const crane = (file, args) => book.paste(`pastes/crane/${file}`, "crane", tool("crane"), args);
  await book.tool("crane", tool("crane"), ["version"]);
  await crane("digest-app.txt", ["digest", app.ref]);
  await crane("digest-full-ref-app.txt", ["digest", "--full-ref", app.ref]);
  await crane("ls-legacy.txt", ["ls", legacy.repository]);
  for (const image of [app, legacy]) {
    await crane(`manifest-${image.name}.json`, ["manifest", image.ref]);
    await crane(`manifest-${image.name}-amd64.json`, ["manifest", amd64(image)]);
    await crane(`config-${image.name}-amd64.json`, ["config", amd64(image)]);
  }
  if (which("jq")) {
    await book.tool("jq", "jq");
    await book.paste("pastes/crane/manifest-jq-app.txt", "crane", null, `crane manifest ${app.ref} | jq .`);
  } else {
    book.absent("jq", "not installed");
  }

  if (which("skopeo")) {
    await book.tool("skopeo", "skopeo");
    const skopeo = (file, ...args) => book.paste(`pastes/skopeo/${file}`, "skopeo", "skopeo", ["inspect", "--tls-verify=false", ...args]);
    for (const image of [app, legacy]) {
      const [whole, one] = [`docker://${image.ref}`, `docker://${amd64(image)}`];
      await skopeo(`inspect-${image.name}.json`, whole);
      await skopeo(`raw-${image.name}.json`, "--raw", whole);
      await skopeo(`raw-${image.name}-amd64.json`, "--raw", one);
      await skopeo(`config-${image.name}-amd64.json`, "--config", one);
      await skopeo(`config-raw-${image.name}-amd64.json`, "--config", "--raw", one);
      await skopeo(`digest-${image.name}.txt`, "--format", "{{.Digest}}", whole);
    }
  } else {
    book.absent("skopeo", "not installed");
  }

  if (tool("oras")) {
    await book.tool("oras", tool("oras"), ["version"]);
    const oras = (file, ...args) => book.paste(`pastes/oras/${file}`, "oras", tool("oras"), args);
    await oras("discover-app.txt", "discover", "--plain-http", app.ref);
    await oras("discover-app.json", "discover", "--plain-http", "--format", "json", app.ref);
    await oras("manifest-app.json", "manifest", "fetch", "--plain-http", app.ref);
    await oras("manifest-pretty-app.json", "manifest", "fetch", "--plain-http", "--pretty", app.ref);
    await oras("descriptor-app.json", "manifest", "fetch", "--plain-http", "--descriptor", app.ref);
    await oras("resolve-app.txt", "resolve", "--plain-http", app.ref);
    await oras("manifest-legacy-amd64.json", "manifest", "fetch", "--plain-http", amd64(legacy));
  } else {
    book.absent("oras", "not installed");
  }

  if (tool("regctl")) {
    await book.tool("regctl", tool("regctl"), ["version"]);
    const regctl = (file, ...args) => book.paste(`pastes/regctl/${file}`, "regctl", tool("regctl"), args,
      { env: { REGCTL_CONFIG: `${book.work}/regctl.json` }, hidden: ["--host", `reg=${HOST},tls=disabled`] });
    await regctl("digest-app.txt", "image", "digest", app.ref);
    await regctl("manifest-app.txt", "manifest", "get", app.ref);
    await regctl("manifest-raw-app.json", "manifest", "get", "--format", "raw-body", app.ref);
    await regctl("manifest-head-app.txt", "manifest", "head", app.ref);
    await regctl("inspect-app.json", "image", "inspect", "--platform", "linux/amd64", app.ref);
    await regctl("artifact-list-app.txt", "artifact", "list", app.ref);
  }

  if (which("curl")) {
    await book.tool("curl", "curl");
    const accept = ["-H", "Accept: application/vnd.oci.image.index.v1+json", "-H", "Accept: application/vnd.docker.distribution.manifest.list.v2+json",
      "-H", "Accept: application/vnd.oci.image.manifest.v1+json", "-H", "Accept: application/vnd.docker.distribution.manifest.v2+json"];
    const at = (image, reference = image.tag) => `http://${HOST}/v2/team/${image.name}/manifests/${reference}`;
    const curl = (file, args, options) => book.paste(`pastes/curl/${file}`, "curl", "curl", args, { env: { NO_PROXY: "*" }, ...options });
    for (const image of [app, legacy]) {
      await curl(`head-${image.name}.txt`, ["-sI", ...accept, at(image)]);
      await curl(`include-${image.name}.txt`, ["-si", ...accept, at(image)]);
      await curl(`verbose-${image.name}.txt`, ["-sv", ...accept, at(image)], { streams: "all" });
      await curl(`body-${image.name}.json`, ["-s", ...accept, at(image)]);
      await curl(`sha256sum-${image.name}.txt`, `curl -s -H 'Accept: ${accept[image === app ? 1 : 3].slice(8)}' ${at(image)} | sha256sum`);
    }
    await curl("tags-legacy.json", ["-s", `http://${HOST}/v2/team/legacy/tags/list`]);
    await curl("sig-legacy.json", ["-s", ...accept, at(legacy, `${tagOf(legacy.digest)}.sig`)]);
    await curl("sig-unsigned.json", ["-s", ...accept, at(images.unsigned, `${tagOf(images.unsigned.digest)}.sig`)]);
    await curl("head-single.txt", ["-sI", ...accept, at(single)]);
  }
}
