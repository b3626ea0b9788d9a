/** What a stock OPA is served: the policy of its ring, all that is revoked, and the configuration by which it asks for both. */
import { hash } from "node:crypto";
import { type Manifest, opaDiscovery, pack, readKeys } from "../bundle/index.ts";
import type { Caller } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonObject } from "../json/index.ts";
import { type ListedRevocation, policyPath, type Ring, revocationLists } from "../protocol/index.ts";
import type { Core } from "./core.ts";
import type { Library } from "./library.ts";
import { smallestDelay } from "./policy-facts.ts";
import type { OpaBundle, OpaResource } from "./publisher.ts";

/** What an OPA has activated that sends a tag. */
interface Activated {
  readonly enforced?: number;
  readonly version?: number;
  readonly policy?: { readonly sequence: number; readonly revision: string };
}

interface Issue extends OpaBundle {
  readonly at: number;
  readonly floor: number;
  /** The version of the list in it. */
  readonly list: number;
  readonly issued: number;
}

/** Tags of bundles of revocations that somebody may have activated. */
const REMEMBERED = 1024;
const DAY = 86_400;

export class OpaBundles {
  readonly #core: Core;
  readonly #library: Library;
  #issue: Promise<Issue> | undefined;
  readonly #issued = new Map<string, Activated>();
  readonly #discovery = new Map<Ring, { readonly keys: string; readonly bundle: Promise<OpaBundle> }>();

  constructor(core: Core, library: Library) {
    this.#core = core;
    this.#library = library;
  }

  /** The one of now; nothing where there is none. */
  async current(caller: Caller, resource: OpaResource): Promise<OpaBundle | undefined> {
    if (resource === "revocations") return this.#revocations();
    const ring = caller.ring ?? "stable";
    if (resource === "discovery") return this.#configuration(ring);
    const tag = this.#core.current.set.targets.signed.targets.get(policyPath(ring))?.hashes.get("sha256");
    const bytes = tag === undefined ? undefined : await this.#library.bundle(tag);
    return tag === undefined || bytes === undefined ? undefined : { tag, bytes };
  }

  /** An OPA sends the tag of what it has activated, never of what it refused. */
  activated(resource: OpaResource, tag: string): Activated {
    if (resource === "revocations") return this.#issued.get(tag) ?? {};
    const body = resource === "policy" ? this.#core.estate.candidates.get(tag)?.body : undefined;
    return body ? { policy: { sequence: body.sequence, revision: body.revision } } : {};
  }

  /** One at a time, whoever asks. */
  async #revocations(): Promise<Issue> {
    for (;;) {
      const running = this.#issue;
      const held = await running;
      if (held && !this.#isOld(held)) return held;
      if (running === this.#issue) break;
    }
    this.#issue = this.#issueRevocations();
    this.#issue.catch(() => {
      this.#issue = undefined;
    });
    return this.#issue;
  }

  /** Threat model §5.2: with each change, and before the smallest delay has gone by three times less. */
  #isOld({ list, floor, at, issued }: Issue): boolean {
    const { set, facts } = this.#core.current;
    const head = set.timestamp!.signed.writ!;
    if (list !== set.revocations!.signed.version || floor !== head.floor) return true;
    const life = Math.min(15, (smallestDelay(facts) ?? 45) / 3) * 1000;
    return head.at > at && this.#core.options.elapsed() - issued >= life;
  }

  async #issueRevocations(): Promise<Issue> {
    const { current, estate, options } = this.#core;
    const { timestamp, revocations } = current.set;
    const { version, writ } = timestamp!.signed;
    const { at, floor, audit } = writ!;
    const issued = options.elapsed();
    const data = { revocations: { at, floor, sequence: audit.size, ...listsOf(estate.revocations.values()) } };
    const bytes = await this.#sign("revocations", `${audit.size}@${version}`, audit.size, at, data);
    const tag = hash("sha256", bytes, "hex");
    this.#issued.set(tag, { enforced: audit.size, version });
    for (const old of this.#issued.keys()) if (this.#issued.size > REMEMBERED) this.#issued.delete(old);
    return { tag, bytes, at, floor, list: revocations!.signed.version, issued };
  }

  /** Another one only when a bundle in it is signed by another key. */
  async #configuration(ring: Ring): Promise<OpaBundle> {
    const { options, current, bundleSigner, bundleKeys } = this.#core;
    const own = (await readKeys(bundleKeys)).get(bundleSigner.kid);
    if (!own) throw WritError.of("WRIT7015", { kid: bundleSigner.kid });
    const policyKey = current.facts.get(ring)?.key ?? own;
    const known = this.#discovery.get(ring);
    const keys = `${policyKey.kid} ${own.kid}`;
    if (known?.keys === keys) return known.bundle;
    const make = async (): Promise<OpaBundle> => {
      const url = `${options.address}/opa`;
      const artefacts = await opaDiscovery({ url, policyKey, revocationsKey: own, discoveryKey: own });
      const manifest = manifestOf("discovery", `${ring} ${policyKey.kid}`, 1, this.#core.now);
      const bytes = await pack(artefacts, manifest, { signer: bundleSigner });
      return { tag: hash("sha256", bytes, "hex"), bytes };
    };
    const bundle = make();
    this.#discovery.set(ring, { keys, bundle });
    bundle.catch(() => this.#discovery.delete(ring));
    return bundle;
  }

  #sign(root: string, revision: string, sequence: number, at: number, data: JsonObject): Promise<Uint8Array> {
    const artefacts = [{ path: "data.json", bytes: canonicalJsonBytes(data) }];
    return pack(artefacts, manifestOf(root, revision, sequence, at), { signer: this.#core.bundleSigner });
  }
}

function manifestOf(root: string, revision: string, sequence: number, issued: number): Manifest {
  const metadata = { sequence: Math.max(1, sequence), issued, expires: issued + DAY, entrypoints: [] };
  return { revision, roots: [root], rego_version: 1, metadata };
}

/** As the procedure reads them: by list and name, tokens by issuer. */
function listsOf(entries: Iterable<ListedRevocation>): JsonObject {
  const lists = Map.groupBy(entries, ({ path }) => path[0]);
  const tokens = Map.groupBy(lists.get("tokens") ?? [], ({ path }) => path[1]);
  const named = (found: readonly ListedRevocation[]) =>
    Object.fromEntries(found.map(({ path, value }) => [path.at(-1)!, value]));
  return {
    ...Object.fromEntries(revocationLists.map((list) => [list, named(lists.get(list) ?? [])])),
    tokens: Object.fromEntries(Array.from(tokens, ([issuer, found]) => [issuer, named(found)])),
  };
}
