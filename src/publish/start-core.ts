/** From a store and the folder of trust to a core that has signed its first head: everything is read, verified and folded before. */
import { WritError } from "../diagnostics/index.ts";
import { Ledger } from "../store/index.ts";
import { Core, type InForceNow } from "./core.ts";
import { Estate, keyOf } from "./estate.ts";
import { HeadSigner } from "./head-signer.ts";
import type { PublisherOptions } from "./options.ts";
import { Pieces } from "./pieces.ts";
import { factsOf } from "./policy-facts.ts";
import { Refusals } from "./refusals.ts";
import { loadInForce } from "./set-in-force.ts";

export interface Started {
  readonly core: Core;
  readonly signer: HeadSigner;
  readonly pieces: Pieces;
  readonly refusals: Refusals;
}

export async function startCore(options: PublisherOptions): Promise<Started> {
  const { store, now } = options;
  const trust = await options.trust.load();
  const { roots, set, pieces: files } = await loadInForce(store, trust);
  const pieces = Pieces.of(files);
  const estate = new Estate();
  const current: InForceNow = {
    set,
    roots,
    trust,
    pieces: new Map(),
    facts: new Map(),
    looked: Promise.resolve(),
    moved: 0,
  };
  const signer = new HeadSigner({ store, estate, pieces, current, now });
  await signer.fold(store.size, store.head.version);
  estate.forgetExpired(signer.at);
  // A stop may have come between a record and its pieces, so all of both is compared once.
  for (const key of pieces.keys) estate.touched.add(key);
  for (const { path } of estate.revocations.values()) estate.touched.add(keyOf(path));
  const refusals = new Refusals(now);
  store.watch((head) => signer.accept(head));
  const ledger = await Ledger.open(store, (draft) => signer.sign(draft));
  const core = new Core(options, { estate, ledger, current, refusals });
  await refreshFacts(core);
  return { core, signer, pieces, refusals };
}

/** After targets moved. A bundle that can't be read leaves what was known of the one before it. */
export async function refreshFacts({ current, ledger }: Core): Promise<void> {
  const readBlob = async (digest: string) => {
    const bytes = await ledger.store.readBlob(digest);
    if (!bytes) throw WritError.of("WRIT8001", { file: `blobs/${digest}` });
    return bytes;
  };
  try {
    current.facts = await factsOf(current.set.targets, current.facts, readBlob);
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
  }
}
