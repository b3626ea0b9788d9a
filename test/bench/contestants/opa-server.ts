/** OPA as a server on loopback, asked over one connection that is kept. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class OpaServer {
  readonly #process: ChildProcess;
  readonly #port: number;
  readonly #folder: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  private constructor(process: ChildProcess, port: number, folder: string) {
    this.#process = process;
    this.#port = port;
    this.#folder = folder;
  }

  /** Waits until it answers; `undefined` where it does not within the time. */
  static async start(
    opa: string,
    files: Readonly<Record<string, string | Uint8Array>>,
    milliseconds: number,
  ): Promise<OpaServer | undefined> {
    const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const port = await freePort();
    const address = ["--addr", `127.0.0.1:${port}`];
    const quiet = ["--disable-telemetry", "--log-level", "error"];
    const server = new OpaServer(
      spawn(opa, ["run", "--server", ...address, ...quiet, ...Object.keys(files)], { cwd: folder, stdio: "ignore" }),
      port,
      folder,
    );
    const deadline = performance.now() + milliseconds;
    while (performance.now() < deadline) {
      if (
        await server.ask("GET", "/health").then(
          () => true,
          () => false,
        )
      )
        return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await server.stop();
    return undefined;
  }

  async ask(method: string, path: string, body?: string): Promise<string> {
    const asked = request({ host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path });
    asked.setNoDelay(true);
    asked.end(body);
    const [response] = await once(asked, "response");
    let text = "";
    for await (const chunk of response) text += chunk;
    return text;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#agent.destroy();
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}
