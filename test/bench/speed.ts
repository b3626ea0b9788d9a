/** How long a decision takes: all contestants in one run, over estates of growing size, against the goals. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Goal, printGoals } from "./goals.ts";
import { printTable } from "./measure.ts";
import type { Measured } from "./speed-run.ts";

interface Size {
  readonly identities: number;
  readonly operations: number;
}

const sizes: readonly Size[] = [
  { identities: 100, operations: 1_000 },
  { identities: 10_000, operations: 1_000 },
  { identities: 100_000, operations: 1_000 },
  { identities: 1_000_000, operations: 1_000 },
  { identities: 10_000, operations: 100 },
  { identities: 10_000, operations: 10_000 },
];
const [few, middle, , many, narrow, wide] = sizes;

export async function benchSpeed(): Promise<void> {
  printVersions();
  const results = new Map<Size, readonly Measured[]>();
  for (const size of sizes) results.set(size, await measure(size));
  print(results);
  printGoals(goals(results));
}

async function measure({ identities, operations }: Size): Promise<readonly Measured[]> {
  const options = { execArgv: ["--conditions=writ-source", "--max-old-space-size=12288"] };
  const child = fork(join(import.meta.dirname, "speed-run.ts"), [`${identities}`, `${operations}`], options);
  const ended = once(child, "exit");
  const [measured] = await Promise.race([once(child, "message"), ended]);
  if (!Array.isArray(measured)) throw `the contestants ended with ${measured}`;
  await ended;
  return measured;
}

function printVersions(): void {
  const version = (name: string): string => {
    const file = join(import.meta.dirname, "../../node_modules", name, "package.json");
    return `${name} ${JSON.parse(readFileSync(file, "utf8")).version}`;
  };
  console.log(["@open-policy-agent/opa-wasm", "@cedar-policy/cedar-wasm", "casbin"].map(version).join(", "));
}

function print(results: ReadonlyMap<Size, readonly Measured[]>): void {
  const titles = sizes.map(({ identities, operations }) => `${identities} × ${operations}`);
  const names = [...new Set([...results.values()].flatMap((all) => all.map(({ name }) => name)))];
  const base = figuresOf(results, middle!, "Writ in the stock SDK, decision").p50;
  console.log(
    "\nmicroseconds for one decision: p50 / p99 of single calls, then the mean of calls in a row; identities × operations\n",
  );
  printTable([
    ["", ...titles, "× stock SDK"],
    ...names.map((name) => [
      name,
      ...sizes.map((size) => cell(results.get(size)?.find((measured) => measured.name === name))),
      ratio(
        results.get(middle!)?.find((measured) => measured.name === name),
        base,
      ),
    ]),
  ]);
  for (const line of remarks) console.log(line);
}

const remarks = [
  "",
  "the same 256 questions (where it says so, 8,192 by other callers) of 600 to 630 bytes for all of one size, 26 of 32 allowed; all contestants gave the reference's verdicts",
  "a tuned Rego does not check the shape, the limits or the path of the input and explains no refusal; our Rego does all of it",
  "OPA's WASM was given all its memory at once, and functions that the SDK lacks: grown by pages, a million identities took 25 s and more",
  "Cedar and casbin were asked about operations that others had found and tokens whose revocation (casbin: everything) others had looked up",
];

function cell(measured: Measured | undefined): string {
  if (!measured?.figures) return measured?.note ?? "";
  const { p50, p99, median } = measured.figures;
  return `${short(p50)} / ${short(p99)} (${short(median)})`;
}

function ratio(measured: Measured | undefined, base: number): string {
  return measured?.figures ? (measured.figures.p50 / base).toFixed(2) : "";
}

function short(microseconds: number): string {
  return microseconds.toPrecision(3).includes("e")
    ? microseconds.toFixed(0)
    : String(Number(microseconds.toPrecision(3)));
}

function figuresOf(results: ReadonlyMap<Size, readonly Measured[]>, size: Size, name: string) {
  const found = results.get(size)?.find((measured) => measured.name === name)?.figures;
  return found ?? { p50: Number.NaN, p99: Number.NaN, median: Number.NaN };
}

function goals(results: ReadonlyMap<Size, readonly Measured[]>): readonly Goal[] {
  const at = (name: string, size = middle!): number => figuresOf(results, size, name).p50;
  const [object, json] = ["Writ direct, from an object", "Writ direct, from a JSON string"];
  const [stock, alone] = ["Writ in the stock SDK, decision", "Writ's opa_eval alone, decision"];
  const growth = (name: string, small: Size, large: Size): number => at(name, large) / at(name, small);
  return [
    { name: "opa_eval, by the scan alone", value: at(alone) / at("Writ's scan of the JSON alone"), most: 1.5 },
    {
      name: "tuned OPA WASM by ours, both in the stock SDK, decision",
      value: at("OPA WASM of a tuned Rego, decision") / at(stock),
      least: 2.5,
    },
    {
      name: "tuned OPA WASM by ours, both in the stock SDK, allow",
      value: at("OPA WASM of a tuned Rego, allow") / at("Writ in the stock SDK, allow"),
      least: 2.5,
    },
    {
      name: "one rule for each of 1,000 operations by ours, both in the stock SDK, allow",
      value: at("OPA WASM, one rule for each operation, allow") / at("Writ in the stock SDK, allow"),
      least: 30,
    },
    {
      name: "direct from a JSON string, by JSON.parse of it alone",
      value: at(json) / at("JSON.parse of the string alone"),
      most: 0.6,
    },
    { name: "direct from an object, µs", value: at(object), most: 1 },
    ...[object, json, alone].flatMap((name): Goal[] => [
      {
        name: `${name}, 8,192 questions: 1,000,000 identities by 100`,
        value: growth(`${name}, 8,192 questions`, few!, many!),
        most: 1.5,
      },
      { name: `${name}: 10,000 operations by 100`, value: growth(name, narrow!, wide!), most: 1.3 },
    ]),
  ];
}
