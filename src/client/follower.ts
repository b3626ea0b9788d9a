/** Follows the publisher: polls, verifies, brings into force, and says with each poll what is in force. */
import { WritError } from "../diagnostics/index.ts";
import type { Gateway } from "../gateway/index.ts";
import { type Held, readRevocations, writeRevocations } from "../protocol/index.ts";
import {
  delegatedRole,
  fetchTarget,
  type Metadata,
  type Source,
  type Store,
  type Targets,
  TrustClient,
  type TrustedSet,
  type WritHead,
} from "../trust/index.ts";
import { backOff, FIRST_CONNECT, longestWait } from "./back-off.ts";
import { digestOf } from "./digest.ts";
import { type Environment, sleep } from "./environment.ts";
import type { GatewayClock, Receipt } from "./gateway-clock.ts";
import { asWritError, type PolicyLoader } from "./policy-loader.ts";
import type { Problems } from "./problems.ts";
import type { PublisherAddress } from "./publisher-address.ts";
import { type Piece, RevocationList } from "./revocation-list.ts";

/** Seconds for which a poll waits at most; with a policy, half of the time after which its first tier is stale. */
const LONGEST_POLL = 30;
/** Changes that are told one by one; more are told as a whole. */
const MOST_CHANGES = 512;
/** Milliseconds for which two heads of one version are shown, whatever comes after them. */
const CONFLICT_SHOWN = 3_600_000;
/** Bytes. */
const LARGEST_PIECE = 1024 * 1024;
const OMITTED = "omitted";

interface FollowerOptions {
  readonly root: Uint8Array;
  /** The version in it. */
  readonly pinned: number;
  readonly addresses: readonly PublisherAddress[];
  readonly environment: Environment;
  readonly clock: GatewayClock;
  readonly store: Store;
  readonly problems: Problems;
  readonly closed: AbortSignal;
  readonly gateway: () => Gateway;
  /** Puts an empty gateway in the place of the one that holds what a new root made us forget. */
  readonly startOver: () => Promise<void>;
  readonly loader: PolicyLoader;
  readonly onHead: () => void;
  /** Something is in force that was not before. */
  readonly onChange: () => void;
}

/** What decisions are made by. */
export interface InForce {
  readonly set: TrustedSet;
  readonly head: WritHead;
  readonly revocations: number;
  /** SHA-256 of `timestamp.json`. */
  readonly digest: string;
}

export class Follower {
  readonly #options: FollowerOptions;
  readonly #trust: TrustClient;
  /** Where the files of the next refresh come from. */
  readonly #place: { source: Source };
  readonly #list = new RevocationList();
  #inForce: InForce | undefined;
  /** The newest version whose age is counted. */
  #heard = 0;
  /** Whether the engine holds all of the list. */
  #told = false;
  #turn = 0;

  private constructor(options: FollowerOptions, trust: TrustClient, place: { source: Source }) {
    this.#options = options;
    this.#trust = trust;
    this.#place = place;
  }

  /** Brings into force what was kept; nothing is fetched. */
  static async open(options: FollowerOptions): Promise<Follower> {
    const { root, store, clock, problems } = options;
    const place: { source: Source } = { source: nowhere };
    const source: Source = (file, limit) => place.source(file, limit);
    const trust = await TrustClient.open({ root, store, source, now: () => clock.metadataSeconds() });
    // Threat F14: it counts as not there, and somebody should know.
    for (const problem of trust.problems) problems.set("state", problem);
    const follower = new Follower(options, trust, place);
    await follower.#restore();
    return follower;
  }

  get inForce(): InForce | undefined {
    return this.#told ? this.#inForce : undefined;
  }

  get address(): PublisherAddress {
    return this.addressAfter(0);
  }

  /** Another one after each failure. */
  addressAfter(failures: number): PublisherAddress {
    const { addresses } = this.#options;
    return addresses[(this.#turn + failures) % addresses.length]!;
  }

  /** Until the gateway is closed. */
  async follow(): Promise<void> {
    const { environment, closed, problems, addresses } = this.#options;
    await sleep(environment, environment.random() * FIRST_CONNECT, closed);
    for (let failures = 0; !closed.aborted; ) {
      const { address } = this;
      const started = environment.monotonic();
      const wait = this.#patience();
      try {
        const answer = await this.#poll(address, wait);
        if (answer === "news") {
          failures = 0;
          problems.clear("state");
          this.#judge(address, wait);
          continue;
        }
        // One that has nothing to say may have been told to, or be cut off itself (threats F04, F27).
        if (answer === "nothing" || failures > 0)
          problems.set(address.url, WritError.of("WRIT9303", { address: address.url, seconds: wait }), {
            address: address.url,
          });
        // Before its time: when it ends it says so to all who wait, and they must not come back together.
        address.trouble = { lost: environment.monotonic() - started < wait * 1000 };
      } catch (error) {
        if (closed.aborted) return;
        problems.set(address.url, asWritError(error, "the next head"), { address: address.url });
      }
      const { trouble } = address;
      this.#turn++;
      failures++;
      // Another address is asked at once, unless a thousand gateways lost the last one together.
      if (failures >= addresses.length || trouble.lost) await this.#waitAfter(failures - 1, trouble);
    }
  }

  /** New heads that come late are the slow way to freeze a gateway: another address may be faster. */
  #judge({ url }: PublisherAddress, patience: number): void {
    const { addresses, clock, problems } = this.#options;
    const age = clock.age ?? 0;
    if (age <= patience || addresses.length === 1) {
      problems.clear(url);
      return;
    }
    problems.set(url, WritError.of("WRIT9302", { seconds: age }), { address: url });
    this.#turn++;
  }

  #waitAfter(before: number, trouble: PublisherAddress["trouble"]): Promise<void> {
    const { environment, closed, loader } = this.#options;
    const wait = backOff({ before, ...trouble }, longestWait(loader.smallestDelay), environment.random);
    return sleep(environment, wait, closed);
  }

  /** Whole seconds. The heartbeat comes at least five times within the smallest delay, so half of it is silence. */
  #patience(): number {
    const delay = this.#options.loader.smallestDelay ?? Number.POSITIVE_INFINITY;
    return Math.max(1, Math.min(LONGEST_POLL, Math.floor(delay / 2)));
  }

  async #poll(address: PublisherAddress, wait: number): Promise<"news" | "nothing" | "nothing new"> {
    const { clock, problems, environment } = this.#options;
    const asked = environment.monotonic();
    const answer = await address.poll(this.held, wait);
    if (!answer) return "nothing";
    const receipt = clock.receipt(asked);
    this.#place.source = address.metadataSource(answer);
    const { set, conflict } = await this.#trust.refresh();
    if (conflict) {
      // Threat D13: somebody has to know, even if all is well again.
      problems.set("conflict", conflict, { address: address.url });
      environment.after(CONFLICT_SHOWN, () => problems.clear("conflict"));
    }
    const before = this.inForce?.set.timestamp.signed.version;
    await this.#bringIntoForce(set, address, answer, receipt);
    return this.inForce?.set.timestamp.signed.version === before ? "nothing new" : "news";
  }

  /** What a poll says. */
  get held(): Held {
    const { pinned, gateway } = this.#options;
    const set = this.inForce?.set;
    return {
      root: this.#trust.current?.root.signed.version ?? pinned,
      timestamp: set?.timestamp.signed.version ?? 0,
      snapshot: set?.snapshot.signed.version ?? 0,
      targets: set?.targets.signed.version ?? 0,
      revocations: this.inForce?.revocations ?? 0,
      enforced: this.inForce?.head.audit.size ?? 0,
      policy: gateway().policy?.sequence ?? 0,
    };
  }

  async #restore(): Promise<void> {
    const { store, clock, loader } = this.#options;
    const set = this.#trust.current;
    const omitted = await store.read(OMITTED);
    await loader.restore(this.#trust);
    try {
      if (omitted) this.#list.remember(readRevocations(omitted));
      if (set) await this.#bringIntoForce(set, undefined, new Map(), clock.receipt());
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      // What is missing or damaged comes from the publisher; until then nothing is allowed.
    }
  }

  /** @param address nothing where only what was kept can be used */
  async #bringIntoForce(
    set: TrustedSet,
    address: PublisherAddress | undefined,
    answer: ReadonlyMap<string, Uint8Array>,
    receipt: Receipt,
  ): Promise<void> {
    const { clock, loader, startOver, onHead, onChange } = this.#options;
    const head = set.timestamp.signed.writ;
    if (!head) throw WritError.of("WRIT9101", { file: "timestamp.json", place: "signed.x-writ" });
    const role = await delegatedRole(this.#trust, "revocations");
    const pieces = await this.#pieces(set, role, (digest) => address?.blobSource(digest, answer) ?? nowhere);
    const digest = await digestOf(set.timestamp.bytes);
    if (this.#inForce && goesBack(this.#inForce.head, head)) {
      // Only a new root, which forgets what a stolen key said, leads here (TUF §5.3.11).
      await startOver();
      this.#told = false;
      await loader.restore(this.#trust);
    }
    const { version } = set.timestamp.signed;
    const isNew = version > this.#heard || clock.isDisowned;
    const before = this.#list.paths;
    let isNews = false;
    if (address ? isNew || this.#told : clock.knowsAgeOf(head.at)) {
      isNews = this.#tell(pieces, head);
      if (isNew) clock.heard(head.at, receipt);
    } else this.#list.replace(pieces, clock.seconds());
    this.#heard = version;
    this.#inForce = { set, head, revocations: role.signed.version, digest };
    onHead();
    if (isNews) onChange();
    if (address) loader.consider(set);
    await this.#forgetPieces(before);
    await this.#keepOmitted();
  }

  /** INVARIANT: no `at` is told without all that was revoked then. */
  #tell(pieces: ReadonlyMap<string, Piece>, { at, floor, audit }: WritHead): boolean {
    const { clock, gateway } = this.#options;
    const change = this.#list.replace(pieces, clock.seconds());
    const heads = { sequence: audit.size, at, floor };
    const changes = change.add.length + change.remove.length;
    const isWhole = !this.#told || changes > MOST_CHANGES;
    const isNews = isWhole || changes > 0 || this.#inForce?.head.floor !== floor;
    this.#told = false;
    if (isWhole) gateway().setRevocations({ ...heads, ...this.#list.document() });
    else gateway().patchRevocations({ ...heads, ...change });
    this.#told = true;
    return isNews;
  }

  /** Pieces that are in the list no more. */
  async #forgetPieces(before: readonly string[]): Promise<void> {
    const { store } = this.#options;
    const { paths } = this.#list;
    for (const path of before) if (!paths.includes(path)) await store.remove(path);
  }

  async #pieces(
    { root }: TrustedSet,
    role: Metadata<Targets>,
    source: (digest: string) => Source,
  ): Promise<ReadonlyMap<string, Piece>> {
    const { store } = this.#options;
    const { consistentSnapshot } = root.signed;
    const pieces = new Map<string, Piece>();
    for (const [path, target] of role.signed.targets) {
      const digest = target.hashes.get("sha256") ?? "";
      const held = this.#list.piece(path, digest);
      if (held) {
        pieces.set(path, held);
        continue;
      }
      const options = { source: source(digest), cache: store, consistentSnapshot, limit: LARGEST_PIECE };
      const bytes = await fetchTarget(target, options);
      pieces.set(path, { digest, entries: readRevocations(bytes) });
    }
    return pieces;
  }

  /** As they were kept: one may go in the moment in which another one comes. */
  #omittedKept = "[]";

  async #keepOmitted(): Promise<void> {
    const { omitted } = this.#list;
    const kept = JSON.stringify(omitted);
    if (kept === this.#omittedKept) return;
    this.#omittedKept = kept;
    const { store } = this.#options;
    if (omitted.length > 0) await store.write(OMITTED, writeRevocations(omitted));
    else await store.remove(OMITTED);
  }
}

const nowhere: Source = async () => undefined;

function goesBack(held: WritHead, next: WritHead): boolean {
  return next.at < held.at || next.floor < held.floor || next.audit.size < held.audit.size;
}
