/** Every witness is asked once more of all that decides, on both sides, before anybody is shown it. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { WritError } from "../diagnostics/index.ts";
import { type Change, decideBy, kindOf, witnessPolicy as policy } from "../diff/index.ts";
import type { Artefact, Decision } from "../model/index.ts";
import type { Host } from "./host.ts";
import { decideByModule } from "./module.ts";
import { decideByOpa, findOpa } from "./opa.ts";
import { type ComparedSide, decidingBy } from "./sides.ts";

/**
 * @param progress is told what takes long
 * @returns the digest of each model, which is at hand here; none where nothing changes
 * @throws WritError `witness-disputed`
 */
export function replay(
  host: Host,
  before: ComparedSide,
  after: ComparedSide,
  changes: readonly Change[],
  progress: (what: string) => void,
): readonly string[] {
  if (changes.length === 0) return [];
  const opa = findOpa(host);
  const digests: string[] = [];
  for (const [side, which] of [[before, "before"] as const, [after, "after"] as const]) {
    const cases = changes.map(({ witness }) => ({ input: witness.input, policy, revocations: witness.revocations }));
    const predicted = changes.map(({ witness }) => witness[which]);
    progress(`asking ${cases.length} requests of \`${side.name}\``);
    const decided = changes.map(({ witness }) => decideBy(side.model, witness));
    hold("the reference", side, decided, predicted);
    const artefacts = side.artefacts(opa === undefined ? ["wasm"] : undefined);
    digests.push(digestIn(artefacts));
    hold("policy.wasm", side, decideByModule(artefacts, cases), decided);
    if (opa !== undefined) {
      progress(`asking ${cases.length} requests of OPA under \`${side.name}\``);
      hold("policy.rego", side, decideByOpa(host, opa, regoOf(side, artefacts), cases), decided);
    }
  }
  for (const [index, change] of changes.entries()) {
    const kind = kindOf(change.witness.before, change.witness.after);
    if (kind !== change.kind)
      throw disputed("the reference", after, index, `it shows ${kind ?? "no change"}, not ${change.kind}`);
  }
  return digests;
}

/** A bundle that was built for OPA's WebAssembly has no Rego that decides: then it is that of its model. */
function regoOf({ model }: ComparedSide, own: readonly Artefact[]): readonly Artefact[] {
  return own.some(({ path }) => path === "policy.rego") ? own : decidingBy(model).artefacts();
}

function digestIn(artefacts: readonly Artefact[]): string {
  const { bytes = new Uint8Array() } = artefacts.find(({ path }) => path === "model.json") ?? {};
  return createHash("sha256").update(bytes).digest("hex");
}

function hold(backend: string, side: ComparedSide, decided: readonly Decision[], expected: readonly Decision[]): void {
  for (const [index, decision] of decided.entries()) {
    const wanted = expected[index];
    if (isDeepStrictEqual(decision, wanted)) continue;
    throw disputed(backend, side, index, differenceOf(decision, wanted));
  }
}

function disputed(backend: string, { name }: ComparedSide, index: number, difference: string): WritError {
  return WritError.of("WRIT4201", { backend, side: name, change: index + 1, difference });
}

/** The first member that differs. */
function differenceOf(decision: Decision, expected: Decision | undefined): string {
  const [found, wanted] = [decision, expected ?? {}] as readonly Readonly<Record<string, unknown>>[];
  const names = [...new Set([...Object.keys(found!), ...Object.keys(wanted!)])];
  const name = names.find((member) => !isDeepStrictEqual(found![member], wanted![member])) ?? "nothing";
  return `\`${name}\` is ${JSON.stringify(found![name]) ?? "absent"}, not ${JSON.stringify(wanted![name]) ?? "absent"}`;
}
