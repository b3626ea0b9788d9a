/** The publisher with its store on the disk behind its server, as a process of its own: for effect.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore } from "../../../src/store/index.ts";
import { begin, World } from "../../publish/harness.ts";
import { startWith, tokenOf } from "../../server/start.ts";
import { answerBy, clock, type Usage, usage } from "./messages.ts";

export interface PublisherParameters {
  /** How many there are that may poll. */
  readonly gateways: number;
  /** Seconds, of every tier: a heartbeat comes five times within the shortest. Default: as the estate has them, 10 and more. */
  readonly revocationDelay?: number;
}

export interface Place {
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  /** In base64. */
  readonly root: string;
  /** Milliseconds by which the publisher's time is ahead of the machine's. */
  readonly ahead: number;
}

export type PublisherQuestions = {
  readonly place: { readonly ask: undefined; readonly answer: Place };
  /** So many access tokens, each good for one change, of these callers in turn. */
  readonly tokens: {
    readonly ask: { readonly names: readonly string[]; readonly count: number };
    readonly answer: readonly string[];
  };
  /** How many gateways have been answered with the head in force and wait for the next. */
  readonly following: { readonly ask: undefined; readonly answer: number };
  /** Releases another policy; when it was acknowledged. */
  readonly release: { readonly ask: { readonly sequence: number }; readonly answer: number };
  /** Signs a newer head; when it was in force. */
  readonly head: { readonly ask: undefined; readonly answer: { readonly version: number; readonly heartbeat: number } };
  /** Names of the tokens that the journal says are revoked. */
  readonly journal: { readonly ask: undefined; readonly answer: readonly string[] };
  readonly usage: { readonly ask: undefined; readonly answer: Usage };
};

const { gateways, revocationDelay } = JSON.parse(process.argv[2]!) as PublisherParameters;
const folder = mkdtempSync(join(tmpdir(), "writ-effect-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

const names = Array.from({ length: gateways }, (_, index) => `edge-${index}`);
const world = await World.open({
  store: await FolderStore.open(folder),
  gateways: names.map((name) => ({ name, ring: "stable" })),
  ...(revocationDelay !== undefined && { revocationDelay }),
});
const served = await startWith(
  world.publisher,
  // All of them are on one machine.
  { now: world.clock.now, log: () => {}, limits: { connectionsPerAddress: 20_000 } },
  { gateways: names },
);

answerBy<PublisherQuestions>({
  place: () => ({
    gatewayUrl: served.gatewayUrl,
    adminUrl: served.adminUrl,
    root: Buffer.from(world.trust.roots[0]!).toString("base64"),
    ahead: begin * 1000 + world.clock.elapsed() - clock(),
  }),
  tokens: ({ names: callers, count }) =>
    Array.from({ length: count }, (_, index) => tokenOf(callers[index % callers.length]!)),
  following: () => {
    const { head, gateways: known } = world.publisher.view();
    return known.filter(({ version }) => version === head.version).length;
  },
  async release(options) {
    await world.release(options);
    return clock();
  },
  head: () => ({ version: world.store.head.version, heartbeat: world.publisher.heartbeat }),
  async journal() {
    const revoked: string[] = [];
    for (let at = 0; at < world.store.head.records; ) {
      const records = await world.store.readRecords(at, Math.min(1000, world.store.head.records - at));
      at += records.length;
      for (const { kind, body } of records) {
        if (kind !== "revoke") continue;
        const { entries } = body as unknown as { entries: readonly { path: readonly string[] }[] };
        for (const { path } of entries) if (path[0] === "tokens") revoked.push(path[2]!);
      }
    }
    return revoked;
  },
  usage,
});
