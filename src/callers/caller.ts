/** Who asks for something, once it is proved who it is, and what that one may (threat model §6). */
import type { Ring } from "../protocol/index.ts";

export const callerRoles = ["author", "approver", "operator", "revoker", "gateway", "auditor"] as const;
export type CallerRole = (typeof callerRoles)[number];

/** What a revoker may revoke; whoever has no scope may revoke anything. */
export interface RevokerScope {
  readonly issuers?: readonly string[];
  readonly owners?: readonly string[];
  readonly tiers?: readonly string[];
}

export interface Caller {
  /** As the file of callers calls it; of a gateway, its id. */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** SHA-256 of the credential that was presented, in hexadecimal. */
  readonly thumbprint: string;
  /** The human behind it, the same under whatever issuer: nobody approves what is their own (threat P02). */
  readonly person: string;
  readonly roles: ReadonlySet<CallerRole>;
  readonly scope?: RevokerScope;
  /** Of an author: where its credential says that it runs. What it submits has to come from there (threat P09). */
  readonly source?: { readonly repository?: string; readonly commit?: string; readonly workflow?: string };
  /** Of a gateway: what it may read. */
  readonly ring?: Ring;
}
