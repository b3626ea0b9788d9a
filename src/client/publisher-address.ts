/** One address of the publisher: polls it, fetches from it, reports to it; bounded in size, in time and in patience. */
import { WritError } from "../diagnostics/index.ts";
import { blobName, type Held, largestAnswer, pollQuery, readPollAnswer } from "../protocol/index.ts";
import type { Source } from "../trust/index.ts";
import type { Environment } from "./environment.ts";

/** Threat model §9: 60 s in all, of them 5 without a byte, and the rate from then on. */
const TOTAL = 55_000;
const GRACE = 5000;
const BYTES_PER_MILLISECOND = 1.024;
const LOOK = 1000;

interface Question {
  /** As messages call it. */
  readonly file: string;
  readonly path: string;
  readonly limit: number;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Milliseconds for which the publisher may say nothing. */
  readonly silence?: number;
}

interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** What the last failure says of the next try. */
interface Trouble {
  readonly lost: boolean;
  readonly retryAfter?: number;
}

export class PublisherAddress {
  readonly url: string;
  readonly #environment: Environment;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #closed: AbortSignal;
  trouble: Trouble = { lost: false };

  constructor(url: string, token: string | undefined, environment: Environment, closed: AbortSignal) {
    this.url = url.replace(/\/+$/, "");
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#environment = environment;
    this.#closed = closed;
  }

  /** Files that are newer than what is held; nothing when none came in so many seconds. */
  async poll(held: Held, seconds: number): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
    const { status, bytes } = await this.#ask({
      file: "the answer to a poll",
      path: `/v1/poll?${pollQuery(held)}`,
      limit: largestAnswer,
      headers: { prefer: `wait=${seconds}` },
      // It was asked to wait; twice as long would be too late for another address.
      silence: seconds * 1000 + Math.min(GRACE, seconds * 500),
    });
    return status === 204 ? undefined : readPollAnswer(bytes);
  }

  /** Metadata by name: first from what a poll answered, which holds every new root. */
  metadataSource(answer: ReadonlyMap<string, Uint8Array>): Source {
    return async (file, limit) => {
      const found = answer.get(file);
      if (found || /^[0-9]+\.root\.json$/.test(file)) return found;
      return await this.#get(file, `/metadata/${file}`, limit);
    };
  }

  /** What targets name, whatever name it has: the answer and the publisher know it by its digest. */
  blobSource(sha256: string, answer: ReadonlyMap<string, Uint8Array>): Source {
    return async (file, limit) => answer.get(blobName(sha256)) ?? (await this.#get(file, `/blobs/${sha256}`, limit));
  }

  async report(body: Uint8Array): Promise<void> {
    const headers = { "content-type": "application/json" };
    await this.#ask({ file: "the status report", path: "/v1/status", limit: 64 * 1024, method: "POST", headers, body });
  }

  async #get(file: string, path: string, limit: number): Promise<Uint8Array | undefined> {
    const { status, bytes } = await this.#ask({ file, path, limit });
    return status === 404 ? undefined : bytes;
  }

  async #ask(question: Question): Promise<Answer> {
    const { file, path, limit, method = "GET", headers, body } = question;
    this.trouble = { lost: false };
    const patience = this.#watch(question.silence ?? GRACE);
    try {
      const response = await this.#environment.fetch(this.url + path, {
        method,
        // A redirect leads to whom nobody configured.
        redirect: "error",
        signal: patience.signal,
        headers: { ...this.#headers, ...headers },
        ...(body && { body: body as Uint8Array<ArrayBuffer> }),
      });
      patience.begins();
      const { status } = response;
      if (!response.ok && status !== 404) {
        await response.body?.cancel();
        this.trouble = { lost: false, ...retryAfterOf(response) };
        throw WritError.of("WRIT9116", { file, problem: `the server answers ${status}` });
      }
      return { status, bytes: await readBody(response, limit, patience.received) };
    } catch (error) {
      if (error instanceof WritError) throw error;
      if (patience.isOver()) throw WritError.of("WRIT9117", { file }, error);
      this.trouble = { lost: true };
      throw WritError.of("WRIT9116", { file, problem: "the connection failed" }, error);
    } finally {
      patience.end();
    }
  }

  /** Loses patience with what comes too slowly (threat B03), and with everything once the gateway is closed. */
  #watch(most: number) {
    const { monotonic, after } = this.#environment;
    const controller = new AbortController();
    const close = () => controller.abort();
    this.#closed.addEventListener("abort", close);
    if (this.#closed.aborted) close();
    let since = monotonic();
    let silence = most;
    let bytes = 0;
    let over = false;
    const look = () => {
      const elapsed = monotonic() - since;
      over = elapsed > silence + TOTAL || bytes < (elapsed - silence) * BYTES_PER_MILLISECOND;
      if (over) controller.abort();
      else cancel = after(LOOK, look);
    };
    let cancel = after(LOOK, look);
    return {
      signal: controller.signal,
      /** The waiting is over; from here the bytes have to come. */
      begins() {
        since = monotonic();
        silence = GRACE;
      },
      received(count: number) {
        bytes += count;
      },
      isOver: () => over,
      end: () => {
        cancel();
        this.#closed.removeEventListener("abort", close);
      },
    };
  }
}

/** Not more than one byte more than is right (threat B02). */
async function readBody(response: Response, limit: number, received: (count: number) => void): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length <= limit) {
    const { done, value } = await reader.read();
    if (done) break;
    received(value.length);
    length += value.length;
    pieces.push(value);
  }
  if (length > limit) await reader?.cancel();
  const bytes = new Uint8Array(Math.min(length, limit + 1));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, bytes.length - at), at);
    at += piece.length;
  }
  return bytes;
}

function retryAfterOf(response: Response): Pick<Trouble, "retryAfter"> {
  const text = response.headers.get("retry-after") ?? "";
  return /^[0-9]{1,9}$/.test(text) ? { retryAfter: Number(text) * 1000 } : {};
}
