/** What is no candidate: of another origin, not what its commit builds, not what gateways can decide by, too large a step. */
import { describe, expect, test } from "vitest";
import { newKeys, pack, readSigner, verify } from "../../src/bundle/index.ts";
import { emit, packRelease } from "../../src/compile.ts";
import { signProvenance } from "../../src/publish/provenance.ts";
import { bigModel } from "../bench/big-model.ts";
import { estate } from "../decide/estate.ts";
import { opa, runOpa, withFolder, withOpa } from "../opa.ts";
import {
  author,
  builderSigner,
  call,
  ci,
  commit,
  digestOf,
  expectRefused,
  keys,
  newSigner,
  openDesk,
  source,
} from "./desk.ts";
import "./no-heartbeats.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("P09 what another repository, workflow or commit made is no candidate, and neither is what nobody signed", async () => {
  const desk = await openDesk();
  const bundle = await desk.bundle(1);
  const digest = digestOf(bundle);
  const made = { ...source, commit, digest };
  const stranger = await newSigner();
  const good = await desk.submission(bundle);
  const sign = (more: object, by = builderSigner) =>
    signProvenance({ ...made, ...more }, "https://ci.example.com", [by]);
  const cases = [
    ["repository", await sign({ repository: "https://git.example.com/fork" })],
    ["workflow", await sign({ workflow: "release.yml@refs/pull/7" })],
    ["commit", await sign({ commit: "main" })],
    ["digest", await sign({ digest: digestOf(utf8("another")) })],
    ["unsigned", await sign({}, stranger)],
    ["unsigned", { ...(await sign({})), signatures: [] }],
    ["envelope", {}],
  ] as const;
  for (const [fault, provenance] of cases)
    await expectRefused(
      desk,
      "provenance-mismatch",
      () => desk.publisher.submit(call(author), { ...good, provenance }),
      fault,
    );
  const elsewhere = { ...author, source: { ...source, commit: "b".repeat(40) } };
  await expectRefused(desk, "provenance-mismatch", () => desk.publisher.submit(call(elsewhere), good), "commit");
  const here = { ...author, source: { ...source, commit } };
  expect(await desk.publisher.submit(call(here), good)).toMatchObject({ digest });
});

test("P09 the next good one is taken after a refusal with the same idempotency key", async () => {
  const desk = await openDesk();
  const good = await desk.submission(await desk.bundle(1));
  const once = call(author);
  await expectRefused(desk, "provenance-mismatch", () => desk.publisher.submit(once, { ...good, provenance: null }));
  await desk.publisher.submit(once, good);
});

test("a bundle that is signed by another key, for another scope or not at all is no candidate", async () => {
  const desk = await openDesk();
  const { manifest, files } = await verify(await desk.bundle(1), keys);
  const artefacts = Array.from(files, ([path, bytes]) => ({ path, bytes }));
  const signer = await readSigner(utf8((await newKeys({ kid: "ci" })).privateKey));
  const cases = [
    ["signature-invalid", await pack(artefacts, manifest, { signer })],
    ["signature-missing", await pack(artefacts, manifest)],
    ["archive-malformed", utf8("no archive")],
  ] as const;
  for (const [reason, bundle] of cases)
    await expectRefused(desk, reason, async () => desk.publisher.submit(call(author), await desk.submission(bundle)));
  await desk.submit(1);
});

test("P10 what the commit builds is compared byte by byte", async () => {
  const other = { difference: "none" };
  const desk = await openDesk({
    judging: {
      async rebuild(made, terms) {
        expect(made).toMatchObject({ ...source, commit });
        const emission = emit(estate, { release: terms });
        if (other.difference === "example") return { problem: "the example `a partner reads` is decided wrongly" };
        const artefacts = emission.artefacts.map(({ path, bytes }) => {
          if (path !== other.difference) return { path, bytes };
          const bent = Uint8Array.from(bytes);
          bent[bent.length - 1]! ^= 1;
          return { path, bytes: bent };
        });
        if (other.difference === "less") artefacts.pop();
        if (other.difference === "more") artefacts.push({ path: "more.rego", bytes: utf8("") });
        const signer = await readSigner(utf8((await newKeys({ kid: "elsewhere" })).privateKey));
        return packRelease({ policy: emission.policy, artefacts }, signer, terms.opaBackend);
      },
    },
  });
  for (const difference of ["policy.rego", "data.json", "policy.wasm", "less", "more"]) {
    other.difference = difference;
    await expectRefused(desk, "build-not-reproducible", () => desk.submit(1));
  }
  other.difference = "example";
  await expectRefused(desk, "activation-failed", () => desk.submit(1));
  other.difference = "none";
  await desk.submit(1);
  // What is known of a build besides its commit is told to whoever builds it again.
  const wasm = await packRelease(
    emit(estate, { release: { sequence: 2, issued: desk.clock.now, expires: desk.clock.now + 3600 } }),
    ci,
    "wasm",
  );
  await desk.publisher.submit(call(author), await desk.submission(wasm));
});

test("P11 what a gateway can't activate is no candidate, and neither is what has ended or would stay for too long", async () => {
  const desk = await openDesk();
  const { clock } = desk;
  desk.trial.problem = "`policy.wasm` is damaged";
  await expectRefused(desk, "activation-failed", () => desk.submit(1));
  desk.trial.problem = undefined;
  const cases = [
    ["ended", { issued: clock.now - 10, expires: clock.now }],
    ["life", { expires: clock.now + 31 * 86_400 }],
  ] as const;
  for (const [fault, terms] of cases) await expectRefused(desk, "candidate-unfit", () => desk.submit(1, terms), fault);
  await desk.submit(1);
});

test("authors are names of persons", async () => {
  const desk = await openDesk();
  const good = await desk.submission(await desk.bundle(1));
  for (const authors of [[""], ["x".repeat(257)], ["\udc00"], Array.from({ length: 65 }, (_, index) => `p${index}`)])
    await expectRefused(
      desk,
      "candidate-unfit",
      () => desk.publisher.submit(call(author), { ...good, authors }),
      "authors",
    );
  await desk.publisher.submit(call(author), { ...good, authors: ["zoë", "zoë"] });
});

test("P11 what became more than twice as large, or less than half, is too large a step", async () => {
  const desk = await openDesk();
  const model = (identities: number) => bigModel({ identities, operations: 20, grants: 20 }).model;
  await desk.released(1, { model: model(2000) });
  for (const identities of [6500, 400])
    await expectRefused(desk, "change-too-large", () => desk.submit(2, { model: model(identities) }));
  await desk.released(2, { model: model(3000) });
  await desk.released(3, { model: model(5000) });
});

describe.skipIf(opa === undefined)(withOpa("P11 with a stock OPA"), () => {
  test("P11 what OPA can't load is no candidate", async () => {
    const activate = async (bundle: Uint8Array) =>
      withFolder({ "bundle.tar.gz": bundle }, (folder) => {
        const { status, errors } = runOpa(["eval", "--bundle", "bundle.tar.gz", "data.writ.policy.revision"], folder);
        return status === 0 ? undefined : errors;
      });
    const desk = await openDesk({ judging: { activate } });
    const { manifest, files } = await verify(await desk.bundle(1), keys);
    const artefacts = Array.from(files, ([path, bytes]) => ({
      path,
      bytes: path === "policy.rego" ? utf8("package writ\n\nallow if {") : bytes,
    }));
    const broken = await pack(artefacts, manifest, { signer: ci });
    await expectRefused(desk, "activation-failed", async () =>
      desk.publisher.submit(call(author), await desk.submission(broken)),
    );
    await desk.submit(1);
  });
});
