/** The rehearsal of threat R05: every key there is, changed by the commands that people use, while gateways run and decide. */
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newKeys } from "../../src/bundle/index.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { run } from "../../src/cli/program.ts";
import { type LiveGateway, openGateway } from "../../src/client/index.ts";
import { folderStore } from "../../src/client/node.ts";
import { type BadNetwork, badNetwork } from "./bad-network.ts";
import { byIdentity, type Delays } from "./estate.ts";
import { PublisherProcess } from "./publisher.ts";

/** Long enough that a machine that does ten other things denies nobody as stale. */
const unhurried: Delays = { fast: 20, slow: 60 };
/** Milliseconds between two rounds of decisions of all gateways, and for each step of the rehearsal. */
const TURN = 100;
const PATIENCE = 30_000;

export const rotatedRoles = ["timestamp", "snapshot", "targets", "revocations", "root"] as const;

export interface RotationReport {
  readonly decisions: number;
  /** Why somebody was denied who should not have been. */
  readonly denials: readonly string[];
  /** What gateways complained of on the way. */
  readonly passing: readonly string[];
  readonly roots: number;
  /** Key ids that signed at first and sign nothing any more. */
  readonly retired: number;
  readonly publisherStarts: number;
  /** What gateways complain of in the end, and what commands failed. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

export async function rehearse(count: number): Promise<RotationReport> {
  const began = performance.now();
  const names = Array.from({ length: count }, (_, number) => `edge-${number}`);
  const publisher = await PublisherProcess.create([...names, "away"]);
  const gateways: LiveGateway[] = [];
  /** One each, so that each has an address of its own. */
  const networks: BadNetwork[] = [];
  const denials: string[] = [];
  const problems: string[] = [];
  const passing = new Set<string>();
  let decisions = 0;
  let retired = 0;
  let isOver = false;
  let sequence = 0;

  const open = async (name: string) => {
    const network = await badNetwork(() => publisher.gatewayPort, `127.0.1.${1 + networks.length}`);
    networks.push(network);
    return openGateway({
      root: publisher.root,
      url: network.url,
      id: name,
      token: await publisher.tokenOf(name),
      ...(name === "away" && { store: folderStore(join(publisher.folder, "away")) }),
    });
  };
  const release = async () => {
    const released = await publisher.release(++sequence, () => true, unhurried);
    if (released.is !== "done") problems.push(`release ${sequence}: ${JSON.stringify(released)}`);
  };
  const writ = async (...argv: string[]) => {
    let said = "";
    const note = (text: string) => {
      said += text;
    };
    const host = { ...nodeHost(), print: note, complain: note };
    const environment = {
      ...process.env,
      WRIT_PUBLISHER: publisher.adminUrl,
      WRIT_TOKEN: await publisher.accessToken("olga"),
    };
    const exit = await run(argv, { ...host, environment });
    if (exit !== 0) problems.push(`writ ${argv.join(" ")}: ${said}`);
  };
  const trust = join(publisher.folder, "trust");
  /** Until each gateway has taken over what was said last. */
  const reload = async () => {
    await writ("reload");
    const revoked = await publisher.ask("security", "/v1/revocations", {
      body: { entries: [{ path: ["owners", `nobody-${performance.now()}@example.com`] }], reason: "a rehearsal" },
    });
    const change = revoked.is === "done" ? revoked.body.sequence : 0;
    if (change === 0) problems.push(`nothing could be revoked: ${JSON.stringify(revoked)}`);
    const late = performance.now() + PATIENCE;
    while (gateways.some((gateway) => (gateway.health().head?.sequence ?? 0) < change)) {
      if (performance.now() > late) {
        problems.push(`a gateway is behind: ${JSON.stringify(gateways.map((gateway) => gateway.health().problems))}`);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, TURN));
    }
  };
  const keysOf = async (role: string) =>
    (await readdir(join(trust, "keys"))).filter((name) => name.startsWith(`${role}-`)).toSorted();

  try {
    await publisher.start();
    await release();
    // Without a policy no gateway is ever ready.
    if (problems.length > 0) throw new TypeError(problems.join());
    const away = await open("away");
    for (const name of names) gateways.push(await open(name));
    await Promise.all([away, ...gateways].map((gateway) => gateway.ready()));
    await away.close();
    const deciding = (async () => {
      while (!isOver) {
        for (const [index, gateway] of gateways.entries()) {
          const { allow, reason } = gateway.decide(byIdentity(decisions % 2 === 0 ? "fast" : "slow", 1));
          decisions++;
          for (const { code, message } of gateway.health().problems) passing.add(`${code} ${message}`);
          if (!allow) denials.push(`${names[index]}: ${reason}, ${JSON.stringify(gateway.health())}`);
          if (index % 20 === 19) await new Promise((resolve) => setImmediate(resolve));
        }
        await new Promise((resolve) => setTimeout(resolve, TURN));
      }
    })();

    for (const role of rotatedRoles) {
      for (const old of await keysOf(role)) {
        const before = await keysOf(role);
        await writ("trust", "add-key", role, trust);
        const added = (await keysOf(role)).find((name) => !before.includes(name))!;
        await reload();
        const from = old.slice(role.length + 1, role.length + 9);
        await writ("trust", "rotate", role, trust, "--from", from, "--to", join(trust, "keys", added));
        await reload();
        retired++;
      }
      await release();
    }
    for (const change of bundleKeyChanges(publisher.folder)) {
      await change();
      await reload();
      await release();
    }
    retired++;
    await reload();
    isOver = true;
    await deciding;
    gateways.push(await open("away"));
    const end = performance.now() + PATIENCE;
    while (gateways.some((gateway) => gateway.health().policy?.sequence !== sequence) && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, TURN));
    for (const [index, gateway] of gateways.entries()) {
      const name = names[index] ?? "away";
      const health = gateway.health();
      for (const { code, message } of health.problems) problems.push(`${name}: ${code} ${message}`);
      if (health.policy?.sequence !== sequence) problems.push(`${name} decides by policy ${health.policy?.sequence}`);
      if (!gateway.decide(byIdentity("fast", 1)).allow) problems.push(`${name} denies in the end`);
    }
    const roots = (await readdir(join(trust, "metadata"))).filter((name) => name.endsWith(".root.json")).length;
    problems.push(...publisher.complaints);
    const seconds = Math.round((performance.now() - began) / 1000);
    return {
      decisions,
      denials,
      passing: [...passing],
      roots,
      retired,
      publisherStarts: publisher.starts,
      problems,
      seconds,
    };
  } finally {
    isOver = true;
    for (const gateway of gateways) await gateway.close();
    for (const network of networks) await network.close();
    await publisher.remove();
  }
}

/** The ES256 key by which bundles are signed: the new one beside the old one, then signed by it, then without the old one. */
function bundleKeyChanges(folder: string): readonly (() => Promise<void>)[] {
  const secret = join(folder, "keys/bundles.key.json");
  const file = join(folder, "keys/bundles.keys.json");
  const fresh = newKeys({ kid: "bundles-2" });
  return [
    async () => {
      const held = JSON.parse(await readFile(file, "utf8")) as readonly object[];
      const added = JSON.parse((await fresh).publicKeys) as readonly object[];
      await writeFile(file, JSON.stringify([...held, ...added]));
    },
    async () => {
      await copyFile(secret, `${secret}.old`);
      await writeFile(secret, (await fresh).privateKey);
    },
    async () => writeFile(file, (await fresh).publicKeys),
  ];
}
