/** The example that stands above `openGateway` is run as it stands there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type GatewayOptions, type LiveGateway, openGateway } from "../../src/client/index.ts";
import { folderStore } from "../../src/client/node.ts";
import { mapStore } from "../trust/repository.ts";
import { TestPublisher } from "./publisher.ts";
import { settle } from "./simulation.ts";
import { address, newWorld, requestOf } from "./world.ts";

test("the README's gateway follows a publisher, decides, and forwards what is allowed", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, code = ""] = /<!-- client -->\n```ts\nimport .* from "writ\/client";\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(code).toContain("gateway.decide(");
  const { simulation, publisher } = await newWorld();
  const environment = simulation.environment(TestPublisher.network({ [address]: publisher }));
  const AsyncFunction = (async () => {}).constructor as new (
    ...texts: string[]
  ) => (...values: unknown[]) => Promise<{ readonly allow: boolean }>;
  const names = ["openGateway", "root", "token", "store", "claims", "thumbprint", "forward"];
  const { token: claims, peer } = requestOf("mtls");
  const forwarded: unknown[] = [];
  let opened: LiveGateway | undefined;
  const open = async (options: GatewayOptions) => {
    opened = await openGateway({ ...options, url: address, environment });
    return opened;
  };
  const values = [open, publisher.root, "the token of edge-1", mapStore(), claims, peer?.["x5t#S256"]];
  const running = new AsyncFunction(...names, `${code}\nreturn decision;`)(...values, (headers: unknown) =>
    forwarded.push(headers),
  );
  for (let turn = 0; turn < 30 && !opened?.health().ready; turn++) await simulation.pass(0.1);
  await settle();
  expect(await running).toMatchObject({ allow: true, identity: "payments" });
  expect(forwarded).toEqual([expect.objectContaining({ "x-role": "cashier" })]);
  await opened?.close();
});

test("the example opens a gateway, waits for it, decides, and closes it", async () => {
  const source = readFileSync(join(import.meta.dirname, "../../src/client/open-gateway.ts"), "utf8");
  const [, comment = ""] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport async function openGateway/.exec(source) ?? [];
  const code = comment.slice(comment.indexOf("@example") + "@example".length).replace(/^ \* ?/gm, "");
  expect(code).toContain("await gateway.close();");

  const { simulation, publisher } = await newWorld();
  const environment = simulation.environment(TestPublisher.network({ [address]: publisher }));
  const given: GatewayOptions[] = [];
  const warned: unknown[] = [];
  const AsyncFunction = (async () => {}).constructor as new (
    ...texts: string[]
  ) => (...values: unknown[]) => Promise<unknown>;
  const names = ["openGateway", "folderStore", "root", "token", "console"];
  const run = new AsyncFunction(...names, `${code}\nreturn decision;`);
  const running = run(
    (options: GatewayOptions) => {
      given.push(options);
      return openGateway({ ...options, environment });
    },
    (folder: string) => {
      expect(folderStore(folder)).toHaveProperty("write");
      return mapStore();
    },
    publisher.root,
    "the token of edge-1",
    { warn: (...values: unknown[]) => warned.push(...values) },
  );
  for (let turn = 0; turn < 30 && warned.length === 0; turn++) await simulation.pass(0.1);
  await settle();
  // The caller of the example is nobody here.
  expect(await running).toMatchObject({ allow: false, revision: "r7" });
  expect(warned).toEqual([expect.any(String), []]);
  expect(given).toMatchObject([{ id: "edge-1", url: address }]);
  expect(simulation.timers).toBeLessThan(3);
});
