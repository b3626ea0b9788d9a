/** Decisions, a line of JSON each, for a sink that may be slow or broken: it never delays one, and what finds no room is counted. */
import type { GatewayDecision, Input } from "../gateway/index.ts";
import type { Environment } from "./environment.ts";

export interface DecisionLogOptions {
  /** Takes lines without their ends, some at a time, and is asked again when it has finished. What it throws is lost. */
  readonly sink: (lines: readonly string[]) => Promise<void>;
  /** Lines that wait at most. Default 10,000. */
  readonly capacity?: number;
}

const CAPACITY = 10_000;
/** Units of text that wait at most: texts of requests are kept until they are written. */
const WEIGHT = 8 * 1024 * 1024;
const MOST_AT_ONCE = 500;
/** Milliseconds after which lines are written that came one by one. */
const PAUSE = 200;
/** Units of one text, each of six bytes at most as JSON; so that a line has 16 KiB at most. */
const LONGEST = 512;
const MOST_GRANTS = 8;
const LONGEST_GRANT = 128;

interface Waiting {
  readonly time: number;
  readonly decision: GatewayDecision;
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

export class DecisionLog {
  readonly #sink: DecisionLogOptions["sink"];
  readonly #capacity: number;
  readonly #environment: Environment;
  #waiting: Waiting[] = [];
  #weight = 0;
  #isBusy = false;
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #isClosed = false;
  /** Lines that found no room, or that the sink did not take. */
  dropped = 0;

  constructor({ sink, capacity = CAPACITY }: DecisionLogOptions, environment: Environment) {
    this.#sink = sink;
    this.#capacity = capacity;
    this.#environment = environment;
  }

  /** @param time seconds since 1970 */
  add(time: number, request: Partial<Input>, decision: GatewayDecision): void {
    const { host, method, path } = textsOf(request);
    const weight = host.length + method.length + path.length;
    if (this.#waiting.length >= this.#capacity || this.#weight + weight > WEIGHT || this.#isClosed) {
      this.dropped++;
      return;
    }
    this.#weight += weight;
    this.#waiting.push({ time, decision, host, method, path });
    if (!this.#isBusy && this.#cancel === undefined) this.#cancel = this.#environment.after(PAUSE, () => this.#write());
  }

  /** Once what waits is written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#writing = this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, MOST_AT_ONCE);
      for (const { host, method, path } of taken) this.#weight -= host.length + method.length + path.length;
      try {
        await this.#sink(taken.map(lineOf));
      } catch {
        this.dropped += taken.length;
      }
    }
    this.#isBusy = false;
  }
}

/** Whoever asks may give anything. */
function textsOf(request: Partial<Input>): Pick<Waiting, "host" | "method" | "path"> {
  const { host, method, path } = (request?.request ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { host: text(host), method: text(method), path: text(path) };
}

/** Only what is listed here: no claims, no headers, no address. JSON escapes line ends and quotes (threat Q16). */
function lineOf({ time, decision, host, method, path }: Waiting): string {
  const { allow, reason, revision, identity, tier, operation } = decision as Partial<
    Extract<GatewayDecision, { allow: true }>
  >;
  const { grants, emergency } = decision as Partial<Extract<GatewayDecision, { allow: true }>>;
  const said = { revision, identity, tier, operation, host, method, path };
  const texts = Object.entries(said).map(([name, text]) => [name, text?.slice(0, LONGEST)]);
  const isCut =
    Object.values(said).some((text) => text !== undefined && text.length > LONGEST) ||
    grants?.some(({ length }) => length > LONGEST_GRANT) ||
    (grants?.length ?? 0) > MOST_GRANTS;
  const line = {
    time,
    allow,
    reason,
    ...Object.fromEntries(texts),
    grants: grants?.slice(0, MOST_GRANTS).map((name) => name.slice(0, LONGEST_GRANT)),
    emergency: emergency === true ? true : undefined,
    cut: isCut ? true : undefined,
  };
  return JSON.stringify(line);
}
