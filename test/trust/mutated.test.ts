/** T02 and F08 as properties: whatever is changed in whatever file, only what was signed is trusted, and nothing but a refusal is thrown. */
import { expect, test } from "vitest";
import type { JsonValue } from "../../src/json/index.ts";
import { delegatedRole, findTarget, type TrustClient } from "../../src/trust/index.ts";
import { Random } from "../random.ts";
import { reasonOf } from "./refused.ts";
import { Repository, utf8 } from "./repository.ts";

const VALUES: readonly JsonValue[] = [
  ...[null, true, 0, -1, 1, 2, Number.MAX_SAFE_INTEGER, "", "x", "root", "targets", "constructor", "1.0", "*", "/"],
  ...["2026-11-24T00:00:00Z", "ab".repeat(32), [], {}, [[]], [{}], { a: {} }, { keyid: 1 }],
];

type Container = JsonValue[] | Record<string, JsonValue>;

/** Replaces, removes, doubles or renames something, somewhere. */
function mutate(random: Random, value: JsonValue): void {
  const containers: Container[] = [];
  const collect = (node: JsonValue) => {
    if (typeof node !== "object" || node === null) return;
    containers.push(node as Container);
    for (const inner of Object.values(node)) collect(inner);
  };
  collect(value);
  const container = random.pick(containers);
  if (Array.isArray(container)) {
    const index = random.int(0, container.length);
    if (random.chance(0.5)) container.splice(index, 1);
    else container.splice(index, random.int(0, 1), random.chance(0.5) ? random.pick(VALUES) : (container[0] ?? null));
    return;
  }
  const key = random.pick(Object.keys(container).concat("x"));
  const kept = container[key];
  if (random.chance(0.3)) delete container[key];
  else container[key] = random.pick(VALUES);
  if (random.chance(0.2) && kept !== undefined) container[`${key}x`] = kept;
}

const files = ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json", "1.revocations.json"] as const;

/** What is trusted in the end, by what was signed. */
async function trusted(client: TrustClient): Promise<readonly string[]> {
  const { root, timestamp, snapshot, targets } = (await client.refresh()).set;
  const revocations = await delegatedRole(client, "revocations");
  return [root, timestamp, snapshot, targets, revocations].map(({ payload }) => new TextDecoder().decode(payload));
}

test("a file changed after it was signed: the original, or a refusal", async () => {
  const repository = await Repository.create();
  await repository.publishRoot();
  const original = await trusted(await repository.client());
  const random = new Random(1);
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const name = random.pick(files);
    const good = repository.files.get(name)!;
    if (random.chance(0.5)) {
      const json = JSON.parse(new TextDecoder().decode(good)) as JsonValue;
      mutate(random, json);
      repository.files.set(name, utf8(JSON.stringify(json)));
    } else {
      const bytes = Uint8Array.from(good);
      for (let count = random.int(1, 3); count > 0; count--)
        bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
      repository.files.set(name, bytes.subarray(0, random.chance(0.8) ? bytes.length : random.int(0, bytes.length)));
    }
    const client = await repository.client();
    let found: readonly string[] = [];
    const reason = await reasonOf(
      trusted(client).then((set) => {
        found = set;
      }),
    );
    if (reason === "accepted") expect(found).toEqual(original);
    else refused++;
    repository.files.set(name, good);
  }
  expect(refused).toBeGreaterThan(300);
});

test("a file changed before it was signed: whatever its signer may say, nothing crashes", async () => {
  const random = new Random(2);
  let accepted = 0;
  for (let round = 0; round < 250; round++) {
    const repository = new Repository();
    await repository.publishRoot();
    const change = (draft: JsonValue) => {
      for (let count = random.int(1, 2); count > 0; count--) mutate(random, draft);
    };
    const changed = random.pick(["root", "targets", "revocations", "snapshot", "timestamp"] as const);
    if (changed === "root") await repository.publishRoot({ change });
    for (const role of ["targets", "revocations", "snapshot", "timestamp"] as const) {
      await repository.publishOne(role, role === changed ? change : undefined);
    }
    const client = await repository.client();
    const reason = await reasonOf(trusted(client).then(() => findTarget(client, "policy/bundle.tar.gz")));
    if (reason === "accepted") accepted++;
  }
  // Members that nobody reads may say anything.
  expect(accepted).toBeGreaterThan(10);
});
