/** What a gateway decides by when it starts and the newest release can't be used: threat model §13, B18, F13 and F14. */
import { expect, test } from "vitest";
import { type MapStore, mapStore, strangers } from "../trust/repository.ts";
import { newWorld, requestOf, type World } from "./world.ts";

const workload = requestOf("svid");
const broken = { sequence: 8, wasm: new Uint8Array(8) };
const cut = { fetch: () => Promise.reject(new TypeError("cut")) };

const BUNDLE = "policy/stable.tar.gz";
const LIST = "policy/stable.tar.gz.targets";

/** A gateway that had release 7 in force when the broken release 8 came, and was closed. */
async function stopped(): Promise<World & { readonly store: MapStore }> {
  const world = await newWorld();
  const store = mapStore();
  const gateway = await world.open({ store });
  await world.simulation.pass(3);
  await world.publisher.release(broken);
  await world.simulation.pass(10);
  expect(gateway.health()).toMatchObject({ policy: { sequence: 7 }, problems: [{ code: "WRIT9001" }] });
  await gateway.close();
  return { ...world, store };
}

test("B18 a broken release does not outlive the last good one: after a restart it decides at once, with and without a network", async () => {
  const { simulation, publisher, store, open } = await stopped();
  const offline = await open({ store: mapStore(new Map(store.files)), environment: cut });
  expect(offline.health()).toMatchObject({ ready: true, policy: { sequence: 7 }, problems: [] });
  expect(offline.decide(workload)).toMatchObject({ allow: true, revision: "r7" });
  const online = await open({ store });
  expect(online.decide(workload)).toMatchObject({ allow: true, revision: "r7" });
  publisher.asked.length = 0;
  await simulation.pass(60);
  // It is tried once more, and told of.
  expect(publisher.asked.filter((path) => path.startsWith("/blobs/"))).toHaveLength(1);
  expect(online.health()).toMatchObject({ ready: true, policy: { sequence: 7 }, problems: [{ code: "WRIT9001" }] });
  await publisher.release({ sequence: 9 });
  await simulation.pass(6);
  expect(online.health()).toMatchObject({ policy: { sequence: 9 }, problems: [] });
  await online.close();
  const again = await open({ store, environment: cut });
  expect(again.decide(workload)).toMatchObject({ allow: true, revision: "r9" });
});

test.each([BUNDLE, LIST])("F14 %s tampered with: not used, and the network brings a good one", async (name) => {
  const { simulation, publisher, store, open } = await stopped();
  const right = store.files.get(name)!;
  const copies = [
    right.slice(0, -1),
    right.map((byte, index) => (index === right.length >> 1 ? byte ^ 1 : byte)),
    new Uint8Array(),
  ];
  for (const copy of copies) {
    store.files.set(name, copy);
    const gateway = await open({ store: mapStore(new Map(store.files)), environment: cut });
    expect(gateway.health()).toMatchObject({ ready: false });
    expect(gateway.health().problems.map(({ code }) => code)).toEqual(name === LIST ? ["WRIT9114"] : []);
    expect(gateway.decide(workload)).toEqual({ allow: false, reason: "policy-missing" });
  }
  const gateway = await open({ store });
  await simulation.pass(3);
  await publisher.release({ sequence: 9 });
  await simulation.pass(6);
  expect(gateway.health()).toMatchObject({ ready: true, policy: { sequence: 9 }, problems: [] });
});

test("F14 a bit of any stored file flipped while the network is cut: nothing is allowed by it", async () => {
  const { simulation, publisher, store, open } = await stopped();
  await publisher.repository.publishRoot();
  await publisher.revoke(["identities", "nobody"]);
  const gateway = await open({ store });
  await simulation.pass(3);
  await gateway.close();
  expect([...store.files.keys()].sort()).toEqual([
    "2.root",
    BUNDLE,
    LIST,
    "revocations/1.json",
    "role.revocations",
    "snapshot",
    "targets",
    "timestamp",
  ]);
  const sound = await open({ store: mapStore(new Map(store.files)), environment: cut });
  expect(sound.decide(workload)).toMatchObject({ allow: true });
  for (const [name, bytes] of store.files) {
    const flipped = bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte));
    const bent = await open({ store: mapStore(new Map([...store.files, [name, flipped]])), environment: cut });
    expect(bent.decide(workload), name).toMatchObject({ allow: name === "2.root" });
  }
});

test("F14 both files of another publisher, or by keys that are trusted no more: not used", async () => {
  const { simulation, publisher, store, open } = await stopped();
  const other = await stopped();
  other.publisher.repository.signers.targets = [strangers[4]!];
  await other.publisher.release({ sequence: 7 });
  const files = new Map(store.files);
  files.set(LIST, other.publisher.repository.latest("targets"));
  const gateway = await open({ store: mapStore(files), environment: cut });
  expect(gateway.decide(workload)).toEqual({ allow: false, reason: "policy-missing" });
  // The root that this gateway comes to know takes the key away that signed what was kept.
  publisher.repository.signers.targets = [strangers[3]!];
  await publisher.repository.publishRoot();
  await publisher.release(broken);
  const online = await open({ store });
  await simulation.pass(10);
  await online.close();
  expect(store.files.has("2.root")).toBe(true);
  const again = await open({ store, environment: cut });
  expect(again.decide(workload)).toEqual({ allow: false, reason: "policy-missing" });
});

test("F13 an older release put in the place of the kept one: not used below the floor, nor once its list has expired", async () => {
  const { simulation, publisher, silence, store, open } = await stopped();
  const old = new Map([BUNDLE, LIST].map((name) => [name, store.files.get(name)!]));
  const late = mapStore(new Map(store.files));
  const gateway = await open({ store });
  await publisher.recall(7);
  await simulation.pass(3);
  await gateway.close();
  const restored = mapStore(new Map([...store.files, ...old]));
  const below = await open({ store: restored, environment: cut });
  expect(below.decide(workload)).toMatchObject({ allow: false, reason: "policy-missing" });
  silence();
  simulation.sleep(31 * 86_400);
  const expired = await open({ store: late, environment: cut });
  expect(expired.health()).toMatchObject({ ready: false, problems: [{ code: "WRIT9114" }] });
});

test("the list that names what is in force is renewed, so that it lasts, and so that a change of its keys does", async () => {
  const { simulation, publisher, open } = await newWorld();
  const store = mapStore();
  const gateway = await open({ store });
  await simulation.pass(3);
  const bytes = store.files.get(BUNDLE)!;
  publisher.repository.signers.targets = [strangers[2]!];
  await publisher.repository.publishRoot();
  await publisher.release({}, { bytes });
  await simulation.pass(6);
  expect(store.files.get(LIST)).toEqual(publisher.repository.latest("targets"));
  await publisher.release(broken);
  await simulation.pass(6);
  await gateway.close();
  expect(store.files.get(BUNDLE)).toEqual(bytes);
  expect(store.files.get(LIST)).not.toEqual(publisher.repository.latest("targets"));
  const again = await open({ store, environment: cut });
  expect(again.decide(workload)).toMatchObject({ allow: true, revision: "r7" });
});

test("a new key of heads while the newest release is broken: the last good policy decides on", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  await publisher.release(broken);
  await simulation.pass(6);
  const { repository } = publisher;
  // What a stolen key said is forgotten with it: the true publisher is behind that.
  publisher.size += 100;
  await publisher.head();
  await simulation.pass(0.1);
  publisher.size -= 100;
  repository.signers.timestamp = [strangers[0]!];
  await repository.publishRoot();
  await publisher.head();
  await simulation.pass(1);
  expect(gateway.health()).toMatchObject({ policy: { sequence: 7 } });
  expect(gateway.decide(workload)).toMatchObject({ allow: true, revision: "r7" });
});

test.each([{ sequence: 9 }, { revision: "r9" }])(
  "a release that says %j of a bundle that says otherwise: `release-disagrees`, and the next good one works",
  async (said) => {
    const { simulation, publisher, open } = await newWorld();
    const gateway = await open();
    await simulation.pass(3);
    const digest = await publisher.release({ sequence: 8 }, { said });
    await simulation.pass(6);
    expect(gateway.health()).toMatchObject({ policy: { sequence: 7 }, problems: [{ code: "WRIT9306", digest }] });
    expect(gateway.decide(workload)).toMatchObject({ allow: true, revision: "r7" });
    await publisher.release({ sequence: 9 });
    await simulation.pass(6);
    expect(gateway.health()).toMatchObject({ policy: { sequence: 9 }, problems: [] });
  },
);
