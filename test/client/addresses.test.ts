/** Publishers that are gone, that lie, or that fall silent, and how gateways come back: threat model §13, F22 and F27. */
import { expect, test } from "vitest";
import { type LiveGateway, openGateway } from "../../src/client/index.ts";
import { readPollQuery, writePollAnswer } from "../../src/protocol/index.ts";
import { now } from "../gateway/release.ts";
import { hanging, TestPublisher } from "./publisher.ts";
import { Simulation } from "./simulation.ts";
import { address, engine, newWorld, requestOf, type World } from "./world.ts";

const [first, second] = ["https://one.example.com", "https://two.example.com"] as const;
const legacy = requestOf("key");

/** Counts in the fullest tenth of a second. */
function fullest(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while (sorted[to]! - sorted[from]! >= 100) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

test.each([
  ["at once", 0],
  ["after ten seconds", 10],
])(
  "F22 the publisher is killed and back %s: 1,000 gateways do not come back in a burst",
  async (_, gone) => {
    const simulation = new Simulation(now);
    const publisher = await TestPublisher.create(simulation);
    let isGone = false;
    let kill = () => {};
    const connects: number[] = [];
    // A poll that is answered keeps its connection, so what counts are polls that wait or fail.
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (!String(input).includes("/v1/poll")) return Promise.reject(new TypeError("fetch failed"));
      connects.push(simulation.monotonic);
      if (isGone) return Promise.reject(new TypeError("fetch failed"));
      return new Promise((_resolve, reject) => {
        const before = kill;
        kill = () => {
          before();
          reject(new TypeError("terminated"));
        };
        init?.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      });
    };
    const environment = simulation.environment(fetch);
    const gateways: LiveGateway[] = [];
    for (let count = 0; count < 1000; count++)
      gateways.push(await openGateway({ root: publisher.root, url: address, engine, environment }));
    await simulation.pass(2.1);
    expect(connects).toHaveLength(1000);
    expect(fullest(connects)).toBeLessThanOrEqual(100);
    connects.length = 0;
    isGone = true;
    kill();
    kill = () => {};
    await simulation.pass(gone);
    isGone = false;
    await simulation.pass(16);
    expect(connects.length).toBeGreaterThanOrEqual(1000);
    expect(fullest(connects)).toBeLessThanOrEqual(connects.length / 10);
    if (gone === 0) expect(connects).toHaveLength(1000);
    kill();
    await Promise.all(gateways.map((gateway) => gateway.close()));
    expect(simulation.timers).toBe(0);
  },
  120_000,
);

test("Retry-After is honoured, and never so long that everything would be stale meanwhile", async () => {
  for (const [said, least, most] of [
    ["3", 3, 4],
    ["86400", 5, 10.1],
  ] as const) {
    const { simulation, publisher, open } = await newWorld();
    let isBusy = false;
    const times: number[] = [];
    const fetch = TestPublisher.network({
      [address]: async (request) => {
        if (!isBusy || !request.path.startsWith("/v1/poll")) return await publisher.answer(request);
        times.push(simulation.monotonic);
        return new Response(null, { status: 503, headers: { "retry-after": said } });
      },
    });
    const gateway = await open({ environment: { fetch } });
    await simulation.pass(3);
    isBusy = true;
    await simulation.pass(40);
    const pauses = times.slice(1).map((time, index) => (time - times[index]!) / 1000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
    expect(pauses[0]).toBeLessThan(most);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10.1);
    expect(gateway.health().problems.map(({ code }) => code)).toContain("WRIT9116");
  }
});

type Bad = (world: World, old: ReadonlyMap<string, Uint8Array>) => Parameters<typeof TestPublisher.network>[0][string];

const badPublishers: Readonly<Record<string, readonly [code: string, Bad]>> = {
  "replays old heads": [
    "WRIT9103",
    ({ publisher }, old) =>
      (request) => {
        if (!request.path.startsWith("/v1/poll")) return publisher.answer(request);
        return new Response(writePollAnswer(old) as Uint8Array<ArrayBuffer>);
      },
  ],
  hangs: [
    "WRIT9117",
    () =>
      ({ init }) =>
        hanging(init.signal),
  ],
  "has nothing new to say": [
    "WRIT9303",
    ({ simulation }) =>
      ({ init }) => {
        const wait = Number(new Headers(init.headers).get("prefer")?.slice("wait=".length));
        return new Promise((resolve) =>
          simulation.after(wait * 1000, () => resolve(new Response(null, { status: 204 }))),
        );
      },
  ],
  "says at once that there is nothing new": ["WRIT9303", () => () => new Response(null, { status: 204 })],
  "answers garbage": ["WRIT7002", () => () => new Response("garbage")],
  "answers errors": ["WRIT9116", () => () => new Response("no", { status: 500 })],
};

test.each(Object.keys(badPublishers))(
  "F27 one of two addresses %s: the other is used, and it is reported",
  async (bad) => {
    const world = await newWorld();
    const { simulation, publisher, open } = world;
    const [code, answer] = badPublishers[bad]!;
    const old = publisher.newerThan({
      root: 1,
      timestamp: 0,
      snapshot: 0,
      targets: 0,
      revocations: 0,
      enforced: 0,
      policy: 0,
    });
    await publisher.head();
    let isBad = false;
    const lies = answer(world, old) as Exclude<ReturnType<Bad>, TestPublisher | undefined>;
    const asked: string[] = [];
    const fetch = TestPublisher.network({
      [first]: (request) => {
        asked.push(first);
        return isBad ? lies(request) : publisher.answer(request);
      },
      [second]: (request) => {
        asked.push(second);
        return publisher.answer(request);
      },
    });
    const gateway = await open({ url: [first, second], environment: { fetch } });
    await simulation.pass(5);
    expect(gateway.health()).toMatchObject({ ready: true, problems: [] });
    expect(new Set(asked)).toEqual(new Set([first]));
    isBad = true;
    let stale = 0;
    for (let second = 0; second < 60; second++) {
      await simulation.pass(1);
      if (gateway.decide(legacy).reason === "revocations-stale") stale++;
    }
    // Even where only silence shows it, within the smallest delay there is another to ask.
    expect(stale).toBe(0);
    expect(gateway.health().problems).toMatchObject([{ code, address: first }]);
    expect(publisher.reports.at(-1)?.problems).toMatchObject([{ code, message: expect.stringContaining(first) }]);
    expect(asked.slice(-10)).toEqual(Array.from({ length: 10 }, () => second));
    await publisher.revoke(["keys", "k1"]);
    await simulation.pass(0.1);
    expect(gateway.decide(legacy)).toMatchObject({ reason: "revoked" });
  },
);

test("F27 one of two addresses passes on each head 8 seconds late: the other is used, and it is reported", async () => {
  const { simulation, publisher, open } = await newWorld();
  const heads: { readonly at: number; readonly version: number; readonly answer: ReadonlyMap<string, Uint8Array> }[] =
    [];
  const none = { root: 1, timestamp: 0, snapshot: 0, targets: 0, revocations: 0, enforced: 0, policy: 0 };
  const look = () => {
    const { timestamp: version } = publisher.repository.versions;
    heads.push({ at: simulation.monotonic, version, answer: publisher.newerThan(none) });
    simulation.after(1000, look);
  };
  look();
  await simulation.pass(10);
  const fetch = TestPublisher.network({
    [first]: async ({ path, init }) => {
      if (!path.startsWith("/v1/poll")) return await publisher.answer({ path, init });
      const held = readPollQuery(path.split("?")[1] ?? "");
      for (;;) {
        const late = heads.findLast(({ at }) => at <= simulation.monotonic - 8000);
        if (late && late.version > held.timestamp)
          return new Response(writePollAnswer(late.answer) as Uint8Array<ArrayBuffer>);
        if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
        await new Promise<void>((resolve) => simulation.after(500, resolve));
      }
    },
    [second]: publisher,
  });
  const gateway = await open({ url: [first, second], environment: { fetch } });
  await simulation.pass(5);
  // The policy, and with it what is late, was known only after the first head.
  for (let count = 0; count < 30; count++) {
    await simulation.pass(1);
    expect(gateway.health().age).toBeLessThan(3);
  }
  expect(publisher.reports.at(-1)?.problems).toMatchObject([{ message: expect.stringContaining(first) }]);
});
