/** Questions as any program on this machine may ask them: what is no question of its gateway comes to a refusal. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GatewayRequest } from "../../src/client/index.ts";
import { type Message, type ProtocolName, protocols } from "../../src/sidecar/index.ts";
import { plainHost, rawPath } from "../../src/sidecar/target.ts";
import { bases } from "../decide/estate.ts";
import { answered, type Headers, nonce, question, reasonOf, token } from "./asked.ts";
import { words } from "./world.ts";

const { host } = bases.bearer.request;

describe.each<ProtocolName>(["nginx", "envoy"])("a question of %s", (name) => {
  test("is answered with the headers of the decision, and the proof", async () => {
    expect(await answered(question(name), {}, name)).toEqual({
      status: 200,
      headers: {
        "x-caller": "payments/workload of team-payments@example.com",
        "x-subject": bases.bearer.token.sub,
        "x-role": "cashier",
        "x-writ-answer": name === "nginx" ? `${words.answer}.${nonce}` : words.answer,
        "x-writ-reason": "granted",
      },
    });
  });

  test.each<[string, Headers, string]>([
    ["without the word that asks", { "x-writ-secret": undefined }, "question-untrusted"],
    ["with an empty word", { "x-writ-secret": "" }, "question-untrusted"],
    ["with another word", { "x-writ-secret": words.answer }, "question-untrusted"],
    ["with the word twice", { "x-writ-secret": [words.ask, words.ask] }, "question-untrusted"],
    ["with two addresses", { "x-writ-address": ["203.0.113.9", "127.0.0.1"] }, "question-malformed"],
    ["with two proofs", { "x-writ-proof": ["a", "b"] }, "question-malformed"],
    ["with an answer in it", { "x-writ-answer": [words.answer, words.answer] }, "question-malformed"],
  ])("Q07 %s is refused", async (_, headers, reason) => {
    expect(await reasonOf(question(name, headers), {}, name)).toBe(`403 ${reason}`);
  });

  const hostHeader = name === "nginx" ? "x-writ-host" : "host";
  test.each<[string, string | readonly string[] | undefined]>([
    ["a user in it", "root@orders.example.com"],
    ["a path in it", "orders.example.com/x"],
    ["two of them", [host, "evil.example.com"]],
    ["a list", "orders.example.com, evil.example.com"],
    ["nothing", ""],
    ["none", undefined],
    ["two dots", "orders..example.com"],
    ["a port that is none", "orders.example.com:x"],
    ["a zero byte", "orders.example.com\0"],
  ])("Q04 a host with %s is refused", async (_, value) => {
    expect(await reasonOf(question(name, { [hostHeader]: value }), {}, name)).toBe("403 question-malformed");
  });

  test("Q04 a target that is no path is refused, and a path is never put right", async () => {
    const at = (target: string) =>
      name === "nginx" ? question(name, { "x-writ-target": target }) : question(name, {}, { target });
    for (const target of ["*", "http://orders.example.com/healthz", "orders.example.com:443", ""])
      expect(await reasonOf(at(target), {}, name)).toBe("403 question-malformed");
    for (const target of ["/a//b", "/a/../b", "/a%2fb", "/a;b", "/%61", "/a#b", "/\u00ff", "/a\\b", "/a%00"])
      expect(await reasonOf(at(target), {}, name)).toBe("403 path-not-canonical");
  });

  test("Q06 a header that came twice is told as twice", () => {
    const asked = (values: readonly string[]) =>
      protocols[name].toInput(question(name, { "x-channel": values }), new Set()) as { input: GatewayRequest };
    expect(asked(["till", "web"]).input.request.headers).toMatchObject({ "x-channel": ["till", "web"] });
    const joined = name === "nginx" ? ["till, web"] : ["till", " web"];
    expect(asked(["till, web"]).input.request.headers).toMatchObject({ "x-channel": joined });
  });

  test("neither conditions nor logs see a credential or what the gateway says", () => {
    const { input } = protocols[name].toInput(question(name, { dpop: "x" }), new Set()) as { input: GatewayRequest };
    expect(Object.keys(input.request.headers ?? {})).toEqual(["host"]);
    expect(JSON.stringify(input)).not.toContain(token);
  });

  test("Q15 any message comes to an answer, and none that lacks the word to a yes", async () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    const names = fc.constantFrom("x-writ-method", "x-writ-target", "x-writ-host", "x-writ-question", "authorization");
    const headers = fc.array(fc.tuple(fc.oneof(names, text), fc.array(text, { maxLength: 2 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(text, text, headers, fc.boolean(), async (verb, target, list, knows) => {
        const all = new Map<string, readonly string[]>(list);
        if (knows) all.set("x-writ-secret", [words.ask]);
        const { status } = await answered({ method: verb, target, headers: all }, {}, name);
        expect([401, 403]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});

describe("nginx's own", () => {
  test.each<[string, Headers, Partial<Message>]>([
    ["another path", {}, { target: "/decide?x=1" }],
    ["another method", {}, { method: "POST" }],
    ["no nonce", { "x-writ-question": undefined }, {}],
    ["a nonce that is none", { "x-writ-question": `${nonce}0` }, {}],
    ["no method", { "x-writ-method": undefined }, {}],
    ["no target", { "x-writ-target": undefined }, {}],
  ])("%s is refused", async (_, headers, line) => {
    expect(await reasonOf(question("nginx", headers, line))).toBe("403 question-malformed");
  });

  test("Q05 another method, and a header that would override it, is what it is", async () => {
    for (const verb of ["post", "TRACE", "CONNECT", "DELETE"])
      expect(await reasonOf(question("nginx", { "x-writ-method": verb, "x-http-method-override": "POST" }))).toBe(
        "403 operation-unknown",
      );
  });
});

describe("hosts and paths", () => {
  test("Q04 have one form each", () => {
    expect(plainHost("Orders.Example.COM.:8443")).toBe("orders.example.com");
    expect(plainHost("[2001:DB8::1]:443")).toBe("[2001:db8::1]");
    for (const text of ["", ".", "a b", "a/b", "a..b", "a:b", "a:123456", "é.example", "a".repeat(300)])
      expect(plainHost(text)).toBeUndefined();
    expect(rawPath("/a%2Fb?c=/../d#e")).toBe("/a%2Fb");
    expect(rawPath("?a")).toBeUndefined();
  });
});
