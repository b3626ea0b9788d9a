/** Takes the decision logs of stock OPAs: inflated within bounds, each decision once, without holding up anybody else. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Caller } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, readJson } from "../json/index.ts";
import { decisionRecord } from "./decision-record.ts";
import type { DecisionSink } from "./decision-sink.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { elementsOf } from "./split-array.ts";

const inflate = promisify(gunzip);

/** Logs that are read at the same time; each may take twice its inflated size. */
const AT_ONCE = 4;
/** Decisions by which a repeated one is known, in each of two generations. */
const REMEMBERED = 65_536;
/** Bytes of one decision as OPA writes it. */
const LARGEST_EVENT = 256 * 1024;
/** Bytes after which others get their turn. */
const TURN = 128 * 1024;

export class DecisionLog {
  readonly #limits: Limits;
  readonly #metrics: Metrics;
  readonly #sink: DecisionSink | undefined;
  #reading = 0;
  #seen = new Set<string>();
  #seenBefore = new Set<string>();

  constructor(limits: Limits, metrics: Metrics, sink: DecisionSink | undefined) {
    this.#limits = limits;
    this.#metrics = metrics;
    this.#sink = sink;
  }

  /** @throws WritError `server-busy`, `body-too-large`, `request-malformed` */
  async take(gateway: Caller, body: Uint8Array, packed: boolean): Promise<void> {
    if (this.#reading >= AT_ONCE) throw WritError.of("WRIT8408", { shortage: "logs" });
    this.#reading++;
    try {
      await this.#takeAll(gateway, packed ? await inflated(body, this.#limits) : body);
    } finally {
      this.#reading--;
    }
  }

  async #takeAll(gateway: Caller, bytes: Uint8Array): Promise<void> {
    let turn = 0;
    for (const element of elementsOf(bytes)) {
      this.#takeOne(gateway, element);
      if (element.end - turn < TURN) continue;
      turn = element.end;
      await new Promise(setImmediate);
    }
  }

  #takeOne(gateway: Caller, { bytes }: { readonly bytes: Uint8Array }): void {
    const event = bytes.length > LARGEST_EVENT ? undefined : readEvent(bytes);
    const line = event && decisionRecord(gateway, event);
    if (!line) this.#metrics.decisions("malformed", 1);
    else if (!this.#isNew(JSON.stringify([gateway.name, event.decision_id]))) this.#metrics.decisions("repeated", 1);
    else this.#metrics.decisions(this.#sink?.write(line) ? "written" : "dropped", 1);
  }

  /** OPA sends a log again until it is answered: at least once, so each decision is known by its id for a while. */
  #isNew(id: string): boolean {
    if (this.#seen.has(id) || this.#seenBefore.has(id)) return false;
    if (this.#seen.size >= REMEMBERED) {
      this.#seenBefore = this.#seen;
      this.#seen = new Set();
    }
    this.#seen.add(id);
    return true;
  }
}

/** @throws WritError `body-too-large`, `request-malformed` */
export async function inflated(body: Uint8Array, { unpackedUpload: limit }: Limits): Promise<Uint8Array> {
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw WritError.of("WRIT8403", { limit });
    throw WritError.of("WRIT8401", { place: "the body", fault: "packed" }, error);
  }
}

function readEvent(bytes: Uint8Array): JsonObject | undefined {
  const read = readJson(bytes, { size: LARGEST_EVENT, numbers: "finite" });
  const value = read.failure ? undefined : read.value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
