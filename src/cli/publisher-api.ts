/** How commands ask a publisher: who asks, the key by which a call is known again, and refusals as the publisher words them. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host, HostResponse } from "./host.ts";
import { isLoopback } from "./loopback.ts";

export interface ApiOptions {
  readonly url?: string;
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly authorities?: string;
  /** The idempotency key of a call that may have arrived. */
  readonly retry?: string;
  readonly format: "text" | "json";
}

export interface Asked {
  /** The version of the head that the caller has seen. */
  readonly ifMatch?: number;
  /** Milliseconds for which the publisher may wait before it answers. */
  readonly wait?: number;
  readonly type?: string;
  /** Bytes of the answer. */
  readonly limit?: number;
}

const LARGEST_ANSWER = 64 * 1024 * 1024;
const PATIENCE = 30_000;

/** What is sent in the clear, the token among it, is anybody's (threat model §9). */
function isProtected(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

export class PublisherApi {
  readonly #host: Host;
  readonly #options: ApiOptions;
  readonly #url: string;

  constructor(host: Host, options: ApiOptions) {
    this.#host = host;
    this.#options = options;
    const url = options.url ?? host.environment.WRIT_PUBLISHER ?? "";
    if (!isProtected(url)) {
      const expected =
        "the address of a publisher like `https://publisher.example.com:8182`, plain HTTP only on this machine";
      throw WritError.of("WRIT5088", { option: "--url", value: url, expected });
    }
    this.#url = url.replace(/\/+$/, "");
  }

  async get(path: string, asked: Asked = {}): Promise<JsonObject> {
    return this.#read(path, await this.#send("GET", path, undefined, asked));
  }

  async getBytes(path: string): Promise<Uint8Array> {
    const answer = await this.#send("GET", path, undefined, {});
    if (answer.status !== 200) this.#read(path, answer);
    return answer.body;
  }

  /** A file of at most `limit` bytes; nothing where there is none. */
  async find(path: string, limit: number): Promise<Uint8Array | undefined> {
    const answer = await this.#send("GET", path, undefined, { limit });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) this.#read(path, answer);
    return answer.body;
  }

  post(path: string, body: JsonValue, asked: Asked = {}): Promise<JsonObject> {
    const type = { "content-type": "application/json" };
    return this.#change("POST", path, new TextEncoder().encode(JSON.stringify(body)), asked, type);
  }

  put(path: string, body: Uint8Array, type: string): Promise<JsonObject> {
    return this.#change("PUT", path, body, {}, { "content-type": type });
  }

  /** The version of the head in force: what a change of policy says that it has seen. */
  async headVersion(): Promise<number> {
    const { version } = await this.get("/v1/head");
    if (typeof version !== "number") throw WritError.of("WRIT5095", { url: this.#url, status: 200 });
    return version;
  }

  async #change(
    method: "POST" | "PUT",
    path: string,
    body: Uint8Array,
    asked: Asked,
    headers: Readonly<Record<string, string>>,
  ): Promise<JsonObject> {
    const key = this.#options.retry ?? this.#host.randomText();
    try {
      const sent = await this.#send(method, path, body, asked, { ...headers, "idempotency-key": key });
      return this.#read(path, sent);
    } catch (error) {
      if (error instanceof WritError && error.code === "WRIT5094")
        this.#host.complain(`to ask again: --retry ${key}\n`);
      throw error;
    }
  }

  async #send(
    method: "GET" | "POST" | "PUT",
    path: string,
    body: Uint8Array | undefined,
    { ifMatch, wait, limit = LARGEST_ANSWER }: Asked,
    more: Readonly<Record<string, string>> = {},
  ): Promise<HostResponse> {
    const token = this.#token();
    const headers = {
      accept: "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(ifMatch !== undefined && { "if-match": `"${ifMatch}"` }),
      ...(wait !== undefined && { prefer: `wait=${Math.ceil(wait / 1000)}` }),
      ...more,
    };
    const { certificate, key, authorities } = this.#options;
    const text = (path: string) => new TextDecoder().decode(readNamedFile(this.#host, path, largestKeyFile));
    const answer = await this.#host.send({
      method,
      url: this.#url + path,
      headers,
      ...(body && { body }),
      ...(certificate !== undefined && { certificate: text(certificate) }),
      ...(key !== undefined && { key: text(key) }),
      ...(authorities !== undefined && { authorities: text(authorities) }),
      limit,
      patience: PATIENCE + (wait ?? 0),
    });
    if (typeof answer === "string") throw WritError.of("WRIT5094", { url: this.#url, problem: answer });
    return answer;
  }

  /** A file, `env:NAME`, or what `WRIT_TOKEN` holds. */
  #token(): string | undefined {
    const place = this.#options.token;
    if (place === undefined) return this.#host.environment.WRIT_TOKEN;
    if (!place.startsWith("env:"))
      return new TextDecoder().decode(readNamedFile(this.#host, place, largestKeyFile)).trim();
    const token = this.#host.environment[place.slice(4)];
    if (token === undefined) throw WritError.of("WRIT5083", { path: place, problem: "missing" });
    return token;
  }

  #read(path: string, { status, body }: HostResponse): JsonObject {
    const url = this.#url + path;
    const read = readJson(body, { size: LARGEST_ANSWER });
    const value = read.failure ? undefined : read.value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw WritError.of("WRIT5095", { url, status });
    }
    const said = value as JsonObject;
    if (status >= 200 && status < 300) return said;
    const { number, message, help } = said;
    if (typeof number !== "string" || !/^WRIT[0-9]{4}$/.test(number) || typeof message !== "string") {
      throw WritError.of("WRIT5095", { url, status });
    }
    throw WritError.of("WRIT5096", { code: number, message, ...(typeof help === "string" && { help }) });
  }
}
