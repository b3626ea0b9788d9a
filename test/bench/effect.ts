/** How long a revocation takes from its acknowledgement until gateways enforce it: many of them, all with the real protocol. */
import { availableParallelism, loadavg } from "node:os";
import { measureWave } from "./effect/revocations.ts";
import { printTable } from "./measure.ts";
import { quantile } from "./rounds.ts";

const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
const spread = (values: readonly number[]) => [0.5, 0.99, 1].map((part) => ms(quantile(values, part)));

export async function benchEffect(): Promise<void> {
  const rows = [["revoked → enforced", "p50", "p99", "all", "acknowledged p50", "processor per gateway", "per answer"]];
  for (const gateways of [10, 100, 1000]) {
    const wave = await measureWave({ gateways, processes: Math.min(gateways / 10, availableParallelism()), rounds: 30 });
    rows.push([
      `${gateways} gateways`,
      ...spread(wave.enforced),
      ms(quantile(wave.acknowledged, 0.5)),
      ms(wave.perGateway),
      ms(wave.perAnswer),
    ]);
    rows.push([`${gateways} gateways, a release`, ...spread(wave.released)]);
  }
  printTable(rows);
  console.log(`load average ${loadavg()[0]!.toFixed(1)}`);
}
