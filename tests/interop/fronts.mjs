// Other ways into a registry's storage, on loopback: with bearer tokens, with
// passwords, with blobs redirected to another origin. Each is a second process
// of the same registry program on the same files, so what was pushed to the
// open one is read through all of them.
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize, sep } from "node:path";
import { freePort, run, serve, which } from "./lib.mjs";

const listen = async (name, handler) => {
  const server = createServer(handler);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { host: `${name}:${server.address().port}`, stop };
};

/** Anonymous tokens for pulling (docs.docker.com/reference/api/registry/auth): ES256, the certificate in `x5c`. */
async function tokenServer(name, { key, certificate, issuer }) {
  const secret = createPrivateKey(readFileSync(key));
  const x5c = [readFileSync(certificate, "utf8").replace(/-----[^-]+-----|\s/g, "")];
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const asked = [];
  const server = await listen(name, (request, response) => {
    const url = new URL(request.url, "http://x");
    if (url.pathname !== "/token") { response.writeHead(404).end(); return; }
    asked.push(url.search);
    // `type:name:actions`; the name may hold a colon.
    const access = url.searchParams.getAll("scope").flatMap((scope) => scope.split(" ")).filter(Boolean).map((scope) => {
      const [type, ...rest] = scope.split(":");
      const actions = rest.pop().split(",").filter((action) => action === "pull");
      return { type, name: rest.join(":"), actions };
    });
    const now = Math.floor(Date.now() / 1000);
    const signed = `${part({ typ: "JWT", alg: "ES256", x5c })}.${part({
      iss: issuer, sub: "", aud: url.searchParams.get("service"), exp: now + 300, nbf: now - 10, iat: now, jti: randomUUID(), access })}`;
    const token = `${signed}.${sign("sha256", Buffer.from(signed), { key: secret, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ token, expires_in: 300 }));
  });
  return { ...server, asked };
}

/** A registry's files as they lie: what a CDN is to it. `heads` are the request headers it got. */
async function cdn(name, data) {
  const heads = [];
  const server = await listen(name, (request, response) => {
    heads.push(request.headers);
    const file = normalize(join(data, decodeURIComponent(new URL(request.url, "http://x").pathname)));
    if (!file.startsWith(normalize(data) + sep) || !existsSync(file)) { response.writeHead(404).end(); return; }
    response.setHeader("Content-Type", "application/octet-stream");
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  return { ...server, heads };
}

/**
 * The ways in of a registry with its files: label, host, and `reads`, whether
 * anybody may read. `name` is what this machine is called in addresses. Those that cannot be started here are `missing`.
 */
export async function fronts(work, registry, name = "localhost") {
  const dir = join(work, `fronts-${registry.short}`);
  mkdirSync(dir, { recursive: true });
  const start = async (way, extra) => {
    const port = await freePort();
    const config = join(dir, `${way}.yml`);
    writeFileSync(config, `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${registry.data} } }
http: { addr: "127.0.0.1:${port}" }
${extra}`);
    const server = await serve(registry.program, ["serve", config], `http://127.0.0.1:${port}/v2/`, { env: { OTEL_TRACES_EXPORTER: "none" } });
    return { host: `${name}:${port}`, label: `${registry.label}, ${way}`, ...server };
  };
  const also = (front, other, more) => ({ ...front, ...more, stop: async () => { await front.stop(); await other.stop(); } });
  const out = [];

  // A bcrypt hash from its published test vectors; nobody logs in.
  writeFileSync(join(dir, "htpasswd"), "someone:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n");
  out.push({ ...(await start("passwords", `auth: { htpasswd: { realm: loopback, path: ${join(dir, "htpasswd")} } }\n`)), reads: false });

  const files = await cdn(name, registry.data);
  out.push(also(await start("blobs elsewhere",
    `middleware: { storage: [ { name: redirect, options: { baseurl: "http://${files.host}/" } } ] }\n`), files, { reads: true, cdn: files }));

  if (!which("openssl")) return [...out, { missing: `${registry.label}, tokens: openssl is not installed` }];
  const [key, certificate] = [join(dir, "token.key"), join(dir, "token.crt")];
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    "-subj", "/CN=loopback tokens", "-days", "2", "-keyout", key, "-out", certificate]);
  const tokens = await tokenServer(name, { key, certificate, issuer: "loopback-issuer" });
  out.push(also(await start("tokens", `auth: { token: { realm: "http://${tokens.host}/token", service: loopback-registry, issuer: loopback-issuer, rootcertbundle: ${certificate} } }\n`),
    tokens, { reads: true, tokens }));
  return out;
}
