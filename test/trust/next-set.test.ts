/** A publisher's work over time: heartbeats, policies, revocations, new keys; a gateway follows each step. */
import { describe, expect, test } from "vitest";
import {
  changeDelegation,
  changeRoot,
  delegatedRole,
  filesOf,
  lifetimes,
  makeTargets,
  type NewTarget,
  nextSet,
  type PublishedSet,
  type PublisherKeys,
  readMetadata,
  readPinnedRoot,
  type SetChange,
  signMetadata,
  TrustClient,
  updateRoot,
  type WholeSet,
} from "../../src/trust/index.ts";
import { reasonOf } from "./refused.ts";
import { mapStore, now, Repository, strangers, utf8 } from "./repository.ts";

class Publisher {
  readonly files = new Map<string, Uint8Array>();
  readonly repository: Repository;
  set: PublishedSet;
  keys: PublisherKeys;
  head = { at: now, floor: 0, audit: { size: 0, root: "00".repeat(32) } };
  time = now;
  version = 0;

  constructor(repository: Repository, set: PublishedSet) {
    this.repository = repository;
    this.set = set;
    const { revocations, snapshot, timestamp } = repository.signers;
    this.keys = { revocations, snapshot, timestamp };
  }

  static async create(): Promise<Publisher> {
    const repository = await Repository.create();
    const root = await readPinnedRoot(repository.latest("root"));
    return new Publisher(repository, {
      root,
      targets: readMetadata("targets.json", "targets", repository.latest("targets")),
    });
  }

  /** The names of the files that are new. */
  async next(change: Partial<SetChange> = {}): Promise<readonly string[]> {
    const head = { ...this.head, at: this.time };
    const next = await nextSet(this.set, { version: ++this.version, now: this.time, head, ...change }, this.keys);
    const before = filesOf(this.set);
    const fresh = [...filesOf(next)].filter(([name, bytes]) => before.get(name) !== bytes);
    for (const [name, bytes] of fresh) this.files.set(name, bytes);
    this.set = next;
    return fresh.map(([name]) => name).sort();
  }

  targets(version: number, targets: readonly NewTarget[], by = this.repository.signers.targets) {
    const [key] = this.repository.signers.revocations;
    const delegation = { name: "revocations", paths: ["revocations/*"], keys: [key!.key], threshold: 1 };
    return makeTargets({ version, expires: this.time + lifetimes.targets }, targets, delegation)
      .then((draft) => signMetadata(draft, by))
      .then((bytes) => readMetadata("targets.json", "targets", bytes));
  }

  async gateway(): Promise<TrustClient> {
    this.files.set("1.targets.json", this.repository.files.get("1.targets.json")!);
    const source = async (file: string, limit: number) => this.files.get(file)?.subarray(0, limit + 1);
    const root = this.repository.files.get("1.root.json")!;
    return TrustClient.open({ root, source, store: mapStore(), now: () => this.time });
  }
}

const list = (text: string): NewTarget => ({ path: "revocations/list.json", bytes: utf8(text) });

describe("what a publisher brings into force", () => {
  test("a heartbeat is one file; a revocation three; a policy three", async () => {
    const publisher = await Publisher.create();
    expect(await publisher.next()).toEqual(["1.revocations.json", "1.snapshot.json", "timestamp.json"]);
    const gateway = await publisher.gateway();
    await gateway.refresh();

    publisher.time += 12;
    expect(await publisher.next()).toEqual(["timestamp.json"]);
    expect((await gateway.refresh()).set.timestamp.signed.writ?.at).toBe(now + 12);

    expect(await publisher.next({ revocations: [list("{}")] })).toEqual([
      "2.revocations.json",
      "2.snapshot.json",
      "timestamp.json",
    ]);
    await gateway.refresh();
    expect([...(await delegatedRole(gateway, "revocations")).signed.targets.keys()]).toEqual(["revocations/list.json"]);

    const targets = await publisher.targets(2, [{ path: "policy/bundle.tar.gz", bytes: utf8("policy 2") }]);
    publisher.files.set("2.targets.json", targets.bytes);
    expect(await publisher.next({ targets })).toEqual(["2.targets.json", "3.snapshot.json", "timestamp.json"]);
    expect((await gateway.refresh()).set.targets.signed.version).toBe(2);
  });

  test("files are signed anew once half of their time is over, with all that they say", async () => {
    const publisher = await Publisher.create();
    await publisher.next({ revocations: [list("{}")] });
    publisher.time += lifetimes.snapshot / 2;
    expect(await publisher.next()).toEqual(["timestamp.json"]);
    publisher.time += 1;
    expect(await publisher.next()).toEqual(["2.revocations.json", "2.snapshot.json", "timestamp.json"]);
    const { revocations } = publisher.set as WholeSet;
    expect([...revocations.signed.targets.values()]).toMatchObject([{ path: "revocations/list.json", length: 2 }]);
    expect(revocations.signed.expires).toBe(publisher.time + lifetimes.revocations);
  });

  test("R05 new keys: what they have to sign is signed anew, and the gateway follows", async () => {
    const publisher = await Publisher.create();
    const { repository } = publisher;
    await publisher.next();
    const gateway = await publisher.gateway();
    await gateway.refresh();

    const fresh = strangers[0]!;
    const draft = await changeRoot(publisher.set.root, now + lifetimes.root, "snapshot", () => ({
      keys: [fresh.key],
      threshold: 1,
    }));
    const root = await updateRoot(publisher.set.root, await signMetadata(draft, repository.signers.root));
    publisher.keys = { ...publisher.keys, snapshot: [fresh] };
    expect(await publisher.next({ root })).toEqual(["2.root.json", "2.snapshot.json", "timestamp.json"]);
    expect((await gateway.refresh()).set.root.signed.version).toBe(2);

    const change = await changeDelegation(publisher.set.targets, now + lifetimes.targets, "revocations", () => ({
      keys: [strangers[1]!.key],
      threshold: 1,
    }));
    const targets = readMetadata("targets.json", "targets", await signMetadata(change, repository.signers.targets));
    publisher.keys = { ...publisher.keys, revocations: [strangers[1]!] };
    expect(await publisher.next({ targets })).toEqual([
      "2.revocations.json",
      "2.targets.json",
      "3.snapshot.json",
      "timestamp.json",
    ]);
    await gateway.refresh();
    expect((await delegatedRole(gateway, "revocations")).signed.version).toBe(2);
  });

  test("the same set, change and keys give the same bytes", async () => {
    const publisher = await Publisher.create();
    const change: SetChange = { version: 1, now, head: publisher.head, revocations: [list("{}")] };
    const [one, two] = [
      await nextSet(publisher.set, change, publisher.keys),
      await nextSet(publisher.set, change, publisher.keys),
    ];
    expect(filesOf(two)).toEqual(filesOf(one));
  });
});

describe("what a gateway would refuse is never brought into force", () => {
  async function refused(change: (publisher: Publisher) => Promise<Partial<SetChange>> | Partial<SetChange>) {
    const publisher = await Publisher.create();
    await publisher.next();
    await publisher.next();
    const [set, files] = [publisher.set, new Map(publisher.files)];
    const reason = await reasonOf(Promise.resolve(change(publisher)).then((made) => publisher.next(made)));
    expect(publisher.set).toBe(set);
    expect(publisher.files).toEqual(files);
    return reason;
  }

  test("F24 a clock that goes back, a version that is given twice, a floor that falls", async () => {
    expect(await refused(({ head }) => ({ head: { ...head, at: now - 3600 } }))).toBe("metadata-rollback");
    expect(await refused(() => ({ version: 1 }))).toBe("metadata-rollback");
    expect(await refused(({ head }) => ({ head: { ...head, audit: { size: 0, root: "11".repeat(32) } } }))).toBe(
      "audit-rollback",
    );
  });

  test("targets that go back", async () => {
    const publisher = await Publisher.create();
    await publisher.next({ targets: await publisher.targets(5, []) });
    const { set } = publisher;
    const targets = await publisher.targets(4, []);
    expect(await reasonOf(publisher.next({ targets }))).toBe("metadata-rollback");
    expect(publisher.set).toBe(set);
  });

  test("targets signed by another key, expired ones, ones without the delegation", async () => {
    expect(await refused((publisher) => publisher.targets(2, [], strangers).then((targets) => ({ targets })))).toBe(
      "signature-key-unknown",
    );
    expect(
      await refused(async (publisher) => {
        const targets = await publisher.targets(2, []);
        publisher.time = now + lifetimes.targets + 1;
        return { targets };
      }),
    ).toBe("metadata-expired");
    expect(
      await refused(async ({ repository }) => {
        const draft = await makeTargets({ version: 2, expires: now + 10 }, []);
        const bytes = await signMetadata(draft, repository.signers.targets);
        return { targets: readMetadata("targets.json", "targets", bytes) };
      }),
    ).toBe("metadata-malformed");
  });

  test("T08 T19 revocations beyond their paths, or signed by a key of somebody else", async () => {
    expect(await refused(() => ({ revocations: [{ path: "policy/x", bytes: utf8("x") }] }))).toBe("delegation-path");
    expect(
      await refused((publisher) => {
        publisher.keys = { ...publisher.keys, revocations: [strangers[0]!] };
        return { revocations: [] };
      }),
    ).toBe("signature-key-unknown");
    expect(
      await refused((publisher) => {
        const [signer] = publisher.keys.timestamp;
        publisher.keys = {
          ...publisher.keys,
          timestamp: [{ ...signer!, sign: async () => new Uint8Array(64).fill(7) }],
        };
        return {};
      }),
    ).toBe("signer-invalid");
  });
});
