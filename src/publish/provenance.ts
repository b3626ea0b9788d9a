/**
 * From what a bundle was made, as CI signed it: a DSSE envelope (version 1) of an in-toto statement (version 1) with SLSA provenance
 * (version 1). It is judged by keys from our file, and by what is to be true of it, before anything in it is believed.
 */
import { type ProvenanceFault, WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { signerOf, type TrustKey, type TrustSigner } from "../trust/index.ts";
import type { Provenance } from "./publisher.ts";

const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "https://slsa.dev/provenance/v1";
/** What stands in the predicate is a run of a workflow of a repository, whichever service ran it. */
const BUILD_TYPE = "urn:writ:build:1";

const LARGEST = 256 * 1024;
const MOST_SIGNATURES = 8;

/** Whose word counts, and of what. */
export interface ProvenanceRules {
  /** Each with its one scheme (threat model §4). */
  readonly keys: readonly TrustKey[];
  /** How many different keys have to have signed. */
  readonly threshold: number;
  /** Where policy may come from. */
  readonly sources: readonly { readonly repository: string; readonly workflow: string }[];
}

/** What is known besides, of the bundle and of where the caller runs by its own credential. */
export interface Expected {
  readonly digest: string;
  readonly source?: Partial<Omit<Provenance, "digest">>;
}

/** @throws WritError `provenance-mismatch` */
export async function verifyProvenance(
  envelope: JsonValue,
  rules: ProvenanceRules,
  { digest, source = {} }: Expected,
): Promise<Provenance> {
  const { payload, signatures } = readEnvelope(envelope);
  await countSigners(preAuthentication(payload), signatures, rules);
  const found = readStatement(payload, digest);
  const isAllowed = (member: "repository" | "workflow") => rules.sources.some((one) => one[member] === found[member]);
  for (const member of ["repository", "workflow", "commit"] as const) {
    if (source[member] !== undefined && source[member] !== found[member]) throw mismatch(member);
    if (member !== "commit" && !isAllowed(member)) throw mismatch(member);
  }
  const { repository, workflow } = found;
  if (!rules.sources.some((one) => one.repository === repository && one.workflow === workflow))
    throw mismatch("workflow");
  return found;
}

interface Envelope {
  readonly payload: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

function readEnvelope(value: JsonValue): Envelope {
  const { payload, payloadType, signatures, ...others } = isObject(value) ? value : {};
  if (payloadType !== PAYLOAD_TYPE || Object.keys(others).length > 0 || !Array.isArray(signatures))
    throw mismatch("envelope");
  if (signatures.length > MOST_SIGNATURES) throw mismatch("envelope");
  if (signatures.length === 0) throw mismatch("unsigned");
  return {
    payload: decoded(payload, LARGEST),
    // The key id of an envelope is a hint, so it is none to us: the keys are ours.
    signatures: signatures.map((one: JsonValue) => decoded(isObject(one) ? one.sig : undefined, 1024)),
  };
}

/** Base64 (RFC 4648 §4) in its only spelling. */
function decoded(text: JsonValue | undefined, limit: number): Uint8Array {
  if (typeof text !== "string" || text === "" || text.length > limit * 2) throw mismatch("envelope");
  const bytes = Buffer.from(text, "base64");
  if (bytes.length > limit || bytes.toString("base64") !== text) throw mismatch("envelope");
  return bytes;
}

/** DSSE version 1, "Signature Definition": type and content, each behind its length, so that neither can be taken for the other. */
function preAuthentication(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** A threshold counts keys: neither signatures nor ids (threat T03). */
async function countSigners(
  bytes: Uint8Array,
  signatures: readonly Uint8Array[],
  { keys, threshold }: ProvenanceRules,
): Promise<void> {
  const signers = new Set<string>();
  for (const signature of signatures) {
    for (const key of keys) {
      const signer = await signerOf(key, Buffer.from(signature).toString("hex"), bytes);
      if (signer !== undefined) signers.add(signer);
    }
  }
  if (threshold < 1 || signers.size < threshold) throw mismatch("unsigned");
}

function readStatement(payload: Uint8Array, digest: string): Provenance {
  const read = readJson(payload, { size: LARGEST, numbers: "finite" });
  const statement = read.failure ? undefined : read.value;
  if (at(statement, "_type") !== STATEMENT_TYPE || at(statement, "predicateType") !== PREDICATE_TYPE)
    throw mismatch("statement");
  const subjects = at(statement, "subject");
  if (!Array.isArray(subjects) || !subjects.some((subject: JsonValue) => at(subject, "digest", "sha256") === digest))
    throw mismatch("digest");
  const build = at(statement, "predicate", "buildDefinition");
  const workflow = at(build, "externalParameters", "workflow");
  const [repository, path, ref] = ["repository", "path", "ref"].map((name) => at(workflow, name));
  if (typeof repository !== "string" || typeof path !== "string" || typeof ref !== "string")
    throw mismatch("statement");
  const commit = commitOf(at(build, "resolvedDependencies"), `git+${repository}@${ref}`);
  return { repository, commit, workflow: `${path}@${ref}`, digest };
}

/** Of the repository itself, among all that went into the build. */
function commitOf(dependencies: JsonValue | undefined, uri: string): string {
  const own = Array.isArray(dependencies) ? dependencies.filter((one: JsonValue) => at(one, "uri") === uri) : [];
  const commit = at(own[0], "digest", "gitCommit");
  if (own.length !== 1 || typeof commit !== "string" || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw mismatch("commit");
  return commit;
}

function at(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mismatch(fault: ProvenanceFault): WritError {
  return WritError.of("WRIT8314", { fault });
}

/**
 * For CI: the envelope that `verifyProvenance` takes.
 *
 * @param made workflow: its path, `@`, and the ref that it ran for
 * @param builder a URI of the service that ran it
 */
export async function signProvenance(
  made: Provenance,
  builder: string,
  signers: readonly TrustSigner[],
): Promise<JsonObject> {
  const { repository, commit, workflow, digest } = made;
  const split = workflow.lastIndexOf("@");
  const [path, ref] = [workflow.slice(0, split), workflow.slice(split + 1)];
  const payload = canonicalJsonBytes({
    _type: STATEMENT_TYPE,
    subject: [{ name: "policy.tar.gz", digest: { sha256: digest } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { workflow: { path, ref, repository } },
        resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit: commit } }],
      },
      runDetails: { builder: { id: builder } },
    },
  });
  const signed = preAuthentication(payload);
  const signatures: JsonObject[] = [];
  for (const { key, sign } of signers) {
    const signature = Buffer.from(await sign(signed));
    // Threat T19: a signer that answers with something else signs nothing.
    if ((await signerOf(key, signature.toString("hex"), signed)) === undefined)
      throw WritError.of("WRIT9120", { fault: signature.length === 0 ? "empty" : "signature" });
    signatures.push({ sig: signature.toString("base64") });
  }
  return { payload: Buffer.from(payload).toString("base64"), payloadType: PAYLOAD_TYPE, signatures };
}
