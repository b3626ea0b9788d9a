/** What a publisher has in force is compared as a gateway takes it: from a pinned root, over sockets, every step verified. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Host } from "../../src/cli/host.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { run } from "../../src/cli/program.ts";
import { modelDigest } from "../../src/review/index.ts";
import { type Served, serve } from "../../src/server/index.ts";
import { estate } from "../decide/estate.ts";
import { begin, World } from "../publish/harness.ts";
import { TrustKeys } from "../publish/trust-keys.ts";
import { callersOf, gatewayToken } from "../server/start.ts";
import { codesIn } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-in-force-"));
let world: World;
let served: Served;

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function diff(words: readonly string[], over: Partial<Host> = {}): Promise<Ran> {
  const [printed, complained]: [string[], string[]] = [[], []];
  const host: Host = {
    ...nodeHost(),
    workingFolder: folder,
    environment: { ...process.env, WRIT_TOKEN: gatewayToken("edge-1") },
    time: () => begin,
    elapsed: () => 0,
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    ...over,
  };
  const exit = await run(["diff", ...words], host);
  return { exit, stdout: printed.join(""), stderr: complained.join("") };
}

beforeAll(async () => {
  world = await World.open();
  served = await serve(world.publisher, await callersOf(), {
    now: world.clock.now,
    log: () => {},
    gateway: { port: 0 },
  });
  writeFileSync(join(folder, "root.json"), world.trust.roots[0]!);
  writeFileSync(join(folder, "other.json"), (await TrustKeys.create(begin)).roots[0]!);
  writeFileSync(
    join(folder, "candidate.tar.gz"),
    await world.bundle({ sequence: 2, model: { ...estate, grants: [] } }),
  );
  writeFileSync(join(folder, "keys.json"), world.options.bundleKeys);
});
afterAll(async () => {
  await served.close();
  await world.close();
  rmSync(folder, { recursive: true });
});

const against = ["candidate.tar.gz", "--keys", "keys.json"];

describe("a publisher", () => {
  test("is followed from the root to the model in its bundle, in either ring", async () => {
    for (const ring of ["stable", "canary"]) {
      const words = [served.gatewayUrl, ...against, "--root", "root.json", "--ring", ring, "--format", "json"];
      const ran = await diff(words);
      expect([ran.exit, ran.stderr]).toEqual([0, ""]);
      const said = JSON.parse(ran.stdout);
      expect(said.before).toEqual({ name: served.gatewayUrl, model: modelDigest(estate) });
      expect(said.counts.loss).toBeGreaterThan(0);
      expect(said.counts.gain).toBe(0);
    }
  });

  test.each([
    ["another root than its own", ["--root", "other.json"], {}, "WRIT7015"],
    ["no root", [], {}, "WRIT5088"],
    ["a head that has expired", ["--root", "root.json"], { time: () => begin + 400 * 86_400 }, undefined],
    ["nobody's token", ["--root", "root.json"], { environment: { WRIT_TOKEN: "nobody" } }, "WRIT5096"],
  ] as const)("with %s is not compared", async (_, words, over, code) => {
    const ran = await diff([served.gatewayUrl, ...against, ...words], over);
    expect([ran.exit, ran.stdout]).toEqual([2, ""]);
    if (code) expect(codesIn(ran.stderr)).toEqual([code]);
    else expect(codesIn(ran.stderr)[0]).toMatch(/^WRIT91/);
  });

  test("that does not answer as one is told so in words that fit", async () => {
    const answer = { status: 302, headers: {}, body: new Uint8Array() };
    for (const [send, code, words] of [
      [async () => answer, "WRIT5095", "`writ diff` asks the port of gateways"],
      [async () => "nobody is there", "WRIT5094", "the address of a publisher that runs"],
    ] as const) {
      const ran = await diff([served.gatewayUrl, ...against, "--root", "root.json"], { send });
      expect([ran.exit, ran.stdout, codesIn(ran.stderr)]).toEqual([2, "", [code]]);
      expect(ran.stderr).toContain(words);
    }
  });

  test("whose answers somebody bends on the way is not compared", async () => {
    const { send } = nodeHost();
    let bent = 0;
    for (const part of ["timestamp.json", "targets.json", "snapshot.json", "tar.gz"]) {
      const bending: Host["send"] = async (asked) => {
        const answer = await send(asked);
        if (typeof answer === "string" || !asked.url.includes(part)) return answer;
        bent++;
        const body = Uint8Array.from(answer.body);
        body[body.length >> 1]! ^= 1;
        return { ...answer, body };
      };
      const ran = await diff([served.gatewayUrl, ...against, "--root", "root.json"], { send: bending });
      expect([part, ran.exit, ran.stdout]).toEqual([part, 2, ""]);
      expect(codesIn(ran.stderr)).toHaveLength(1);
    }
    expect(bent).toBe(4);
  });
});
