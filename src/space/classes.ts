/** Callers and operations that both models treat alike: what a change is about. */
import type { Deny, FoundOperation, Grant, Identity, Issuer, Model } from "../model/index.ts";

/** How a caller proves who it is. A token counts before an SVID, and that before a key. */
export type CredentialKind = "key" | "none" | "svid" | "token";

/** Who one of the models takes the caller for. */
export interface CallerSide {
  readonly model: Model;
  /** Of a token: who issued it, where this model declares the issuer. */
  readonly issuer?: Issuer;
  readonly identity?: Identity;
  /** Of a key: when it was made. */
  readonly created?: number;
  /** All that are to the identity, the longest-lived first, as `lookupIn(model).grantsTo` gives them. */
  readonly grants: readonly Grant[];
  readonly denies: readonly Deny[];
}

/** Callers of one kind, of which every member is decided like every other, whatever else the request says. */
export interface CallerClass {
  readonly credential: CredentialKind;
  readonly before: CallerSide;
  readonly after: CallerSide;
  /** What one member presents: an issuer's URL and a subject, an SVID, or a key. */
  readonly shows: { readonly url?: string; readonly subject?: string; readonly spiffe?: string; readonly key?: string };
  /**
   * Which SVIDs of the peer there can be beside a token: whether one names the identity of the token, before and after, each with
   * an example. No peer at all is always possible and is not listed.
   */
  readonly peers: readonly { readonly before: boolean; readonly after: boolean; readonly spiffe: string }[];
  /** Names of the identities: after, or before where they are gone; sorted. Empty where neither model knows the caller. */
  readonly names: readonly string[];
  /** All that the class holds: whom each model takes them for, and by which key or whose token. Made when asked for: it may be long. */
  readonly members: () => readonly CallerMember[];
  /** Equal signatures, equal rights: all that decides, on both sides, but no name of the caller. */
  readonly signature: string;
  /** Whether the two sides differ in anything that may decide. */
  readonly changed: boolean;
}

/** Names of identities, where the models know one. */
export interface CallerMember {
  readonly before?: string;
  readonly after?: string;
  readonly key?: string;
  readonly url?: string;
}

/** One segment of a path: a text, any one, or one and all that follow it. */
export type SegmentShape =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "rest" };

/** Requests that call the same operation of each model, or none. */
export interface OperationClass {
  /** `unknown`: a canonical path that is no operation of either model. */
  readonly kind: "not-canonical" | "operation" | "unknown";
  /** Of the example; all that the class holds have them wherever any condition reads them. */
  readonly host: string;
  readonly method: string;
  readonly before?: FoundOperation;
  readonly after?: FoundOperation;
  /** The paths of the class: these segments, … */
  readonly segments: readonly SegmentShape[];
  /** … but none of these, which are other operations. */
  readonly apart: readonly (readonly SegmentShape[])[];
  /** Names of the operations: after, or before where they are gone; sorted. */
  readonly names: readonly string[];
  /** All that the class holds: what each model calls them, where it declares one. */
  readonly members: readonly { readonly before?: string; readonly after?: string }[];
  readonly signature: string;
  readonly changed: boolean;
}
