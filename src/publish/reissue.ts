/** The same content under another policy: another sequence, another life, and everything else byte for byte. */
import { type Contents, type Manifest, manifestBytes, pack, type Signer, writeTar } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import type { Artefact, Policy } from "../model/index.ts";
import { MODULE, replaceTables, takeApart, underPolicy } from "../wasm/index.ts";

const DATA = "data.json";

/** What stands in place of a policy where only the content counts. */
const NOBODY: Policy = { revision: "", sequence: 0, notBefore: 0, notAfter: 0 };

/** A revision is its sequence and the name of its content. */
export function revisionUnder({ revision, metadata }: Manifest, sequence: number): string {
  const before = `${metadata.sequence}-`;
  return `${sequence}-${revision.startsWith(before) ? revision.slice(before.length) : revision}`;
}

/**
 * What the compiler would have made of the same model under this policy, where the revision is the one of `revisionUnder`.
 *
 * @param bundle verified, now or when it was taken in: what was not is not signed again
 */
export function reissue(bundle: Contents, policy: Policy, signer: Signer): Promise<Uint8Array> {
  return pack(restamp(bundle, policy), manifestUnder(bundle.manifest, policy), { signer });
}

/** SHA-256 in hexadecimal of the archive without signature and without policy: equal for a policy and its republication. */
export async function contentDigest({ manifest, files }: Contents): Promise<string> {
  const bytes = manifestBytes(manifestUnder(manifest, NOBODY));
  const tar = writeTar([...restamp({ manifest, files }, NOBODY), { path: ".manifest", bytes }]);
  return Buffer.from(await crypto.subtle.digest("SHA-256", tar)).toString("hex");
}

function manifestUnder(manifest: Manifest, { revision, sequence, notBefore, notAfter }: Policy): Manifest {
  return {
    ...manifest,
    revision,
    metadata: { ...manifest.metadata, sequence, issued: notBefore, expires: notAfter },
  };
}

function restamp({ manifest, files }: Contents, policy: Policy): readonly Artefact[] {
  return Array.from(files, ([path, bytes]) => {
    if (path === MODULE) return { path, bytes: replaceTables(bytes, underPolicy(takeApart(bytes).tables, policy)) };
    return { path, bytes: path === DATA ? dataUnder(bytes, manifest, policy) : bytes };
  });
}

/** INVARIANT: canonical, and of one mind with the manifest, as whoever verified the bundle has seen; so only that member changes. */
function dataUnder(bytes: Uint8Array, { revision, metadata }: Manifest, policy: Policy): Uint8Array {
  const { sequence, issued, expires } = metadata;
  const held = canonicalJsonBytes({ policy: { revision, sequence, notBefore: issued, notAfter: expires } });
  const next = canonicalJsonBytes({ policy: policy as unknown as JsonValue });
  // Without its braces it is found as it stands in the file, which may be as large as the estate.
  const [text, member] = [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), held.subarray(1, -1)];
  const start = text.indexOf(member);
  if (start >= 0 && text.indexOf(member, start + 1) < 0)
    return Buffer.concat([text.subarray(0, start), next.subarray(1, -1), text.subarray(start + member.length)]);
  const read = readJson(bytes);
  if (read.failure) throw WritError.of("WRIT7008", { file: DATA, ...read.failure });
  const data = read.value as JsonObject;
  const writ = data.writ as JsonObject | undefined;
  if (writ?.policy === undefined) return bytes;
  return canonicalJsonBytes({ ...data, writ: { ...writ, policy: policy as unknown as JsonValue } });
}
