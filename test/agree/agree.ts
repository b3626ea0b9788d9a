/**
 * The full comparison of the reference evaluator with stock OPA on the generated Rego.
 *
 *     node test/agree/agree.ts --pairs 100000 --seed 1
 */
import { parseArgs } from "node:util";
import { type Reason, reasons } from "../../src/model/index.ts";
import { opa } from "../opa.ts";
import { Random } from "../random.ts";
import { compare, type Difference, differs, minimise } from "./compare.ts";
import { randomModel } from "./random-model.ts";
import { randomScenario } from "./random-request.ts";

/** Questions per estate: enough to be worth its OPA process, few enough for many estates. */
const perModel = 250;

export interface Agreement {
  readonly pairs: number;
  readonly reached: ReadonlyMap<Reason, number>;
  readonly differences: readonly Difference[];
}

export function agree(pairs: number, seed: number): Agreement {
  const reached = new Map<Reason, number>();
  const differences: Difference[] = [];
  for (let done = 0, n = 0; done < pairs && differences.length < 20; done += perModel, n++) {
    const random = new Random(seed * 1_000_003 + n);
    const model = randomModel(random);
    const scenarios = Array.from({ length: Math.min(perModel, pairs - done) }, () => randomScenario(random, model));
    const found = compare(model, scenarios, random);
    for (const { reason } of found.decisions) reached.set(reason, (reached.get(reason) ?? 0) + 1);
    differences.push(...found.differences);
  }
  return { pairs, reached, differences };
}

/** How often each reason came up, as lines of a table. */
export function frequencies({ reached }: Agreement): readonly string[] {
  const total = [...reached.values()].reduce((sum, count) => sum + count, 0);
  return reasons.map((reason) => {
    const count = reached.get(reason) ?? 0;
    return `${reason.padEnd(20)} ${String(count).padStart(8)} ${((100 * count) / total).toFixed(2).padStart(6)} %`;
  });
}

function main(): void {
  const { values } = parseArgs({
    options: { pairs: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
  });
  if (opa === undefined) {
    console.log("skipped: no OPA; put it on the path or name it in WRIT_OPA");
    return;
  }
  const started = performance.now();
  const agreement = agree(Number(values.pairs), Number(values.seed));
  console.log(frequencies(agreement).join("\n"));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${agreement.pairs} pairs in ${seconds} s, ${agreement.differences.length} differences`);
  const [first] = agreement.differences;
  if (first) {
    const { model, scenario, reference, opa: answer } = minimise(first, differs);
    console.log(JSON.stringify({ model, scenario, reference, answer }, null, 2));
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
