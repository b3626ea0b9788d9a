/** What the library offers, by name: to widen it is a visible act. */
import { expect, test } from "vitest";
import * as library from "../src/index.ts";

test("the public names are these", () => {
  expect(Object.keys(library).sort()).toEqual([
    "WritError",
    "applyFixes",
    "backends",
    "compile",
    "decide",
    "emit",
    "explain",
    "inspect",
    "newKeys",
    "opaConfig",
    "pack",
    "packRelease",
    "readKeys",
    "readSigner",
    "reasons",
    "renderGithub",
    "renderJson",
    "renderSarif",
    "renderText",
    "verify",
    "why",
  ]);
});

test("an estate is compiled by the library as it is by the command", () => {
  const text = `import { api } from "writ";

export const healthApi = api("health.example.com", { operations: { "GET /healthz": "public" } });
`;
  const policies = [{ path: "health.policy.ts", bytes: new TextEncoder().encode(text) }];
  const { value, diagnostics } = library.compile({ policies, data: () => undefined });
  expect(diagnostics).toEqual([]);
  expect(value.emission?.artefacts.map(({ path }) => path).sort()).toEqual([
    "data.json",
    "envoy.rego",
    "model.json",
    "policy.rego",
    "policy.wasm",
  ]);
  const policy = { ...value.emission?.policy, notAfter: 2_000_000_000 };
  const input = { time: 1_800_000_000, request: { host: "health.example.com", method: "GET", path: "/healthz" } };
  const revocations = { at: input.time, floor: 0 };
  expect(value.model && library.decide({ model: value.model, policy, revocations }, input)).toMatchObject({
    allow: true,
  });
});
