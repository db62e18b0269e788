// Daemons that load and save images, each with a state of its own below a
// folder, where this runs as root: no network, no container is ever run.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, serve, which } from "./lib.mjs";

const isRoot = () => process.getuid?.() === 0;

/** containerd and its `ctr`; undefined where it is not there or does not start. */
export async function containerd(work, servers) {
  if (!isRoot() || !which("containerd") || !which("ctr")) return undefined;
  const dir = join(work, "containerd");
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, "c.sock");
  const config = join(dir, "config.toml");
  writeFileSync(config, `version = 2
root = "${dir}/root"
state = "${dir}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "${socket}"
`);
  let server;
  try {
    server = await serve(which("containerd"), ["--config", config, "--log-level", "error"], `unix:${socket}`, { signal: "SIGTERM" });
  } catch (error) {
    console.log(`without containerd: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    return undefined;
  }
  servers.push(server);
  const ctr = (...args) => run("ctr", ["--address", socket, "--namespace", "test", ...args]);
  const save = async (ref, to, ...more) => {
    await ctr("content", "fetch", "--plain-http", "--all-platforms", ref);
    await ctr("images", "export", ...more, to, ref);
  };
  return { ctr, save };
}

/** Debian's Docker daemon; undefined where it is not there or does not start. */
export async function docker(work, servers) {
  if (!isRoot() || !which("dockerd") || !which("docker")) return undefined;
  const dir = join(work, "dockerd");
  mkdirSync(dir, { recursive: true });
  const host = `unix://${join(dir, "d.sock")}`;
  const own = ["--data-root", join(dir, "data"), "--exec-root", join(dir, "exec"), "--pidfile", join(dir, "pid"), "-H", host];
  const quiet = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs"];
  let server;
  try {
    server = await serve(which("dockerd"), [...quiet, ...own], `unix:${join(dir, "d.sock")}`, { signal: "SIGTERM" });
  } catch (error) {
    console.log(`without dockerd: ${error.message.split("\n").slice(-3).join(" ")}`);
    return undefined;
  }
  // It mounts its folder over itself, and leaves that where it cannot see the mount.
  const stop = async () => {
    await server.stop();
    await run("umount", ["--lazy", join(dir, "data")]).catch(() => {});
  };
  servers.push({ ...server, stop });
  const docker = (...args) => run("docker", args, { env: { DOCKER_HOST: host } });
  const save = async (ref, to) => {
    await docker("pull", "-q", ref);
    await docker("save", "-o", to, ref);
  };
  return { docker, save };
}
