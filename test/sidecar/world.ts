/** A sidecar before a real gateway with a real engine, tokens that are really signed, and an upstream that only remembers. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { type LiveGateway, openGateway } from "../../src/client/index.ts";
import {
  type Fact,
  KeySet,
  type Listening,
  type ProtocolName,
  type RunningSidecar,
  type SidecarOptions,
  startSidecar,
  wordsOf,
} from "../../src/sidecar/index.ts";
import { TestPublisher } from "../client/publisher.ts";
import { address, engine } from "../client/world.ts";
import { bases } from "../decide/estate.ts";
import { now } from "../gateway/release.ts";

export { now };

export const words = wordsOf("a-secret-that-only-tests-know-0123456789");
export const issuer = bases.bearer.token.iss;
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const jwk: JWK = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" };
export const keySet = new TextEncoder().encode(JSON.stringify({ keys: [jwk] }));

export async function tokenOf(
  claims: Readonly<Record<string, unknown>> = bases.bearer.token,
  header: Readonly<Record<string, unknown>> = {},
  key: CryptoKey = privateKey,
): Promise<string> {
  return await new SignJWT({ ...claims }).setProtectedHeader({ alg: "ES256", kid: "k1", ...header }).sign(key);
}

/** A gateway that has its policy, at the time of the estate. */
export async function liveGateway(): Promise<Pick<LiveGateway, "decide" | "close">> {
  const begun = performance.now();
  const time = {
    get seconds() {
      return now + Math.floor((performance.now() - begun) / 1000);
    },
    get monotonic() {
      return performance.now();
    },
    after(milliseconds: number, call: () => void) {
      const timer = setTimeout(call, milliseconds).unref();
      return () => clearTimeout(timer);
    },
  };
  const publisher = await TestPublisher.create(time);
  const fetch = TestPublisher.network({ [address]: publisher });
  const wall = () => now * 1000 + performance.now() - begun;
  const gateway = await openGateway({ root: publisher.root, url: address, engine, environment: { fetch, wall } });
  await gateway.ready();
  const silence = publisher.beat();
  return {
    decide: (request) => gateway.decide(request),
    async close() {
      silence();
      await gateway.close();
    },
  };
}

export const upstreamHeaders = ["x-caller", "x-subject", "x-role"];

export function optionsOf(
  protocol: ProtocolName,
  decide: SidecarOptions["decide"],
  more: Partial<SidecarOptions> & { readonly load?: () => Promise<Uint8Array> } = {},
): SidecarOptions {
  const { load = async () => keySet, ...rest } = more;
  const keys = new KeySet({ issuer, load, elapsed: () => performance.now(), onProblem: () => {} });
  return {
    protocol,
    words,
    issuers: new Map([[issuer, { algorithms: ["ES256"], keys }]]),
    facts: new Set<Fact>(),
    upstreamHeaders: new Set(upstreamHeaders),
    decide,
    onFault: () => {},
    ...rest,
  };
}

export async function startAt(port: number, options: SidecarOptions): Promise<RunningSidecar> {
  const listening: Listening = { kind: "port", host: "127.0.0.1", port };
  return await startSidecar(listening, options);
}

export interface Reached {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers everything, and remembers what reached it. */
export async function upstream() {
  const reached: Reached[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      reached.push({ method: request.method ?? "", target: request.url ?? "", headers: request.headers, body });
      response.end("from upstream");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    reached,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function disposable<Running extends { close(): Promise<void> }>(running: Running): Running & AsyncDisposable {
  return Object.assign(running, { [Symbol.asyncDispose]: () => running.close() });
}
