/** The door of the client: what it is given, looked at before anything is asked of anybody. */
import { type AddressFault, WritError } from "../diagnostics/index.ts";
import type { Ring } from "../protocol/index.ts";
import type { Store } from "../trust/index.ts";
import type { DecisionLogOptions } from "./decision-log.ts";
import { type Environment, platform } from "./environment.ts";
import { LiveGateway } from "./live-gateway.ts";

export interface GatewayOptions {
  /** The publisher's root of trust, as it was shipped with this gateway: `root.json`, never one that was fetched. */
  readonly root: Uint8Array;
  /** The publisher's address, or several of the same publisher: when one fails, lies or falls silent, the next is asked. */
  readonly url: string | readonly string[];
  /** The gateway's own name: it spreads downloads of many gateways over time. */
  readonly id?: string;
  /** The token by which the publisher knows this gateway. */
  readonly token?: string;
  /** Default `stable`. */
  readonly ring?: Ring;
  /** Where verified files are kept for the next start: `folderStore` of `writ/client/node`, or the host's own. Default: nowhere. */
  readonly store?: Store;
  /** An engine that is compiled already: see `writ/gateway`. */
  readonly engine?: object;
  /** Who takes the decision log. */
  readonly log?: DecisionLogOptions;
  /** Plain HTTP to other machines: signatures protect what is said, and nothing protects the token. */
  readonly insecureHttp?: boolean;
  /** What is other than the platform's: the network, clocks, chance, timers. */
  readonly environment?: Partial<Environment>;
}

/**
 * Opens a gateway that follows its publisher. It decides at once by what it kept, and denies where it holds nothing; `ready` waits
 * for the publisher. What goes wrong later is no error: it is in `health`.
 *
 * @throws WritError where the root or an address can't be used
 * @example
 * const gateway = await openGateway({ root, url: "https://policies.example.com", id: "edge-1", token, store: folderStore("state") });
 * await gateway.ready();
 * const decision = gateway.decide({ key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } });
 * if (!decision.allow) console.warn(decision.reason, gateway.health().problems);
 * await gateway.close();
 */
export async function openGateway(options: GatewayOptions): Promise<LiveGateway> {
  const { root, url, ring = "stable", environment, insecureHttp = false, id, token, store, engine, log } = options;
  const urls = typeof url === "string" ? [url] : [...new Set(url)];
  if (urls.length === 0) throw unusable("", "missing");
  for (const address of urls) checkAddress(address, insecureHttp);
  return await LiveGateway.open({
    root,
    urls,
    ring,
    environment: { ...platform, ...environment },
    ...(id !== undefined && { id }),
    ...(token !== undefined && { token }),
    ...(store && { store }),
    ...(engine && { engine }),
    ...(log && { log }),
  });
}

/** RFC 8252 §8.3: nobody else hears what a machine says to itself. */
const LOOPBACK = /^(?:localhost|127\.[0-9.]+|\[::1\])$/;

function checkAddress(address: string, insecureHttp: boolean): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSound = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!isSound) throw unusable(address, "malformed");
  if (url.protocol === "http:" && !insecureHttp && !LOOPBACK.test(url.hostname)) throw unusable(address, "insecure");
}

function unusable(address: string, fault: AddressFault): WritError {
  return WritError.of("WRIT9305", { address, fault });
}
