/** What a publisher asks of the world: where things lie, who signs, what time it is. */
import type { Signer } from "../bundle/index.ts";
import type { Ring } from "../protocol/index.ts";
import type { Store } from "../store/index.ts";
import type { TrustSigner } from "../trust/index.ts";

export interface PublisherOptions {
  readonly store: Store;
  readonly trust: TrustSource;
  /** Signs what stock OPA is told of revocations and of its configuration, and content that is released again: ES256. */
  readonly bundleSigner: Signer & { readonly kid: string };
  /** A key file with the public keys of all that may sign a bundle of policy, the signer's own among them. */
  readonly bundleKeys: Uint8Array;
  /** The name of the log, `policies.example.com/estate`: checkpoints carry it. */
  readonly origin: string;
  /** Where gateways reach this publisher, `https://policies.example.com`: for the configuration of stock OPA. */
  readonly address: string;
  /** All that are known; one that is not heard of is shown as silent. */
  readonly gateways: readonly KnownGateway[];
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Milliseconds by a clock that nobody sets. */
  readonly elapsed: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface KnownGateway {
  /** As the caller that it proves to be. */
  readonly name: string;
  readonly ring: Ring;
}

/** Keys that sign for a role are many while one follows the other. */
export const signerRoles = ["targets", "snapshot", "timestamp", "revocations"] as const;
export type SignerRole = (typeof signerRoles)[number];

/** The folder of a trust repository: asked at the start, and again by `rotate`. */
export interface TrustSource {
  load(): Promise<TrustFiles>;
}

export interface TrustFiles {
  /** Each version from the first, in order. */
  readonly roots: readonly Uint8Array[];
  /** The highest version of the top targets there; whatever was released since is in the store. */
  readonly targets: Uint8Array;
  readonly signers: Readonly<Record<SignerRole, readonly TrustSigner[]>>;
}
