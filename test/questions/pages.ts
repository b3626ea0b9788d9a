/** Pages for tests: of the small estate, of hostile names, of two versions, of many identities. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { accessMatrix, compareMatrices, type Matrix, matrixPage } from "../../src/questions/index.ts";
import { bigModel } from "../bench/big-model.ts";
import { model, modelOf, text } from "./estate.ts";

export const hostile: readonly string[] = [
  '</script><script>alert("1")</script>',
  '"><img src=x onerror=alert(2)>',
  "\u202Egnp.exe",
  "ا".repeat(40),
  "w".repeat(500),
  "<!--<script>",
  "__proto__",
];

/** The small estate under names that people should not choose. */
export function withNames(names: readonly string[]): Matrix {
  const { matrix } = accessMatrix(model);
  const [caller, operation] = [matrix.callers[0]!, matrix.operations[1]!];
  return {
    ...matrix,
    tiers: matrix.tiers.map((tier, i) => (i === 0 ? { ...tier, name: names[0]! } : tier)),
    callers: [
      ...matrix.callers.map((each) => (each.tier === "legacy" ? { ...each, tier: names[0]! } : each)),
      ...names.map((name) => ({ ...caller, tier: "workload", name, owner: name, groups: [name] })),
    ],
    operations: [
      ...matrix.operations,
      ...names.map((name) => ({ ...operation, name, template: name, scopes: [name] })),
    ],
    accesses: matrix.accesses.map((access) => ({ ...access, grants: [...names], when: [names] })),
  };
}

const changed = text
  .replace('when: (r) => r.claims.region === "eu", until', "until")
  .replace("grant({ to: shop, scopes: [orders.write] })", "grant({ to: [shop, reports], scopes: [orders.write] })")
  .replace(/export const printing .*\n/, "");

export function pageOf(name: "big" | "changes" | "hostile" | "small", identities = 1_000): string {
  switch (name) {
    case "small": {
      const { matrix, shown } = accessMatrix(model);
      return matrixPage({ title: "policies", matrix, witnesses: shown });
    }
    case "changes":
      return matrixPage({
        title: "policies",
        before: "main",
        matrix: compareMatrices(accessMatrix(model).matrix, accessMatrix(modelOf(changed)).matrix),
      });
    case "hostile":
      return matrixPage({ title: hostile[0]!, matrix: withNames(hostile) });
    case "big": {
      const big = bigModel({ identities, operations: identities / 10, grants: identities / 5 });
      return matrixPage({ title: "policies", ...accessMatrix(big.model, {}, 0) });
    }
  }
}

/** As somebody opens it from a disk. */
export function fileOf(page: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "writ-matrix-")), "matrix.html");
  writeFileSync(path, page);
  return pathToFileURL(path).href;
}
