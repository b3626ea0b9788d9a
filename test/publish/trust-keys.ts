/** A folder of trust in memory: keys of every role, a chain of roots, targets; and changed keys, as `writ trust` changes them. */
import type { SignerRole, TrustFiles, TrustSource } from "../../src/publish/index.ts";
import {
  addKey,
  changeDelegation,
  changeRoot,
  keyIdOf,
  makeRoot,
  makeTargets,
  newTrustKeys,
  type RoleKeys,
  readMetadata,
  readTrustSigner,
  removeKey,
  signMetadata,
  type TrustSigner,
} from "../../src/trust/index.ts";

const day = 86_400;

type AnyRole = SignerRole | "root";

export async function newSigner(): Promise<TrustSigner> {
  const { secret } = await newTrustKeys("ed25519");
  return readTrustSigner(Buffer.from(secret), () =>
    Promise.reject(new TypeError("no key of a test is behind a command")),
  );
}

export class TrustKeys implements TrustSource {
  readonly roots: Uint8Array[] = [];
  targets: Uint8Array = new Uint8Array();
  readonly signers: Record<AnyRole, readonly TrustSigner[]>;
  readonly #now: number;

  private constructor(signers: Record<AnyRole, readonly TrustSigner[]>, now: number) {
    this.signers = signers;
    this.#now = now;
  }

  /** Two of three sign roots, one each the rest. */
  static async create(now: number): Promise<TrustKeys> {
    const made = await Promise.all(Array.from({ length: 7 }, newSigner));
    const [timestamp, snapshot, targets, revocations, ...root] = made.map((signer) => [signer]);
    const trust = new TrustKeys(
      {
        timestamp: timestamp!,
        snapshot: snapshot!,
        targets: targets!,
        revocations: revocations!,
        root: root.flat(),
      },
      now,
    );
    const keys = (role: AnyRole, threshold = 1): RoleKeys => ({
      keys: trust.signers[role].map(({ key }) => key),
      threshold,
    });
    const roles = {
      root: keys("root", 2),
      snapshot: keys("snapshot"),
      targets: keys("targets"),
      timestamp: keys("timestamp"),
    };
    const draft = await makeRoot({ version: 1, expires: now + 365 * day }, roles);
    trust.roots.push(await signMetadata(draft, trust.signers.root));
    const delegation = { ...keys("revocations"), name: "revocations", paths: ["revocations/*"] };
    const listed = await makeTargets({ version: 1, expires: now + 30 * day }, [], delegation);
    trust.targets = await signMetadata(listed, trust.signers.targets);
    return trust;
  }

  /** The same keys for another publisher: what changes here changes nothing there. */
  copy(): TrustKeys {
    const copy = new TrustKeys({ ...this.signers }, this.#now);
    copy.roots.push(...this.roots);
    copy.targets = this.targets;
    return copy;
  }

  async load(): Promise<TrustFiles> {
    return { roots: [...this.roots], targets: this.targets, signers: { ...this.signers } };
  }

  /** A new key beside the one that is there: both sign from now on. */
  async add(role: AnyRole): Promise<void> {
    const signer = await newSigner();
    await this.#change(role, [...this.signers[role], signer], (before) => addKey(before, signer.key));
  }

  /** The oldest key of a role goes. */
  async drop(role: AnyRole): Promise<void> {
    const [oldest, ...others] = this.signers[role];
    const id = await keyIdOf(oldest!.key.json);
    await this.#change(role, others, async (before) => (await removeKey(before, id))!);
  }

  async #change(
    role: AnyRole,
    signers: readonly TrustSigner[],
    change: (before: RoleKeys) => Promise<RoleKeys>,
  ): Promise<void> {
    const expires = this.#now + 365 * day;
    if (role === "revocations") {
      const targets = readMetadata("targets.json", "targets", this.targets);
      const draft = await changeDelegation(targets, this.#now + 30 * day, "revocations", change);
      this.targets = await signMetadata(draft, this.signers.targets);
    } else {
      const root = readMetadata("root.json", "root", this.roots.at(-1)!);
      const draft = await changeRoot(root, expires, role, change);
      const added = role === "root" ? signers : [];
      this.roots.push(await signMetadata(draft, [...new Set([...this.signers.root, ...added])]));
    }
    this.signers[role] = signers;
  }
}
