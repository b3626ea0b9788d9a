/** A stock OPA as a child process, and a bundle server on loopback that it polls. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "writ-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Serves what it was last given, and holds a request that knows it already until there is something else. */
export class BundleServer {
  readonly #bundles = new Map<string, { bytes: Uint8Array; etag: string }>();
  readonly #waiting = new Map<ServerResponse, string>();
  readonly #requests = new Map<string, number>();
  #server!: Server;
  #edition = 0;
  url = "";

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      const path = request.url!.slice(1);
      this.#requests.set(path, this.requests(path) + 1);
      const bundle = this.#bundles.get(path);
      if (!bundle) response.writeHead(404).end();
      else if (request.headers["if-none-match"] === bundle.etag) this.#waiting.set(response, path);
      else this.#send(response, path);
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  serve(path: string, bytes: Uint8Array): void {
    this.#bundles.set(path, { bytes, etag: `"${++this.#edition}"` });
    for (const [response, waiting] of this.#waiting) {
      if (waiting !== path) continue;
      this.#waiting.delete(response);
      this.#send(response, path);
    }
  }

  requests(path: string): number {
    return this.#requests.get(path) ?? 0;
  }

  #send(response: ServerResponse, path: string): void {
    const { bytes, etag } = this.#bundles.get(path)!;
    response.writeHead(200, { "content-type": "application/vnd.openpolicyagent.bundles", etag }).end(bytes);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

export class StockOpa {
  readonly #process: ChildProcess;
  readonly #socket: string;

  private constructor(process: ChildProcess, socket: string) {
    this.#process = process;
    this.#socket = socket;
  }

  static start(opa: string, config: string, folder: string): StockOpa {
    const [configPath, socket] = [join(folder, "config.yaml"), join(folder, "opa.sock")];
    writeFileSync(configPath, config);
    const arguments_ = [
      "run",
      "--server",
      "--config-file",
      configPath,
      "--addr",
      `unix://${socket}`,
      "--disable-telemetry",
      "--log-level",
      "error",
    ];
    return new StockOpa(spawn(opa, arguments_, { stdio: ["ignore", "ignore", "ignore"] }), socket);
  }

  /** The value of `data.<path>`, or `undefined` while OPA is not up or has none. */
  async query(path: string): Promise<unknown> {
    const asked = request({ socketPath: this.#socket, path: `/v1/data/${path}` }).end();
    try {
      const [response] = await once(asked, "response");
      const chunks: Uint8Array[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return JSON.parse(Buffer.concat(chunks).toString()).result;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

/** Asks until the answer holds, for at most ten seconds, and returns the last value. */
export async function eventually<T>(ask: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const value = await ask();
    if (holds(value) || performance.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
