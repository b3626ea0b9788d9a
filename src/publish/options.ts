/** What a publisher asks of the world: where things lie, who signs, what time it is. */
import type { Signer } from "../bundle/index.ts";
import type { Ring } from "../protocol/index.ts";
import type { Store } from "../store/index.ts";
import type { TrustSigner } from "../trust/index.ts";
import type { ProvenanceRules } from "./provenance.ts";
import type { Provenance } from "./publisher.ts";

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
  /** What a candidate has to stand before any head names it. */
  readonly judging: Judging;
  /** When a release goes on from the canary gateways, and when it is halted by itself. */
  readonly rollout?: RolloutLimits;
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

export interface Judging {
  readonly provenance: ProvenanceRules;
  /**
   * Decides by the bundle for a trial with everything that gateways run: a gateway of ours, and a stock OPA where there is one.
   *
   * @param keys a key file
   * @returns what is wrong; nothing where they all took it
   */
  readonly activate: (bundle: Uint8Array, keys: Uint8Array) => Promise<string | undefined>;
  /** Where the sources can be had: compiles the commit anew, its examples included, and packs it, signed or not. */
  readonly rebuild?: (made: Provenance, terms: BuildTerms) => Promise<Uint8Array | { readonly problem: string }>;
}

/** What no commit says of a build. */
export interface BuildTerms {
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly issued: number;
  readonly expires: number;
  /** By which of the artefacts a stock OPA decides. */
  readonly opaBackend: "rego" | "wasm";
}

export interface RolloutLimits {
  /** For which a release has to hold on the canary gateways; default 5, and 0 where no gateway is one. */
  readonly minutes?: number;
  /** By how much the share of denials may rise there, from 0 to 1. Default 0.05. */
  readonly denials?: number;
  /** Of how many decisions a share says something. Default 100. */
  readonly decisions?: number;
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
  /** Whose signatures bundles have now; default: as in the options. */
  readonly bundles?: { readonly signer: PublisherOptions["bundleSigner"]; readonly keys: Uint8Array };
}
