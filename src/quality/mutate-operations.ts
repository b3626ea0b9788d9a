/** Careless edits of operations: fewer scopes, less trust, nobody asked for; and of what the upstream is told. */
import type { Api, Model, Operation, UpstreamHeader } from "../model/index.ts";
import { declarationOf, type Mapped, mappedOperations, type Places } from "./declarations.ts";
import { edited, type Mutant, type MutantKind } from "./mutant.ts";
import { stepsOf } from "./mutate-tiers.ts";

export function operationMutants(model: Model, places: Places): readonly Mutant[] {
  const steps = stepsOf(model);
  return [
    ...mappedOperations(model, places).flatMap((mapped) => mutantsOf(model, mapped, steps)),
    ...model.apis.flatMap((api) => api.headers.flatMap((header) => headerMutants(model, api, header, places))),
  ];
}

function mutantsOf(model: Model, mapped: Mapped, steps: readonly number[]): readonly Mutant[] {
  const { declaration: of, api, operations, scopes, minTrust } = mapped;
  if (mapped.public) return [];
  const names = new Set(operations.map(({ name }) => name));
  const mutant = (kind: MutantKind, words: string, edit: Partial<Operation>): Mutant => ({
    kind,
    of,
    words,
    make: () => ({
      ...model,
      apis: edited(model.apis, api.name, (one) => ({
        ...one,
        operations: one.operations.map((operation) =>
          names.has(operation.name) ? { ...operation, ...edit } : operation,
        ),
      })),
    }),
  });
  const lower = steps.filter((trust) => trust < minTrust).at(-1);
  return [
    mutant("made-public", "it is public", { public: true, scopes: [], minTrust: 0 }),
    ...(minTrust > 0 ? [mutant("trust-dropped", "`minTrust` is gone", { minTrust: 0 })] : []),
    ...(lower !== undefined && lower > 0
      ? [mutant("trust-lowered", `\`minTrust\` is ${lower}`, { minTrust: lower })]
      : []),
    ...(scopes.length > 1 ? scopes : []).map((scope) =>
      mutant("needed-scope-dropped", `it does not need \`${scope}\` any more`, {
        scopes: scopes.filter((other) => other !== scope),
      }),
    ),
    ...scopes.flatMap((scope) => {
      const weaker = weakerThan(model, scope, scopes);
      return weaker === undefined
        ? []
        : [
            mutant("needed-scope-weaker", `it needs \`${weaker}\` instead of \`${scope}\``, {
              scopes: scopes.map((other) => (other === scope ? weaker : other)).sort(),
            }),
          ];
    }),
  ];
}

/** A scope that this one implies, or else another of the same resource. */
function weakerThan(model: Model, scope: string, needed: readonly string[]): string | undefined {
  const implied = model.scopes.find(({ name }) => name === scope)?.implies ?? [];
  const resource = scope.slice(0, scope.lastIndexOf(":") + 1);
  const free = (name: string): boolean => !needed.includes(name);
  return (
    implied.find(free) ??
    model.scopes.find(
      ({ name, implies }) =>
        name.startsWith(resource) &&
        !name.slice(resource.length).includes(":") &&
        free(name) &&
        !implies.includes(scope),
    )?.name
  );
}

function headerMutants(model: Model, api: Api, header: UpstreamHeader, places: Places): readonly Mutant[] {
  const of = declarationOf("api", api.name, places);
  const mutant = (kind: MutantKind, words: string, to: UpstreamHeader | undefined): Mutant => ({
    kind,
    of,
    words,
    make: () => ({
      ...model,
      apis: edited(model.apis, api.name, (one) => ({ ...one, headers: edited(one.headers, header.name, () => to) })),
    }),
  });
  const changed = changedHeader(header);
  return [
    mutant("header-dropped", `the header \`${header.name}\` is not sent`, undefined),
    ...(changed ? [mutant("header-changed", `the header \`${header.name}\` says something else`, changed)] : []),
  ];
}

/** The first two values change places; of a text, the placeholders. */
function changedHeader(header: UpstreamHeader): UpstreamHeader | undefined {
  if (header.kind === "text") {
    const text = header.text.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === "tier" ? "{identity}" : "{tier}"));
    return { ...header, text: text === header.text ? `${text}-2` : text };
  }
  const [first, second] = header.values;
  if (!first) return undefined;
  return second
    ? {
        ...header,
        values: [{ ...first, value: second.value }, { ...second, value: first.value }, ...header.values.slice(2)],
      }
    : { ...header, values: [{ ...first, value: `${first.value}-2` }] };
}
