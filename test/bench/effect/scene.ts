/** A publisher and many gateways, each side in processes of its own, and somebody who revokes over the administrative port. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Acknowledged, GatewaysParameters, GatewaysQuestions } from "./gateways.ts";
import { Asking, clock } from "./messages.ts";
import type { Place, PublisherParameters, PublisherQuestions } from "./publisher.ts";
import type { WaitersParameters, WaitersQuestions } from "./waiters.ts";

/** Seconds since 1970: of a token that lives for longer than any measurement. */
const LATER = 1_800_000_000 + 3600;

export interface SceneOptions {
  readonly gateways?: number;
  /** Between which they are shared. */
  readonly processes?: number;
  /** How many more there may be, which only follow. */
  readonly waiters?: number;
  readonly revocationDelay?: number;
}

/** Hundreds of gateways share one heap, which is the measurement's doing: each in its own would collect next to nothing. */
const HEAP = ["--max-semi-space-size=64"];

export class Scene {
  readonly publisher: Asking<PublisherQuestions>;
  readonly groups: readonly Asking<GatewaysQuestions>[];
  readonly place: Place;
  /** Gateways that only follow. */
  readonly #waiters: Asking<WaitersQuestions>[] = [];
  #tokens: string[] = [];

  private constructor(publisher: Asking<PublisherQuestions>, groups: Scene["groups"], place: Place) {
    this.publisher = publisher;
    this.groups = groups;
    this.place = place;
  }

  static async start({ gateways = 0, processes = 1, waiters = 0, revocationDelay }: SceneOptions): Promise<Scene> {
    const parameters: PublisherParameters = {
      gateways: gateways + waiters,
      ...(revocationDelay !== undefined && { revocationDelay }),
    };
    const publisher = await Asking.start<PublisherQuestions>("publisher.ts", parameters);
    const place = await publisher.ask("place", undefined);
    const groups = await Promise.all(
      groupsOf(0, gateways, processes).map((group) =>
        Asking.start<GatewaysQuestions>("gateways.ts", { ...place, ...group } satisfies GatewaysParameters, HEAP),
      ),
    );
    return new Scene(publisher, groups, place);
  }

  async addWaiters(from: number, to: number, processes: number): Promise<void> {
    const started = groupsOf(from, to, processes).map((group) =>
      Asking.start<WaitersQuestions>("waiters.ts", { ...this.place, ...group } satisfies WaitersParameters),
    );
    this.#waiters.push(...(await Promise.all(started)));
  }

  /** Of callers that take turns, so that none of them is beyond its rate. */
  async mint(count: number): Promise<void> {
    this.#tokens = [...(await this.publisher.ask("tokens", { names: ["soc", "soc-2"], count }))];
  }

  /** One call over the administrative port; when it was asked and when it was acknowledged. */
  async revoke(jti: string): Promise<Acknowledged & { readonly asked: number }> {
    const asked = clock();
    const response = await fetch(`${this.place.adminUrl}/v1/revocations`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#tokens.pop()}`,
        "content-type": "application/json",
        "idempotency-key": randomUUID(),
      },
      body: JSON.stringify({ entries: [{ path: ["tokens", "corp", jti], value: LATER }], reason: "a measurement" }),
    });
    const { sequence } = (await response.json()) as { sequence: number };
    if (response.status !== 200) throw new TypeError(`a revocation is answered ${response.status}`);
    return { jti, sequence, asked, at: clock() };
  }

  /** Until so many gateways wait for the next head. */
  async settle(gateways: number): Promise<void> {
    while ((await this.publisher.ask("following", undefined)) < gateways) await sleep(20);
  }

  /** The newest head that anybody has been told of who only follows. */
  async newest(): Promise<number> {
    return Math.max(...(await this.#waves()).map(({ version }) => version));
  }

  /** The first head after this one that all of them have been told of: when the last was, and how long after the first. */
  async wave(waiters: number, before: number): Promise<{ readonly last: number; readonly spread: number }> {
    for (;;) {
      const waves = await this.#waves();
      const version = Math.max(...waves.map((wave) => wave.version));
      const isThere = waves.every((wave) => wave.version === version);
      if (version > before && isThere && waves.reduce((sum, { count }) => sum + count, 0) === waiters) {
        const last = Math.max(...waves.map((wave) => wave.last));
        return { last, spread: last - Math.min(...waves.map((wave) => wave.first)) };
      }
      await sleep(20);
    }
  }

  #waves() {
    return Promise.all(this.#waiters.map((waiters) => waiters.ask("wave", undefined)));
  }

  async lost(): Promise<number> {
    const all = await Promise.all(this.#waiters.map((waiters) => waiters.ask("lost", undefined)));
    return all.reduce((sum, lost) => sum + lost, 0);
  }

  async usage() {
    const [publisher, ...groups] = await Promise.all([
      this.publisher.ask("usage", undefined),
      ...this.groups.map((group) => group.ask("usage", undefined)),
    ]);
    return {
      publisher,
      gateways: {
        processor: groups.reduce((sum, { processor }) => sum + processor, 0),
        received: groups.reduce((sum, { received }) => sum + received, 0),
      },
    };
  }

  async end(): Promise<void> {
    await Promise.all([...this.groups, ...this.#waiters].map((group) => group.end()));
    await this.publisher.end();
  }
}

/** Numbers of gateways, shared between processes. */
function groupsOf(from: number, to: number, processes: number): readonly { from: number; to: number }[] {
  const bound = (index: number) => from + Math.round((index * (to - from)) / processes);
  return Array.from({ length: processes }, (_, index) => ({ from: bound(index), to: bound(index + 1) }));
}
