/** Questions as the printed configurations ask them, answered by a real gateway: what tests bend. */
import { afterAll, beforeAll, expect } from "vitest";
import type { GatewayRequest } from "../../src/client/index.ts";
import { type Answer, answerTo, type Message, type ProtocolName } from "../../src/sidecar/index.ts";
import { bases } from "../decide/estate.ts";
import { liveGateway, optionsOf, tokenOf, words } from "./world.ts";

const { host, method, path } = bases.bearer.request;
export const nonce = "0123456789abcdef0123456789abcdef";
export const token = await tokenOf();

let gateway: Awaited<ReturnType<typeof liveGateway>>;
beforeAll(async () => {
  gateway = await liveGateway();
});
afterAll(() => gateway.close());

export const decide = (request: GatewayRequest) => gateway.decide(request);

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A question with what is other about it. */
export function question(name: ProtocolName, headers: Headers = {}, line: Partial<Message> = {}): Message {
  const own: Headers =
    name === "nginx"
      ? { host: "writ", "x-writ-question": nonce, "x-writ-method": method, "x-writ-target": path, "x-writ-host": host }
      : { host };
  const asked: Headers = {
    "x-writ-secret": words.ask,
    "x-writ-address": "203.0.113.9",
    authorization: `Bearer ${token}`,
    ...own,
    ...headers,
  };
  const list = Object.entries(asked).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, typeof value === "string" ? [value] : value] as const],
  );
  const asks = name === "nginx" ? { method: "GET", target: "/decide" } : { method, target: path };
  return { ...asks, ...line, headers: new Map(list) };
}

type Bent = Parameters<typeof optionsOf>[2];

export async function answered(message: Message, more: Bent = {}, name: ProtocolName = "nginx"): Promise<Answer> {
  // What is slow here is the machine, unless a test says otherwise.
  return await answerTo(message, optionsOf(name, decide, { deadline: 20_000, ...more }));
}

/** Status and reason of what must be a refusal. */
export async function reasonOf(message: Message, more: Bent = {}, name: ProtocolName = "nginx"): Promise<string> {
  const { status, headers } = await answered(message, more, name);
  expect(headers).not.toHaveProperty("x-writ-answer");
  return `${status} ${headers["x-writ-reason"]}`;
}
