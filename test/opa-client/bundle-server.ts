/** A bundle server on loopback that serves whatever it is told, holds requests as long as they ask for, and keeps what OPA reports. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What OPA does with an edition: it names it in its next request, or it names the one it had before. */
export type Fate = "activated" | "refused";

interface Edition {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly decided: (fate: Fate) => void;
}

interface BundleStatus {
  readonly active_revision?: string;
  readonly code?: string;
  readonly message?: string;
  readonly errors?: unknown;
}

export interface Status {
  readonly labels: { readonly id: string; readonly version: string };
  readonly bundles?: Readonly<Record<string, BundleStatus>>;
  readonly discovery?: BundleStatus;
  readonly decision_logs?: { readonly code?: string; readonly message?: string };
}

export interface DecisionEvent {
  readonly decision_id: string;
  readonly path: string;
  readonly bundles: Readonly<Record<string, { readonly revision: string }>>;
  readonly result: unknown;
  readonly input: unknown;
}

export interface Asked {
  readonly path: string;
  readonly prefer: string | undefined;
  readonly authorization: string | undefined;
}

const bundleType = "application/vnd.openpolicyagent.bundles";

export class BundleServer {
  readonly #editions = new Map<string, Edition>();
  /** The edition that was last sent on a path and of which OPA has not said yet what became of it. */
  readonly #sent = new Map<string, Edition>();
  readonly #held = new Map<ServerResponse, { readonly path: string; readonly end: NodeJS.Timeout }>();
  readonly #requests: Asked[] = [];
  #server: Server | undefined;
  #count = 0;
  #port = 0;
  /** The newest last. */
  readonly statuses: Status[] = [];
  /** In the order of their arrival, again where they were sent again. */
  readonly decisions: DecisionEvent[] = [];
  /** How many uploads of decisions are answered with an error first. */
  failingUploads = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The first start takes a free port, a later one the same again. */
  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Serves these bytes on a path from now on, also to who is held there; resolves when OPA has said what became of them. */
  serve(path: string, bytes: Uint8Array): Promise<Fate> {
    return new Promise((decided) => {
      this.#editions.set(path, { bytes, etag: `"${++this.#count}"`, decided });
      for (const [response, held] of this.#held) if (held.path === path) this.#send(response, path);
    });
  }

  requests(path: string): readonly Asked[] {
    return this.#requests.filter((asked) => asked.path === path);
  }

  /** Whether OPA waits for something new on a path. */
  holds(path: string): boolean {
    return [...this.#held.values()].some((held) => held.path === path);
  }

  /** What OPA last said of a bundle, by its name in the configuration. */
  said(bundle: string): BundleStatus | undefined {
    return this.statuses.at(-1)?.bundles?.[bundle];
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.slice(1);
    if (request.method === "POST") return this.#receive(path, request, response);
    const { prefer, authorization } = request.headers as Record<string, string | undefined>;
    this.#requests.push({ path, prefer, authorization });
    const known = request.headers["if-none-match"];
    const sent = this.#sent.get(path);
    if (sent) {
      this.#sent.delete(path);
      sent.decided(sent.etag === known ? "activated" : "refused");
    }
    const edition = this.#editions.get(path);
    if (!edition) response.writeHead(404).end();
    else if (known !== edition.etag) this.#send(response, path);
    else this.#hold(response, path, Number(/wait=(\d+)/.exec(prefer ?? "")?.[1] ?? 0));
  }

  #hold(response: ServerResponse, path: string, seconds: number): void {
    const end = setTimeout(() => {
      this.#held.delete(response);
      response.writeHead(304, { etag: this.#editions.get(path)!.etag }).end();
    }, seconds * 1000);
    this.#held.set(response, { path, end });
    response.on("close", () => {
      clearTimeout(end);
      this.#held.delete(response);
    });
  }

  #send(response: ServerResponse, path: string): void {
    clearTimeout(this.#held.get(response)?.end);
    this.#held.delete(response);
    const edition = this.#editions.get(path)!;
    this.#sent.set(path, edition);
    response.writeHead(200, { "content-type": bundleType, etag: edition.etag }).end(edition.bytes);
  }

  async #receive(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
    if (path.endsWith("status")) this.statuses.push(JSON.parse(text));
    else this.decisions.push(...JSON.parse(text));
    const fails = path.endsWith("logs") && this.failingUploads > 0;
    if (fails) this.failingUploads--;
    response.writeHead(fails ? 500 : 204).end();
  }

  async stop(): Promise<void> {
    const server = this.#server!;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    this.#sent.clear();
  }
}
