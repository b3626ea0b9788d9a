/** `writ trust init|add-key|rotate|threshold|sign`: who may say what is current, and how that changes. */
import { WritError } from "../diagnostics/index.ts";
import {
  addKey,
  addSignatures,
  changeDelegation,
  changeRoot,
  type KeyChange,
  makeRoot,
  makeTargets,
  type RoleKeys,
  readMetadata,
  removeKey,
  type SigningScheme,
  signMetadata,
  type TrustKey,
} from "../trust/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { complainError, type Exit, exits, printJson } from "./output.ts";
import { absolute } from "./paths.ts";
import { readTimeAfter } from "./times.ts";
import {
  idsOf,
  newest,
  newestRoot,
  newKeyOf,
  readKeyAt,
  readSignerAt,
  roles,
  signersOf,
  type TrustRole,
  writeRoot,
} from "./trust-folder.ts";

const ROOT_KEYS = 3;

interface Common {
  readonly scheme: SigningScheme;
  readonly expires: string;
  readonly sign?: readonly string[];
  readonly development?: true;
  readonly format: string;
}

/** Keys that were made elsewhere: `root=alice.key.json`. */
function keysByRole(given: readonly string[]): ReadonlyMap<TrustRole, readonly string[]> {
  const places = new Map<TrustRole, readonly string[]>();
  for (const value of given) {
    const [, name = "", place = ""] = /^([a-z]+)=(.+)$/.exec(value) ?? [];
    const role = roles.find((known) => known === name);
    if (!role)
      throw WritError.of("WRIT5088", {
        option: "--key",
        value,
        expected: "a role and a file like `root=alice.key.json`",
      });
    places.set(role, [...(places.get(role) ?? []), place]);
  }
  return places;
}

/** Threat model §4: a root that one key can replace is as safe as that key, so only for trying out. */
function refuseLoneRoot(threshold: number, { development }: Pick<Common, "development">): void {
  if (threshold < 2 && !development) throw WritError.of("WRIT9118", { threshold });
}

export async function initTrust(
  host: Host,
  folder: string,
  options: Common & { readonly key: readonly string[]; readonly threshold: number },
): Promise<Exit> {
  if ((host.entries(absolute(host, folder)) ?? []).length > 0) throw WritError.of("WRIT5085", { path: folder });
  refuseLoneRoot(options.threshold, options);
  const places = keysByRole(options.key);
  // All that was given is read before anything is made, so that a mistake leaves no half of a folder behind.
  const given = new Map<TrustRole, readonly TrustKey[]>();
  for (const [role, found] of places) given.set(role, await Promise.all(found.map((place) => readKeyAt(host, place))));
  const now = host.time();
  const edition = { version: 1, expires: readTimeAfter("--expires", options.expires, now) };
  if ((given.get("root")?.length ?? ROOT_KEYS) < options.threshold) throw notEnough(options.threshold);

  const keysOf = async (role: TrustRole, count: number): Promise<readonly TrustKey[]> =>
    given.get(role) ?? Promise.all(Array.from({ length: count }, () => newKeyOf(host, folder, role, options.scheme)));
  const one = async (role: TrustRole): Promise<RoleKeys> => ({ keys: await keysOf(role, 1), threshold: 1 });
  const root = { keys: await keysOf("root", ROOT_KEYS), threshold: options.threshold };
  const [targets, snapshot, timestamp] = [await one("targets"), await one("snapshot"), await one("timestamp")];
  const revocations = { ...(await one("revocations")), name: "revocations", paths: ["revocations/*"] };

  const draft = await makeRoot(edition, { root, targets, snapshot, timestamp });
  const rootSigners = await signersOf(host, folder, "root", options.sign ?? places.get("root"));
  const problem = await writeRoot(host, folder, undefined, 1, await signMetadata(draft, rootSigners));

  const first = await makeTargets({ version: 1, expires: now + 30 * 86_400 }, [], revocations);
  const release = await signersOf(host, folder, "targets", places.get("targets"));
  host.write(absolute(host, `${folder}/metadata/1.targets.json`), await signMetadata(first, release));
  return answer(host, options, { root: 1, threshold: root.threshold, keys: await idsOf(root.keys) }, problem);
}

function notEnough(threshold: number): WritError {
  const expected = "no more than the role has keys";
  return WritError.of("WRIT5088", { option: "threshold", value: String(threshold), expected });
}

export async function addTrustKey(
  host: Host,
  role: TrustRole,
  folder: string,
  options: Common & { readonly key?: string },
): Promise<Exit> {
  const key = await givenOrNew(host, folder, role, options, options.key);
  return change(host, role, folder, options, (before) => addKey(before, key));
}

export async function rotateTrustKey(
  host: Host,
  role: TrustRole,
  folder: string,
  options: Common & { readonly from: string; readonly to?: string },
): Promise<Exit> {
  return change(host, role, folder, options, async (before) => {
    const rest = await removeKey(before, options.from);
    if (!rest) {
      const expected = "the start of the id of one key of this role";
      throw WritError.of("WRIT5088", { option: "--from", value: options.from, expected });
    }
    return addKey(rest, await givenOrNew(host, folder, role, options, options.to));
  });
}

export async function setThreshold(
  host: Host,
  role: TrustRole,
  threshold: number,
  folder: string,
  options: Common,
): Promise<Exit> {
  if (role === "root") refuseLoneRoot(threshold, options);
  return change(host, role, folder, options, ({ keys }) => {
    if (threshold > keys.length) throw notEnough(threshold);
    return { keys, threshold };
  });
}

function givenOrNew(
  host: Host,
  folder: string,
  role: TrustRole,
  { scheme }: Pick<Common, "scheme">,
  place: string | undefined,
): Promise<TrustKey> {
  return place === undefined ? newKeyOf(host, folder, role, scheme) : readKeyAt(host, place);
}

async function change(host: Host, role: TrustRole, folder: string, options: Common, by: KeyChange): Promise<Exit> {
  const expires = readTimeAfter("--expires", options.expires, host.time());
  let after: RoleKeys = { keys: [], threshold: 0 };
  const kept: KeyChange = async (before) => {
    after = await by(before);
    return after;
  };
  if (role === "revocations") {
    const targets = readMetadata("targets.json", "targets", newest(host, folder, "targets"));
    const draft = await changeDelegation(targets, expires, role, kept);
    const bytes = await signMetadata(draft, await signersOf(host, folder, "targets", options.sign));
    const version = targets.signed.version + 1;
    host.write(absolute(host, `${folder}/metadata/${version}.targets.json`), bytes);
    return answer(host, options, { targets: version, threshold: after.threshold, keys: await idsOf(after.keys) });
  }
  const root = await newestRoot(host, folder);
  const draft = await changeRoot(root, expires, role, kept);
  const version = root.signed.version + 1;
  const bytes = await signMetadata(draft, await signersOf(host, folder, "root", options.sign));
  const problem = await writeRoot(host, folder, root, version, bytes);
  return answer(host, options, { root: version, threshold: after.threshold, keys: await idsOf(after.keys) }, problem);
}

/** Adds a signature to a draft that goes round among those who hold root keys; the last one publishes it. */
export async function signDraft(
  host: Host,
  path: string,
  options: { readonly key: readonly string[]; readonly format: string },
): Promise<Exit> {
  const signers = await Promise.all(options.key.map((place) => readSignerAt(host, place)));
  const draft = readNamedFile(host, path, largestKeyFile);
  const bytes = await addSignatures(path, draft, signers);
  const { signed } = readMetadata(path, "root", bytes);
  const folder = absolute(host, `${absolute(host, path)}/../..`);
  const before = signed.version === 1 ? undefined : await newestRoot(host, folder);
  const problem = await writeRoot(host, folder, before, signed.version, bytes);
  const { keyIds, threshold } = signed.roles.root;
  return answer(host, options, { root: signed.version, threshold, keys: keyIds }, problem);
}

interface Answer {
  readonly root?: number;
  readonly targets?: number;
  readonly threshold: number;
  readonly keys: readonly string[];
}

function answer(host: Host, { format }: { readonly format: string }, said: Answer, problem?: WritError): Exit {
  const [name, version] = said.root === undefined ? ["targets", said.targets] : ["root", said.root];
  const state = problem ? "is a draft" : "is signed";
  if (format === "json") printJson(host, { ...said, signed: problem === undefined });
  else {
    const keys = said.keys.map((id) => `  ${id}\n`).join("");
    host.print(
      `${name} ${version} ${state}\n${said.threshold} of ${said.keys.length} keys have to sign for the role:\n${keys}`,
    );
  }
  if (problem) complainError(host, problem);
  return problem ? exits.findings : exits.ok;
}
