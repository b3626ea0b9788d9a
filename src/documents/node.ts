/** One view of a data file's values, whether JSON or YAML: kinds, members, items, and the place of each in the text. */
import type { Source, Span } from "../diagnostics/index.ts";

export type NodeKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** Members and items are looked for when asked for, so that what no operation needs costs nothing. */
export interface DataNode {
  readonly kind: NodeKind;
  readonly source: Source;
  readonly span: Span;
  /** A string's characters; another scalar as it is written; empty for objects and arrays. */
  readonly text: string;
  /** Empty unless an object. */
  members(): Members;
  /** Empty unless an array. */
  items(): readonly DataNode[];
}

export interface Member {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: DataNode;
}

export interface Members {
  /** In the order of the text, each key once. */
  readonly list: readonly Member[];
  /** What was written again under the same key; the first one counts until the author decides. */
  readonly duplicates: readonly Member[];
  get(key: string): Member | undefined;
}

class MemberList implements Members {
  readonly list: Member[] = [];
  readonly duplicates: Member[] = [];
  readonly #byKey = new Map<string, Member>();

  constructor(members: readonly Member[]) {
    for (const member of members) {
      if (this.#byKey.has(member.key)) this.duplicates.push(member);
      else {
        this.#byKey.set(member.key, member);
        this.list.push(member);
      }
    }
  }

  get(key: string): Member | undefined {
    return this.#byKey.get(key);
  }
}

export function memberList(members: readonly Member[]): Members {
  return new MemberList(members);
}

export const noMembers: Members = new MemberList([]);
