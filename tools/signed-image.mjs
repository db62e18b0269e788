// What is kept of a signed image, as files: shared by make-examples.mjs and
// make-vectors.mjs. `save(name, bytes)` says where the files go.
import { run, tool } from "../tests/interop/lib.mjs";
import { blob, manifest } from "../tests/interop/stage.mjs";

/** The image and its platforms: [["index", digest], ["linux-amd64", digest], …]. */
export const subjects = (image) => [["index", image.digest],
  ...Object.entries(image.platforms).map(([architecture, digest]) => [`linux-${architecture}`, digest])];

/** The tag cosign puts beside a digest: `sha256-<hex>`. */
export const tagOf = (digest) => digest.replace(":", "-");

/** A cosign run as a terminal shows it: the command, standard error, standard output. */
export async function transcript(work, shown, args) {
  const { stdout, stderr } = await run(tool("cosign"), args, { cwd: work, fail: false });
  return `$ cosign ${shown}\n${stderr}${stdout}`;
}

/** Index, manifests and configs of an image. */
export async function saveImage(save, folder, image) {
  save(`${folder}/index.json`, await manifest(image.byDigest));
  for (const [architecture, digest] of Object.entries(image.platforms)) {
    const bytes = await manifest(`${image.repository}@${digest}`);
    save(`${folder}/linux-${architecture}.json`, bytes);
    save(`${folder}/linux-${architecture}-config.json`,
      await blob(image.repository, JSON.parse(bytes).config.digest));
  }
}

/** cosign 3: for each subject the list of its referrers, the referrer manifest, the bundle. */
export async function saveBundles(save, folder, image, only = subjects(image)) {
  for (const [name, digest] of only) {
    const list = await manifest(`${image.repository}:${tagOf(digest)}`);
    const referrer = await manifest(`${image.repository}@${JSON.parse(list).manifests[0].digest}`);
    save(`${folder}/${name}.referrers.json`, list);
    save(`${folder}/${name}.signature-manifest.json`, referrer);
    save(`${folder}/${name}.bundle.json`, await blob(image.repository, JSON.parse(referrer).layers[0].digest));
  }
}

/** Older cosign: for each subject the `.sig` manifest and the payload. */
export async function saveSig(save, folder, image, only = subjects(image)) {
  for (const [name, digest] of only) {
    const bytes = await manifest(`${image.repository}:${tagOf(digest)}.sig`);
    save(`${folder}/${name}.signature-manifest.json`, bytes);
    save(`${folder}/${name}.payload.json`, await blob(image.repository, JSON.parse(bytes).layers[0].digest));
  }
}

/** The same text with its one `from` replaced by a `to` of the same length. */
export function changed(text, from, to) {
  if (text.split(from).length !== 2 || from.length !== to.length) throw new Error(`${from}: not once in the text`);
  return text.replace(from, to);
}

/** Another digest: its last digit is another one. */
export const otherDigest = (digest) => digest.replace(/.$/, (c) => (c === "0" ? "1" : "0"));
