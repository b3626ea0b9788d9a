/** A publisher in a process of its own that is killed, stopped and started again, and those who ask it for something. */
import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { importJWK, type JWK, SignJWT } from "jose";
import { newPublisher } from "../../src/cli/new-publisher.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { signProvenance } from "../../src/publish/index.ts";
import { readTrustSigner } from "../../src/trust/index.ts";
import { bundleOf, type Delays } from "./estate.ts";
import type { Weather } from "./publisher-process.ts";

export type Role = "ci" | "alice" | "olga" | "security" | "auditor";

/** What came of a call: nobody knows of a call that got no answer. */
export type Outcome =
  | {
      readonly is: "done";
      readonly body: { readonly sequence: number; readonly version: number } & Record<string, unknown>;
    }
  | { readonly is: "refused"; readonly status: number; readonly code: string }
  | { readonly is: "unknown" };

export interface Asking {
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: unknown;
  readonly key?: string;
  readonly ifMatch?: number;
}

const ISSUER = "https://issuer.invalid";
const AUDIENCE = "https://publisher.invalid";
const repository = "https://git.invalid/estate";
const workflow = "build@refs/heads/main";

/** Milliseconds for which anybody waits for an answer. */
const PATIENCE = 4000;

const PROGRAM = "program.mjs";

/** One file, which is started in a third of the time: it is started again and again. */
async function buildProgram(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "publisher-process.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    conditions: ["writ-source"],
    logLevel: "warning",
    // A dependency that is CommonJS asks for built-in modules by `require`.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
}

export class PublisherProcess {
  readonly folder: string;
  readonly root: Uint8Array;
  readonly #issuer: { readonly kid: string; readonly key: CryptoKey };
  #child: ChildProcess | undefined;
  #ports = { gateway: 0, admin: 0 };
  #ready: Promise<void> = Promise.resolve();
  #clock = 0;
  /** What the processes complained of and how they ended, but for kills. */
  readonly complaints: string[] = [];
  starts = 0;

  private constructor(folder: string, root: Uint8Array, issuer: { readonly kid: string; readonly key: CryptoKey }) {
    this.folder = folder;
    this.root = root;
    this.#issuer = issuer;
  }

  static async create(gateways: readonly string[]): Promise<PublisherProcess> {
    const folder = await mkdtemp(join(tmpdir(), "writ-faults-"));
    const host = { ...nodeHost(), print: () => {} };
    await newPublisher(host, folder, { gateway: gateways, gatewayPort: 0, adminPort: 0, format: "text" });
    const config = JSON.parse(await readFile(join(folder, "publisher.json"), "utf8"));
    await writeFile(join(folder, "publisher.json"), JSON.stringify({ ...config, rollout: { minutes: 0 } }));
    const { kid, alg, jwk } = JSON.parse(await readFile(join(folder, "keys/issuer.key.json"), "utf8")) as {
      kid: string;
      alg: string;
      jwk: JWK;
    };
    const key = (await importJWK(jwk, alg)) as CryptoKey;
    await buildProgram(join(folder, PROGRAM));
    return new PublisherProcess(folder, await readFile(join(folder, "trust/root.json")), { kid, key });
  }

  get gatewayPort(): number {
    return this.#ports.gateway;
  }

  get adminPort(): number {
    return this.#ports.admin;
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.#ports.admin}`;
  }

  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.#ports.gateway}`;
  }

  get processId(): number {
    return this.#child?.pid ?? 0;
  }

  tokenOf(gateway: string): Promise<string> {
    return readFile(join(this.folder, "tokens", `${gateway}.token`), "utf8").then((text) => text.trim());
  }

  /** Resolves when it listens; rejects when it ends before. */
  start(): Promise<void> {
    const child = fork(join(this.folder, PROGRAM), [this.folder, String(this.#clock)], {
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Without a stock OPA, which would be asked about each candidate.
      env: { ...process.env, WRIT_OPA: "no-opa" },
    });
    this.#child = child;
    this.starts++;
    this.#ready = new Promise((resolve, reject) => {
      let said = "";
      let complaints = "";
      child.stdout!.setEncoding("utf8").on("data", (text: string) => {
        if (said === "done") return;
        said += text;
        const urls = /"gatewayUrl":"[^"]*:(\d+)","adminUrl":"[^"]*:(\d+)"/.exec(said);
        if (!urls) return;
        this.#ports = { gateway: Number(urls[1]), admin: Number(urls[2]) };
        said = "done";
        resolve();
      });
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        complaints = (complaints + text).slice(-1000);
      });
      child.on("close", (code, signal) => {
        if (signal !== "SIGKILL" || complaints !== "")
          this.complaints.push(`ended with ${signal ?? code}: ${complaints.trim()}`);
        reject(new TypeError(`the publisher ended with ${signal ?? code} before it listened: ${complaints}`));
      });
    });
    this.#ready.catch(() => {});
    return this.#ready;
  }

  get isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process is gone. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (!child || !this.isAlive) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await gone;
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<void> {
    if (this.isAlive) await new Promise((resolve) => this.#child!.once("close", resolve));
  }

  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  goOn(): void {
    this.#child?.kill("SIGCONT");
  }

  async change(weather: Weather): Promise<void> {
    this.#clock = weather.clock ?? this.#clock;
    const child = this.#child;
    if (!child?.connected) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        child.off("message", done).off("close", done);
        resolve();
      };
      child.on("message", done).on("close", done);
      child.send(weather, () => {});
    });
  }

  /** An access token by the publisher's own clock, good for one change. */
  async accessToken(role: Role): Promise<string> {
    const now = Math.floor(Date.now() / 1000) + this.#clock;
    return new SignJWT({ amr: ["pwd", "mfa"] })
      .setProtectedHeader({ alg: "ES256", kid: this.#issuer.kid, typ: "at+jwt" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(role)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(this.#issuer.key);
  }

  async ask(
    role: Role,
    path: string,
    { method = "POST", body, key = randomUUID(), ifMatch }: Asking = {},
  ): Promise<Outcome> {
    const isRaw = body instanceof Uint8Array;
    try {
      const answer = await fetch(this.adminUrl + path, {
        method,
        signal: AbortSignal.timeout(PATIENCE),
        headers: {
          authorization: `Bearer ${await this.accessToken(role)}`,
          ...(method === "POST" && { "idempotency-key": key }),
          ...(body !== undefined && { "content-type": isRaw ? "application/gzip" : "application/json" }),
          ...(ifMatch !== undefined && { "if-match": `"${ifMatch}"` }),
        },
        ...(body !== undefined && { body: isRaw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
      });
      const read = (await answer.json()) as { sequence: number; version: number; code: string };
      return answer.ok ? { is: "done", body: { ...read } } : { is: "refused", status: answer.status, code: read.code };
    } catch {
      return { is: "unknown" };
    }
  }

  /** The same call, until somebody answers it, or `end` says that it is too late. */
  async insist(role: Role, path: string, asking: Asking, end: () => boolean): Promise<Outcome> {
    const key = asking.key ?? randomUUID();
    for (;;) {
      const outcome = await this.ask(role, path, { ...asking, key });
      const isPassing =
        outcome.is === "unknown" || (outcome.is === "refused" && [401, 429, 503].includes(outcome.status));
      if (!isPassing || end()) return outcome;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Everything from a bundle to both rings; where it stops, what the last step came to. */
  async release(sequence: number, end: () => boolean = () => false, delays?: Delays): Promise<Outcome> {
    const [signer, ci] = await Promise.all(
      ["bundles", "ci"].map((name) => readFile(join(this.folder, `keys/${name}.key.json`))),
    );
    const bundle = await bundleOf(sequence, Math.floor(Date.now() / 1000), signer!, delays);
    const digest = createHash("sha256").update(bundle).digest("hex");
    const ciSigner = await readTrustSigner(ci!, () => Promise.reject(new TypeError("no key is behind a command")));
    const made = { repository, workflow, commit: "a".repeat(40), digest };
    const provenance = await signProvenance(made, "https://ci.invalid/runner", [ciSigner]);
    const steps: readonly (() => Promise<Outcome>)[] = [
      () => this.insist("ci", `/v1/bundles/${digest}`, { method: "PUT", body: bundle }, end),
      () => this.insist("ci", "/v1/candidates", { body: { digest, provenance, authors: ["anna"] } }, end),
      () => this.insist("alice", "/v1/approvals", { body: { digest, shown: "d".repeat(64) } }, end),
      () => this.#move({ digest, ring: "canary" }, end),
      () => this.#move({ digest, ring: "stable" }, end),
    ];
    let outcome: Outcome = { is: "unknown" };
    for (const step of steps) {
      outcome = await step();
      if (outcome.is !== "done") return outcome;
    }
    return outcome;
  }

  async #move(body: object, end: () => boolean): Promise<Outcome> {
    const key = randomUUID();
    for (;;) {
      const head = await this.insist("olga", "/v1/head", { method: "GET" }, end);
      if (head.is !== "done") return head;
      const outcome = await this.insist("olga", "/v1/releases", { body, key, ifMatch: head.body.version }, end);
      if (outcome.is !== "refused" || outcome.code !== "head-moved" || end()) return outcome;
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true });
  }
}
