/** Stops a store at every call of an operation, in every state that a loss of power may leave, and says which invariants are broken. */
import { extendsLog, proveConsistency } from "../../src/audit/index.ts";
import { type FileSystem, FolderStore, Ledger, type Store, type StoreRecord } from "../../src/store/index.ts";
import { type Call, type DiskState, ForgetfulDisk, keyOf } from "./forgetful-disk.ts";
import { allRecords, digestOf, inForceBy, leavesOf, signer } from "./signer.ts";

/** What has to hold whenever the power goes. */
export interface Known {
  /** All that was acknowledged. */
  readonly acknowledged: readonly StoreRecord[];
  /** What was asked for and not yet answered: it may be there as a whole. */
  readonly asked: readonly StoreRecord[];
  /** No version up to this one may be given again. */
  readonly issued: number;
  readonly floor: number;
  /** Heads that somebody has seen: how many records they count, and the root. */
  readonly roots: readonly (readonly [number, string])[];
}

export interface Moment {
  readonly point: string;
  readonly state: DiskState;
  readonly known: Known;
}

export interface Violation {
  readonly invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "opens";
  readonly point: string;
  readonly what: string;
}

/** Named points of a publication (threat model §8), in the order in which they are passed. */
const points: readonly (readonly [string, (call: Call) => boolean])[] = [
  ["K1", ({ operation, name }) => operation === "write" && name.startsWith("blobs/")],
  ["K2", ({ operation, name }) => operation === "sync" && name.startsWith("blobs/")],
  ["K3", ({ operation, name }) => operation === "rename" && name.startsWith("blobs/")],
  ["K4", ({ operation, name }) => operation === "sync-folder" && name === "blobs"],
  ["K6", ({ operation, name }) => operation === "write" && name === "journal"],
  ["K7", ({ operation, name }) => operation === "sync" && name === "journal"],
  ["K8", () => false],
  ["K9", ({ operation, name }) => operation === "rename" && name.startsWith("metadata/")],
  ["K10", ({ operation, name }) => operation === "open" && name === "head.writing"],
  ["K11", ({ operation, name }) => operation === "rename" && name === "head.writing"],
  ["K12", ({ operation, name }) => operation === "sync-folder" && name === ""],
];

let processes = 0;

/** A publisher on a disk, and what it has told the world. */
export class World {
  readonly disk: ForgetfulDisk;
  store!: FolderStore;
  ledger!: Ledger;
  known: Known;

  private constructor(disk: ForgetfulDisk, known: Known) {
    this.disk = disk;
    this.known = known;
  }

  static readonly nothing: Known = { acknowledged: [], asked: [], issued: 0, floor: 0, roots: [] };

  static on(disk: ForgetfulDisk, known: Known = World.nothing): World {
    return new World(disk, known);
  }

  /** A new process, to which all others are dead. */
  async start(signed: (version: number) => void = () => {}, files: FileSystem = this.disk): Promise<this> {
    const self = `p${++processes}`;
    this.store = await FolderStore.open("", { files, processes: { self, isDead: () => true }, reserve: 1024 });
    const sign = signer(this.store, {
      signed: (version) => {
        this.known = { ...this.known, issued: Math.max(this.known.issued, version) };
        signed(version);
      },
    });
    this.ledger = await Ledger.open(this.store, sign);
    // What was asked for before a stop may be there: it is in force for all to see now.
    const found = withoutVersions(await allRecords(this.store));
    this.#acknowledge(found.slice(this.known.acknowledged.length));
    return this;
  }

  async commit(records: readonly StoreRecord[], blobs: readonly Uint8Array[] = []): Promise<void> {
    this.known = { ...this.known, asked: records };
    await this.ledger.commit({ records, blobs });
    this.#acknowledge(records);
  }

  async beat(times: number): Promise<void> {
    for (let beat = 0; beat < times; beat++) await this.ledger.beat();
    this.#acknowledge([]);
  }

  #acknowledge(records: readonly StoreRecord[]): void {
    const { records: size, root, floor } = this.store.head;
    const { acknowledged, roots } = this.known;
    this.known = {
      acknowledged: [...acknowledged, ...records],
      asked: [],
      issued: this.store.head.version,
      floor,
      roots: [...roots, [size, root]],
    };
  }
}

/** What an operation is given: a world, and the moment from which its disk is watched. */
export interface Watched {
  readonly world: World;
  /** Stands between the store and the disk. */
  readonly files: FileSystem;
  readonly signed: (version: number) => void;
  readonly begin: () => void;
}

/** Every state that a loss of power may leave from `begin` to right after the operation. */
export async function momentsOf(
  prepared: { readonly state: DiskState; readonly known: Known } | undefined,
  operation: (watched: Watched) => Promise<void>,
  between: (files: FileSystem) => FileSystem = (files) => files,
): Promise<readonly Moment[]> {
  const disk = new ForgetfulDisk(prepared?.state);
  const world = World.on(disk, prepared?.known);
  const found = new Map<string, Moment>();
  let passed = -1;
  let isWatching = false;
  const look = () => {
    const full = disk.state.get("journal")?.length ?? 0;
    const { known } = world;
    for (const state of disk.crashStates()) {
      const isHalf = points[passed]?.[0] === "K6" && (state.get("journal")?.length ?? 0) < full;
      const point = isHalf ? "K5" : (points[passed]?.[0] ?? "before");
      const key = `${point} ${known.issued} ${known.acknowledged.length} ${known.asked.length} ${keyOf(state)}`;
      if (!found.has(key)) found.set(key, { point, state, known });
    }
  };
  const pass = (isNext: (name: string, matches: (call: Call) => boolean) => boolean) => {
    // A change without a blob of its own begins at the journal.
    const next = points.findIndex((point, index) => index > passed && isNext(...point));
    if (next === passed + 1 || (passed < 4 && next === 4)) passed = next;
    look();
  };
  disk.after = (call) => {
    if (isWatching && call.operation !== "read" && call.operation !== "list") pass((_, matches) => matches(call));
  };
  await operation({
    world,
    files: between(disk),
    signed: () => {
      if (isWatching) pass((name) => name === "K8");
    },
    begin: () => {
      isWatching = true;
    },
  });
  look();
  return [...found.values()];
}

/** Starts from what a loss of power left, and says what is not as it has to be. */
export async function violationsAt(moment: Moment): Promise<readonly Violation[]> {
  const { point, state, known } = moment;
  const found: Violation[] = [];
  const expect = (invariant: Violation["invariant"], isRight: boolean, what: string) => {
    if (!isRight) found.push({ invariant, point, what });
  };
  const disk = new ForgetfulDisk(state);
  try {
    const once = await recovered(disk);
    const twice = await recovered(disk);
    expect("I6", once === twice, "recovering twice differs from once");
    const { store, ledger } = await World.on(disk).start();
    const all = await allRecords(store);
    const { acknowledged, asked } = known;
    const records = withoutVersions(all);
    expect("I1", isSame(records.slice(0, acknowledged.length), acknowledged), "what was acknowledged is gone");
    const rest = records.slice(acknowledged.length);
    expect("I4", rest.length === 0 || isSame(rest, asked), "a change is there in part");
    const { head } = store;
    expect("I2", head.version > known.issued, `version ${head.version} after ${known.issued}`);
    expect("I2", head.floor >= known.floor, `floor ${head.floor} after ${known.floor}`);
    expect("I2", head.records >= (known.roots.at(-1)?.[0] ?? 0), "the log is shorter");
    expect("I3", await isWhole(store, all), "something that is named is not there");
    const { policy, revoked, rotated } = inForceBy(records);
    const said = JSON.parse(head.timestamp) as Record<string, unknown>;
    expect(
      "I4",
      isSame([said.policy ?? null, said.revoked, said.rotated], [policy ?? null, revoked, rotated]),
      "the head says otherwise",
    );
    expect(
      "I5",
      known.roots.every(([size, root]) => grewFrom(all, size, root, store.root)),
      "the log is another one",
    );
    await ledger.beat();
    await store.close();
  } catch (error) {
    found.push({ invariant: "opens", point, what: String(error) });
  }
  return found;
}

/** A loss of power while the store is put right after another one. */
export function momentsAfter({ state, known }: Moment): Promise<readonly Moment[]> {
  return momentsOf({ state, known }, async ({ world, begin, signed, files }) => {
    begin();
    await world.start(signed, files);
  });
}

/** What a store is after it was opened and closed, with all the files it has then. */
async function recovered(disk: ForgetfulDisk): Promise<string> {
  const processes = { self: "recovering", isDead: () => true };
  const store = await FolderStore.open("", { files: disk, processes, reserve: 1024 });
  const { head, size, root, reserved } = store;
  await store.close();
  return JSON.stringify([head, [...head.files], size, root, reserved, keyOf(disk.state)]);
}

export function withoutVersions(records: readonly StoreRecord[]): readonly StoreRecord[] {
  return records.filter(({ kind }) => kind !== "versions");
}

async function isWhole(store: Store, records: readonly StoreRecord[]): Promise<boolean> {
  const { files, blobs } = store.head;
  for (const [name, digest] of files) {
    const bytes = await store.readFile(name);
    if (!bytes || digestOf(bytes) !== digest) return false;
  }
  for (const digest of [...blobs, ...records.flatMap((record) => record.blobs)])
    if (!(await store.readBlob(digest))) return false;
  return true;
}

function grewFrom(records: readonly StoreRecord[], size: number, root: string, now: string): boolean {
  if (size > records.length) return false;
  const leaves = leavesOf(records);
  const [older, newer] = [Buffer.from(root, "hex"), Buffer.from(now, "hex")];
  return extendsLog(size, older, leaves.length, newer, proveConsistency(leaves, size));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
