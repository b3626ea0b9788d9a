/** What a stock OPA asks with and what it sends, in the configuration that we give it: tokens, status, decisions; and discovery. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpaConfigOptions, opaConfig, opaDiscovery } from "../../src/bundle/index.ts";
import { OTHER, RELEASE } from "../bundle/forge.ts";
import { opa, withOpa } from "../opa.ts";
import { discoveryBundle, emission, looseBundle, NOW, policyBundle, revocationsBundle } from "./estate.ts";
import { eventually, temporaryFolder } from "./stock-opa.ts";
import { keys, POLICY, REVOCATIONS, World } from "./world.ts";

const DISCOVERY = "bundles/discovery.tar.gz";
const revoked = { at: NOW, floor: 1, tokens: { corp: { "token-1": NOW + 600 } } };

describe.skipIf(opa === undefined)(withOpa("a stock OPA that reports"), () => {
  const token = temporaryFolder();
  const tokenPath = join(token.path, "token");
  let world: World;
  beforeEach(async () => {
    writeFileSync(tokenPath, "first");
    world = await World.begin({
      options: { tokenPath, decisionLogs: true, longPolling: 1 },
      // The documented 5 to 30 seconds are long for a test.
      config: (text) =>
        text.replace("min_delay_seconds: 5", "min_delay_seconds: 1").replace("seconds: 30", "seconds: 1"),
    });
  });
  afterEach(() => world.end());

  test("asks for whole bundles or deltas, names how long it waits, and asks again when that is over", async () => {
    const asked = await eventually(
      () => world.server.requests(REVOCATIONS),
      (requests) => requests.length > 2,
    );
    expect(asked.slice(0, 3).map(({ prefer }) => prefer)).toEqual(Array(3).fill("modes=snapshot,delta;wait=1"));
  });

  test("shows the token of the file, and the new one once there is one, without a restart", async () => {
    expect(new Set(world.server.requests(POLICY).map((asked) => asked.authorization))).toEqual(
      new Set(["Bearer first"]),
    );
    writeFileSync(tokenPath, "second");
    const asked = await eventually(
      () => world.server.requests(POLICY).at(-1),
      (last) => last?.authorization === "Bearer second",
    );
    expect(asked?.authorization).toBe("Bearer second");
  });

  test("says which policy is in force, and why the next one is not", async () => {
    const { revision } = (await world.decide("own"))!;
    const active = await eventually(
      () => world.server.said("policy"),
      (said) => said?.active_revision === revision,
    );
    expect(active).toMatchObject({ active_revision: revision });
    expect(active?.code).toBeUndefined();
    await world.server.serve(POLICY, await looseBundle(emission(900)));
    const refused = await eventually(
      () => world.server.said("policy"),
      (said) => said?.code !== undefined,
    );
    expect(refused).toMatchObject({ active_revision: revision, code: "bundle_error" });
    await world.recovers();
  });

  test("sends each decision, and again where that failed: `decision_id` tells", async () => {
    world.server.failingUploads = 1;
    const revision = (await world.decide("own"))!.revision;
    await world.decide("other");
    const sent = await eventually(
      () => world.server.decisions.filter(({ path }) => path === "writ/decision"),
      (events) => new Set(events.map((event) => event.decision_id)).size < events.length,
    );
    const ids = sent.map((event) => event.decision_id);
    expect(new Set(ids).size).toBeLessThan(ids.length);
    const refusal = await eventually(
      () => world.server.decisions.find(({ result }) => (result as { reason?: string })?.reason === "condition"),
      (event) => event !== undefined,
    );
    expect(refusal).toMatchObject({
      bundles: { policy: { revision }, revocations: { revision: "revocations" } },
      result: { allow: false, reason: "condition", revision },
      input: { request: { method: "POST" } },
    });
    // A 204 is enough: OPA says of the upload that it is fine now, and does not send the same again.
    const said = await eventually(
      () => world.server.statuses.at(-1)?.decision_logs,
      (status) => status !== undefined && status.code === undefined,
    );
    expect(said).toEqual({});
    // A decision tells who called what; it holds no credential that could be used again.
    expect(JSON.stringify(sent)).not.toMatch(/Bearer|eyJ/);
  });

  test("enforces a revocation, and its end", async () => {
    await world.server.serve(REVOCATIONS, await revocationsBundle(revoked));
    expect(await world.reason()).toBe("revoked");
    await world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    expect(await world.reason()).toBe("granted");
  });
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA that is configured by discovery"), () => {
  const [release, other] = [keys.get(RELEASE.kid)!, keys.get(OTHER.kid)!];
  let world: World;
  let options: OpaConfigOptions;

  /** OTHER signs the configuration; RELEASE the policy and the revocations, at first. */
  beforeEach(async () => {
    world = new World({ options: { policyKey: release, revocationsKey: release, discoveryKey: other } });
    await world.server.start();
    options = { url: world.server.url, policyKey: release, revocationsKey: release, discoveryKey: other };
    world.server.serve(POLICY, await policyBundle(7));
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }, RELEASE));
  });
  afterEach(() => world.end());

  test("loads what the configuration names, and nothing of one that is unsigned or signed by another", async () => {
    const artefacts = await opaDiscovery(options);
    const configured = world.server.serve(DISCOVERY, await discoveryBundle(artefacts, RELEASE));
    await world.startOpa();
    expect(await configured).toBe("refused");
    expect(world.server.requests(POLICY)).toEqual([]);
    expect(await world.server.serve(DISCOVERY, await discoveryBundle(artefacts))).toBe("refused");
    expect(world.server.requests(POLICY)).toEqual([]);
    expect(await world.server.serve(DISCOVERY, await discoveryBundle(artefacts, OTHER))).toBe("activated");
    await world.recovers();
    const said = await eventually(
      () => world.server.statuses.at(-1)?.discovery,
      (status) => status !== undefined,
    );
    expect(said?.code).toBeUndefined();
  });

  test("takes a new key for policies without a restart, and from then on refuses the old one", async () => {
    world.server.serve(DISCOVERY, await discoveryBundle(await opaDiscovery(options), OTHER));
    await world.startOpa();
    await world.recovers();
    // For the sake of the test the new key of policies is the one of the configuration.
    const policyResource = "bundles/policy-2.tar.gz";
    world.server.serve(policyResource, await policyBundle(30, { key: OTHER }));
    const next = await opaDiscovery({ ...options, policyKey: other, policyResource });
    await world.server.serve(DISCOVERY, await discoveryBundle(next, OTHER));
    const revision = emission(30).policy.revision;
    const decision = await eventually(
      () => world.decide("own"),
      (decided) => decided?.revision === revision,
    );
    expect(decision).toMatchObject({ reason: "granted", revision });
    expect(await world.server.serve(policyResource, await policyBundle(900, { open: true }))).toBe("refused");
    expect(await world.reason("other")).toBe("condition");
  });

  test("starts by what it kept where nobody answers", async () => {
    world.server.serve(DISCOVERY, await discoveryBundle(await opaDiscovery(options), OTHER));
    await world.startOpa();
    await world.recovers();
    await world.opa.stop();
    await world.server.stop();
    await world.startOpa();
    expect(
      await eventually(
        () => world.reason(),
        (reason) => reason === "granted",
      ),
    ).toBe("granted");
    await world.server.start();
    await world.recovers();
  });

  test("is told no key and no bundle but the discovery's by the file", async () => {
    expect(await opaConfig(options)).not.toContain(RELEASE.kid);
  });
});
