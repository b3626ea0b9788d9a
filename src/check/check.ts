/** `check`: from the trees of all files to one model, with everything that is wrong with them. */
import { byPlace, type Diagnostic, type Result, type Source, type Span } from "../diagnostics/index.ts";
import { type Model, normalise } from "../model/index.ts";
import type { Tree } from "../syntax/index.ts";
import { bind } from "./bind.ts";
import { type DataFiles, Estate } from "./estate.ts";
import { keepRefused } from "./refused.ts";
import { checkConditions } from "./rules/conditions.ts";
import { checkGrants } from "./rules/grants.ts";
import { checkOperations } from "./rules/operations.ts";
import { Reach } from "./rules/reach.ts";
import { checkSecrets } from "./rules/secrets.ts";
import { checkSubjects } from "./rules/subjects.ts";
import { checkTiers } from "./rules/tiers.ts";
import { checkUsefulness } from "./rules/usefulness.ts";
import { checkStatements } from "./statements.ts";
import { Suggester } from "./suggester.ts";
import { words } from "./words/index.ts";

export interface Checked {
  /** Without what is wrong; use it only when no diagnostic is an error. */
  readonly model: Model;
  /** Where things are declared, by kind and name: `grant acmeReads`, `operation orders.example.com GET /v1/orders`. */
  readonly positions: ReadonlyMap<string, Span>;
  /** The texts of data files, so that frames can be drawn. */
  readonly sources: readonly Source[];
}

/**
 * Understands all files together and reports everything that is wrong in one run. Pure: whatever is read comes through `dataFiles`.
 *
 * @example check(trees, (reference) => files.get(reference))
 */
export function check(
  trees: readonly Tree[],
  dataFiles: DataFiles = () => undefined,
  issued?: number,
): Result<Checked> {
  const diagnostics: Diagnostic[] = [];
  const vocabulary = { words: new Set(words.map((word) => word.name)), helpers: new Set(["cidr"]) };
  const suggester = new Suggester();
  const program = bind(trees, vocabulary, suggester, (diagnostic) => diagnostics.push(diagnostic));
  const estate = new Estate(program, new Map(words.map((word) => [word.name, word])), suggester, dataFiles);
  checkStatements(estate);
  understand(estate);
  checkSubjects(estate);
  checkOperations(estate);
  checkTiers(estate);
  checkGrants(estate, issued);
  const reach = new Reach(estate);
  checkConditions(estate, reach);
  const all = diagnostics.concat(estate.diagnostics);
  // What does nothing because something else is wrong is no news.
  if (!all.some((diagnostic) => diagnostic.severity === "error")) checkUsefulness(estate, reach);
  checkSecrets(estate, trees);
  const value = { model: modelOf(estate), positions: estate.positions, sources: estate.sources };
  return { value, diagnostics: sortedOnce(diagnostics.concat(estate.diagnostics)) };
}

function understand(estate: Estate): void {
  const { bindings, statements } = estate.program;
  for (const word of words) {
    for (const binding of bindings) if (binding.word === word.name) estate.thing(binding);
    if (word.name === "scopes") {
      const understood = bindings.every((b) => b.word !== "scopes" || estate.thing(b));
      estate.vocabulary.partial = !understood;
    }
    if (word.form !== "statement") continue;
    for (const { path, call } of statements) {
      const { callee } = call;
      const target = callee.kind === "identifier" ? estate.program.scopes.get(path)?.get(callee.name) : undefined;
      if (target?.kind === "word" && target.word === word.name)
        word.define({ call, name: word.name, nameSpan: callee.span }, estate);
    }
  }
}

function modelOf(estate: Estate): Model {
  return normalise({
    format: 1,
    tiers: [...estate.tiers.values()].map((tier) => tier.value),
    issuers: [...estate.issuers.values()].map((issuer) => issuer.value),
    identities: [...estate.identities.values()].map((identity) => identity.value),
    groups: estate.groups,
    scopes: [...estate.vocabulary.names].map((name) => ({ name, implies: estate.vocabulary.implied(name) })),
    apis: keepRefused(estate.apis),
    conditions: [...estate.conditions.values()],
    grants: estate.rules.flatMap((rule) => (rule.kind === "deny" ? [] : [rule.value])),
    denies: estate.rules.flatMap((rule) => (rule.kind === "deny" ? [rule.value] : [])),
    nevers: estate.nevers.map((never) => never.value),
    examples: estate.examples,
  });
}

/** By place, and each sentence once: a constant that is used twice is wrong once. */
function sortedOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter(({ code, message, span }) => {
      const key = `${code} ${span?.path} ${span?.start} ${span?.end} ${message}`;
      return seen.size < seen.add(key).size;
    })
    .sort(byPlace);
}
