/** `writ trust`: a repository is made, its keys change one after the other, and a gateway with the first root follows. */
import { describe, expect, test } from "vitest";
import { newTrustKeys, readMetadata, type Source, TrustClient } from "../../src/trust/index.ts";
import { mapStore } from "../trust/repository.ts";
import type { MapHost } from "./map-host.ts";
import { again, codesIn, writ } from "./run.ts";

const time = 1_800_000_000;
const made = (files: Record<string, string> = {}, line = "trust init") => writ(line, files, { time });
const names = (host: MapHost, folder: string) =>
  [...host.files.keys()]
    .filter((path) => path.startsWith(`/here/${folder}/`))
    .map((path) => path.split("/").at(-1)!)
    .sort();
const bytesOf = (host: MapHost, path: string) =>
  new Uint8Array(Buffer.from(host.files.get(`/here/${path}`) as Uint8Array));

/** The version up to which a gateway that was shipped with the first root follows. */
async function followed(host: MapHost): Promise<number> {
  const source: Source = async (file) => {
    const bytes = host.files.get(`/here/trust/metadata/${file}`);
    return bytes === undefined ? undefined : new Uint8Array(Buffer.from(bytes as Uint8Array));
  };
  const store = mapStore();
  const client = await TrustClient.open({ root: bytesOf(host, "trust/root.json"), source, store, now: () => time });
  await client.refresh().catch(() => undefined);
  return 1 + [...store.files.keys()].filter((name) => name.endsWith(".root")).length;
}

async function secret(): Promise<string> {
  return (await newTrustKeys()).secret;
}

describe("writ trust init", () => {
  test("makes a root that two of three keys sign, a delegation, and all keys", async () => {
    const { exit, stdout, stderr, host } = await made();
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^root 1 is signed\n2 of 3 keys have to sign for the role:\n( {2}[0-9a-f]{64}\n){3}$/);
    expect(names(host, "trust/metadata")).toEqual(["1.root.json", "1.targets.json"]);
    expect(names(host, "trust/keys").map((name) => name.replace(/-[0-9a-f]{8}\./, "."))).toEqual(
      ["revocations", "root", "root", "root", "snapshot", "targets", "timestamp"].map((role) => `${role}.key.json`),
    );
    expect(bytesOf(host, "trust/root.json")).toEqual(bytesOf(host, "trust/metadata/1.root.json"));
    const targets = readMetadata("targets.json", "targets", bytesOf(host, "trust/metadata/1.targets.json"));
    expect(targets.signed.delegations.roles.map(({ name, paths }) => [name, paths])).toEqual([
      ["revocations", ["revocations/*"]],
    ]);
    expect(await followed(host)).toBe(1);
  });

  test("takes keys that were made elsewhere, from files, the environment and commands", async () => {
    const alice = await newTrustKeys("ecdsa-sha2-nistp256");
    const line = "trust init --key root=alice.json --key root=env:BOB --key timestamp=shared.json --format json";
    const files = { "alice.json": alice.secret, "shared.json": (await newTrustKeys()).public };
    const { exit, stdout, host } = await writ(line, files, { time, environment: { BOB: await secret() } });
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { root: 1, threshold: 2, signed: true }]);
    expect(JSON.parse(stdout).keys).toContain(alice.keyId);
    expect(names(host, "trust/keys").some((name) => /^(root|timestamp)-/.test(name))).toBe(false);
  });

  test("leaves a draft that goes round where its keys are with different people", async () => {
    const [alice, bob, carol] = [await newTrustKeys(), await newTrustKeys(), await newTrustKeys()];
    const files = {
      "a.json": alice.secret,
      "a.pub.json": alice.public,
      "b.pub.json": bob.public,
      "c.json": carol.secret,
    };
    const init = "trust init --key root=a.pub.json --key root=b.pub.json --key root=c.json --sign c.json";
    const { exit, stderr, host } = await made(files, init);
    expect([exit, codesIn(stderr)]).toEqual([1, ["WRIT9108"]]);
    expect(names(host, "trust/metadata")).toEqual(["1.root.draft.json", "1.targets.json"]);
    const twice = await again("trust sign trust/metadata/1.root.draft.json --key c.json", host);
    expect([twice.exit, codesIn(twice.stderr)]).toEqual([1, ["WRIT9108"]]);
    const done = await again("trust sign trust/metadata/1.root.draft.json --key a.json", host);
    expect([done.exit, done.stderr]).toEqual([0, ""]);
    expect(names(host, "trust/metadata")).toEqual(["1.root.json", "1.targets.json"]);
    expect(await followed(host)).toBe(1);
  });

  test.each([
    ["trust init --threshold 1", "WRIT9118"],
    ["trust init --threshold 4", "WRIT5088"],
    ["trust init --key nobody=a.json", "WRIT5088"],
    ["trust init --key root=a.json", "WRIT5083"],
    ["trust init --key targets=env:NOTHING", "WRIT5083"],
    ["trust init full", "WRIT5085"],
    ["trust init --expires yesterday", "WRIT5088"],
    ["trust threshold root 2 nowhere", "WRIT5083"],
  ])("%s is refused with %s", async (line, code) => {
    const { exit, stderr, stdout, host } = await made({ "full/x": "x" }, line);
    expect([exit, codesIn(stderr), stdout]).toEqual([2, [code], ""]);
    expect(names(host, "trust")).toEqual([]);
  });

  test("one key is enough for trying out", async () => {
    expect((await made({}, "trust init --threshold 1 --development")).exit).toBe(0);
  });
});

describe("writ trust, afterwards", () => {
  test("every role is rotated, one step after the other, and a gateway with the first root follows", async () => {
    const { host } = await made();
    let version = 1;
    for (const role of ["timestamp", "snapshot", "targets", "root"]) {
      const [before = ""] = names(host, "trust/keys").filter((name) => name.startsWith(`${role}-`));
      const id = before.replace(/^[a-z]+-|\.key\.json$/g, "");
      const added = await again(`trust add-key ${role}`, host);
      expect([added.exit, added.stderr]).toEqual([0, ""]);
      const rotated = await again(`trust rotate ${role} --from ${id} --format json`, host);
      expect([rotated.exit, rotated.stderr]).toEqual([0, ""]);
      expect(JSON.parse(rotated.stdout).keys.some((key: string) => key.startsWith(id))).toBe(false);
      version += 2;
      expect(await followed(host)).toBe(version);
    }
  });

  test("the keys of revocations stand in the targets, whose files stay", async () => {
    const { host } = await made();
    const { exit, stdout } = await again("trust add-key revocations", host);
    expect([exit, stdout.split("\n")[0]]).toEqual([0, "targets 2 is signed"]);
    const targets = readMetadata("targets.json", "targets", bytesOf(host, "trust/metadata/2.targets.json"));
    expect(targets.signed.delegations.roles[0]?.keyIds).toHaveLength(2);
    expect((await again("trust threshold revocations 2", host)).exit).toBe(0);
  });

  test("a threshold goes up and down within what a role has, and never to one for the root", async () => {
    const { host } = await made();
    expect((await again("trust threshold root 3", host)).exit).toBe(0);
    expect((await again("trust threshold root 2", host)).exit).toBe(0);
    expect(codesIn((await again("trust threshold root 4", host)).stderr)).toEqual(["WRIT5088"]);
    expect(codesIn((await again("trust threshold root 1", host)).stderr)).toEqual(["WRIT9118"]);
    expect(codesIn((await again("trust rotate root --from zz", host)).stderr)).toEqual(["WRIT5088"]);
    expect(await followed(host)).toBe(3);
  });

  test("a root that the old keys did not sign stays a draft, and nothing that gateways see changes", async () => {
    const { host } = await made({ "x.json": await secret() });
    const before = names(host, "trust/metadata");
    const { exit, stderr } = await again("trust add-key root --key x.json --sign x.json", host);
    expect([exit, codesIn(stderr)]).toEqual([1, ["WRIT9110"]]);
    expect(names(host, "trust/metadata")).toEqual([...before, "2.root.draft.json"].sort());
    const ids = names(host, "trust/keys").filter((name) => name.startsWith("root-"));
    const keys = ids.slice(0, 2).map((name) => `trust/keys/${name}`);
    const signed = await again(["trust", "sign", "trust/metadata/2.root.draft.json", "--key", ...keys], host);
    expect([signed.exit, signed.stderr]).toEqual([0, ""]);
    expect(await followed(host)).toBe(2);
  });
});
