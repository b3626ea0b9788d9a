/** The page in front of a real publisher: people watch a revocation go through the estate, gateway by gateway. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { serve } from "../../src/server/index.ts";
import { gateway, World } from "../publish/harness.ts";
import { callersOf } from "../server/start.ts";
import { artefacts, chromiumPath, closePage, launch, live, openPage, withChromium } from "./browser.ts";

test.skipIf(chromiumPath === undefined)(
  withChromium("a revocation is seen on its way, and everywhere, with its time"),
  async () => {
    const world = await World.open();
    const served = await serve(world.publisher, await callersOf(), {
      openPage: true,
      log: () => {},
      now: world.clock.now,
    });
    const browser = await launch();
    const folder = artefacts();
    try {
      const client = await world.client();
      const polled = async (name: string, ring: "canary" | "stable") => {
        await client.refresh();
        await world.publisher.poll(
          gateway(name, ring),
          world.held(client.current, { policy: 1 }),
          0,
          new AbortController().signal,
        );
      };
      const everybody = async () => {
        await polled("canary-1", "canary");
        await polled("edge-1", "stable");
      };
      await everybody();
      const opened = await openPage(browser, served.adminUrl, { viewport: { width: 1280, height: 900 } });
      const { page } = opened;
      await live(page);
      expect(await page.innerText("#summary")).toContain("2 gateways, all current");
      expect(await page.innerText("#in-force")).toContain("alice");

      const { sequence } = await world.revoke({ path: ["identities", "payments"] });
      const change = page.locator(`#changes li[data-key="${sequence}"]`);
      await change.waitFor();
      expect(await change.innerText()).toContain("identities payments");
      expect(await change.innerText()).toContain("Missing: canary-1, edge-1");
      await page.screenshot({ path: join(folder, "publisher-on-its-way.png"), fullPage: true });
      await polled("canary-1", "canary");
      await change.getByText("1 of 2 live gateways").waitFor();
      expect(await change.innerText()).toContain("Missing: edge-1");
      await polled("edge-1", "stable");
      await change.getByText(/Enforced by all 2 live gateways after [0-9.]+\s(?:ms|s)\./).waitFor();
      expect(await page.innerText("#latest")).toMatch(/is enforced by all 2 live gateways, after/);
      expect(await page.innerText("#audit")).toMatch(/soc\s+revoke identities payments: “a test revokes it”/);
      await page.screenshot({ path: join(folder, "publisher-everywhere.png"), fullPage: true });
      await closePage(opened);
    } finally {
      await browser.close();
      await served.close();
      await world.close();
    }
  },
);
