/** What a configuration for a gateway is made from. */
import type { Listening } from "./listen.ts";
import type { Words } from "./question.ts";

export interface Settings {
  /** Where the sidecar listens. */
  readonly sidecar: Listening;
  readonly words: Words;
  /** In lower case. */
  readonly upstreamHeaders: readonly string[];
  /** Where the gateway listens, and what it protects. */
  readonly front: HostAndPort;
  readonly behind: HostAndPort;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds that a gateway waits for the sidecar before it refuses. */
export const PATIENCE = 200;
