/** What the publisher writes into the journal, kind by kind. It is the audit log too: whoever reads it sees who did what. */
import type { JsonObject } from "../json/index.ts";
import type { RevocationPath, Ring } from "../protocol/index.ts";
import type { RecordKind, StoreRecord } from "../store/index.ts";
import type { Provenance } from "./publisher.ts";
import type { By } from "./view.ts";

/** Of every change: when, by whom (and by which credential), and by which call, so that the same call is known again after a restart. */
export interface Asked {
  readonly at: number;
  readonly by: By & { readonly thumbprint: string };
  /** SHA-256 of caller and idempotency key, and of what was asked. */
  readonly call: { readonly key: string; readonly request: string };
}

export interface Bodies {
  /** A candidate; its bundle is the blob. */
  readonly submit: Asked & {
    readonly digest: string;
    /** Of the content whatever its sequence; `republished` names the bundle whose content it is. */
    readonly content: string;
    readonly republished?: string;
    readonly revision: string;
    readonly sequence: number;
    readonly issued: number;
    readonly expires: number;
    /** Bytes of the bundle, and of all its files. */
    readonly size: number;
    readonly unpacked: number;
    /** By which key it is signed. */
    readonly keyId: string;
    readonly provenance: Provenance;
    /** Persons, sorted. */
    readonly authors: readonly string[];
    readonly emergency?: string;
  };
  /** Of a candidate or of a restoration. */
  readonly approve: Asked & { readonly digest: string; readonly person: string; readonly shown: string };
  /** Blobs: the bundle, and the targets that the release keys signed before. */
  readonly publish: Asked & { readonly digest: string; readonly ring: Ring; readonly targets: string };
  /** Of one that nobody asked for: the bundle that had trouble on a canary gateway. */
  readonly halt: Asked & { readonly reason: string; readonly digest?: string };
  readonly resume: Asked & { readonly reason: string };
  /** Entries, or a floor below which no policy decides any more. */
  readonly revoke: Asked & {
    readonly reason: string;
    readonly entries: readonly { readonly path: RevocationPath; readonly value: number }[];
    readonly floor?: number;
  };
  /** What should be given back; it is once enough others approved the digest. */
  readonly restore: Asked & {
    readonly reason: string;
    readonly digest: string;
    readonly person: string;
    readonly paths: readonly RevocationPath[];
  };
  /** Blobs: new roots in order, and targets when the keys of the delegated role changed. */
  readonly rotate: Asked & { readonly roots: readonly string[]; readonly targets?: string };
  /** Calls that were refused, alike ones counted. */
  readonly refuse: {
    readonly at: number;
    readonly by?: { readonly issuer: string; readonly subject: string; readonly thumbprint: string };
    readonly action: string;
    readonly code: string;
    readonly count: number;
  };
}

export type BodyKind = keyof Bodies;

export function recordOf<K extends BodyKind>(kind: K, body: Bodies[K], blobs: readonly string[] = []): StoreRecord {
  return { kind, blobs, body: body as unknown as JsonObject };
}

/** INVARIANT: the journal holds what `recordOf` made; the store vouches for its bytes. */
export function bodyOf<K extends RecordKind & BodyKind>(record: StoreRecord, kind: K): Bodies[K] | undefined {
  return record.kind === kind ? (record.body as unknown as Bodies[K]) : undefined;
}
