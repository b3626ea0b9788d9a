/** What CI signed counts only for the bundle, the repository, the commit and the workflow that it is about. */
import { expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/json/index.ts";
import { type ProvenanceRules, signProvenance, verifyProvenance } from "../../src/publish/provenance.ts";
import { newTrustKeys, readTrustSigner, type SigningScheme, type TrustSigner } from "../../src/trust/index.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const builder = "https://ci.example.com/runner";
const digest = "d".repeat(64);
const made = {
  repository: "https://git.example.com/estate",
  commit: "a".repeat(40),
  workflow: "release.yml@refs/heads/main",
  digest,
};
const source = { repository: made.repository, workflow: made.workflow };

async function newSigner(scheme: SigningScheme): Promise<TrustSigner> {
  return readTrustSigner(utf8((await newTrustKeys(scheme)).secret), () => expect.fail("no command is run"));
}
const [ci, second, stranger] = [
  await newSigner("ed25519"),
  await newSigner("ecdsa-sha2-nistp256"),
  await newSigner("ed25519"),
];
const rules: ProvenanceRules = { keys: [ci.key, second.key], threshold: 1, sources: [source] };

interface Statement extends JsonObject {
  readonly predicate: JsonObject & {
    readonly buildDefinition: JsonObject & { readonly resolvedDependencies: JsonValue[] };
  };
}

/** The statement in an envelope, changed, and signed again. */
async function altered(change: (statement: Statement) => JsonValue, signer = ci): Promise<JsonObject> {
  const { payload } = await signProvenance(made, builder, [signer]);
  const statement = change(JSON.parse(Buffer.from(payload as string, "base64").toString()) as Statement);
  const bytes = Buffer.from(JSON.stringify(statement));
  const type = "application/vnd.in-toto+json";
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${bytes.length} `), bytes]);
  const signature = Buffer.from(await signer.sign(signed)).toString("base64");
  return { payloadType: type, payload: bytes.toString("base64"), signatures: [{ keyid: "hint", sig: signature }] };
}

test("P09 believes what CI signed, by either kind of key", async () => {
  for (const signers of [[ci], [second], [ci, second]]) {
    const envelope = await signProvenance(made, builder, signers);
    expect(await verifyProvenance(envelope, rules, { digest, source: made })).toEqual(made);
  }
  const envelope = await altered((statement) => ({ ...statement, more: 1.5 }));
  expect(await verifyProvenance(envelope, rules, { digest })).toEqual(made);
  const long = { ...made, commit: "0123456789abcdef".repeat(4) };
  expect(await verifyProvenance(await signProvenance(long, builder, [ci]), rules, { digest })).toEqual(long);
});

test.each<[string, Partial<typeof made>]>([
  ["digest", { digest: "e".repeat(64) }],
  ["repository", { repository: "https://git.example.com/another" }],
  ["repository", { repository: "https://git.example.com/estate/" }],
  ["workflow", { workflow: "test.yml@refs/heads/main" }],
  ["workflow", { workflow: "release.yml@refs/heads/feature" }],
  ["commit", { commit: "a".repeat(39) }],
  ["commit", { commit: "A".repeat(40) }],
  ["commit", { commit: "" }],
])("P09 refuses provenance of another %s: %j", async (fault, other) => {
  const envelope = await signProvenance({ ...made, ...other }, builder, [ci]);
  const refusal = { reason: "provenance-mismatch", parameters: { fault } };
  await expect(verifyProvenance(envelope, rules, { digest })).rejects.toMatchObject(refusal);
});

test.each(["repository", "commit", "workflow"] as const)(
  "P09 holds a caller to the %s that its credential names",
  async (member) => {
    const envelope = await signProvenance(made, builder, [ci]);
    const expected = { digest, source: { [member]: "b".repeat(40) } };
    const refusal = { reason: "provenance-mismatch", parameters: { fault: member } };
    await expect(verifyProvenance(envelope, rules, expected)).rejects.toMatchObject(refusal);
  },
);

test("P09 repository and workflow are allowed together, not each with any other", async () => {
  const other = { repository: "https://git.example.com/b", workflow: "b.yml@refs/heads/main" };
  const both = { ...rules, sources: [source, other] };
  const mixed = await signProvenance({ ...made, workflow: other.workflow }, builder, [ci]);
  await expect(verifyProvenance(mixed, both, { digest })).rejects.toMatchObject({ reason: "provenance-mismatch" });
  const right = await signProvenance({ ...made, ...other }, builder, [ci]);
  expect(await verifyProvenance(right, both, { digest })).toEqual({ ...made, ...other });
});

test("P09 counts keys: a stranger's is none, and one that signed twice is one", async () => {
  const good = await signProvenance(made, builder, [ci]);
  const refusal = { reason: "provenance-mismatch", parameters: { fault: "unsigned" } };
  const refused = async (envelope: JsonValue, held = rules) =>
    expect(verifyProvenance(envelope, held, { digest })).rejects.toMatchObject(refusal);
  await refused({ ...good, signatures: [] });
  await refused(await signProvenance(made, builder, [stranger]));
  await refused(good, { ...rules, threshold: 2 });
  await refused(
    { ...good, signatures: [...(good.signatures as JsonObject[]), ...(good.signatures as JsonObject[])] },
    { ...rules, threshold: 2 },
  );
  await refused(await signProvenance(made, builder, [ci]), { ...rules, keys: [ci.key, { ...ci.key }], threshold: 2 });
  await refused(good, { ...rules, threshold: 0, keys: [] });
  // What another key signed is not what is in the envelope.
  const { payload } = await signProvenance({ ...made, commit: "b".repeat(40) }, builder, [ci]);
  await refused({ ...good, payload: payload! });
  expect(
    await verifyProvenance(await signProvenance(made, builder, [ci, second]), { ...rules, threshold: 2 }, { digest }),
  ).toEqual(made);
});

test("P09 takes a signature for one type of payload only", async () => {
  const good = await signProvenance(made, builder, [ci]);
  const bare = Buffer.from(await ci.sign(Buffer.from(good.payload as string, "base64"))).toString("base64");
  const refusal = { reason: "provenance-mismatch" };
  for (const envelope of [
    { ...good, signatures: [{ sig: bare }] },
    { ...good, payloadType: "application/json" },
    { ...good, extra: 1 },
    { ...good, payload: `${good.payload as string}\n` },
    { ...good, payload: "" },
    { ...good, payload: "A".repeat(1_000_000) },
    { ...good, signatures: Array.from({ length: 9 }, () => (good.signatures as JsonObject[])[0]!) },
    { ...good, signatures: [{ sig: "A".repeat(4096) }] },
    { ...good, signatures: [null] },
    { ...good, signatures: "none" },
    { payload: good.payload! },
    [],
    null,
    "x",
  ] as JsonValue[])
    await expect(verifyProvenance(envelope, rules, { digest })).rejects.toMatchObject(refusal);
});

test.each<[string, (statement: Statement) => JsonValue]>([
  ["another type", (s) => ({ ...s, _type: "https://in-toto.io/Statement/v0.1" })],
  ["another predicate", (s) => ({ ...s, predicateType: "https://slsa.dev/provenance/v0.2" })],
  ["no subject", (s) => ({ ...s, subject: [] })],
  ["a subject that is text", (s) => ({ ...s, subject: digest })],
  ["no predicate", ({ predicate: _, ...s }) => s],
  ["no workflow", (s) => ({ ...s, predicate: { buildDefinition: { externalParameters: {} } } })],
  [
    "a workflow that is a list",
    (s) => ({ ...s, predicate: { buildDefinition: { externalParameters: { workflow: [] } } } }),
  ],
  [
    "two commits of the repository",
    (s) => {
      const { buildDefinition } = s.predicate;
      const [one] = buildDefinition.resolvedDependencies;
      return { ...s, predicate: { buildDefinition: { ...buildDefinition, resolvedDependencies: [one!, one!] } } };
    },
  ],
  ["a list in its place", () => []],
  ["nothing in its place", () => null],
])("P09 refuses a statement with %s", async (_, change) => {
  await expect(verifyProvenance(await altered(change), rules, { digest })).rejects.toMatchObject({
    reason: "provenance-mismatch",
  });
});

test("P09 T19 a signer that answers with something else signs nothing", async () => {
  const liar = { key: ci.key, sign: stranger.sign };
  await expect(signProvenance(made, builder, [liar])).rejects.toMatchObject({ reason: "signer-invalid" });
});
