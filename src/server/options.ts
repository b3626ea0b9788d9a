/** What a server is given: where it listens, who may ask, and where it writes. */
import type { Directory } from "../callers/index.ts";
import type { DecisionSink } from "./decision-sink.ts";
import type { Limits } from "./limits.ts";
import type { LogPort } from "./log.ts";

export interface Tls {
  /** PEM: the certificate with those above it, and its key. */
  readonly certificate: string;
  readonly key: string;
}

export interface Address {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default: any that is free. */
  readonly port?: number;
}

export interface ServeOptions {
  /** For gateways: nothing can be administered there. */
  readonly gateway?: Address;
  readonly admin?: Address;
  readonly tls?: Tls;
  /** Also where others can listen in; then something in front has to protect it. */
  readonly insecureHttp?: boolean;
  /** Whoever reaches the admin port may look at the page: for one machine only. */
  readonly openPage?: boolean;
  readonly limits?: Partial<Limits>;
  readonly log?: LogPort;
  /** Where the decisions of stock OPAs go; without one they are counted and dropped. */
  readonly decisions?: DecisionSink;
  /** Whom security events are about, by the policy in force; without it none are taken. */
  readonly directory?: () => Directory;
  /** Bytes that the store takes, for the metrics. */
  readonly storeBytes?: () => Promise<number>;
  /** Seconds since 1970; default: of this machine. */
  readonly now?: () => number;
}
