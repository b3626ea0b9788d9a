/** Who decides a request that was named on the command line: a policy folder, or a bundle that verifies. */
import { assert, jsonProblems, WritError } from "../diagnostics/index.ts";
import { type JsonLimits, type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import type { Artefact, Loaded, Model, Policy } from "../model/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { complainFindings } from "./output.ts";

export interface AskedOptions {
  readonly policies: string;
  readonly bundle?: string;
  readonly keys?: string;
  readonly revocations?: string;
  readonly format: "text" | "json";
}

export interface Asked {
  readonly loaded: Loaded;
  readonly policy: Policy;
  readonly artefacts: readonly Artefact[];
  readonly input: JsonValue;
}

/** Inputs are refused above 64 KiB; a little more is read, so that the refusal can be seen. */
const largestInput = 1024 * 1024;
const largestRevocations = 64 * 1024 * 1024;
/** The end of the year 9999: a folder that was not released decides as if it had been, for ever. */
const forever = 253_402_300_800;

/** Nothing where the policies have errors; they are said. */
export async function readAsked(host: Host, path: string, options: AskedOptions): Promise<Asked | undefined> {
  const input = readJsonInput(host, path, largestInput, { depth: 128, numbers: "finite" });
  const decider =
    options.bundle === undefined
      ? fromFolder(host, options.policies)
      : await fromBundle(host, options.bundle, options.keys);
  if (!decider) return undefined;
  const revocations =
    options.revocations === undefined
      ? nothingRevoked(input)
      : revocationsIn(readJsonInput(host, options.revocations, largestRevocations, {}));
  const { model, policy, artefacts } = decider;
  return { loaded: { model, policy, revocations }, policy, artefacts, input };
}

export interface Decider {
  readonly model: Model;
  readonly policy: Policy;
  readonly artefacts: readonly Artefact[];
}

/** A folder decides as if it had been released, for ever; nothing where the policies have errors, which are said. */
export function fromFolder(host: Host, folder: string): Decider | undefined {
  const loaded = load(host, folder);
  complainFindings(host, loaded);
  if (loaded.failed) return undefined;
  const { model, emission } = loaded.compilation;
  assert(model && emission, "a compilation without errors was emitted");
  return { model, policy: { ...emission.policy, notAfter: forever }, artefacts: emission.artefacts };
}

/** What a bundle holds, once it is verified by a key of the file that is named. */
export async function fromBundle(host: Host, path: string, keysPath: string | undefined): Promise<Decider> {
  if (keysPath === undefined)
    throw WritError.of("WRIT5088", { option: "--keys", value: "", expected: "needed with `--bundle`" });
  const { LIMITS, readKeys, verify } = await import("../bundle/index.ts");
  const keys = await readKeys(readNamedFile(host, keysPath, largestKeyFile));
  const { manifest, files } = await verify(readNamedFile(host, path, LIMITS.packed), keys);
  const { sequence, issued, expires } = manifest.metadata;
  const model = readJson(files.get("model.json") ?? new Uint8Array());
  if (model.failure)
    throw WritError.of("WRIT5091", { path: `${path}: model.json`, problem: jsonProblems[model.failure.problem] });
  return {
    model: model.value as unknown as Model,
    policy: { revision: manifest.revision, sequence, notBefore: issued, notAfter: expires },
    artefacts: [...files].map(([name, bytes]) => ({ path: name, bytes })),
  };
}

function readJsonInput(host: Host, path: string, limit: number, limits: JsonLimits): JsonValue {
  const document = readJson(readNamedFile(host, path, limit), limits);
  if (!document.failure) return document.value;
  throw WritError.of("WRIT5091", { path, problem: jsonProblems[document.failure.problem] });
}

/** As the publisher writes it, under its root, or the inner object alone. */
function revocationsIn(value: JsonValue): JsonValue {
  return member(value, "revocations") ?? value;
}

function nothingRevoked(input: JsonValue): unknown {
  const time = member(input, "time");
  return { at: typeof time === "number" ? time : 0, floor: 0 };
}

function member(value: JsonValue, name: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject)[name] : undefined;
}
