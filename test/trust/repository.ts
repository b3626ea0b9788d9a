/** A repository in memory with everything that its publisher knows, so that a test can publish what it likes, right or wrong. */
import type { JsonObject, JsonValue } from "../../src/json/index.ts";
import {
  addSignatures,
  type Draft,
  makeRoot,
  makeSnapshot,
  makeTargets,
  makeTimestamp,
  type NewTarget,
  newTrustKeys,
  type RoleKeys,
  readTrustSigner,
  type Source,
  type Store,
  signMetadata,
  TrustClient,
  type TrustSigner,
} from "../../src/trust/index.ts";

export const now = 1_800_000_000;
export const day = 86_400;

const utf8 = (text: string) => new TextEncoder().encode(text);
const noCommand = () => Promise.reject(new TypeError("no key of a test is behind a command"));

export async function newSigner(scheme: "ed25519" | "ecdsa-sha2-nistp256" = "ed25519"): Promise<TrustSigner> {
  return readTrustSigner(utf8((await newTrustKeys(scheme)).secret), noCommand);
}

const roles = ["root", "timestamp", "snapshot", "targets"] as const;
type TopRole = (typeof roles)[number];
type AnyRole = TopRole | "revocations";

/** Two of three sign roots, one each the rest; made once, since making keys costs more than the tests. */
const spare = await Promise.all(Array.from({ length: 12 }, () => newSigner()));
const first: Readonly<Record<AnyRole, readonly TrustSigner[]>> = {
  root: spare.slice(0, 3),
  timestamp: [spare[3]!],
  snapshot: [spare[4]!],
  targets: [spare[5]!],
  revocations: [spare[6]!],
};

/** Keys that no repository trusts until a test says so. */
export const strangers: readonly TrustSigner[] = spare.slice(7);

export type Change = (draft: Record<string, JsonValue>) => void;

export class Repository {
  readonly files = new Map<string, Uint8Array>();
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  readonly signers: Record<AnyRole, readonly TrustSigner[]> = { ...first };
  readonly thresholds: Record<AnyRole, number> = { root: 2, timestamp: 1, snapshot: 1, targets: 1, revocations: 1 };
  readonly versions: Record<AnyRole, number> = { root: 0, timestamp: 0, snapshot: 0, targets: 0, revocations: 0 };
  readonly expires: Record<AnyRole, number> = {
    root: now + 365 * day,
    timestamp: now + 300,
    snapshot: now + day,
    targets: now + 30 * day,
    revocations: now + day,
  };
  targets: readonly NewTarget[] = [{ path: "policy/bundle.tar.gz", bytes: utf8("policy 1"), custom: { sequence: 1 } }];
  revoked: readonly NewTarget[] = [{ path: "revocations/list.json", bytes: utf8("{}") }];
  paths: readonly string[] = ["revocations/*"];
  head = { at: now, floor: 1, audit: { size: 10, root: "ab".repeat(32) } };
  time = now;

  static async create(): Promise<Repository> {
    const repository = new Repository();
    await repository.publishRoot();
    await repository.publish("targets", "revocations", "snapshot", "timestamp");
    return repository;
  }

  latest(role: AnyRole): Uint8Array {
    return this.files.get(role === "timestamp" ? "timestamp.json" : `${this.versions[role]}.${role}.json`)!;
  }

  /** The next version of each, in order; all that is named later names what was made before. */
  async publish(...names: readonly Exclude<AnyRole, "root">[]): Promise<void> {
    for (const name of names) await this.publishOne(name);
  }

  /** One file, changed before it is signed, and signed by whom a test likes. */
  async publishOne(
    name: Exclude<AnyRole, "root">,
    change: Change = () => {},
    by?: readonly TrustSigner[],
  ): Promise<void> {
    this.versions[name]++;
    await this.replace(name, change, by);
  }

  /** The same version again. */
  async replace(name: Exclude<AnyRole, "root">, change: Change = () => {}, by?: readonly TrustSigner[]): Promise<void> {
    const draft = structuredClone(await this.draft(name)) as Record<string, JsonValue>;
    change(draft);
    const bytes = await signMetadata(draft, by ?? this.signers[name]);
    this.files.set(name === "timestamp" ? "timestamp.json" : `${this.versions[name]}.${name}.json`, bytes);
  }

  /** Signed by the keys of the root before it too, as rotation asks. */
  async publishRoot(
    options: { readonly change?: Change; readonly by?: readonly TrustSigner[]; readonly as?: number } = {},
  ) {
    const before = this.#rootSigners;
    const version = ++this.versions.root;
    const draft = structuredClone(await makeRoot(this.#edition("root"), this.#roleKeys())) as Record<string, JsonValue>;
    options.change?.(draft);
    this.#rootSigners = this.signers.root;
    const bytes = await signMetadata(draft, options.by ?? [...new Set([...before, ...this.signers.root])]);
    this.files.set(`${options.as ?? version}.root.json`, bytes);
    return bytes;
  }

  #rootSigners: readonly TrustSigner[] = [];

  #edition(name: AnyRole) {
    return { version: this.versions[name], expires: this.expires[name] };
  }

  #roleKeys(): Record<TopRole, RoleKeys> {
    const said = roles.map((name) => [
      name,
      { keys: this.signers[name].map(({ key }) => key), threshold: this.thresholds[name] },
    ]);
    return Object.fromEntries(said) as Record<TopRole, RoleKeys>;
  }

  private async draft(name: Exclude<AnyRole, "root">): Promise<Draft> {
    const edition = this.#edition(name);
    switch (name) {
      case "targets": {
        const keys = this.signers.revocations.map(({ key }) => key);
        const delegation = { name: "revocations", paths: this.paths, keys, threshold: this.thresholds.revocations };
        return await makeTargets(edition, this.targets, delegation);
      }
      case "revocations":
        return await makeTargets(edition, this.revoked);
      case "snapshot": {
        const named = (["targets", "revocations"] as const).map(
          (role) => [role, { version: this.versions[role], bytes: this.latest(role) }] as const,
        );
        return await makeSnapshot(edition, new Map(named));
      }
      case "timestamp":
        return await makeTimestamp(
          edition,
          { version: this.versions.snapshot, bytes: this.latest("snapshot") },
          this.head,
        );
    }
  }

  readonly source: Source = async (file, limit) => {
    this.asked.push(file);
    return this.files.get(file)?.subarray(0, limit + 1);
  };

  /** A gateway that was shipped with the first root. */
  client(store: Store = mapStore(), root: Uint8Array = this.files.get("1.root.json")!): Promise<TrustClient> {
    return TrustClient.open({ root, source: this.source, store, now: () => this.time });
  }
}

export interface MapStore extends Store {
  readonly files: Map<string, Uint8Array>;
}

export function mapStore(files = new Map<string, Uint8Array>()): MapStore {
  return {
    files,
    read: async (name) => files.get(name),
    write: async (name, bytes) => void files.set(name, Uint8Array.from(bytes)),
    remove: async (name) => void files.delete(name),
  };
}

/** The JSON of a file changed without asking its signers. */
export function edited(
  bytes: Uint8Array,
  edit: (file: { signed: Record<string, JsonValue>; signatures: JsonObject[] }) => void,
) {
  const file = JSON.parse(new TextDecoder().decode(bytes));
  edit(file);
  return utf8(JSON.stringify(file));
}

export { addSignatures, newTrustKeys, utf8 };
