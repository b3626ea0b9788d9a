/** Files that are too long, too short, too slow or broken: threat model §13, B02, B03 and B18. */
import { expect, test } from "vitest";
import type { Store } from "../../src/client/index.ts";
import { mapStore } from "../trust/repository.ts";
import { TestPublisher } from "./publisher.ts";
import { settle } from "./simulation.ts";
import { address, newWorld, requestOf } from "./world.ts";

const workload = requestOf("svid");

type Bend = (bytes: Uint8Array) => ConstructorParameters<typeof Response>[0];
const bends: Readonly<Record<string, Bend>> = {
  "a byte more": (bytes) => Uint8Array.from([...bytes, 0]),
  "a byte fewer": (bytes) => bytes.slice(1),
  "bytes without end": (bytes) => {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        sent++;
        if (sent > bytes.length / 65_536 + 4) throw new TypeError("read on behind the end");
        controller.enqueue(new Uint8Array(65_536));
      },
    });
  },
};

test.each(Object.keys(bends))(
  "B02 the bundle comes with %s: `bundle-length`, and the next good one works",
  async (bend) => {
    const { simulation, publisher, open } = await newWorld();
    let isBad = true;
    const fetch = TestPublisher.network({
      [address]: async (request) => {
        const answer = await publisher.answer(request);
        if (!isBad || !request.path.startsWith("/blobs/")) return answer;
        return new Response(bends[bend]!(new Uint8Array(await answer.arrayBuffer())));
      },
    });
    const gateway = await open({ environment: { fetch } });
    await simulation.pass(4);
    expect(gateway.health()).toMatchObject({ ready: false, problems: [{ code: "WRIT7011", address }] });
    expect(gateway.decide(workload)).toEqual({ allow: false, reason: "policy-missing" });
    expect(publisher.reports.at(-1)?.problems).toMatchObject([{ code: "WRIT7011" }]);
    isBad = false;
    await simulation.pass(16);
    expect(gateway.health()).toMatchObject({ ready: true, problems: [] });
    expect(gateway.decide(workload)).toMatchObject({ allow: true });
  },
);

test.each(["/blobs/", "/v1/poll"])("B03 a byte a second from %s: `download-too-slow` within 10 s", async (place) => {
  const { simulation, publisher, open } = await newWorld();
  let isSlow = true;
  const fetch = TestPublisher.network({
    [address]: async (request) => {
      const answer = await publisher.answer(request);
      if (!isSlow || !request.path.startsWith(place)) return answer;
      const { signal } = request.init;
      const body = new ReadableStream({
        async pull(controller) {
          await new Promise<void>((resolve) => simulation.after(1000, resolve));
          if (signal?.aborted) controller.error(new DOMException("aborted", "AbortError"));
          else controller.enqueue(new Uint8Array(1));
        },
      });
      return new Response(body);
    },
  });
  const gateway = await open({ environment: { fetch } });
  // It begins within two seconds.
  await simulation.pass(2 + 10);
  expect(gateway.health().problems.map(({ code }) => code)).toContain("WRIT9117");
  isSlow = false;
  await simulation.pass(20);
  expect(gateway.health()).toMatchObject({ ready: true, problems: [] });
});

test("B18 a signed bundle that is broken: the last good stays, the code is reported, and it is tried once", async () => {
  const { simulation, publisher, open } = await newWorld();
  const files = mapStore();
  let tries = 0;
  const store: Store = {
    ...files,
    read: (name) => {
      if (name.startsWith("policy/")) tries++;
      return files.read(name);
    },
  };
  const gateway = await open({ store });
  await simulation.pass(3);
  publisher.asked.length = 0;
  tries = 0;
  const digest = await publisher.release({ sequence: 8, wasm: new Uint8Array(8) });
  await simulation.pass(60);
  expect(publisher.asked.filter((path) => path.startsWith("/blobs/"))).toEqual([`/blobs/${digest}`]);
  expect(tries).toBe(1);
  expect(gateway.health()).toMatchObject({
    ready: true,
    policy: { sequence: 7 },
    problems: [{ code: "WRIT9001", digest }],
  });
  expect(publisher.reports.at(-1)).toMatchObject({ policy: { sequence: 7 }, problems: [{ code: "WRIT9001", digest }] });
  expect(gateway.decide(workload)).toMatchObject({ allow: true, revision: "r7" });
  // Revocations go on meanwhile.
  await publisher.revoke(["identities", "auditor"]);
  await simulation.pass(0.1);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revoked", revision: "r7" });
  await publisher.omit(["identities", "auditor"]);
  await publisher.release({ sequence: 9 });
  await simulation.pass(6);
  expect(gateway.health()).toMatchObject({ policy: { sequence: 9 }, problems: [] });
  expect(gateway.decide(workload)).toMatchObject({ allow: true, revision: "r9" });
});

test("a release is fetched within five seconds, a revocation at once, and a recall with its release at once", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateways = await Promise.all(Array.from({ length: 20 }, (_, index) => open({ id: `edge-${index}` })));
  await simulation.pass(3);
  await publisher.release({ sequence: 8 });
  await publisher.revoke(["owners", "somebody@example.com"]);
  await settle();
  const countOf = (sequence: number) => gateways.filter((each) => each.health().policy?.sequence === sequence).length;
  expect(gateways.map((gateway) => gateway.health().head?.sequence)).toEqual(gateways.map(() => publisher.size));
  await simulation.pass(2.5);
  expect(countOf(8)).toBeGreaterThan(4);
  expect(countOf(8)).toBeLessThan(16);
  await simulation.pass(2.6);
  expect(countOf(8)).toBe(20);
  await publisher.recall(8);
  await settle();
  for (const gateway of gateways) expect(gateway.decide(workload)).toMatchObject({ reason: "policy-below-floor" });
  await publisher.release({ sequence: 9 });
  await simulation.pass(0.1);
  expect(countOf(9)).toBe(20);
});

test("many revocations are told as a whole, and a change among them as a change", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  const names = Array.from({ length: 2000 }, (_, index) => ["identities", `nobody-${index}`] as const);
  await publisher.revoke(...names, ["identities", "__proto__"], ["identities", "auditor"]);
  await simulation.pass(0.1);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revoked" });
  await publisher.omit(["identities", "auditor"]);
  await simulation.pass(0.1);
  expect(gateway.decide(workload)).toMatchObject({ allow: true });
  await publisher.revoke(["identities", "auditor"]);
  await simulation.pass(0.1);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revoked" });
  await publisher.omit(["identities", "nobody-0"]);
  await simulation.pass(0.1);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revoked" });
  expect(gateway.health().problems).toEqual([]);
});
