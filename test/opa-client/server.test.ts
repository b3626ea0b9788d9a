/** A real OPA that is served by our own publisher on its own port: bundles, long polls, status, decisions, and what is revoked. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type OpaConfigOptions, opaConfig, readKeys } from "../../src/bundle/index.ts";
import type { Decision } from "../../src/model/index.ts";
import { bases } from "../decide/estate.ts";
import { opa, withOpa } from "../opa.ts";
import { begin, operator, World as Publishing } from "../publish/harness.ts";
import { gatewayToken, startWith } from "../server/start.ts";
import { eventually, StockOpa, temporaryFolder } from "./stock-opa.ts";

describe.skipIf(opa === undefined)(withOpa("a stock OPA that our publisher serves"), () => {
  let publishing: Publishing;
  let served: Awaited<ReturnType<typeof startWith>>;
  let folder: ReturnType<typeof temporaryFolder>;
  let running: StockOpa | undefined;
  let proxy: Server | undefined;
  const decisions: { readonly decision_id: string; readonly path: string; readonly result: unknown }[] = [];

  beforeEach(async () => {
    decisions.length = 0;
    folder = temporaryFolder();
    publishing = await Publishing.open();
    const sink = { write: (line: string) => decisions.push(JSON.parse(line)) > 0, close: async () => undefined };
    served = await startWith(publishing.publisher, { decisions: sink });
    writeFileSync(join(folder.path, "token"), gatewayToken("edge-1"));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    proxy?.close();
    proxy?.closeAllConnections();
    proxy = undefined;
    await served.close();
    await publishing.close();
    folder.remove();
  });

  async function start(more: Partial<OpaConfigOptions> = {}, change = (config: string) => config): Promise<void> {
    const [key] = (await readKeys(publishing.options.bundleKeys)).values();
    const config = await opaConfig({
      url: `${served.gatewayUrl}/opa`,
      policyKey: key!,
      revocationsKey: key!,
      tokenPath: join(folder.path, "token"),
      persistenceDirectory: join(folder.path, "persisted"),
      ...(more.discoveryKey === undefined ? more : { ...more, discoveryKey: key! }),
    });
    running = StockOpa.start(opa!, change(config), folder.path);
  }

  async function decide(): Promise<Decision | undefined> {
    const input = { ...bases.mtls, time: publishing.clock.now() };
    return (await running!.query("writ/decision", input)) as Decision | undefined;
  }

  async function reaches(reason: string): Promise<void> {
    const decision = await eventually(decide, (decided) => decided?.reason === reason);
    expect(decision?.reason).toBe(reason);
  }

  const shown = () => publishing.publisher.view().gateways.find(({ name }) => name === "edge-1");

  test("decides by what was released, enforces what is revoked, and the publisher knows of both", async () => {
    await start();
    await reaches("granted");
    const { sequence } = await publishing.revoke({ path: ["tokens", "corp", "j1"], value: begin + 290 });
    await reaches("revoked");
    const missing = () => publishing.publisher.reach(sequence).missing.includes("edge-1");
    expect(await eventually(missing, (is) => !is)).toBe(false);
    expect(await eventually(shown, (view) => view?.policy?.sequence === 1)).toMatchObject({
      kind: "opa",
      enforced: sequence,
      policy: { sequence: 1 },
      problems: [],
    });
  });

  test("takes a new policy, denies when it is recalled, and decides by the next one, all without a restart", async () => {
    await start();
    await reaches("granted");
    await publishing.release({ sequence: 2 });
    const next = await eventually(decide, (decided) => decided?.revision?.startsWith("2-") === true);
    expect(next).toMatchObject({ reason: "granted", revision: expect.stringMatching(/^2-/) });
    await publishing.publisher.recall(publishing.call(operator), 2, "it granted too much");
    await reaches("policy-below-floor");
    await publishing.release({ sequence: 3 });
    await reaches("granted");
  });

  test("is held until its wait is over and answered 304, and stays with long polls", async () => {
    const asked = vi.spyOn(publishing.publisher, "opaBundle");
    await start({ longPolling: 1 });
    await reaches("granted");
    const waits = () => asked.mock.calls.filter(([, resource, tag]) => resource === "policy" && tag !== undefined);
    await eventually(waits, (calls) => calls.length >= 3);
    expect(waits()[0]!.slice(1, 4)).toEqual(["policy", expect.stringMatching(/^[0-9a-f]{64}$/), 1000]);
    // Three whole waits take three seconds; an OPA that had left long polls would ask every one to five.
    const answers = await Promise.all(asked.mock.results.slice(0, 4).map(({ value }) => value));
    expect(answers).toContain(undefined);
    expect(shown()?.problems).toEqual([]);
    await publishing.revoke({ path: ["tiers", "workload"] });
    await reaches("revoked");
  });

  test("is believed by its token alone, which can be put right in its file", async () => {
    writeFileSync(join(folder.path, "token"), "another-token-that-is-nobody's-0123456789");
    await start();
    await eventually(
      () => running!.query("system/version"),
      (version) => version !== undefined,
    );
    expect(await decide()).toBeUndefined();
    expect(shown()?.live).toBe(false);
    writeFileSync(join(folder.path, "token"), gatewayToken("edge-1"));
    await reaches("granted");
    expect(shown()?.live).toBe(true);
  });

  test("sends its decisions, each of which is written once, also where OPA sends it again", async () => {
    const uploads: number[] = [];
    // Takes each upload to the publisher, and loses its first answer.
    proxy = createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { authorization = "", "content-type": type = "", "content-encoding": encoding = "" } = request.headers;
      const answer = await fetch(`${served.gatewayUrl}/opa${request.url}`, {
        method: "POST",
        headers: { authorization, "content-type": type, "content-encoding": encoding },
        body: Buffer.concat(chunks),
      });
      uploads.push(answer.status);
      response.writeHead(uploads.length === 1 ? 502 : answer.status).end();
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const lossy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await start({ decisionLogs: true }, (config) => {
      const token = `    credentials:\n      bearer:\n        token_path: ${JSON.stringify(join(folder.path, "token"))}\n`;
      return config
        .replace("keys:\n", `  lossy:\n    url: ${lossy}\n${token}keys:\n`)
        .replace('decision_logs:\n  service: "writ"', "decision_logs:\n  service: lossy")
        .replace("min_delay_seconds: 5", "min_delay_seconds: 1")
        .replace("max_delay_seconds: 30", "max_delay_seconds: 1");
    });
    await reaches("granted");
    await eventually(
      () => uploads.length,
      (count) => count >= 2,
    );
    expect(uploads.slice(0, 2)).toEqual([204, 204]);
    const ids = decisions.map((decision) => decision.decision_id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    const metrics = await (await fetch(`${served.adminUrl}/metrics`)).text();
    expect(Number(/writ_decisions_total\{outcome="repeated"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(0);
    const granted = await eventually(
      () => decisions.find(({ result }) => (result as { reason?: string } | undefined)?.reason === "granted"),
      (found) => found !== undefined,
    );
    expect(granted).toMatchObject({ path: "writ/decision", result: { allow: true, reason: "granted" } });
  });

  test("is configured by the discovery that the publisher serves", async () => {
    const [key] = (await readKeys(publishing.options.bundleKeys)).values();
    await start({ discoveryKey: key! });
    await reaches("granted");
    await publishing.revoke({ path: ["identities", "payments"] });
    await reaches("revoked");
  });
});
