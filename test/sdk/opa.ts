/**
 * Go OPA, built with its wasm engine, over a file of vectors; WRIT_OPA names it.
 * `node test/sdk/opa.ts bundle.tar.gz vectors.json key.pem`: the bundle was packed for OPA's wasm and signed with that key.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report, readVectors } from "./report.ts";

const [bundle = "", vectors = "", key = ""] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "writ-sdk-"));
const socketPath = join(folder, "opa.sock");

interface Response {
  readonly status: number;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true });

async function call(method: "DELETE" | "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<Response> {
  const asked = request({ socketPath, agent, method, path }).end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(asked, "response");
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}

/** Whether it has loaded its bundle, within ten seconds: one that it refuses ends it. */
async function ready(): Promise<boolean> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const healthy = await call("GET", "/health").catch(() => undefined);
    if (healthy?.status === 200) return true;
    if (opa.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log("OPA did not load the bundle");
  process.exitCode = 1;
  return false;
}

async function ask(entrypoint: string, input: unknown): Promise<unknown> {
  const { status, body } = await call("POST", `/v1/data/${entrypoint}?metrics=true`, { input });
  const { result, metrics } = JSON.parse(body) as { result?: unknown; metrics?: Record<string, number> };
  if (status === 200 && metrics?.timer_wasm_vm_eval_call_ns !== undefined) return result;
  return `not answered by the module: ${body}`;
}

async function askAll(): Promise<void> {
  const { revocations, vectors: all } = readVectors(vectors);
  const report = new Report();
  let loaded = -1;
  for (const vector of all) {
    if (vector.revocations !== loaded) {
      loaded = vector.revocations;
      const known = revocations[loaded];
      // A patch of the data that the module holds, not a new module.
      if (known === null) await call("DELETE", "/v1/data/revocations");
      else await call("PUT", "/v1/data/revocations", known);
    }
    report.add(vector, {
      decision: await ask("writ/decision", vector.input),
      allow: await ask("writ/allow", vector.input),
    });
  }
  report.close();
}

const verification = ["--verification-key", key, "--signing-alg", "ES256", "--scope", "writ"];
const opa = spawn(
  process.env.WRIT_OPA ?? "opa",
  ["run", "--server", "--addr", `unix://${socketPath}`, "--skip-version-check", "--bundle", bundle, ...verification],
  { stdio: "ignore" },
);
const ended = once(opa, "exit");
try {
  if (await ready()) await askAll();
} finally {
  agent.destroy();
  opa.kill();
  await ended;
  rmSync(folder, { recursive: true });
}
