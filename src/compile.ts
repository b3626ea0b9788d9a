/** The one page to read first: from the bytes of policy files to what gateways load. Pure: no file, no clock, no network. */
import { createHash } from "node:crypto";
import { type Artefact, type Manifest, pack, type Signer } from "./bundle/index.ts";
import { check, type ExampleOutcome, runExamples } from "./check/index.ts";
import { byPlace, type Diagnostic, type Result, type Source } from "./diagnostics/index.ts";
import type { DataFile } from "./documents/index.ts";
import { canonicalJsonBytes, type JsonValue } from "./json/index.ts";
import type { Model, Policy } from "./model/index.ts";
import { emitRego } from "./rego/index.ts";
import { decode, parse, type Tree } from "./syntax/index.ts";

/** What people wrote: the policy files, and the data files that these name, which are asked for when they are met. */
export interface Estate {
  readonly policies: readonly DataFile[];
  readonly data: (path: string) => DataFile | undefined;
}

/** From when, until when and in which place of the order a compiled policy decides. */
export interface Release {
  readonly sequence: number;
  readonly issued: number;
  readonly expires: number;
}

export interface Compilation {
  readonly sources: readonly Source[];
  readonly trees: readonly Tree[];
  /** The rest is there only where nothing is wrong. */
  readonly model?: Model;
  readonly outcomes: readonly ExampleOutcome[];
  readonly emission?: Emission;
}

/** What a model becomes: everything that decides, under one revision. */
export interface Emission {
  readonly policy: Policy;
  readonly artefacts: readonly Artefact[];
}

/** What turns a model into something that decides. The first of the three seams. */
export interface Backend {
  readonly name: string;
  readonly emit: (model: Model, policy: Policy) => readonly Artefact[];
}

/** Besides the reference, which decides by the model itself. */
export const backends: readonly Backend[] = [{ name: "rego", emit: emitRego }];

/** Text that was not released is for review: its policy has ended before it began, so an engine that loads it refuses everything. */
const unreleased: Release = { sequence: 0, issued: 0, expires: 0 };

export interface Options {
  /** Whether to go on after the proofs; default true. */
  readonly emit?: boolean;
  /** Is told what is about to be done. */
  readonly progress?: (what: string) => void;
}

/**
 * Sources → trees → model → proofs → artefacts. Each goes on only while nothing is wrong, and everything that is wrong is said.
 *
 * @example const { value, diagnostics } = compile({ policies, data: () => undefined });
 */
export function compile(estate: Estate, { emit: goesOn = true, progress }: Options = {}): Result<Compilation> {
  const diagnostics: Diagnostic[] = [];
  const take = <T>(result: Result<T>): T => {
    for (const diagnostic of result.diagnostics) diagnostics.push(diagnostic);
    return result.value;
  };
  const failed = (): boolean => diagnostics.some((diagnostic) => diagnostic.severity === "error");
  const done = (found: Partial<Compilation>): Result<Compilation> => ({
    value: { sources, trees, outcomes: [], ...found },
    diagnostics: diagnostics.sort(byPlace),
  });

  const sources = estate.policies.map(({ path, bytes }) => take(decode(bytes, path)));
  const unread = failed();

  progress?.(`parsing ${sources.length} files`);
  const trees = sources.map((source) => take(parse(source)));
  // Whatever names something of a file that could not be read would be reported too, and wrongly.
  if (unread) return done({});

  progress?.("checking");
  const model = take(check(trees, estate.data));
  if (failed()) return done({});

  progress?.(`proving ${model.examples.length} examples`);
  const outcomes = take(runExamples(model));
  if (failed()) return done({ model, outcomes });

  if (!goesOn) return done({ model, outcomes });
  progress?.("emitting");
  return done({ model, outcomes, emission: emit(model) });
}

/** A model to artefacts. The revision names the content: the same model has the same one, whoever compiled it and when. */
export function emit(model: Model, { sequence, issued, expires }: Release = unreleased): Emission {
  // Examples decide nothing, so they are no part of what is deployed.
  const deciding: Model = { ...model, examples: [] };
  const bytes = canonicalJsonBytes(deciding as unknown as JsonValue);
  const digest = createHash("sha256").update(bytes).digest("hex");
  const policy = { revision: `${sequence}-${digest.slice(0, 16)}`, sequence, notBefore: issued, notAfter: expires };
  const artefacts = [{ path: "model.json", bytes }, ...backends.flatMap((backend) => backend.emit(deciding, policy))];
  return { policy, artefacts };
}

/** What stands in front of the artefacts: whose they are, and for how long. */
export function manifestOf({ revision, sequence, notBefore, notAfter }: Policy): Manifest {
  return {
    revision,
    roots: ["writ"],
    rego_version: 1,
    metadata: { sequence, issued: notBefore, expires: notAfter, entrypoints: ["writ/decision", "writ/allow"] },
  };
}

/** The last arrow: artefacts to one signed archive. */
export async function packRelease({ artefacts, policy }: Emission, signer: Signer): Promise<Uint8Array> {
  return pack(artefacts, manifestOf(policy), { signer });
}
