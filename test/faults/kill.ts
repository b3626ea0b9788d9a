/** Kills the server of a publisher at random moments while many ask it for changes, and holds what it said to what is there: threat D02. */
import { randomUUID } from "node:crypto";
import { Random } from "../random.ts";
import { History, type Revocation } from "./history.ts";
import { type Outcome, PublisherProcess } from "./publisher.ts";
import { checkStore } from "./store-check.ts";

/** Rounds on one store, so that it does not grow without end. */
const ROUNDS = 50;
const CLIENTS = 4;

export interface KillReport {
  readonly rounds: number;
  readonly counts: ReadonlyMap<string, number>;
  /** With the seed of the round. */
  readonly violations: readonly string[];
}

/** A call that was made, and maybe is made again: nobody knows what became of it. */
interface Call {
  readonly key: string;
  readonly revocation: Revocation;
  readonly expires: number;
}

/** @param seed of the first round; each next one has the next */
export async function killServer(
  rounds: number,
  seed: number,
  said: (line: string) => void = () => {},
): Promise<KillReport> {
  const counts = new Map<string, number>();
  const violations: string[] = [];
  for (let first = 0; first < rounds; first += ROUNDS) {
    const publisher = await PublisherProcess.create(["edge-0"]);
    const history = new History();
    const unanswered: Call[] = [];
    try {
      for (let round = first; round < Math.min(rounds, first + ROUNDS); round++) {
        const before = history.violations.length;
        await oneLife(publisher, history, new Random(seed + round), unanswered);
        await checkStore(publisher.folder, history);
        for (const what of history.violations.slice(before)) violations.push(`seed ${seed + round}: ${what}`);
      }
      for (const complaint of publisher.complaints) violations.push(`seeds from ${seed + first}: it ${complaint}`);
    } finally {
      await publisher.remove();
    }
    history.count("kills", publisher.starts);
    for (const [what, count] of history.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    said(`${Math.min(rounds, first + ROUNDS)} kills, ${violations.length} violations`);
  }
  return { rounds, counts, violations };
}

async function oneLife(
  publisher: PublisherProcess,
  history: History,
  random: Random,
  unanswered: Call[],
): Promise<void> {
  const started = publisher.start();
  if (random.chance(0.1)) {
    // While it opens its store, or before.
    await Promise.race([started, new Promise((resolve) => setTimeout(resolve, random.int(100, 1500)))]);
    await publisher.kill();
    return;
  }
  await started;
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) await askAnything(publisher, history, random, unanswered);
  });
  await new Promise((resolve) => setTimeout(resolve, random.int(0, 400)));
  await publisher.kill();
  isOver = true;
  await Promise.all(clients);
}

async function askAnything(
  publisher: PublisherProcess,
  history: History,
  random: Random,
  unanswered: Call[],
): Promise<void> {
  if (random.chance(0.15)) return readHead(publisher, history);
  const again = random.chance(0.3) ? unanswered.shift() : undefined;
  const call = again ?? {
    key: randomUUID(),
    revocation: newRevocation(random),
    expires: Math.floor(Date.now() / 1000) + 3600,
  };
  if (!again) history.revocations.push(call.revocation);
  const entries = call.revocation.entries.map(({ path }) => ({ path, value: call.expires }));
  const outcome: Outcome = await publisher.ask("security", "/v1/revocations", {
    key: call.key,
    body: { entries, reason: "a kill" },
  });
  if (outcome.is === "done") history.acknowledged(call.revocation, outcome.body.sequence);
  else unanswered.push(call);
}

function newRevocation(random: Random): Revocation {
  const entries = Array.from({ length: random.int(1, 8) }, () => ({
    tier: "fast" as const,
    path: ["tokens", "corp", randomUUID()],
  }));
  return { entries };
}

async function readHead(publisher: PublisherProcess, history: History): Promise<void> {
  const least = history.acknowledgedSize;
  const outcome = await publisher.ask("auditor", "/v1/head", { method: "GET" });
  if (outcome.is !== "done") return;
  const { version, at, floor, audit } = outcome.body as unknown as {
    version: number;
    at: number;
    floor: number;
    audit: { size: number; root: string };
  };
  // Four ask at once, so an answer may be overtaken by another; what was acknowledged before it was asked has to be in it.
  history.saw(`reader ${version}`, { version, at, floor, size: audit.size, root: audit.root }, least);
}
