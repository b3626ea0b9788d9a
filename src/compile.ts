/** The one page to read first: from the bytes of policy files to what gateways load. Pure: no file, no clock, no network. */
import { createHash } from "node:crypto";
import type { Manifest, Signer } from "./bundle/index.ts";
import { check, type DataFiles } from "./check/index.ts";
import { byPlace, type Diagnostic, linesOf, type Result, report, type Source, type Span } from "./diagnostics/index.ts";
import type { DataFile } from "./documents/index.ts";
import { canonicalJsonBytes, type JsonValue } from "./json/index.ts";
import { type Artefact, type ExampleRun, type Model, type Policy, runExamples } from "./model/index.ts";
import { type Findings, sayNevers, sayUnused } from "./prove/index.ts";
import { checkLimits, emitRego, type Positions, regoBesideWasm } from "./rego/index.ts";
import { decode, parse, type Tree } from "./syntax/index.ts";
import { emitWasm, MODULE } from "./wasm/index.ts";

/** What people wrote: the policy files, and the data files that these name, which are asked for when they are met. */
export interface Estate {
  readonly policies: readonly DataFile[];
  readonly data: DataFiles;
}

/** From when, until when and in which place of the order a compiled policy decides. */
export interface Release {
  readonly sequence: number;
  readonly issued: number;
  readonly expires: number;
}

export interface Compilation {
  /** The policies, and the data files that they name. */
  readonly sources: readonly Source[];
  readonly trees: readonly Tree[];
  /** The rest is there only where nothing is wrong. */
  readonly model?: Model;
  readonly positions?: Positions;
  readonly runs: readonly ExampleRun[];
  /** How much was looked at to find what is of no use. */
  readonly looked?: Findings["looked"];
  readonly emission?: Emission;
}

/** What a model becomes: everything that decides, under one revision. */
export interface Emission {
  readonly policy: Policy;
  readonly artefacts: readonly Artefact[];
}

/** What a back end is told besides the model: which policy it is, and where things were declared, for comments. */
export interface About {
  readonly policy: Policy;
  readonly positions: Positions;
}

/** What turns a model into something that decides. The first of the three seams. */
export interface Backend {
  readonly name: string;
  readonly emit: (model: Model, about: About) => readonly Artefact[];
}

/** Besides the reference, which decides by the model itself. */
export const backends: readonly Backend[] = [
  { name: "rego", emit: emitRego },
  { name: "wasm", emit: emitWasm },
];

/** Text that was not released is for review: its policy has ended before it began, so an engine that loads it refuses everything. */
const unreleased: Release = { sequence: 0, issued: 0, expires: 0 };

export interface Options {
  /** Whether to go on after the proofs; default true. */
  readonly emit?: boolean;
  /** Whether to say what is of no use, too; default true. */
  readonly advise?: boolean;
  /** When the policies are released, if they are: until then nobody can say how long a grant without `from` lasts. */
  readonly issued?: number;
  /** Is told what is about to be done. */
  readonly progress?: (what: string) => void;
}

/**
 * Sources → trees → model → proofs → artefacts. Each goes on only while nothing is wrong, and everything that is wrong is said.
 *
 * @example const { value, diagnostics } = compile({ policies, data: () => undefined });
 */
export function compile(
  estate: Estate,
  { emit: goesOn = true, advise = true, issued, progress }: Options = {},
): Result<Compilation> {
  const diagnostics: Diagnostic[] = [];
  const take = <T>(result: Result<T>): T => {
    for (const diagnostic of result.diagnostics) diagnostics.push(diagnostic);
    return result.value;
  };
  const failed = (): boolean => diagnostics.some((diagnostic) => diagnostic.severity === "error");
  const done = (found: Partial<Compilation>): Result<Compilation> => ({
    value: { sources, trees, runs: [], ...found },
    diagnostics: diagnostics.sort(byPlace),
  });

  const sources = estate.policies.map(({ path, bytes }) => take(decode(bytes, path)));
  const unread = failed();

  progress?.(`parsing ${sources.length} files`);
  const trees = sources.map((source) => take(parse(source)));
  // Whatever names something of a file that could not be read would be reported too, and wrongly.
  if (unread) return done({});

  progress?.("checking");
  const checked = take(news(check(trees, estate.data, issued), diagnostics));
  const { model } = checked;
  sources.push(...checked.sources);
  if (failed()) return done({});
  take({ value: model, diagnostics: checkLimits(model, checked.positions) });
  if (failed()) return done({});

  if (model.examples.length > 0) progress?.(`proving ${model.examples.length} examples`);
  const runs = take(prove(model, trees));
  const { nevers = [] } = model;
  if (nevers.length > 0) progress?.(`proving ${nevers.length} times never`);
  take({ value: undefined, diagnostics: sayNevers(model, checked.positions) });
  // What is of no use because something is wrong is no news.
  if (advise && !failed()) progress?.("looking for what is of no use");
  const looked = failed() || !advise ? undefined : take(sayUnused(model, checked.positions));
  const positions = placesOf(checked.positions, sources);
  if (failed() || !goesOn) return done({ model, positions, runs, ...(looked && { looked }) });

  progress?.("emitting");
  return done({ model, positions, runs, ...(looked && { looked }), emission: emit(model, { positions }) });
}

/**
 * What the parser has said of a place, the checker need not say again of it or right beside it; and of a file that was read only in part, it cannot know
 * what is of no use.
 */
function news<T>({ value, diagnostics }: Result<T>, said: readonly Diagnostic[]): Result<T> {
  const places = Map.groupBy(said, ({ span }) => span?.path ?? "");
  const isNews = ({ span, severity }: Diagnostic): boolean => {
    const inFile = (span && places.get(span.path)) ?? [];
    if (severity === "warning") return !inFile.some((other) => other.severity === "error");
    return !inFile.some((other) => span && other.span && isBeside(span, other.span));
  };
  return { value, diagnostics: diagnostics.filter(isNews) };
}

/** One character lies between an operator and its operand. */
function isBeside(a: Span, b: Span): boolean {
  return a.start <= b.end + 1 && b.start <= a.end + 1;
}

/** Every example is decided by the reference evaluator; a wrong one is reported where it stands. */
export function prove(model: Model, trees: readonly Tree[]): Result<readonly ExampleRun[]> {
  const value = runExamples(model);
  const diagnostics = value.flatMap(({ example: { name }, differences, ended }) =>
    differences.map((difference) => {
      const help = ended && `${ended.row.demands}: ${ended.compared}`;
      return report("WRIT4001", placeOf(name, trees), { name, ...difference }, help === undefined ? {} : { help });
    }),
  );
  return { value, diagnostics };
}

/** Files and lines instead of offsets: what people find. The checker says `condition ownTenant`; names are unique without the kind. */
function placesOf(spans: ReadonlyMap<string, Span>, sources: readonly Source[]): Positions {
  const linesIn = linesOf(new Map(sources.map(({ path, text }) => [path, text])));
  const places = new Map<string, { readonly path: string; readonly line: number }>();
  for (const [key, { path, start }] of spans) {
    // Of these the names are sentences, or those of what they are part of.
    if (/^(?:example|never|when) /.test(key)) continue;
    const line = linesIn(path)?.position(start).line;
    if (line !== undefined) places.set(key.slice(key.indexOf(" ") + 1), { path, line });
  }
  return places;
}

/** Names of examples are unique over the estate, and each is the first argument of its call. */
function placeOf(name: string, trees: readonly Tree[]): Span | undefined {
  for (const { statements } of trees) {
    for (const statement of statements) {
      const call = statement.kind === "declaration" ? statement.value : statement;
      const [first] = call.kind === "call" ? call.arguments : [];
      if (first?.kind === "string" && first.value === name) return first.span;
    }
  }
  return undefined;
}

export interface EmitOptions {
  readonly release?: Release;
  readonly positions?: Positions;
  /** Names of back ends; default all. */
  readonly by?: readonly string[];
}

/** A model to artefacts. The revision names the content: the same model has the same one, whoever compiled it and when. */
export function emit(model: Model, { release = unreleased, positions = new Map(), by }: EmitOptions = {}): Emission {
  const { sequence, issued, expires } = release;
  // Neither examples nor what must never be decide anything, so they are no part of what is deployed.
  const { nevers: _, ...rest } = model;
  const deciding: Model = { ...rest, examples: [] };
  const bytes = canonicalJsonBytes(deciding as unknown as JsonValue);
  const digest = createHash("sha256").update(bytes).digest("hex");
  const policy = { revision: `${sequence}-${digest.slice(0, 16)}`, sequence, notBefore: issued, notAfter: expires };
  const artefacts = [
    { path: "model.json", bytes },
    ...backends.flatMap((backend) =>
      by && !by.includes(backend.name) ? [] : backend.emit(deciding, { policy, positions }),
    ),
  ];
  return { policy, artefacts };
}

/** By which of the artefacts a stock OPA decides; gateways of ours decide by `policy.wasm` in any case. */
export type OpaBackend = "rego" | "wasm";

const entrypoints = ["writ/decision", "writ/allow"];

/** What stands in front of the artefacts: whose they are, and for how long. */
export function manifestOf(
  { revision, sequence, notBefore, notAfter }: Policy,
  opaBackend: OpaBackend = "rego",
): Manifest {
  return {
    revision,
    roots: ["writ"],
    rego_version: 1,
    // An OPA that was built without WebAssembly refuses a bundle whose manifest names a module.
    ...(opaBackend === "wasm" && { wasm: entrypoints.map((entrypoint) => ({ entrypoint, module: `/${MODULE}` })) }),
    metadata: { sequence, issued: notBefore, expires: notAfter, entrypoints },
  };
}

/**
 * The last arrow: artefacts to one archive. Without a signature no gateway takes it; it is what a release is compared with that says
 * that it was built of the same. Whoever signs nothing does not wait for the signer's code.
 */
export async function packRelease(
  { artefacts, policy }: Emission,
  signer: Signer | undefined,
  opaBackend: OpaBackend = "rego",
): Promise<Uint8Array> {
  const { pack } = await import("./bundle/index.ts");
  // A rule of Rego would win over the module of the same name, without a word.
  const packed = opaBackend === "wasm" ? regoBesideWasm(artefacts) : artefacts;
  return pack(packed, manifestOf(policy, opaBackend), { ...(signer && { signer }) });
}
