/** `writ who`, `can`, `reach` and `matrix`: what they print, where, and how they exit. */
import { beforeAll, describe, expect, test } from "vitest";
import { estate } from "../../src/cli/init.ts";
import type { MapHost } from "./map-host.ts";
import { again, codesIn, writ } from "./run.ts";

const policies = Object.fromEntries(Object.entries(estate).map(([name, text]) => [`policies/${name}`, text]));

let released: MapHost;
beforeAll(async () => {
  released = (await writ("keys new writ", policies)).host;
  await again("build --sign writ.key.json --sequence 7 --issued 2026-01-01 --expires 30d --out b.tar.gz", released);
});

describe("questions", () => {
  test.each([
    ["who", "POST orders.example.com/v1/tenants/t1/orders", "shop"],
    ["can", "shop", "POST orders.example.com/v1/tenants/{tenant}/orders"],
    ["reach", "orders:write", "shop"],
  ])("%s is answered by a folder and by a bundle alike, in text and in JSON", async (word, asked, expected) => {
    const [folder, bundle, json] = [
      await again([word, asked], released),
      await again([word, asked, "--bundle", "b.tar.gz", "--keys", "writ.keys.json"], released),
      await again([word, asked, "--examples", "--format", "json"], released),
    ];
    expect([folder.exit, folder.stderr]).toEqual([0, ""]);
    expect(folder.stdout).toContain(expected);
    expect(bundle.stdout).toBe(folder.stdout);
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain(
      word === "can" ? "/v1/tenants/{tenant}/orders" : expected,
    );
  });

  test("examples are asked for", async () => {
    expect((await again("can shop --examples", released)).stdout).toContain("  for example shop → ");
    expect((await again("can shop", released)).stdout).not.toContain("for example");
  });

  test("exit 1 where nobody may, 2 where it is not known what is meant", async () => {
    const nobody = `import { api, scopes } from "writ";
const orders = scopes("orders", ["read"]);
export const shop = api("orders.example.com", { operations: { "GET /v1/orders": orders.read } });
`;
    const closed = await writ("who orders", { "policies/a.policy.ts": nobody });
    expect([closed.exit, closed.stdout.includes("nobody may")]).toEqual([1, true]);
    const reach = await writ("reach orders:read", { "policies/a.policy.ts": nobody });
    expect([reach.exit, reach.stdout.includes("nobody holds it")]).toEqual([1, true]);
    const unknown = await writ("can acmee", policies);
    expect([unknown.exit, unknown.stdout, codesIn(unknown.stderr)]).toEqual([2, "", ["WRIT4401"]]);
    expect(unknown.stderr).toContain("did you mean `acme`?");
    const keyless = await again("can shop --bundle b.tar.gz", released);
    expect([keyless.exit, codesIn(keyless.stderr)]).toEqual([2, ["WRIT5088"]]);
    expect(keyless.stderr).toContain("`--keys` is needed with `--bundle`\n");
  });

  test("policies with errors have no answer", async () => {
    const { exit, stdout, stderr } = await writ("can shop", { "policies/a.policy.ts": "export const a = b;\n" });
    expect([exit, stdout]).toEqual([2, ""]);
    expect(codesIn(stderr).length).toBeGreaterThan(0);
  });
});

describe("matrix", () => {
  test("is a page, CSV or JSON; printed, or written to a file", async () => {
    const { exit, stdout } = await writ("matrix", policies);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    const csv = await writ("matrix --format csv --out m.csv", policies);
    expect([csv.exit, csv.stdout]).toEqual([0, ""]);
    expect(new TextDecoder().decode(csv.host.files.get("/here/m.csv") as Uint8Array)).toMatch(
      /^identities,operations,access/,
    );
    expect(JSON.parse((await writ("matrix --format json", policies)).stdout).identities.length).toBeGreaterThan(0);
  });

  test("compares with a folder and with a bundle", async () => {
    const same = await again("matrix --compare b.tar.gz --keys writ.keys.json --format csv", released);
    expect([same.exit, same.stdout.split("\r\n").length]).toEqual([0, 2]);
    const old = Object.entries(policies).map(([name, text]) => [name.replace("policies/", "old/"), text]);
    const grown = `import { grant } from "writ";
import { fleet } from "./identities.policy.ts";
import { orders } from "./orders.policy.ts";
export const fleetWrites = grant({ to: fleet, scopes: [orders.write] });
`;
    const more = await writ("matrix --compare old --format csv", {
      ...policies,
      ...Object.fromEntries(old),
      "policies/grown.policy.ts": grown,
    });
    expect(more.exit).toBe(0);
    expect(more.stdout).toContain(
      "report-1; report-2,orders.example.com POST /v1/tenants/{tenant}/orders,gain,always,,fleetWrites",
    );
  });

  test("has a bound where every pair has a row", async () => {
    const { exit, stderr } = await writ("matrix --format csv --expand --most 1", policies);
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT4403"]]);
  });
});
