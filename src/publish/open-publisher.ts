/** The publisher: every part that there is, put together. Each of its methods is one line to the part that does it. */
import { type CheckpointKey, signCheckpoint } from "../audit/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { Store } from "../store/index.ts";
import { Alarms } from "./alarms.ts";
import { approve, submit } from "./candidates.ts";
import type { Core } from "./core.ts";
import { Fleet } from "./fleet.ts";
import { Gateways } from "./gateways.ts";
import { halt, Rollout, resume } from "./halts.ts";
import { Heart } from "./heart.ts";
import { Library } from "./library.ts";
import type { PublisherOptions } from "./options.ts";
import { smallestDelay } from "./policy-facts.ts";
import { Progress } from "./progress.ts";
import type { Publisher } from "./publisher.ts";
import { release, republish } from "./releases.ts";
import { restore } from "./restorations.ts";
import { recall, revoke } from "./revoke.ts";
import { renewTargets, rotate } from "./rotate.ts";
import { refreshFacts, startCore } from "./start-core.ts";
import { healthOf, viewOf } from "./view-of.ts";
import { Watchers } from "./watchers.ts";

/** Seconds: of an estate in which nothing is in force yet, and the longest between two heartbeats (threat model §5.2). */
const LONGEST_BEAT = 15;

/** Whoever asks for more lines of the log gets them in parts. */
const MOST_LINES = 1000;

/**
 * Takes a store and keys, and is the publisher of what lies there. The first head is signed when it resolves; from then on heartbeats
 * go on by themselves until `close`.
 *
 * @example
 * const publisher = await openPublisher({ store, trust, bundleSigner, bundleKeys, origin, address, gateways, judging, now, elapsed, random });
 * const { sequence } = await publisher.revoke(call, [{ path: ["identities", "crawler"] }], "its host was taken over");
 * const { missing } = await publisher.reached(sequence, 5000, AbortSignal.timeout(5000));
 */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { store, now, elapsed } = options;
  const { core, pieces, refusals } = await startCore(options);
  const { ledger, current, estate } = core;
  const alarms = new Alarms();
  const failure = Promise.withResolvers<never>();
  // Whoever wants to know waits for it; nobody has to.
  failure.promise.catch(() => {});
  const delay = () => smallestDelay(current.facts);
  const fleet = new Fleet({
    known: options.gateways,
    now,
    elapsed,
    delay: () => delay() ?? LONGEST_BEAT,
    atOf: (version) => alarms.atOf(version),
  });
  const progress = new Progress(fleet, () => estate.changes, elapsed);
  const library = new Library(core);
  const gateways = new Gateways(core, { fleet, progress, alarms, library });
  const rollout = new Rollout(core);
  const watchers = new Watchers();
  const interval = () => Math.max(1, Math.min(LONGEST_BEAT, (delay() ?? 5 * LONGEST_BEAT) / 5)) * 1000;
  const noteFailure = (error: unknown) => {
    if (error instanceof WritError && error.code === "WRIT8004") failure.reject(error);
    // A full disk has room for heartbeats, so one of those says nothing of it.
    if (error instanceof WritError) alarms.raise(error.reason === "store-full" ? error.reason : "failure", error);
    else failure.reject(error);
    watchers.moved();
  };
  // What else is refused is no alarm: somebody asked for it.
  const noteRefusal = (error: WritError) => {
    if (error.code === "WRIT8003" || error.code === "WRIT8004") noteFailure(error);
  };
  const isBehind = () => lookAtClock(core, alarms);
  const upkeep = async () => {
    estate.forgetExpired(now());
    estate.forgetCalls(now());
    // A clock that is behind says nothing of what is due.
    if (!isBehind()) await renewTargets(core);
  };
  const heart = new Heart({ ledger, refusals, interval, isBehind, upkeep, failed: noteFailure });
  core.heardRefusals(noteRefusal);

  const remember = ({ version, timestamp }: Store["head"]) =>
    alarms.signed(version, current.set.timestamp!.signed.writ!.at, timestamp);
  let { targets } = current.set;
  let folded = store.head.records;
  remember(store.head);
  isBehind();
  const unwatch = store.watch((head) => {
    remember(head);
    // The next heartbeat may be due sooner by the policy that comes.
    if (current.set.targets !== targets) current.looked = refreshFacts(core).then(() => heart.moved(), noteFailure);
    targets = current.set.targets;
    alarms.clear("failure");
    if (head.records > folded) alarms.clear("store-full");
    for (const { sequence } of estate.changes) if (sequence > folded) progress.began(sequence);
    folded = head.records;
    heart.moved();
    gateways.moved();
    watchers.moved();
  });

  return {
    submit: (call, submission) => submit(core, call, submission),
    approve: (call, digest, shown) => approve(core, call, digest, shown),
    release: (call, digest, ring) => release(core, () => fleet.view(), call, digest, ring),
    republish: (call, digest) => republish(core, call, digest),
    halt: (call, reason) => halt(core, call, reason),
    resume: (call, reason) => resume(core, call, reason),
    restore: (call, paths, reason) => restore(core, call, paths, reason),
    revoke: (call, entries, reason) => revoke(core, call, entries, reason, pieces.count),
    recall: (call, sequence, reason) => recall(core, call, sequence, reason),
    rotate: (call) => rotate(core, call),
    refused: (action, code, caller) => core.refused(action, code, caller),
    poll: (caller, held, wait, signal) => gateways.poll(caller, held, wait, signal),
    metadata: (name) => library.metadata(name),
    blob: (caller, digest) => library.blob(caller, digest),
    opaBundle: (caller, resource, tag, wait, signal) => gateways.opaBundle(caller, resource, tag, wait, signal),
    report(caller, report) {
      gateways.report(caller, report);
      rollout.heard(caller, report).catch(noteFailure);
      watchers.moved();
    },
    reportOpa(caller, report) {
      gateways.reportOpa(caller, report);
      rollout.heardOpa(caller, report).catch(noteFailure);
      watchers.moved();
    },
    reach: (sequence) => progress.reach(sequence),
    reached: (sequence, wait, signal) => progress.reached(sequence, wait, signal),
    view: () => viewOf(core, fleet, progress, alarms),
    health: () => healthOf(core, alarms),
    directory: () => (current.facts.get("stable") ?? current.facts.get("canary"))?.directory,
    revocations: () => [...estate.revocations.values()],
    auditLines: (since, limit) =>
      store.readLines(since, Math.max(0, Math.min(limit, MOST_LINES, store.head.records - since))),
    checkpoint: () => checkpointOf(core),
    watch: (listener) => watchers.add(listener),
    get heartbeat() {
      return interval();
    },
    failed: failure.promise,
    async close() {
      heart.stop();
      unwatch();
      for (const part of [gateways, progress, watchers]) part.close();
      await heart.writeRefusals();
      await ledger.settled();
      await store.close();
    },
  };
}

/** Threat F24: heartbeats wait until the clock says no less than it said before. */
function lookAtClock({ current, now }: Core, alarms: Alarms): boolean {
  const { at } = current.set.timestamp!.signed.writ!;
  if (now >= at) {
    alarms.clear("clock-behind");
    return false;
  }
  const text = (seconds: number) => new Date(seconds * 1000).toISOString();
  alarms.raise("clock-behind", WritError.of("WRIT8304", { at: text(at), now: text(now) }));
  return true;
}

/** Signed by the key that signs timestamps: the head that a gateway holds says the same. */
async function checkpointOf({ options, current, ledger }: Core): Promise<Uint8Array> {
  const signer = current.trust.signers.timestamp.find(({ key }) => key.scheme === "ed25519");
  if (!signer) throw WritError.of("WRIT8022", { fault: "key" });
  const key: CheckpointKey = { name: options.origin, publicKey: Buffer.from(signer.key.public, "hex") };
  const { records: size, root } = ledger.store.head;
  return Buffer.from(await signCheckpoint({ size, root }, key, signer.sign));
}
