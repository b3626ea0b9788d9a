/**
 * The whole circle, once, on this machine: policies become a signed bundle, a publisher brings it into force after somebody else approved
 * it, gateways decide by it, and a revocation takes effect in each of them while requests go on. Each command is printed before it is
 * run, as a person would type it. Nothing is left behind; with `--keep` it goes on, with the page, until it is stopped.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { openGateway } from "../dist/client.js";
import { picture } from "./demo-picture.js";
import { exampleRequest } from "./demo-request.js";

const keep = process.argv.includes("--keep");
const command = join(import.meta.dirname, "../dist/cli.js");
const policies = join(import.meta.dirname, "../policies");
const folder = mkdtempSync(join(tmpdir(), "writ-"));
/** What this process started: it is stopped by its own handle. */
const children = [];
const subject = "payments";

/** Runs a command in the folder, and shows what it prints. Nothing waits for it but who asked: gateways here go on meanwhile. */
async function writ(line, { as, to, quiet = false } = {}) {
  const words = line.map((word) => word.replace(`${folder}/`, "").replace(policies, "policies"));
  const shown = words.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(" ");
  console.log(`\n$ ${as ? `WRIT_TOKEN=$(writ publisher token ${as}) ` : ""}writ ${shown}${to ? ` > ${to}` : ""}`);
  const env = { ...process.env, WRIT_PUBLISHER: `http://127.0.0.1:${ports[1]}` };
  if (as) env.WRIT_TOKEN = (await run(["publisher", "token", as], env)).stdout.trim();
  const { status, stdout, stderr } = await run(line, env);
  if (to) writeFileSync(join(folder, to), stdout);
  else if (!quiet) process.stdout.write(stdout);
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

async function run(line, env) {
  const child = spawn(process.execPath, [command, ...line], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}

function start(program, line, env = process.env) {
  const child = spawn(program, line, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdout.resume();
  child.stderr.resume();
  children.push({ child, ended });
  return child;
}

/** Ports that nobody uses at this moment. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const found = await Promise.all(
    servers.map(
      (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port))),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}

async function until(what, ask, patience = 30_000) {
  for (const begun = Date.now(); Date.now() - begun < patience; await pause(50)) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`${what} did not happen within ${patience / 1000} s`);
}

/** Asks again and again, and notes each answer with its time. */
function asking(name, ask, every) {
  const answers = [];
  let going = true;
  const done = (async () => {
    while (going) {
      // Ctrl-C ends the gateways too, maybe before us: then there is no answer.
      const { allow, reason } = await ask().catch(() => ({ allow: false, reason: "no answer" }));
      answers.push({ at: performance.now(), allow, reason });
      if (answers.length > 100_000) answers.shift();
      await pause(every);
    }
  })();
  const stop = () => {
    going = false;
    return done;
  };
  return { name, answers, stop };
}

let ports = [];

async function circle() {
  ports = await freePorts(3);
  const [gatewayPort, adminPort, opaPort] = ports;
  console.log("1  A publisher with keys of its own, and two gateways that it knows");
  await writ(
    [
      "publisher",
      "new",
      "publisher",
      "--gateway",
      "edge-1",
      "--gateway",
      "opa-1",
      "--gateway-port",
      `${gatewayPort}`,
      "--admin-port",
      `${adminPort}`,
    ],
    { quiet: true },
  );
  console.log(`\n$ writ serve publisher/publisher.json &`);
  start(process.execPath, [command, "serve", "publisher/publisher.json"]);

  console.log("\n2  Policies become a signed bundle, with a statement of what it was built from");
  await writ(
    ["build", policies, "--sign", "publisher/keys/bundles.key.json", "--out", "bundle.tar.gz", "--expires", "20d"],
    {
      quiet: true,
    },
  );
  const commit = createHash("sha1")
    .update(readFileSync(join(folder, "bundle.tar.gz")))
    .digest("hex");
  await writ(
    [
      "provenance",
      "bundle.tar.gz",
      "--key",
      "publisher/keys/ci.key.json",
      "--repository",
      "https://git.invalid/estate",
      "--workflow",
      "build@refs/heads/main",
      "--commit",
      commit,
    ],
    { to: "provenance.json" },
  );
  await until("the publisher's start", async () => (await fetch(`http://127.0.0.1:${adminPort}/ready`)).ok);

  console.log("\n3  CI submits it, somebody else approves it, an operator releases it");
  await writ(["submit", "bundle.tar.gz", "--provenance", "provenance.json", "--author", "carol"], { as: "ci" });
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, "bundle.tar.gz")))
    .digest("hex");
  writeFileSync(join(folder, "review.txt"), await writ(["inspect", "bundle.tar.gz"], { quiet: true }));
  await writ(["approve", digest, "--shown", "review.txt"], { as: "alice" });
  await writ(["release", digest, "--ring", "canary"], { as: "olga" });
  await writ(["release", digest, "--ring", "stable"], { as: "olga" });

  console.log("\n4  Gateways follow the publisher, and decide by themselves");
  const request = exampleRequest();
  const token = readFileSync(join(folder, "publisher/tokens/edge-1.token"), "utf8").trim();
  const root = readFileSync(join(folder, "publisher/trust/root.json"));
  const sdk = await openGateway({ root, url: `http://127.0.0.1:${gatewayPort}`, id: "edge-1", token });
  await sdk.ready();
  const asked = [asking("edge-1  writ/client, in this process", async () => sdk.decide(request()), 1)];
  const opa = await startOpa(opaPort, gatewayPort);
  if (opa) asked.push(asking("opa-1   stock OPA, over HTTP", () => decideByOpa(opaPort, request()), 2));
  else console.log("   there is no OPA on this machine (`opa`, or named in WRIT_OPA): one gateway instead of two");
  await until("an allowed request at each", async () => asked.every(({ answers }) => answers.at(-1)?.allow));
  for (const { name, answers } of asked) console.log(`   ${name}: ${answers.at(-1).reason}`);
  return { sdk, asked, adminPort };
}

async function startOpa(port, gatewayPort) {
  const program = process.env.WRIT_OPA || "opa";
  if (spawnSync(program, ["version"]).status !== 0) return false;
  await writ(
    [
      "opa-config",
      "--url",
      `http://127.0.0.1:${gatewayPort}/opa`,
      "--keys",
      "publisher/keys/bundles.keys.json",
      "--token-path",
      join(folder, "opa.token"),
    ],
    { to: "opa.yaml" },
  );
  const token = readFileSync(join(folder, "publisher/tokens/opa-1.token"), "utf8").trim();
  writeFileSync(join(folder, "opa.token"), token, { mode: 0o600 });
  console.log(`\n$ opa run --server --config-file opa.yaml &`);
  start(program, [
    "run",
    "--server",
    "--disable-telemetry",
    "--addr",
    `127.0.0.1:${port}`,
    "--config-file",
    "opa.yaml",
    "--set",
    `persistence_directory=${join(folder, "opa")}`,
  ]);
  await until("OPA's start", async () => (await fetch(`http://127.0.0.1:${port}/health?bundles`)).ok);
  return true;
}

async function decideByOpa(port, input) {
  const time = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ input: { time, ...input } });
  const answer = await fetch(`http://127.0.0.1:${port}/v1/data/writ/decision`, { method: "POST", body });
  return (await answer.json()).result ?? { allow: false, reason: "no decision" };
}

/** One revocation, while requests go on at each gateway. */
async function revocation(asked) {
  console.log(`\n5  \`${subject}\` is revoked while its requests go on`);
  await pause(300);
  const said = await writ(
    ["revoke", "identity", subject, "--reason", "its key was found in a log", "--wait", "--format", "json"],
    { as: "security", quiet: true },
  );
  const { reach, milliseconds } = JSON.parse(said);
  await pause(300);
  console.log(
    `   acknowledged, then confirmed by ${reach.enforced} of ${reach.live} live gateways after ${milliseconds} ms\n`,
  );
  console.log(picture(asked));
  if (!asked.every(({ answers }) => answers.at(-1).reason === "revoked"))
    throw new Error("a gateway still allows what is revoked");
}

async function end(sdk, asked) {
  await Promise.all(asked.map(({ stop }) => stop()));
  await sdk?.close();
  for (const { child, ended } of children.toReversed()) {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
  }
  rmSync(folder, { recursive: true, force: true });
}

let sdk;
let asked = [];
// Timers of a gateway keep no process alive, and this one has nothing else to wait for at times.
const alive = setInterval(() => {}, 1000);
try {
  const running = await circle();
  ({ sdk, asked } = running);
  await revocation(asked);
  await writ(["status"], { as: "auditor" });
  if (keep) {
    console.log(`\nThe page is at http://127.0.0.1:${running.adminPort}/ — Ctrl-C ends all of it.`);
    await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  await end(sdk, asked);
  clearInterval(alive);
}
