/** All that gateways ask and say: polls, bundles for stock OPA, reports. What they say moves the fleet, and nothing else. */
import type { Caller } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject } from "../json/index.ts";
import type { Held, StatusReport } from "../protocol/index.ts";
import { type Alarms, largestLead } from "./alarms.ts";
import { Answers } from "./answers.ts";
import { type Core, forbidden } from "./core.ts";
import type { Fleet } from "./fleet.ts";
import type { Library } from "./library.ts";
import { OpaBundles } from "./opa-bundles.ts";
import { readOpaStatus } from "./opa-status.ts";
import type { Progress } from "./progress.ts";
import type { Answer, OpaBundle, OpaResource } from "./publisher.ts";
import { Waiters } from "./waiters.ts";

/** Milliseconds between two leaps of the version: who claims higher and higher ones gets no further than a publisher would. */
const LEAP = 1000;

export class Gateways {
  readonly #core: Core;
  readonly #fleet: Fleet;
  readonly #progress: Progress;
  readonly #alarms: Alarms;
  readonly #answers: Answers;
  readonly #bundles: OpaBundles;
  readonly #waiters = new Waiters();
  #leaptAt = Number.NEGATIVE_INFINITY;

  constructor(core: Core, parts: Parts) {
    this.#core = core;
    this.#fleet = parts.fleet;
    this.#progress = parts.progress;
    this.#alarms = parts.alarms;
    this.#answers = new Answers(core.current);
    this.#bundles = new OpaBundles(core, parts.library);
  }

  /** Polls that are held now. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** There is a newer head. */
  moved(): void {
    this.#waiters.wake();
  }

  async poll(caller: Caller, held: Held, wait: number, signal: AbortSignal): Promise<Answer | undefined> {
    await this.#refuseOthers(caller, "poll");
    this.#fleet.polled(caller, { ...held, enforced: this.#upToHead(held.enforced) }, wait);
    this.#progress.moved();
    this.#passAhead(caller, held.timestamp);
    return this.#waiters.wait(() => this.#answers.for(held), wait, signal);
  }

  async opaBundle(
    caller: Caller,
    resource: OpaResource,
    tag: string | undefined,
    wait: number,
    signal: AbortSignal,
  ): Promise<OpaBundle | undefined> {
    await this.#refuseOthers(caller, `read ${resource}`);
    const activated = tag === undefined ? {} : this.#bundles.activated(resource, tag);
    this.#fleet.opa(caller, activated, wait);
    this.#progress.moved();
    const newer = async () => {
      const bundle = await this.#bundles.current(caller, resource);
      return bundle?.tag === tag ? undefined : bundle;
    };
    return this.#waiters.wait(newer, wait, signal, resource === "revocations" ? "revocations" : "policy");
  }

  report(caller: Caller, report: StatusReport): void {
    const { head } = report;
    if (head) {
      this.#passAhead(caller, head.version);
      this.#alarms.heard(caller.name, head.version, head.digest);
    }
    this.#fleet.reported(caller, report);
    this.#progress.moved();
  }

  reportOpa(caller: Caller, report: JsonObject): void {
    const { enforced, ...state } = readOpaStatus(report);
    this.#fleet.opa(caller, { ...state, ...(enforced !== undefined && { enforced: this.#upToHead(enforced) }) });
    this.#progress.moved();
  }

  close(): void {
    this.#waiters.close();
  }

  async #refuseOthers(caller: Caller, action: string): Promise<void> {
    if (!caller.roles.has("gateway"))
      await this.#core.judged(caller, action, () => Promise.reject(forbidden(caller, action)));
  }

  /** Nobody enforces what is not in force yet. */
  #upToHead(enforced: number): number {
    return Math.min(enforced, this.#core.ledger.store.head.records);
  }

  /** Threat D11: a store that was put back from a backup gives no version that some gateway has seen. */
  #passAhead(caller: Caller, version: number): void {
    const { ledger, options } = this.#core;
    const ours = ledger.store.head.version;
    if (version <= ours) return;
    this.#alarms.raise("version-ahead", WritError.of("WRIT8307", { gateway: caller.name, version, ours }));
    if (version - ours > largestLead || options.elapsed() - this.#leaptAt < LEAP) return;
    this.#leaptAt = options.elapsed();
    ledger.passVersion(version);
    void ledger.beat().catch(() => {});
  }
}

interface Parts {
  readonly fleet: Fleet;
  readonly progress: Progress;
  readonly alarms: Alarms;
  readonly library: Library;
}
