/** One estate, all contestants: a process of its own, which tells its parent what it measured. */

import { decide } from "../../src/model/index.ts";
import { emitRego } from "../../src/rego/index.ts";
import { opa } from "../opa.ts";
import { casbinContestant } from "./contestants/casbin.ts";
import { cedarContestant } from "./contestants/cedar.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { handWrittenContestants } from "./contestants/hand-written.ts";
import { OpaServer } from "./contestants/opa-server.ts";
import { compileRego, loadPolicy, pagesFor, throughSdk, withoutSdk } from "./contestants/opa-wasm.ts";
import { oneRuleEach, tunedData, tunedRego } from "./contestants/tuned-rego.ts";
import { writContestants } from "./contestants/writ.ts";
import { type Figures, measureAsking, measureSideBySide } from "./rounds.ts";
import { type Estate, speedEstate } from "./speed-estate.ts";

export interface Measured {
  readonly name: string;
  readonly figures?: Figures;
  /** Where there are no figures: what was tried. */
  readonly note?: string;
}

/** Evaluated rule by rule, they are shown at this many operations only. */
const rulesEach = 1_000;
/** Longer than this nobody waits for a server to start. */
const patience = 60_000;

async function run(identities: number, operations: number): Promise<readonly Measured[]> {
  const estate = speedEstate(identities, operations);
  const texts = estate.inputs.map((input) => JSON.stringify(input));
  const verdicts = estate.inputs.map((input) => decide(estate, input).allow);
  const tuned = tunedData(estate);
  const generated = emitted(estate);
  const contestants = [
    ...(await writContestants(estate, texts)),
    ...handWrittenContestants(estate, texts),
    ...opaContestants(estate, tuned, generated),
    cedarContestant("Cedar, grants as attributes", estate, "one"),
    cedarContestant("Cedar, a policy for each grant", estate, "each"),
    await casbinContestant("casbin", estate),
  ];
  for (const contestant of contestants) agree(contestant, estate);
  const figures = measureSideBySide(contestants, estate.inputs);
  const measured = contestants.map(({ name }, i) => ({ name, figures: figures[i]! }));
  return [...measured, ...(await askServer(texts, verdicts, tuned, generated))];
}

/** A contestant that decides otherwise is not a contestant. */
function agree({ name, decide: answer, allows, inputs }: Contestant, estate: Estate): void {
  for (const [n, input] of (inputs ?? estate.inputs).entries())
    if (allows && allows(answer(n)) !== decide(estate, input).allow) throw `${name} answers question ${n} otherwise`;
}

function emitted({ model, policy, revocations }: Estate): { readonly rego: Uint8Array; readonly data: object } {
  const files = new Map(emitRego(model, { policy }).map(({ path, bytes }) => [path, bytes]));
  const data = JSON.parse(new TextDecoder().decode(files.get("data.json"))) as object;
  return { rego: files.get("policy.rego")!, data: { ...data, revocations } };
}

function opaContestants(
  { model, inputs }: Estate,
  tuned: unknown,
  generated: ReturnType<typeof emitted>,
): readonly Contestant[] {
  const load = (rego: string | Uint8Array, entryPoints: readonly string[], data: unknown) => {
    const policy = loadPolicy(compileRego(rego, entryPoints)!, pagesFor(JSON.stringify(data).length));
    policy.setData(data);
    return policy;
  };
  if (opa === undefined) return [];
  const expert = load(tunedRego, ["tuned/decision", "tuned/allow"], tuned);
  const ours = load(generated.rego, ["writ/decision"], generated.data);
  const count = model.apis.reduce((sum, { operations }) => sum + operations.length, 0);
  return [
    throughSdk("OPA WASM of a tuned Rego, decision", expert, "tuned/decision", inputs),
    throughSdk("OPA WASM of a tuned Rego, allow", expert, "tuned/allow", inputs),
    withoutSdk("OPA WASM of a tuned Rego, its opa_eval alone", expert, "tuned/decision", inputs),
    throughSdk("OPA WASM of our Rego, decision", ours, "writ/decision", inputs),
    ...(count === rulesEach
      ? [
          throughSdk(
            "OPA WASM, one rule for each operation, allow",
            load(oneRuleEach(model), ["each/allow"], tuned),
            "each/allow",
            inputs,
          ),
        ]
      : []),
  ];
}

async function askServer(
  texts: readonly string[],
  verdicts: readonly boolean[],
  tuned: unknown,
  generated: ReturnType<typeof emitted>,
): Promise<readonly Measured[]> {
  if (opa === undefined) return [];
  const bodies = texts.map((text) => `{"input":${text}}`);
  const one = async (
    name: string,
    path: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<Measured> => {
    const server = await OpaServer.start(opa!, files, patience);
    if (!server) return { name, note: `did not start within ${patience / 1000} s` };
    try {
      const ask = (n: number) => server.ask("POST", path, bodies[n]);
      for (const [n, allowed] of verdicts.entries())
        if (/"result":(?:true|.*"allow":true)/.test(await ask(n)) !== allowed)
          throw `${name} answers question ${n} otherwise`;
      return { name, figures: await measureAsking(ask, texts.length) };
    } finally {
      await server.stop();
    }
  };
  return [
    await one("OPA's server on loopback, tuned Rego", "/v1/data/tuned/decision", {
      "policy.rego": tunedRego,
      "data.json": JSON.stringify(tuned),
    }),
    await one("OPA's server on loopback, our Rego", "/v1/data/writ/decision", {
      "policy.rego": generated.rego,
      "data.json": JSON.stringify(generated.data),
    }),
  ];
}

const [identities = 100, operations = 100] = process.argv.slice(2).map(Number);
const measured = await run(identities, operations);
if (process.send) process.send(measured);
else for (const { name, figures, note } of measured) console.log(name, note ?? figures);
