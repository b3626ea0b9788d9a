/** What a word is to the checker, and what names of policy files can stand for. */
import type { Span } from "../diagnostics/index.ts";
import type { Api, Identity, Issuer, Tier } from "../model/index.ts";
import type { Call } from "../syntax/index.ts";
import type { Estate } from "./estate.ts";

/** What a declared name stands for, once its word has understood it. */
export type Thing =
  | { readonly kind: "tier"; readonly name: string; readonly tier: Tier }
  | { readonly kind: "issuer"; readonly name: string; readonly issuer: Issuer }
  | { readonly kind: "identity"; readonly name: string; readonly identity: Identity }
  | {
      readonly kind: "registry" | "group";
      readonly name: string;
      readonly members: readonly Identity[];
      /** Some of what it was made of is already reported, so it may lack members. */
      readonly partial: boolean;
      /** Whose tokens are meant, where there are no members to tell. */
      readonly issuers: ReadonlySet<string>;
    }
  | {
      readonly kind: "scopes";
      readonly name: string;
      readonly resource: string;
      readonly actions: ReadonlySet<string>;
    }
  | { readonly kind: "scope"; readonly name: string }
  | { readonly kind: "api"; readonly name: string; readonly api: Api }
  | { readonly kind: "condition"; readonly name: string; readonly issuer?: string }
  | { readonly kind: "grant" | "deny"; readonly name: string };

export type ThingKind = Thing["kind"];

/** A call of a word as it stands in a file. */
export interface WordCall {
  readonly call: Call;
  /** The constant's name, and where it stands; for a bare call the word's own. */
  readonly name: string;
  readonly nameSpan: Span;
}

export interface Word {
  readonly name: string;
  /** `export const name = word(…)` or `word(…)` by itself. */
  readonly form: "declaration" | "statement";
  /** Adds to the estate what the call says; `undefined` once it is reported why it says nothing. */
  readonly define: (word: WordCall, estate: Estate) => Thing | undefined;
}

/** A kind with its article, for sentences. */
export const kindNames: Readonly<Record<ThingKind, string>> = {
  tier: "a tier",
  issuer: "an issuer",
  identity: "an identity",
  registry: "a registry",
  group: "a group",
  scopes: "a resource",
  scope: "a scope",
  api: "an API",
  condition: "a condition",
  grant: "a grant",
  deny: "a deny",
};
