/** The gateways: who was heard of when, what each confirmed, and so how far a change has come. */
import type { Caller } from "../callers/index.ts";
import type { Held, ReportedProblem, Ring, StatusReport } from "../protocol/index.ts";
import type { Change } from "./estate.ts";
import type { KnownGateway } from "./options.ts";
import type { Reach } from "./publisher.ts";
import type { GatewayView } from "./view.ts";

interface Gateway {
  readonly name: string;
  kind: "sdk" | "opa";
  ring: Ring;
  heard: number;
  /** By the clock that nobody sets; never is minus infinity. */
  heardAt: number;
  /** Milliseconds that its polls wait: it is silent for as long. */
  wait: number;
  version: number;
  enforced: number;
  policy: number;
  revision: string | undefined;
  reportedAge: { readonly seconds: number; readonly at: number } | undefined;
  problems: readonly ReportedProblem[];
  allowed: number;
  denied: number;
  dropped: number;
}

interface FleetOptions {
  readonly known: readonly KnownGateway[];
  readonly now: () => number;
  readonly elapsed: () => number;
  /** Seconds within which a revocation has to come through. */
  readonly delay: () => number;
  /** The publisher's time in a head, where it is remembered. */
  readonly atOf: (version: number) => number | undefined;
}

/** What a stock OPA has activated. */
export interface OpaState {
  readonly enforced?: number;
  readonly version?: number;
  readonly policy?: { readonly sequence: number; readonly revision: string };
  readonly problems?: readonly ReportedProblem[];
  /** What it could not activate of what it got last, and when it got that, in seconds since 1970. */
  readonly failed?: { readonly problem: ReportedProblem; readonly downloaded: number };
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #gateways = new Map<string, Gateway>();
  /** By name; made anew when one comes that was not known. */
  #sorted: readonly Gateway[] | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    for (const { name, ring } of options.known) this.#add(name, ring);
  }

  /** A poll: what it holds is confirmed by the asking. */
  polled(caller: Caller, held: Held, wait: number): void {
    const gateway = this.#heard(caller);
    gateway.kind = "sdk";
    gateway.wait = wait;
    gateway.version = held.timestamp;
    gateway.enforced = held.enforced;
    gateway.policy = held.policy;
  }

  reported(caller: Caller, { head, policy, age, problems, decisions }: StatusReport): void {
    const gateway = this.#heard(caller);
    gateway.kind = "sdk";
    // An older report may come after a newer poll.
    if (head) gateway.version = Math.max(gateway.version, head.version);
    if (policy) gateway.policy = policy.sequence;
    gateway.revision = policy?.revision;
    gateway.reportedAge = age === undefined ? undefined : { seconds: age, at: this.#options.elapsed() };
    gateway.problems = problems;
    gateway.allowed += decisions.allowed;
    gateway.denied += decisions.denied;
    gateway.dropped += decisions.dropped;
  }

  opa(caller: Caller, { enforced, version, policy, problems }: OpaState, wait?: number): void {
    const gateway = this.#heard(caller);
    gateway.kind = "opa";
    if (wait !== undefined) gateway.wait = wait;
    if (enforced !== undefined) gateway.enforced = enforced;
    if (version !== undefined) gateway.version = version;
    if (policy) [gateway.policy, gateway.revision] = [policy.sequence, policy.revision];
    if (problems) gateway.problems = problems;
  }

  /** How far a change has come; a release has to come to its ring alone. */
  reach(sequence: number, change?: Change): Reach {
    const [missing, silent]: [string[], string[]] = [[], []];
    let live = 0;
    for (const gateway of this.#gateways.values()) {
      if (change?.policy && change.policy.ring !== gateway.ring) continue;
      if (!this.#isLive(gateway)) silent.push(gateway.name);
      else {
        live++;
        if (!hasCome(gateway, sequence, change)) missing.push(gateway.name);
      }
    }
    const enforced = live - missing.length;
    return {
      sequence,
      live,
      enforced,
      missing: missing.toSorted(),
      silent: silent.toSorted(),
      complete: missing.length === 0,
    };
  }

  /** The same for many, without names; what everybody has to enforce is counted from one sorted list. */
  counts(changes: readonly Change[]): readonly { readonly live: number; readonly enforced: number }[] {
    const live = [...this.#gateways.values()].filter((gateway) => this.#isLive(gateway));
    const sorted = Float64Array.from(live, ({ enforced }) => enforced).sort();
    return changes.map((change) => {
      const { policy, sequence } = change;
      if (!policy) return { live: live.length, enforced: live.length - countBelow(sorted, sequence) };
      const there = live.filter(({ ring }) => ring === policy.ring);
      return { live: there.length, enforced: there.filter((each) => hasCome(each, sequence, change)).length };
    });
  }

  view(): readonly GatewayView[] {
    this.#sorted ??= [...this.#gateways.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return this.#sorted.map((gateway) => {
      const { name, kind, ring, heard, version, enforced, policy, revision, problems, allowed, denied, dropped } =
        gateway;
      const age = this.#ageOf(gateway);
      return {
        name,
        kind,
        ring,
        heard,
        live: this.#isLive(gateway),
        version,
        enforced,
        ...(policy > 0 && { policy: { sequence: policy, ...(revision !== undefined && { revision }) } }),
        ...(age !== undefined && { age }),
        problems,
        allowed,
        denied,
        dropped,
      };
    });
  }

  #ageOf({ version, reportedAge }: Gateway): number | undefined {
    const at = this.#options.atOf(version);
    if (at !== undefined) return Math.max(0, this.#options.now() - at);
    return reportedAge && reportedAge.seconds + Math.round((this.#options.elapsed() - reportedAge.at) / 1000);
  }

  #isLive({ heardAt, wait }: Gateway): boolean {
    return this.#options.elapsed() - heardAt <= Math.max(2 * wait, this.#options.delay() * 1000);
  }

  #add(name: string, ring: Ring): Gateway {
    const gateway = newGateway(name, ring);
    this.#gateways.set(name, gateway);
    this.#sorted = undefined;
    return gateway;
  }

  #heard({ name, ring }: Caller): Gateway {
    const gateway = this.#gateways.get(name) ?? this.#add(name, ring ?? "stable");
    // Its ring is what it may read by its credential, whatever it says of itself (threat R03).
    if (ring) gateway.ring = ring;
    gateway.heard = this.#options.now();
    gateway.heardAt = this.#options.elapsed();
    return gateway;
  }
}

/** In a sorted list, by halves. */
function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hasCome({ enforced, policy }: Gateway, sequence: number, change: Change | undefined): boolean {
  return change?.policy ? policy >= change.policy.sequence : enforced >= sequence;
}

function newGateway(name: string, ring: Ring): Gateway {
  return {
    name,
    kind: "sdk",
    ring,
    heard: 0,
    heardAt: Number.NEGATIVE_INFINITY,
    wait: 0,
    version: 0,
    enforced: 0,
    policy: 0,
    revision: undefined,
    reportedAge: undefined,
    problems: [],
    allowed: 0,
    denied: 0,
    dropped: 0,
  };
}
