/** What a gateway holds on to while policies come and go: the one in use, the next one when it is ready, and the revocations. */
import type { Keys } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { Input, Revocations } from "../model/index.ts";
import { type OpenOptions, openPolicy } from "./open-policy.ts";
import type { GatewayDecision, Policy } from "./policy.ts";
import { HeldRevocations, type RevocationPatch } from "./revocations.ts";

/**
 * Decides by the policy that was loaded last, and refuses every request until there is one.
 *
 * @example
 * const gateway = new Gateway(await readKeys(keyFile));
 * await gateway.load(bundle); // again with each new release, while requests are decided
 * gateway.setRevocations({ at: 1795478390, floor: 0 });
 * const decision = gateway.decide({ time: 1795478400, key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } });
 */
export class Gateway {
  readonly #keys: Keys;
  readonly #options: OpenOptions;
  readonly #revocations = new HeldRevocations();
  #policy: Policy | undefined;

  constructor(keys: Keys, options: OpenOptions = {}) {
    this.#keys = keys;
    this.#options = options;
  }

  /** The policy in use. */
  get policy(): Policy | undefined {
    return this.#policy;
  }

  /**
   * Opens a bundle beside the policy in use, tells it what is known of revocations, and then puts it in place by changing one
   * reference. On any `WritError` the policy in use stays; a lower sequence, and the same of another revision, is `policy-rollback`.
   *
   * @param keys in place of those that the gateway was made with
   */
  async load(bytes: Uint8Array, keys = this.#keys): Promise<void> {
    const policy = await openPolicy(bytes, keys, this.#options);
    // Another one may have been loaded while this one was opened.
    const { sequence: held = 0, revision } = this.#policy ?? {};
    const isOlder = policy.sequence < held || (policy.sequence === held && policy.revision !== revision);
    if (isOlder) throw WritError.of("WRIT9003", { sequence: policy.sequence, held });
    policy.share(this.#revocations);
    this.#policy = policy;
  }

  /** As for a policy. */
  decide(input: Input): GatewayDecision;
  decide(request: Omit<Input, "time">, time: number): GatewayDecision;
  decide(input: Omit<Input, "time">, time?: number): GatewayDecision {
    return this.#policy ? this.#policy.decide(input, time!) : { allow: false, reason: "policy-missing" };
  }

  decideJson(json: string | Uint8Array): GatewayDecision {
    return this.#policy ? this.#policy.decideJson(json) : { allow: false, reason: "policy-missing" };
  }

  /** As for a policy; it counts for those that are loaded later too. */
  setRevocations(document: Revocations): void {
    if (this.#policy) this.#policy.setRevocations(document);
    else this.#revocations.set(document);
  }

  patchRevocations(patch: RevocationPatch): void {
    if (this.#policy) this.#policy.patchRevocations(patch);
    else this.#revocations.patch(patch);
  }
}
