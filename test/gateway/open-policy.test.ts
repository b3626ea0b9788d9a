/** From a signed bundle to a policy that decides as the reference does, and everything that stands in the way. */
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { openPolicy, verifyPolicy } from "../../src/gateway/index.ts";
import { decide } from "../../src/model/index.ts";
import { assembleModule, engineBytes } from "../../src/wasm/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { keys, now, policyOf, release, wasmOf } from "./release.ts";

const fresh = { at: now, floor: 0 };

/** What the reference says. */
const expected = (question: unknown, revocations?: unknown) =>
  decide({ model: estate, policy: policyOf({}), revocations }, question);

/** The code of what opening throws. */
async function refusal(bytes: Promise<Uint8Array>): Promise<unknown> {
  return openPolicy(await bytes, keys).then(
    () => "opened",
    (error: { code: string; parameters: unknown }) => [error.code, error.parameters],
  );
}

describe("openPolicy", () => {
  test("decides as the reference does, by an object, by its text and by its bytes", async () => {
    const policy = await openPolicy(await release(), keys);
    expect(policy).toMatchObject(policyOf({}));
    expect(policy.decide(bases.mtls)).toEqual(expected(bases.mtls));
    policy.setRevocations(fresh);
    for (const base of Object.values(bases)) {
      const text = JSON.stringify(base);
      expect(policy.decide(base)).toEqual(expected(base, fresh));
      expect(policy.decideJson(text)).toEqual(expected(base, fresh));
      expect(policy.decideJson(new TextEncoder().encode(text))).toEqual(expected(base, fresh));
    }
    expect(policy.decide(bases.mtls)).toMatchObject({ allow: true, identity: "payments" });
  });

  test("uses nothing of a bundle that another key signed, or that was changed", async () => {
    const bytes = await release();
    await expect(openPolicy(bytes, new Map())).rejects.toMatchObject({ code: "WRIT7015" });
    const changed = bytes.slice();
    changed[bytes.length - 40]! ^= 1;
    await expect(openPolicy(changed, keys)).rejects.toMatchObject({ code: expect.stringMatching(/^WRIT70/) });
  });

  test("asks for a module of ours", async () => {
    expect(await refusal(release({ wasm: "none" }))).toEqual(["WRIT9001", { fault: "missing" }]);
    const broken = [
      new Uint8Array(0),
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      engineBytes(),
      assembleModule(engineBytes()),
      wasmOf().subarray(0, 5000),
    ];
    for (const wasm of broken) expect(await refusal(release({ wasm }))).toEqual(["WRIT9001", { fault: "module" }]);
  });

  test("takes no tables of another version, and no damaged ones", async () => {
    const wasm = wasmOf();
    const start = wasm.findLastIndex((_, at) => new TextDecoder().decode(wasm.subarray(at, at + 4)) === "WRIT");
    const versioned = wasm.slice();
    versioned[start + 4] = 99;
    expect(await refusal(release({ wasm: versioned }))).toEqual(["WRIT9001", { fault: "tables" }]);
    const damaged = wasm.slice();
    damaged[start + 1000]! ^= 1;
    expect(await refusal(release({ wasm: damaged }))).toEqual(["WRIT9001", { fault: "tables" }]);
  });

  test("takes no module whose engine is none", async () => {
    const wasm = wasmOf();
    // Behind the preamble the first section holds the types: 0x60 begins each.
    const type = wasm.indexOf(0x60);
    wasm[type] = 0x11;
    const bytes = await release({ wasm });
    // Also when several ask at once.
    const refusals = await Promise.all([1, 2, 3].map(() => refusal(Promise.resolve(bytes))));
    for (const found of refusals) expect(found).toEqual(["WRIT9001", { fault: "engine" }]);
    // That it was tried is not remembered: the same engine, whole, is compiled.
    await expect(openPolicy(await release(), keys)).resolves.toBeDefined();
  });

  test.each([
    ["revision", "another"],
    ["sequence", 8],
    ["notBefore", now - 1],
    ["notAfter", now + 1],
  ])("compares the %s of tables and manifest", async (member, value) => {
    expect(await refusal(release({ tables: { [member]: value } }))).toEqual(["WRIT9002", { member }]);
  });

  test("does not read what OPA reads: that it is what was signed is enough", async () => {
    const files = { "data.json": '{ "spelled": "otherwise" }', "model.json": "not read" };
    await expect(openPolicy(await release({ files }), keys)).resolves.toMatchObject({ revision: "r7" });
  });

  test("runs on an engine that the host was deployed with", async () => {
    const { WebAssembly } = globalThis as unknown as {
      WebAssembly: { compile(bytes: Uint8Array): Promise<object> };
    };
    const engine = await WebAssembly.compile(engineBytes());
    const policy = await openPolicy(await release(), keys, { engine });
    policy.setRevocations(fresh);
    expect(policy.decide(bases.svid)).toEqual(expected(bases.svid, fresh));
  });
});

describe("a request for which the memory has to grow is decided like any other", () => {
  const question = JSON.stringify(bases.mtls).slice(0, -1);
  const names = Array.from({ length: 7000 }, (_, index) => `,"\\u${(0x4e00 + index).toString(16)}":""`);
  const texts = {
    "many names with escapes": `${question}${names.join("")}}`,
    "a long text of escapes": `${question},"a":"${"\\u0041".repeat(60_000)}"}`,
  };
  test.each(Object.entries(texts))("%s", async (_, text) => {
    for (const json of [text, new TextEncoder().encode(text)]) {
      const faults: unknown[] = [];
      const policy = await openPolicy(await release(), keys, { onFault: (fault) => faults.push(fault) });
      policy.setRevocations(fresh);
      expect(policy.decideJson(json)).toEqual(expected(bases.mtls, fresh));
      expect(faults).toEqual([]);
      expect(policy.decide(bases.mtls)).toEqual(expected(bases.mtls, fresh));
    }
  });
});

test("a verified module decides in the stock SDK too", async () => {
  const { wasm, manifest } = await verifyPolicy(await release(), keys);
  expect(manifest.metadata.sequence).toBe(7);
  // Its types name other functions than its file for ES modules.
  const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm");
  const policy = loadPolicySync(wasm);
  policy.setData({ revocations: fresh });
  const [{ result }] = policy.evaluate(bases.mtls, "writ/decision");
  expect(result).toEqual(expected(bases.mtls, fresh));
});
