/** What can be counted of a server, as Prometheus reads it. No label names a host, a gateway or a caller: those are in the view. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Publisher, View } from "../publish/index.ts";

export type PortName = "gateway" | "admin";

interface MetricsSources {
  readonly publisher: Publisher;
  readonly held: () => number;
  readonly connections: () => number;
  readonly storeBytes?: (() => Promise<number>) | undefined;
}

/** Seconds from the acknowledgement of a change until every live gateway enforces it. */
const REACHES = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"port" | "method" | "route" | "status">;
  /** Each found once: as many as there are routes, methods and statuses. */
  readonly #byRequest = new Map<string, { inc(): void }>();
  readonly #refused: Counter<"code">;
  readonly #revocations: Counter;
  readonly #decisions: Counter<"outcome">;
  readonly #reach: Histogram;
  /** Changes of the view that are complete and counted; never more than the view shows. */
  #complete: ReadonlySet<number>;
  readonly #publisher: Publisher;
  /** Looked at once for all gauges: with ten thousand gateways it is long. */
  #view: View;
  #viewedAt = Number.NEGATIVE_INFINITY;
  #look: NodeJS.Timeout | undefined;

  constructor({ publisher, held, connections, storeBytes }: MetricsSources) {
    this.#publisher = publisher;
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: "writ_requests_total",
      help: "Requests that were answered, by port, method, route and status.",
      labelNames: ["port", "method", "route", "status"],
      registers,
    });
    this.#refused = new Counter({
      name: "writ_refused_total",
      help: "Requests that were refused, by the name of the code.",
      labelNames: ["code"],
      registers,
    });
    this.#revocations = new Counter({
      name: "writ_revocations_total",
      help: "Entries that were revoked since the start.",
      registers,
    });
    this.#decisions = new Counter({
      name: "writ_decisions_total",
      help: "Decisions that stock OPAs uploaded: written, seen before, too large or without form, or dropped for want of room.",
      labelNames: ["outcome"],
      registers,
    });
    this.#reach = new Histogram({
      name: "writ_reach_seconds",
      help: "From the acknowledgement of a change until every live gateway enforced it.",
      buckets: REACHES,
      registers,
    });
    this.#gauges(held, connections, storeBytes);
    this.#view = publisher.view();
    this.#complete = completeIn(this.#view);
  }

  #gauges(held: () => number, connections: () => number, storeBytes: MetricsSources["storeBytes"]): void {
    const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        async collect() {
          this.set(await read());
        },
      });
    const view = () => this.#view;
    gauge("writ_polls_held", "Requests that wait for a change.", held);
    gauge("writ_connections", "Open connections on both ports.", connections);
    gauge("writ_head_version", "Version of the head in force.", () => view().head.version);
    gauge("writ_head_age_seconds", "Seconds since the head in force was signed.", () => view().now - view().head.at);
    gauge("writ_revoked", "Entries that are revoked now.", () => view().revoked);
    gauge("writ_gateways_live", "Gateways that were heard of in time.", () => liveIn(view()));
    gauge("writ_gateways_silent", "Gateways that are known and were not.", () => {
      const { gateways } = view();
      return gateways.length - liveIn({ gateways });
    });
    gauge("writ_alarms", "What an operator has to look at.", () => view().alarms.length);
    if (storeBytes) gauge("writ_store_bytes", "Bytes that the store takes.", storeBytes);
  }

  get type(): string {
    return this.#registry.contentType;
  }

  read(): Promise<string> {
    // Anybody may ask, and as often as they like.
    if (performance.now() - this.#viewedAt >= LOOK) {
      this.#viewedAt = performance.now();
      this.#view = this.#publisher.view();
    }
    return this.#registry.metrics();
  }

  request(port: PortName, method: string, route: string, status: number | "gone"): void {
    const key = `${port} ${method} ${route} ${status}`;
    const counter = this.#byRequest.get(key) ?? this.#requests.labels({ port, method, route, status });
    this.#byRequest.set(key, counter);
    counter.inc();
  }

  refused(code: string): void {
    this.#refused.inc({ code });
  }

  revoked(entries: number): void {
    this.#revocations.inc(entries);
  }

  decisions(outcome: "written" | "repeated" | "malformed" | "dropped", count: number): void {
    if (count > 0) this.#decisions.inc({ outcome }, count);
  }

  /** The view has changed: soon it is counted which changes have come through to every gateway since the last look. */
  moved(): void {
    this.#look ??= setTimeout(() => this.#lookAtReach(), LOOK);
  }

  close(): void {
    clearTimeout(this.#look);
  }

  #lookAtReach(): void {
    this.#look = undefined;
    const view = this.#publisher.view();
    for (const { sequence, took } of view.changes)
      if (took !== undefined && !this.#complete.has(sequence)) this.#reach.observe(took / 1000);
    this.#complete = completeIn(view);
  }
}

/** Milliseconds between two looks: the view shows 50 changes, as many as come in it at 200 a second. */
const LOOK = 250;

function completeIn({ changes }: Pick<View, "changes">): ReadonlySet<number> {
  return new Set(changes.filter(({ took }) => took !== undefined).map(({ sequence }) => sequence));
}

function liveIn({ gateways }: Pick<View, "gateways">): number {
  return gateways.filter(({ live }) => live).length;
}
