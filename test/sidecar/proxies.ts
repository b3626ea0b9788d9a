/** Real nginx and real Envoy, for tests that need them: `WRIT_NGINX` and `WRIT_ENVOY`, or on the path. Without them tests are skipped, and say so. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

function find(name: string, variable: string, version: string): string | undefined {
  const command = process.env[variable] ?? name;
  return spawnSync(command, [version]).status === 0 ? command : undefined;
}

export const commands = {
  nginx: find("nginx", "WRIT_NGINX", "-v"),
  envoy: find("envoy", "WRIT_ENVOY", "--version"),
} as const;
export type ProxyName = keyof typeof commands;

/** The title of a group of tests, with the reason in it when they are skipped. */
export function withProxy(name: ProxyName, title: string): string {
  return commands[name] === undefined
    ? `${title} (skipped: no ${name}; put it on the path or name it in WRIT_${name.toUpperCase()})`
    : title;
}

export interface RunningProxy {
  readonly port: number;
  /** What it has complained of. */
  readonly complaints: () => string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param configuration as the command prints it, for the port where it listens */
export async function startProxy(
  name: ProxyName,
  port: number,
  configuration: string,
  server = "",
): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), "writ-proxy-"));
  const log = join(folder, "log");
  const child = name === "nginx" ? startNginx(folder, log, configuration, server) : startEnvoy(folder, configuration);
  let said = "";
  child.stderr?.on("data", (piece: Buffer) => {
    said += piece.toString();
  });
  const complaints = () => said + (name === "nginx" ? readFileSync(log, "utf8") : "");
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill(name === "nginx" ? "SIGQUIT" : "SIGTERM");
    await Promise.race([ended, pause(3000).then(() => child.kill("SIGKILL"))]);
    await ended;
    rmSync(folder, { recursive: true });
  };
  for (let turn = 0; !(await listens(port)); turn++) {
    if (turn > 500 || child.exitCode !== null) {
      const why = complaints();
      await stop();
      throw new TypeError(`${name} did not start: ${why}`);
    }
    await pause(20);
  }
  return { port, complaints, [Symbol.asyncDispose]: stop };
}

function startNginx(folder: string, log: string, configuration: string, server: string): ChildProcess {
  for (const name of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, name));
  writeFileSync(log, "");
  writeFileSync(join(folder, "writ.conf"), configuration);
  const paths = ["proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `  ${name}_temp_path ${join(folder, name)};\n`);
  writeFileSync(
    join(folder, "nginx.conf"),
    // One process, by which it is also stopped: no user to become, nothing outside its folder.
    `daemon off; master_process off; pid ${join(folder, "pid")}; error_log ${log} warn;\nevents { worker_connections 256; }\nhttp {\n  access_log off;\n  client_body_temp_path ${join(folder, "body")};\n${paths.join("")}  ${server}\n  include ${join(folder, "writ.conf")};\n}\n`,
  );
  const options = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", log];
  return spawn(commands.nginx!, options, { stdio: ["ignore", "ignore", "pipe"] });
}

function startEnvoy(folder: string, configuration: string): ChildProcess {
  const path = join(folder, "envoy.yaml");
  writeFileSync(path, configuration);
  const options = ["-c", path, "--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"];
  return spawn(commands.envoy!, options, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Whether anybody takes a connection there. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Ports that nobody uses at this moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as { port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
