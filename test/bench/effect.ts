/**
 * How long a revocation takes from its acknowledgement until gateways enforce it: many of them, each opened as anybody opens one, over
 * sockets, with the publisher and its store on the disk in a process of its own. What many gateways on one machine cost is part of it.
 */
import { availableParallelism, loadavg } from "node:os";
import { opa } from "../opa.ts";
import { measureIdle } from "./effect/idle.ts";
import { measureWave, type Wave } from "./effect/revocations.ts";
import { measureSustained } from "./effect/sustained.ts";
import { type Goal, printGoals } from "./goals.ts";
import { printTable } from "./measure.ts";
import { quantile } from "./rounds.ts";

/** Real gateways, and how many more are connected that follow by the same protocol and verify nothing. */
const waves = [
  { gateways: 10, waiters: 0 },
  { gateways: 100, waiters: 0 },
  { gateways: 100, waiters: 900 },
  { gateways: 1000, waiters: 0 },
];
const MEBIBYTE = 2 ** 20;

const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
const spread = (values: readonly number[]) => [0.5, 0.99, 1].map((part) => ms(quantile(values, part)));
const mebibytes = (bytes: number) => Math.round(bytes / MEBIBYTE);

export async function benchEffect(): Promise<void> {
  const goals: Goal[] = [];
  await benchWaves(goals);
  await benchIdle(goals);
  await benchSustained(goals);
  await benchOpa(goals);
  printGoals(goals);
}

async function benchWaves(goals: Goal[]): Promise<void> {
  const rows = [["from the acknowledgement on", "p50", "p99", "all", "acknowledged", "processor: gateway", "answer"]];
  for (const { gateways, waiters } of waves) {
    const processes = waiters > 0 ? 1 : Math.min(Math.ceil(gateways / 100), availableParallelism());
    const wave = await measureWave({ gateways, waiters, processes, rounds: 20 });
    const name = waiters > 0 ? `${gateways} gateways of ${gateways + waiters}` : `${gateways} gateways`;
    rows.push([
      `${name} enforce a revocation`,
      ...spread(wave.enforced),
      ms(quantile(wave.acknowledged, 0.5)),
      `${wave.perGateway.toFixed(2)} ms`,
      `${wave.perAnswer.toFixed(2)} ms`,
    ]);
    rows.push([`${name} decide by a release`, ...spread(wave.released)]);
    if (gateways + waiters === 1000) goals.push(...waveGoals(name, wave));
  }
  printTable(rows);
  printLoad();
}

function waveGoals(name: string, { enforced, early }: Wave): readonly Goal[] {
  return [
    { name: `${name} enforce, ms, p99`, value: quantile(enforced, 0.99), most: 500 },
    { name: `${name} enforce, ms, all`, value: quantile(enforced, 1), most: 1000 },
    { name: `${name}: refused before`, value: early, most: 0 },
  ];
}

async function benchIdle(goals: Goal[]): Promise<void> {
  const { polls, lost, resident, heartbeats, revocations } = await measureIdle({
    polls: 10_000,
    processes: availableParallelism(),
    rounds: 3,
    revocationDelay: 60,
  });
  console.log(
    `\n${polls} idle polls: ${mebibytes(resident.before)} MiB before, ${mebibytes(resident.held)} MiB held, ${mebibytes(resident.most)} MiB with revocations`,
  );
  console.log(`a heartbeat tells them within ${heartbeats.map(ms).join(", ")}`);
  console.log(`a revocation has been told to all after ${revocations.map(ms).join(", ")}`);
  printLoad();
  goals.push(
    { name: `${polls} idle polls, MiB`, value: resident.held / MEBIBYTE, most: 600 },
    { name: `${polls} idle polls, lost`, value: lost, most: 0 },
  );
}

async function benchSustained(goals: Goal[]): Promise<void> {
  const options = { gateways: 100, processes: 1, perSecond: 100, seconds: 60 };
  const { acknowledged, enforced, refused, missing, resident, received, heads } = await measureSustained(options);
  const { perSecond, seconds } = options;
  console.log(`\n${perSecond} revocations a second for ${seconds} s, ${options.gateways} gateways`);
  printTable([
    ["", "p50", "p99", "all"],
    ["acknowledged", ...spread(acknowledged)],
    ["enforced after that", ...spread(enforced)],
  ]);
  const memory = [10, 30, seconds - 1].map((second) => mebibytes(resident[second] ?? Number.NaN));
  console.log(`${heads} heads, ${Math.round(received / 1024)} KiB for a gateway`);
  console.log(`${memory.join(", ")} MiB after 10, 30 and ${seconds} s`);
  printLoad();
  goals.push(
    { name: "sustained: acknowledged", value: acknowledged.length, least: perSecond * seconds },
    { name: "sustained: refused", value: refused, most: 0 },
    { name: "sustained: not in the journal", value: missing.journal, most: 0 },
    { name: "sustained: not in force on a gateway", value: missing.gateways, most: 0 },
  );
}

async function benchOpa(goals: Goal[]): Promise<void> {
  if (opa === undefined) return;
  const { measurePublished } = await import("../opa-client/effect.ts");
  const effect = await measurePublished(200, 100);
  console.log(`\nstock OPA by long poll, from the acknowledgement on: ${spread(effect.acknowledged).join(", ")}`);
  console.log(`from the call on: ${spread(effect.times).join(", ")}`);
  printLoad();
  goals.push(
    { name: "stock OPA enforces, ms, p99", value: quantile(effect.acknowledged, 0.99), most: 100 },
    { name: "stock OPA: other decisions changed", value: effect.others, most: 0 },
  );
}

function printLoad(): void {
  console.log(`load average ${loadavg()[0]!.toFixed(1)}`);
}

if (import.meta.main) await benchEffect();
