/** What the routes of both ports share while a server runs. */
import { type Caller, type Callers, RateLimit, SeenTokens } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { Publisher } from "../publish/index.ts";
import { Connections } from "./connections.ts";
import { DecisionLog } from "./decision-log.ts";
import { Held } from "./held.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { type Line, Log } from "./log.ts";
import { Metrics, type PortName } from "./metrics.ts";
import type { ServeOptions, Tls } from "./options.ts";
import { SlowReaders } from "./slow-readers.ts";
import { Streams } from "./streams.ts";
import { Uploads } from "./uploads.ts";

export class Services {
  readonly publisher: Publisher;
  readonly callers: Callers;
  readonly options: ServeOptions;
  readonly limits: Limits;
  /** Each port has its own: whoever fills that of gateways must not keep anybody from revoking. */
  readonly connections: Readonly<Record<"gateway" | "admin", Connections>>;
  readonly held: Held;
  readonly slow: SlowReaders;
  readonly streams: Streams;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly decisions: DecisionLog;
  readonly seen: SeenTokens = new SeenTokens();
  readonly log: Log;
  readonly #revocations: RateLimit;
  readonly #reports: RateLimit;
  #isStopping = false;
  #hasFailed = false;

  constructor(publisher: Publisher, callers: Callers, options: ServeOptions) {
    this.publisher = publisher;
    this.callers = callers;
    this.options = options;
    this.limits = { ...defaultLimits, ...options.limits };
    this.connections = { gateway: new Connections(this.limits), admin: new Connections(this.limits) };
    this.held = new Held(this.limits);
    this.slow = new SlowReaders(this.limits);
    this.streams = new Streams(publisher, this.limits);
    this.uploads = new Uploads(this.limits);
    this.log = new Log(options.log, this.now);
    this.metrics = new Metrics({
      publisher,
      held: () => this.held.size,
      connections: () => this.connections.gateway.open + this.connections.admin.open,
      storeBytes: options.storeBytes,
    });
    this.decisions = new DecisionLog(this.limits, this.metrics, options.decisions);
    const { revocationsPerSecond, revocationsBurst, reportsPerSecond, reportsBurst } = this.limits;
    const clock = () => performance.now();
    this.#revocations = new RateLimit({ perSecond: revocationsPerSecond, burst: revocationsBurst, clock });
    this.#reports = new RateLimit({ perSecond: reportsPerSecond, burst: reportsBurst, clock });
    publisher.failed.catch(() => {
      this.#hasFailed = true;
    });
  }

  get tls(): Tls | undefined {
    return this.options.tls;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Seconds since 1970. */
  readonly now = (): number => this.options.now?.() ?? Math.floor(Date.now() / 1000);

  /** @throws WritError `rate-exceeded` (threat P13) */
  limitRevocations({ name }: Caller): void {
    const seconds = this.#revocations.take(name);
    if (seconds > 0) throw WritError.of("WRIT8414", { caller: name, seconds });
  }

  /** What a gateway says of itself is read at once, and meanwhile nobody else is served. @throws WritError `rate-exceeded` */
  limitReports({ name }: Caller): void {
    const seconds = this.#reports.take(name);
    if (seconds > 0) throw WritError.of("WRIT8414", { caller: name, seconds });
  }

  served(port: PortName, line: Line): void {
    this.metrics.request(port, line.method, line.route, line.status);
    // A thousand gateways would fill the log with the same line; it is their trouble that is worth one.
    if (!line.isRoutine || typeof line.status !== "number" || line.status >= 400) this.log.request(port, line);
  }

  /** Nobody waits any longer, and whoever asks now is sent away. */
  stop(): void {
    this.#isStopping = true;
    this.held.letGo();
    this.streams.close();
  }
}
