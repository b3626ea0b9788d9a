/**
 * Many people do whatever they like in whatever order. Whatever came of it, the journal alone has to show that nothing came into force
 * that should not have: it is read here by rules of its own.
 */
import { expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import type { Ring } from "../../src/protocol/index.ts";
import type { StoreRecord } from "../../src/store/index.ts";
import { Random } from "../random.ts";
import { author, call, caller, type Desk, openDesk, shown } from "./desk.ts";
import "./no-heartbeats.ts";

const people = ["ann", "bob", "carl", "olga"] as const;
const by = (person: string) => caller(person, person === "olga" ? ["operator", "approver"] : ["approver"]);
const gateways = [
  { name: "c1", ring: "canary" },
  { name: "c2", ring: "canary" },
] as const;
const rollout = { minutes: 1 };

interface Submitted {
  readonly digest: string;
  readonly republished?: string;
  readonly sequence: number;
  readonly issued: number;
  readonly expires: number;
  readonly authors: readonly string[];
  readonly emergency?: string;
  readonly content: string;
  readonly at: number;
}

/** What the journal must show of each release, by the record that it is. */
function checkJournal(records: readonly StoreRecord[]): Map<Ring, Submitted> {
  const candidates = new Map<string, Submitted>();
  const approvals = new Map<string, Set<string>>();
  const inForce = new Map<Ring, Submitted>();
  const proved = new Set<string>();
  let [halted, floor, since] = [false, 0, 0];
  for (const { kind, body } of records) {
    const { at, digest } = body as unknown as Submitted;
    if (kind === "halt") halted = true;
    if (kind === "resume") halted = false;
    if (kind === "revoke") floor = Math.max(floor, (body.floor as number | undefined) ?? 0);
    if (kind === "submit") {
      expect(candidates.has(digest)).toBe(false);
      candidates.set(digest, body as unknown as Submitted);
    }
    if (kind === "approve") {
      expect(candidates.get(digest)!.authors).not.toContain(body.person);
      approvals.set(digest, (approvals.get(digest) ?? new Set()).add(body.person as string));
    }
    if (kind !== "publish") continue;
    const candidate = candidates.get(digest)!;
    const ring = body.ring as Ring;
    const count = approvals.get(digest)?.size ?? 0;
    const { republished, emergency, sequence } = candidate;
    expect(count).toBeGreaterThanOrEqual(emergency !== undefined ? 2 : republished === undefined ? 1 : 0);
    if (emergency !== undefined) expect(candidate.expires).toBeLessThanOrEqual(candidate.at + 72 * 3600);
    if (republished !== undefined) {
      expect(proved).toContain(republished);
      expect(candidate.content).toBe(candidates.get(republished)!.content);
    }
    expect(sequence).toBeGreaterThan(inForce.get(ring)?.sequence ?? 0);
    expect(sequence).toBeGreaterThanOrEqual(floor);
    expect(candidate.expires).toBeGreaterThan(at);
    const comesBack = republished !== undefined && emergency === undefined;
    if (!comesBack) {
      expect(halted).toBe(false);
      if (ring === "stable") expect([inForce.get("canary")?.digest, at >= since + 60]).toEqual([digest, true]);
      else expect(sequence).toBeGreaterThan(inForce.get("stable")?.sequence ?? 0);
    }
    if (ring === "canary") since = at;
    if (ring === "stable") proved.add(digest);
    inForce.set(ring, candidate);
  }
  return inForce;
}

async function act(desk: Desk, random: Random, digests: string[]): Promise<void> {
  const { publisher, clock, store } = desk;
  const any = () =>
    digests.length === 0 || random.chance(0.03) ? shown : random.pick(digests.slice(random.chance(0.7) ? -1 : -4));
  const person = by(random.pick(people));
  const operator = call(random.chance(0.9) ? by("olga") : person, store.head.version - (random.chance(0.1) ? 1 : 0));
  const canary = publisher.view().inForce.canary;
  const choice = random.int(0, 19);
  if (choice < 3) {
    const sequence = Math.max(1, random.int(-1, 6) + (canary?.sequence ?? 0));
    const emergency = random.chance(0.2) ? { emergency: { reason: "now" } } : {};
    const expires = clock.now + random.pick([600, 72 * 3600, 100 * 3600]);
    const authors = random.some(people, 1);
    const bundle = await desk.bundle(sequence, { expires });
    digests.push(
      (await publisher.submit(call(author), await desk.submission(bundle, { authors, ...emergency }))).digest,
    );
  } else if (choice < 8) await publisher.approve(call(person), any(), shown);
  else if (choice < 10) await publisher.release(operator, any(), "canary");
  else if (choice < 13)
    await publisher.release(operator, canary && random.chance(0.8) ? canary.digest : any(), "stable");
  else if (choice === 13) digests.push((await publisher.republish(operator, any())).digest);
  else if (choice === 14)
    await (random.chance(0.2) ? publisher.halt(operator, "to look") : publisher.resume(operator, "looked"));
  else if (choice === 15 && random.chance(0.2))
    await publisher.recall(operator, random.int(1, canary?.sequence ?? 1), "bad");
  else if (choice === 16) clock.now += random.pick([1, 60, 60, 1800]);
  else {
    const sequence = random.chance(0.8) ? (canary?.sequence ?? 0) : random.int(0, 9);
    const problems = random.chance(0.03) && canary ? [{ code: "WRIT9002", message: "", digest: canary.digest }] : [];
    for (const { name } of random.chance(0.7) ? gateways : gateways.slice(1))
      await desk.report(name, { policy: { sequence, revision: `${sequence}-x` }, problems });
  }
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  "P02 P03 P04 P07 R01 R03 R04 whatever people do, the journal of history %i is sound",
  async (seed) => {
    const random = new Random(seed);
    let desk = await openDesk({ gateways, rollout });
    const digests: string[] = [];
    for (let step = 0; step < 90; step++) {
      if (random.chance(0.02)) {
        const { now } = desk.clock;
        await desk.publisher.close();
        desk = await openDesk({ store: desk.store, gateways, rollout });
        desk.clock.now = now;
      }
      try {
        await act(desk, random, digests);
      } catch (error) {
        if (!(error instanceof WritError)) throw error;
      }
    }
    const records = await desk.store.readRecords(0, 1000);
    const inForce = checkJournal(records);
    const view = desk.publisher.view().inForce;
    for (const ring of ["canary", "stable"] as const) expect(view[ring]?.digest).toBe(inForce.get(ring)?.digest);
    published += records.filter(({ kind }) => kind === "publish").length;
  },
);

let published = 0;

test("the histories got somewhere", () => {
  expect(published).toBeGreaterThan(15);
});
