/** What the files of a TUF repository say, once read: TUF 1.0.34 §4. */
import type { JsonObject } from "../json/index.ts";
import type { TrustKey } from "./keys.ts";

/** A file of metadata. That it was read says nothing of its signatures. */
export interface Metadata<S extends Signed = Signed> {
  /** As messages call it: `snapshot.json`. */
  readonly file: string;
  /** As they were fetched: they are stored so, and digests are taken over them. */
  readonly bytes: Uint8Array;
  readonly signed: S;
  /** What signatures are made over. */
  readonly payload: Uint8Array;
  /** Hexadecimal, by key id. */
  readonly signatures: ReadonlyMap<string, string>;
  /** §4.2.1: an id may sign once. */
  readonly signsTwice: boolean;
}

export interface Signed {
  readonly type: MetadataType;
  readonly version: number;
  /** Seconds since 1970 UTC. */
  readonly expires: number;
}

export type MetadataType = "root" | "timestamp" | "snapshot" | "targets";

export interface Role {
  readonly keyIds: readonly string[];
  readonly threshold: number;
}

/** Who may sign a role, by the one file that says so. */
export interface Delegator {
  readonly role: Role;
  readonly keys: ReadonlyMap<string, TrustKey>;
}

export interface Root extends Signed {
  readonly type: "root";
  readonly consistentSnapshot: boolean;
  readonly keys: ReadonlyMap<string, TrustKey>;
  readonly roles: Readonly<Record<MetadataType, Role>>;
}

export interface Timestamp extends Signed {
  readonly type: "timestamp";
  readonly snapshot: FileVersion;
  /** Absent in repositories that are not ours. */
  readonly writ?: WritHead;
}

/** The member `x-writ` of our timestamps: what a gateway must know of every head. */
export interface WritHead {
  /** The publisher's time, in seconds since 1970 UTC. */
  readonly at: number;
  /** The lowest policy sequence that may still decide. */
  readonly floor: number;
  readonly audit: { readonly size: number; readonly root: string };
}

export interface Snapshot extends Signed {
  readonly type: "snapshot";
  /** By file name: `targets.json`. */
  readonly files: ReadonlyMap<string, FileVersion>;
}

export interface FileVersion {
  readonly version: number;
  readonly length?: number;
  readonly hashes?: Hashes;
}

/** By name, in hexadecimal; at least one of those that we know. */
export type Hashes = ReadonlyMap<"sha256" | "sha512", string>;

export interface Targets extends Signed {
  readonly type: "targets";
  readonly targets: ReadonlyMap<string, TargetFile>;
  readonly delegations: Delegations;
}

export interface TargetFile {
  readonly path: string;
  readonly length: number;
  readonly hashes: Hashes;
  readonly custom: JsonObject;
}

export interface Delegations {
  readonly keys: ReadonlyMap<string, TrustKey>;
  /** In the order in which they are asked. */
  readonly roles: readonly DelegatedRole[];
}

export interface DelegatedRole extends Role {
  readonly name: string;
  readonly terminating: boolean;
  readonly paths: readonly string[];
  readonly hashPrefixes: readonly string[];
}

/** §4.4: the file of a role; its name may hold anything, so it is quoted. */
export function fileOf(role: string): string {
  return `${encodeURIComponent(role)}.json`;
}
