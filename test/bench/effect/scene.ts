/** A publisher and many gateways, each side in processes of its own, and somebody who revokes over the administrative port. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Acknowledged, GatewaysParameters, GatewaysQuestions } from "./gateways.ts";
import { Asking, clock } from "./messages.ts";
import type { Place, PublisherParameters, PublisherQuestions } from "./publisher.ts";

/** Seconds since 1970: of a token that lives for longer than any measurement. */
const LATER = 1_800_000_000 + 3600;

export class Scene {
  readonly publisher: Asking<PublisherQuestions>;
  readonly groups: readonly Asking<GatewaysQuestions>[];
  readonly place: Place;
  #tokens: string[] = [];

  private constructor(publisher: Asking<PublisherQuestions>, groups: Scene["groups"], place: Place) {
    this.publisher = publisher;
    this.groups = groups;
    this.place = place;
  }

  static async start(gateways: number, processes: number): Promise<Scene> {
    const publisher = await Asking.start<PublisherQuestions>("publisher.ts", { gateways } satisfies PublisherParameters);
    const place = await publisher.ask("place", undefined);
    const bounds = Array.from({ length: processes + 1 }, (_, index) => Math.round((index * gateways) / processes));
    const groups = await Promise.all(
      bounds.slice(1).map((to, index) => {
        const parameters: GatewaysParameters = { ...place, from: bounds[index]!, to };
        return Asking.start<GatewaysQuestions>("gateways.ts", parameters);
      }),
    );
    return new Scene(publisher, groups, place);
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
    await Promise.all(this.groups.map((group) => group.end()));
    await this.publisher.end();
  }
}
