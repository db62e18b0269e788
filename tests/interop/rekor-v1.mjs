// A small Rekor v1 log for tests: a real RFC 6962 tree, signed entry
// timestamps, inclusion proofs and signed checkpoints, for the two kinds that
// cosign writes (hashedrekord 0.0.1, dsse 0.0.1). The Rekor v1 server itself
// needs Trillian and MySQL; cosign judges whether this one speaks its language.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { run, tool } from "./lib.mjs";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

/** RFC 8785 for the values that occur here: strings, integers, arrays, objects. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`)}}`;
}

// RFC 6962, section 2.1: tree hash and audit path.
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
function treeHash(leaves) {
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}
function auditPath(m, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...auditPath(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...auditPath(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))];
}

/** The body Rekor stores for a proposed entry. */
function body(proposed) {
  if (proposed.kind === "hashedrekord") return canonical(proposed);
  if (proposed.kind !== "dsse") throw new Error(`kind ${proposed.kind}`);
  const { envelope, verifiers } = proposed.spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope);
  const hash = (bytes) => ({ algorithm: "sha256", value: sha256(bytes).toString("hex") });
  return canonical({
    apiVersion: "0.0.1", kind: "dsse",
    spec: {
      envelopeHash: hash(envelope),
      payloadHash: hash(Buffer.from(payload, "base64")),
      signatures: signatures.map(({ sig }, i) => ({ signature: sig, verifier: verifiers[i] ?? verifiers[0] })),
    },
  });
}

/** Starts the log; returns what `rekorV2` returns, and the address and key file cosign needs for the `.sig` form. */
export async function rekorV1(dir, name) {
  mkdirSync(dir, { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const logID = sha256(publicKey.export({ type: "spki", format: "der" }));
  const pub = join(dir, "log.pub");
  writeFileSync(pub, publicKey.export({ type: "spki", format: "pem" }));
  const treeID = 4200000000000000042n;
  const offset = 1_000_000; // the global index counts the entries of earlier shards
  const bodies = [];
  const leaves = [];
  const add = (text) => {
    bodies.push(Buffer.from(text));
    return leaves.push(sha256(Buffer.of(0), text)) - 1;
  };
  for (let i = 0; i < 11; i += 1) add(canonical({ apiVersion: "0.0.1", kind: "filler", spec: { i } }));

  const entry = (index) => {
    const root = treeHash(leaves);
    const note = `${name} - ${treeID}\n${leaves.length}\n${root.toString("base64")}\n`;
    const noteSignature = Buffer.concat([logID.subarray(0, 4), sign("sha256", Buffer.from(note), privateKey)]);
    const promised = {
      body: bodies[index].toString("base64"), integratedTime: Math.floor(Date.now() / 1000),
      logID: logID.toString("hex"), logIndex: offset + index,
    };
    return {
      [treeID.toString(16).padStart(16, "0") + leaves[index].toString("hex")]: {
        ...promised,
        verification: {
          inclusionProof: {
            checkpoint: `${note}\n\u2014 ${name} ${noteSignature.toString("base64")}\n`,
            hashes: auditPath(index, leaves).map((hash) => hash.toString("hex")),
            logIndex: index, rootHash: root.toString("hex"), treeSize: leaves.length,
          },
          signedEntryTimestamp: sign("sha256", Buffer.from(canonical(promised)), privateKey).toString("base64"),
        },
      },
    };
  };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = (status, value, headers) => response
      .writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(value));
    try {
      if (request.method === "POST" && request.url === "/api/v1/log/entries") {
        const made = entry(add(body(JSON.parse(Buffer.concat(chunks)))));
        const [id] = Object.keys(made);
        answer(201, made, { ETag: id, Location: `/api/v1/log/entries/${id}` });
      } else {
        answer(404, { code: 404, message: "not found" });
      }
    } catch (error) {
      answer(400, { code: 400, message: error.message });
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const start = "2024-01-01T00:00:00Z";
  const signingConfig = join(dir, "signing-config.json");
  const trustedRoot = join(dir, "trusted_root.json");
  await run(tool("cosign"), ["signing-config", "create", "--out", signingConfig, "--rekor-config", "ANY",
    "--rekor", `url=${url},api-version=1,start-time=${start},operator=loopback`]);
  await run(tool("cosign"), ["trusted-root", "create", "--out", trustedRoot,
    "--rekor", `url=https://${name},public-key=${pub},start-time=${start}`]);
  return { url, pub, signingConfig, trustedRoot, stop: async () => server.close() };
}
