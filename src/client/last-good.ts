/** The policy that was in force last, and the signed list that named it: both outlive a release that can't be used (threat B18). */
import { WritError } from "../diagnostics/index.ts";
import { policyPath, type Ring } from "../protocol/index.ts";
import { fetchTarget, type Metadata, type Source, type Store, type TargetFile, type Targets } from "../trust/index.ts";

/** As far as it reads what was kept. */
export interface Judge {
  readEarlier(bytes: Uint8Array): Promise<Metadata<Targets>>;
}

export class LastGood {
  readonly #store: Store;
  readonly #bundle: string;
  readonly #list: string;
  /** A bundle is looked up here, and kept only once it is in force: otherwise a broken one would take the place of a good one. */
  readonly #cache: Store;

  constructor(store: Store, ring: Ring) {
    this.#store = store;
    this.#bundle = policyPath(ring);
    this.#list = `${this.#bundle}.targets`;
    this.#cache = { read: (name) => store.read(name), write: async () => {}, remove: async () => {} };
  }

  /** The bundle that a target names: what is kept, if it is the same, or from `source`. */
  bundle(target: TargetFile, consistentSnapshot: boolean, source: Source): Promise<Uint8Array> {
    return fetchTarget(target, { source, cache: this.#cache, consistentSnapshot });
  }

  /** It is in force. Stopped between the two, the next start finds it by the newest list, which was kept before. */
  async keep(bytes: Uint8Array, targets: Metadata<Targets>): Promise<void> {
    await this.#store.write(this.#bundle, bytes);
    await this.keepList(targets);
  }

  /** The newest list that names what is in force: it expires last, and is signed by the keys of today. */
  async keepList({ bytes }: Metadata<Targets>): Promise<void> {
    await this.#store.write(this.#list, bytes);
  }

  /**
   * The list that named it, verified as if it had just come.
   *
   * @throws WritError `state-corrupt`
   */
  async list(judge: Judge): Promise<Metadata<Targets> | undefined> {
    const bytes = await this.#store.read(this.#list);
    try {
      return bytes && (await judge.readEarlier(bytes));
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      // Threat F14: it counts as not there.
      throw WritError.of("WRIT9114", { file: this.#list }, error);
    }
  }
}
