// What other container tools print: podman and buildah with a storage of
// their own, nerdctl where a containerd is ready.
import { join } from "node:path";
import { which } from "../../tests/interop/lib.mjs";

export async function containers(book, images) {
  for (const name of ["podman", "buildah"]) {
    if (!which(name)) { book.absent(name, "not installed"); continue; }
    await book.tool(name, name);
    const dir = join(book.work, name);
    const hidden = ["--root", join(dir, "root"), "--runroot", join(dir, "run"), "--storage-driver", "vfs"];
    const paste = (file, args, options) => book.paste(`pastes/${name}/${file}`, name, name, args, { hidden, ...options });
    try {
      for (const key of ["app", "legacy", "single"]) {
        const { ref } = images[key];
        await paste(`pull-${key}.txt`, ["pull", "--tls-verify=false", ref], { streams: "all" });
        await paste(`inspect-${key}.json`, name === "podman" ? ["image", "inspect", ref] : ["inspect", "--type", "image", ref]);
        await paste(`digest-${key}.txt`, name === "podman"
          ? ["image", "inspect", "--format", "{{.Digest}}", ref] : ["inspect", "--type", "image", "--format", "{{.FromImageDigest}}", ref]);
      }
      await paste("images-digests.txt", ["images", "--digests"]);
    } catch (error) {
      book.absent(`${name}, in part`, error.message.split("\n").slice(0, 2).join(" ").replaceAll(book.work, "WORK"));
    }
  }
  if (!which("nerdctl")) book.absent("nerdctl", "not installed");
}
