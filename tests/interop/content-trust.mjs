// Docker Content Trust on loopback: Debian's notary-server, keys and a signer
// made by `docker trust`, a release signed by the notary client, so that
// `docker trust inspect` can be asked about the image we are asked about.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as send } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import { freePort, run, serve, tool, which } from "./lib.mjs";

const PASSPHRASES = Object.fromEntries(["DOCKER_CONTENT_TRUST_ROOT", "DOCKER_CONTENT_TRUST_REPOSITORY",
  "NOTARY_ROOT", "NOTARY_TARGETS", "NOTARY_SNAPSHOT", "NOTARY_DELEGATION"].map((name) => [`${name}_PASSPHRASE`, "loopback-only"]));

/** The programs that are not here. */
export const missingPrograms = () => ["docker", "notary", "notary-server", "notary-signer", "openssl"].filter((name) => !which(name));

/**
 * A Notary server with its signer, in memory. `secure` is its https address;
 * `docker(...)` runs `docker trust`, `client(...)` the notary client, both
 * with the keys in `config`.
 */
export async function notaryServer(work) {
  const dir = join(work, "content-trust");
  const ports = [await freePort(), await freePort(), await freePort()];
  const secure = `localhost:${ports[1]}`;
  const config = join(dir, "docker");
  mkdirSync(join(config, "tls", secure), { recursive: true });
  // One certificate for everything here: Docker insists on https, server and signer on each other's.
  const [key, certificate] = [join(dir, "tls.key"), join(config, "tls", secure, "ca.crt")];
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2", "-keyout", key, "-out", certificate]);
  const start = async (program, settings, ready, env) => {
    const file = join(dir, `${program}.json`);
    writeFileSync(file, JSON.stringify({ ...settings, logging: { level: "error" } }));
    return serve(which(program), [`-config=${file}`], ready, { env });
  };
  // Without a signer the server's own keys would be Ed25519, which Docker Hub's never were.
  const signer = await start("notary-signer", {
    server: { grpc_addr: `127.0.0.1:${ports[2]}`, tls_cert_file: certificate, tls_key_file: key, client_ca_file: certificate },
    storage: { backend: "memory", default_alias: "timestamp_1" },
  }, `tcp://127.0.0.1:${ports[2]}`, { NOTARY_SIGNER_TIMESTAMP_1: "loopback-only" });
  const server = await start("notary-server", {
    server: { http_addr: `127.0.0.1:${ports[0]}` }, storage: { backend: "memory" },
    trust_service: { type: "remote", hostname: "localhost", port: `${ports[2]}`, key_algorithm: "ecdsa",
      tls_ca_file: certificate, tls_client_cert: certificate, tls_client_key: key },
  }, `http://127.0.0.1:${ports[0]}/v2/`);

  const front = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    const { method, url: path, headers } = request;
    const onward = send({ host: "127.0.0.1", port: ports[0], method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((done) => front.listen(ports[1], "127.0.0.1", done));

  const env = { ...PASSPHRASES, DOCKER_CONFIG: config, DOCKER_CONTENT_TRUST_SERVER: `https://${secure}` };
  const docker = (...args) => run("docker", ["trust", ...args], { env, cwd: dir });
  const options = ["-s", `https://${secure}`, "--tlscacert", certificate, "-d", join(config, "trust")];
  const client = (...args) => run("notary", [...options, ...args], { env, cwd: dir });
  const stop = async () => { await server.stop(); await signer.stop(); await new Promise((done) => { front.closeAllConnections(); front.close(done); }); };
  return { host: `localhost:${ports[0]}`, secure: `https://${secure}`, dir, config, env, options, docker, client, stop };
}

/**
 * A trust server; `sign(image)` signs one release by a delegated signer and
 * returns `{ profile, inspect }`: a publisher profile with its keys pinned, and
 * how `docker trust inspect` is run about it.
 */
export async function trustServer(work) {
  const { host, dir, docker, client, stop } = await notaryServer(work);
  const sign = async (image) => {
    await docker("key", "generate", "someone");
    await docker("signer", "add", "--key", "someone.pub", "someone", image.repository);
    const { length } = (await run(tool("crane"), ["manifest", image.byDigest], { binary: true })).stdout;
    await client("addhash", image.repository, image.tag, `${length}`, "--sha256", image.digest.slice(7),
      "-r", "targets/releases", "-r", "targets/someone", "--publish");
    const inspect = () => docker("inspect", image.ref);
    const [said] = JSON.parse((await inspect()).stdout);
    const keys = (name) => said.AdministrativeKeys.find((role) => role.Name === name).Keys.map(({ ID }) => ID);
    const profile = join(dir, "profile.json");
    writeFileSync(profile, JSON.stringify({
      schema: "https://webdis-verify.dev/profile/v1", id: "loopback", publisher: "Loopback", repositories: [image.repository], log: "required",
      releases: [{ from: "1.0", scheme: "content-trust", platforms: "multi" }],
      contentTrust: { gun: image.repository, root: keys("Root"), repository: keys("Repository"),
        signers: said.Signers.map(({ Name, Keys }) => ({ name: Name, id: Keys[0].ID })) },
    }));
    return { profile, inspect, said };
  };
  return { host, sign, stop };
}
