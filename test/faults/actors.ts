/** Everybody who uses a publisher at once: those who revoke, who release, who read, and the gateways that decide. */
import { randomUUID } from "node:crypto";
import { type LiveGateway, openGateway } from "../../src/client/index.ts";
import type { Random } from "../random.ts";
import { type BadNetwork, badNetwork } from "./bad-network.ts";
import { byIdentity, byToken, delays, identities, nameOf, type Tier, tierNames } from "./estate.ts";
import type { History, Revocation, Revoked } from "./history.ts";
import type { Asking, Outcome, PublisherProcess, Role } from "./publisher.ts";

/** Identities that nobody revokes: 0 is who the tokens are of, 1 decides by itself. */
const spared = 2;

export interface Actor {
  /** Until it is over; a call that is under way is insisted on. */
  run(end: () => boolean): Promise<void>;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Insists on a call past the end too, so that in the end everybody knows what became of it. */
function insist(publisher: PublisherProcess, role: Role, path: string, asking: Asking): Promise<Outcome> {
  const patience = performance.now() + 60_000;
  return publisher.insist(role, path, asking, () => performance.now() > patience);
}

/** Revokes tokens, and identities as long as there are any: each only once, by one call that is made until it is answered. */
export function revokers(publisher: PublisherProcess, history: History, random: Random, count: number): Actor[] {
  const next: Record<Tier, number> = { fast: spared, slow: spared };
  const expires = Math.floor(Date.now() / 1000) + 7200;
  const chosen = (): Revoked[] => {
    const tier = random.pick(tierNames);
    if (random.chance(0.2) && next[tier] < identities)
      return [{ tier, path: ["identities", nameOf(tier, next[tier]++)] }];
    return Array.from({ length: random.int(1, 4) }, () => ({ tier, path: ["tokens", "corp", randomUUID()] }));
  };
  const revoker: Actor = {
    async run(end) {
      while (!end()) {
        const revocation: Revocation = { entries: chosen() };
        history.revocations.push(revocation);
        const entries = revocation.entries.map(({ path }) => ({
          path,
          ...(path[0] === "tokens" && { value: expires }),
        }));
        const outcome = await insist(publisher, "security", "/v1/revocations", {
          body: { entries, reason: "a fault run" },
        });
        if (outcome.is === "done") history.acknowledged(revocation, outcome.body.sequence);
        else history.count(`revocations ${outcome.is === "refused" ? outcome.code : outcome.is}`);
        await pause(random.int(20, 150));
      }
    },
  };
  return Array.from({ length: count }, () => revoker);
}

/** Releases the same policy under higher and higher sequences, and recalls what was before it now and then. */
export function releaser(publisher: PublisherProcess, history: History, random: Random): Actor {
  let sequence = 1;
  return {
    async run(end) {
      while (!end()) {
        await pause(random.int(1000, 3000));
        const late = performance.now() + 30_000;
        const outcome = await publisher.release(++sequence, () => performance.now() > late);
        if (outcome.is !== "done") {
          history.count(`releases ${outcome.is === "refused" ? outcome.code : outcome.is}`);
          continue;
        }
        history.changed(outcome.body.sequence);
        history.count("releases acknowledged");
        if (!random.chance(0.3)) continue;
        const body = { sequence: sequence - 1, reason: "a fault run" };
        const recalled = await insist(publisher, "olga", "/v1/recall", { body });
        if (recalled.is !== "done") continue;
        history.changed(recalled.body.sequence);
        history.floor = { value: sequence, since: performance.now() };
        history.count("recalls acknowledged");
      }
    },
  };
}

/** Reads the head as people do, and as TUF clients do. */
export function reader(publisher: PublisherProcess, history: History, name: string, token?: string): Actor {
  return {
    async run(end) {
      for (; !end(); await pause(30)) {
        const least = history.acknowledgedSize;
        const head = token === undefined ? await readHead(publisher) : await readTimestamp(publisher, token);
        if (!head) continue;
        const { version, at, floor, audit } = head;
        history.saw(name, { version, at, floor, size: audit.size, root: audit.root }, least);
      }
    },
  };
}

interface ReadHead {
  readonly version: number;
  readonly at: number;
  readonly floor: number;
  readonly audit: { readonly size: number; readonly root: string };
}

async function readHead(publisher: PublisherProcess): Promise<ReadHead | undefined> {
  const outcome = await publisher.ask("auditor", "/v1/head", { method: "GET" });
  return outcome.is === "done" ? (outcome.body as unknown as ReadHead) : undefined;
}

async function readTimestamp(publisher: PublisherProcess, token: string): Promise<ReadHead | undefined> {
  try {
    const answer = await fetch(`${publisher.gatewayUrl}/metadata/timestamp.json`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(4000),
    });
    if (!answer.ok) return undefined;
    const { signed } = (await answer.json()) as { signed: { version: number; "x-writ": Omit<ReadHead, "version"> } };
    return { version: signed.version, ...signed["x-writ"] };
  } catch {
    return undefined;
  }
}

/** How many of those that were revoked before are asked about each time. */
const SAMPLE = 15;
const RECENT = 8000;

/** A gateway behind a network and with a wall clock of its own, asked all the time about everybody who must not be allowed. */
export class FaultyGateway implements Actor {
  readonly name: string;
  readonly network: BadNetwork;
  readonly live: LiveGateway;
  readonly wall: { ahead: number };
  readonly #history: History;
  readonly #random: Random;
  readonly #now = Math.floor(Date.now() / 1000);

  private constructor(
    parts: { name: string; network: BadNetwork; live: LiveGateway; wall: { ahead: number } },
    history: History,
    random: Random,
  ) {
    this.name = parts.name;
    this.network = parts.network;
    this.live = parts.live;
    this.wall = parts.wall;
    this.#history = history;
    this.#random = random;
  }

  static async open(
    publisher: PublisherProcess,
    name: string,
    history: History,
    random: Random,
  ): Promise<FaultyGateway> {
    const network = await badNetwork(() => publisher.gatewayPort);
    const wall = { ahead: 0 };
    const live = await openGateway({
      root: publisher.root,
      url: network.url,
      id: name,
      token: await publisher.tokenOf(name),
      environment: { wall: () => Date.now() + wall.ahead * 1000 },
    });
    return new FaultyGateway({ name, network, live, wall }, history, random);
  }

  async run(end: () => boolean): Promise<void> {
    for (; !end(); await pause(60)) this.look();
  }

  look(): void {
    const history = this.#history;
    const { head, policy } = this.live.health();
    if (head) {
      const { version, at, sequence: size } = head;
      history.saw(this.name, { version, at, size, floor: 0, ...(policy && { policy: policy.sequence }) });
    }
    const { due } = history;
    const now = performance.now();
    let recent = due.length;
    while (recent > 0 && now - due[recent - 1]!.since < RECENT) recent--;
    for (const each of due.slice(Math.max(recent, due.length - 200))) this.#ask(each);
    for (let count = 0; count < SAMPLE && due.length > 0; count++) this.#ask(this.#random.pick(due));
    for (const tier of tierNames) this.#control(tier);
  }

  #ask(due: History["due"][number]): void {
    const now = performance.now();
    const { allow } = this.decide(due.revoked);
    this.#history.count("decisions on who is revoked");
    if (allow) this.#history.allowed(`${this.name} (${this.network.weather}, ${this.wall.ahead} s ahead)`, due, now);
  }

  #control(tier: Tier): void {
    const now = performance.now();
    const { allow, reason } = this.live.decide(byIdentity(tier, 1));
    this.#history.count(`decisions on who is not: ${reason}`);
    const { floor } = this.#history;
    const sequence = this.live.health().policy?.sequence ?? 0;
    if (allow && floor && sequence < floor.value && now - floor.since > delays[tier] * 1000)
      this.#history.violated(`${this.name} decides by policy ${sequence} below the floor ${floor.value}`);
  }

  decide({ tier, path }: Revoked) {
    const [list, , jti] = path;
    if (list === "tokens") return this.live.decide(byToken(tier, jti!, this.#now));
    return this.live.decide(byIdentity(tier, Number(path[1]!.split("-")[1])));
  }

  /** Whether it decides as if nothing had ever been wrong. */
  isWell(history: History): boolean {
    return (
      (this.live.health().head?.sequence ?? 0) >= history.acknowledgedSize &&
      tierNames.every((tier) => this.live.decide(byIdentity(tier, 1)).allow)
    );
  }

  async close(): Promise<void> {
    await this.live.close();
    await this.network.close();
  }
}
