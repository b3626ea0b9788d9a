/** What a sidecar makes of a port or of a set of keys: the samples of explain pages. */
import { once } from "node:events";
import { createServer } from "node:net";
import { type Code, WritError } from "../../src/diagnostics/index.ts";
import { KeySet } from "../../src/sidecar/index.ts";
import { optionsOf, startAt } from "./world.ts";

export async function sidecarVerdict(text: string): Promise<Code | undefined> {
  const { listen, keys } = JSON.parse(text) as { readonly listen?: "free" | "taken"; readonly keys?: object };
  return keys === undefined ? await listening(listen === "taken") : await loading(keys);
}

async function listening(isTaken: boolean): Promise<Code | undefined> {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  try {
    const options = optionsOf("nginx", () => ({ allow: false, reason: "policy-missing" }));
    const running = await startAt(isTaken ? port : 0, options);
    await running.close();
    return undefined;
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
}

async function loading(keys: object): Promise<Code | undefined> {
  let found: Code | undefined;
  const load = async () => new TextEncoder().encode(JSON.stringify(keys));
  const onProblem = (problem: WritError | undefined) => {
    found = problem?.code;
  };
  const set = new KeySet({ issuer: "https://id.example.com", load, elapsed: () => 0, onProblem });
  await set.refresh();
  return found;
}
