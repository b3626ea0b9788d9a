/** A publisher of a small estate with people around it who submit, approve and release; its heartbeats wait for nobody. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import { newKeys, readKeys, readSigner } from "../../src/bundle/index.ts";
import type { Caller, CallerRole } from "../../src/callers/index.ts";
import { emit, packRelease, type Release } from "../../src/compile.ts";
import { Gateway } from "../../src/gateway/index.ts";
import type { JsonObject, JsonValue } from "../../src/json/index.ts";
import type { Model } from "../../src/model/index.ts";
import type { Ring, StatusReport } from "../../src/protocol/index.ts";
import {
  type Call,
  openPublisher,
  type Publisher,
  type PublisherOptions,
  type Submission,
} from "../../src/publish/index.ts";
import { signProvenance } from "../../src/publish/provenance.ts";
import { memoryStore, type Store } from "../../src/store/index.ts";
import {
  makeRoot,
  makeTargets,
  newTrustKeys,
  readTrustSigner,
  signMetadata,
  type TrustSigner,
} from "../../src/trust/index.ts";
import { estate, now } from "../decide/estate.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
export const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const DAY = 86_400;
const pair = await newKeys({ kid: "ci" });
const again = await newKeys({ kid: "publisher" });
const bundleSigner = await readSigner(utf8(again.privateKey));
const lists = [pair, again].map(({ publicKeys }) => JSON.parse(publicKeys) as JsonValue[]);
export const bundleKeys = utf8(JSON.stringify(lists.flat()));
export const keys = await readKeys(bundleKeys);
export const ci = await readSigner(utf8(pair.privateKey));

export async function newSigner(): Promise<TrustSigner> {
  return readTrustSigner(utf8((await newTrustKeys()).secret), () => expect.fail("no command is run"));
}
const [root, secondRoot, targets, online, builder] = (await Promise.all(Array.from({ length: 5 }, newSigner))) as [
  TrustSigner,
  TrustSigner,
  TrustSigner,
  TrustSigner,
  TrustSigner,
];
export const builderSigner = builder;

async function trustFiles() {
  const one = (signer: TrustSigner) => ({ keys: [signer.key], threshold: 1 });
  const roles = {
    root: { keys: [root.key, secondRoot.key], threshold: 2 },
    targets: one(targets),
    snapshot: one(online),
    timestamp: one(online),
  };
  const draft = await makeRoot({ version: 1, expires: now + 365 * DAY }, roles);
  const delegation = { name: "revocations", paths: ["revocations/*"], ...one(online) };
  const top = await makeTargets({ version: 1, expires: now + 30 * DAY }, [], delegation);
  return {
    roots: [await signMetadata(draft, [root, secondRoot])],
    targets: await signMetadata(top, [targets]),
    signers: { targets: [targets], snapshot: [online], timestamp: [online], revocations: [online] },
  };
}

/** Each by one credential, unless a test gives them another one. */
export function caller(name: string, roles: readonly CallerRole[], more: Partial<Caller> = {}): Caller {
  const issuer = "https://id.example.com";
  return {
    name,
    issuer,
    subject: name,
    thumbprint: digestOf(utf8(name)),
    person: name,
    roles: new Set(roles),
    ...more,
  };
}

export const author = caller("ci", ["author"], { person: "ci" });
export const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => caller(name, ["approver"])) as [
  Caller,
  Caller,
  Caller,
];
export const operator = caller("olga", ["operator"]);

let calls = 0;
export function call(by: Caller, ifMatch?: number): Call {
  return { caller: by, idempotencyKey: `call-${++calls}`, ...(ifMatch !== undefined && { ifMatch }) };
}

export const source = { repository: "https://git.example.com/estate", workflow: "release.yml@refs/heads/main" };
export const commit = "a".repeat(40);

export interface Desk {
  readonly publisher: Publisher;
  readonly store: Store;
  readonly clock: { now: number };
  /** What the next trial says. */
  readonly trial: { problem: string | undefined };
  /** With the version of the head in force. */
  match(by: Caller): Call;
  bundle(sequence: number, more?: Partial<Release> & { readonly model?: Model }): Promise<Uint8Array>;
  submission(bundle: Uint8Array, more?: Partial<Submission>): Promise<Submission>;
  submit(sequence: number, more?: Partial<Release> & { readonly model?: Model }): Promise<string>;
  /** Submitted, approved by ann, in force in canary, and in stable when all have confirmed it. */
  released(sequence: number, more?: Partial<Release> & { readonly model?: Model }): Promise<string>;
  report(name: string, more: Partial<StatusReport>, by?: Partial<Caller>): Promise<void>;
  reportOpa(name: string, report: JsonObject, ring?: Ring): Promise<void>;
}

export async function openDesk(
  options: Partial<Omit<PublisherOptions, "judging">> & {
    readonly judging?: Partial<PublisherOptions["judging"]>;
  } = {},
): Promise<Desk> {
  const store = options.store ?? memoryStore();
  const clock = { now };
  const trial: Desk["trial"] = { problem: undefined };
  const files = await trustFiles();
  const activate = async (bundle: Uint8Array) => {
    const gateway = new Gateway(keys);
    await gateway.load(bundle);
    return trial.problem;
  };
  const judging = {
    provenance: { keys: [builder.key], threshold: 1, sources: [source] },
    activate,
    ...options.judging,
  };
  const publisher = await openPublisher({
    store,
    trust: { load: async () => files },
    bundleSigner,
    bundleKeys,
    origin: "policies.example.com/estate",
    address: "https://policies.example.com",
    gateways: [],
    now: () => clock.now,
    elapsed: () => clock.now * 1000,
    random: () => 0.5,
    ...options,
    judging,
  });
  const desk: Desk = {
    publisher,
    store,
    clock,
    trial,
    match: (by) => call(by, store.head.version),
    bundle(sequence, { model = estate, ...more } = {}) {
      const release = { sequence, issued: clock.now, expires: clock.now + 7 * DAY, ...more };
      return packRelease(emit(model, { release }), ci);
    },
    async submission(bundle, more = {}) {
      const made = { ...source, commit, digest: digestOf(bundle) };
      const provenance = await signProvenance(made, "https://ci.example.com/runner", [builder]);
      return { bundle, provenance, authors: ["carl"], ...more };
    },
    async submit(sequence, more) {
      const { digest } = await publisher.submit(call(author), await desk.submission(await desk.bundle(sequence, more)));
      return digest;
    },
    async released(sequence, more) {
      const digest = await desk.submit(sequence, more);
      await publisher.approve(call(ann), digest, shown);
      await publisher.release(desk.match(operator), digest, "canary");
      await publisher.release(desk.match(operator), digest, "stable");
      return digest;
    },
    async report(name, more, by = {}) {
      const decisions = { allowed: 0, denied: 0, dropped: 0 };
      const report: StatusReport = { ring: "canary", problems: [], decisions, ...more };
      publisher.report(caller(name, ["gateway"], { ring: "canary", ...by }), report);
      await settled(publisher);
    },
    async reportOpa(name, report, ring = "canary") {
      publisher.reportOpa(caller(name, ["gateway"], { ring }), report);
      await settled(publisher);
    },
  };
  return desk;
}

/** What a report sets off by itself is a change as any other, and this one comes after it. */
async function settled(publisher: Publisher): Promise<void> {
  await publisher.halt(call(caller("nobody", [])), "to come after it").catch(() => {});
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const shown = "5".repeat(64);

/** Everything of a head that a refused call could have moved, and what is in force by it. */
function stateOf({ store, publisher }: Desk) {
  const { version, records, root: logRoot, floor, timestamp, files, blobs } = store.head;
  const { candidates, halted, revoked, ...view } = publisher.view();
  // What is known of a bundle comes a moment after it is in force, whatever is refused meanwhile.
  const inForce = Object.entries(view.inForce).map(([ring, release]) => ({ ...release, ring, revocationDelay: 0 }));
  return {
    version,
    records,
    logRoot,
    floor,
    timestamp,
    files: [...files],
    blobs,
    inForce,
    candidates,
    halted,
    revoked,
  };
}

/** The code, and that nothing moved: the head is byte for byte what it was. */
export async function expectRefused(desk: Desk, reason: string, attempt: () => Promise<unknown>, fault?: string) {
  const before = stateOf(desk);
  const parameters = fault === undefined ? {} : { parameters: expect.objectContaining({ fault }) };
  await expect(attempt()).rejects.toMatchObject({ reason, ...parameters });
  expect(stateOf(desk)).toEqual(before);
}
