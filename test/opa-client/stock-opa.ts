/** A stock OPA as a child process, asked over a socket of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "writ-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export class StockOpa {
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #socket: string;
  readonly #agent = new Agent({ keepAlive: true });
  #output = "";

  private constructor(process: ChildProcess, socket: string) {
    this.#process = process;
    this.#exit = once(process, "close");
    this.#socket = socket;
    for (const output of [process.stdout!, process.stderr!])
      output.on("data", (chunk) => {
        this.#output += chunk;
      });
  }

  static start(opa: string, config: string, folder: string): StockOpa {
    const [configPath, socket] = [join(folder, "config.yaml"), join(folder, "opa.sock")];
    rmSync(socket, { force: true });
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
    return new StockOpa(spawn(opa, arguments_, { stdio: ["ignore", "pipe", "pipe"] }), socket);
  }

  /** The value of `data.<path>` for an input, or `undefined` while OPA is not up or has none. */
  async query(path: string, input?: unknown): Promise<unknown> {
    return (await this.#ask("POST", `/v1/data/${path}`, { input }))?.body?.result;
  }

  /** Whether every bundle was activated once. */
  async isReady(): Promise<boolean> {
    return (await this.#ask("GET", "/health?bundles"))?.status === 200;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer } | undefined> {
    const asked = request({ socketPath: this.#socket, path, method, agent: this.#agent });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    try {
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      const chunks: Uint8Array[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return { status: response.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) };
    } catch {
      return undefined;
    }
  }

  /** The most memory that it ever held, in bytes. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
  }

  /** What it said, once it has ended by itself. */
  async lastWords(): Promise<string> {
    await this.#exit;
    return this.#output;
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.#process.kill();
    await this.#exit;
  }
}

interface Answer {
  readonly result?: unknown;
}

/** Asks until the answer holds, for at most twenty seconds, and returns the last value. */
export async function eventually<T>(ask: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (holds(value) || performance.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
