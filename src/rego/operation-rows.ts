/** What a decision needs to know of an operation, and what its upstream is told. */
import type { JsonValue } from "../json/index.ts";
import { type Api, type Model, type Operation, parseTemplate } from "../model/index.ts";
import { type Table, table } from "./table.ts";

export interface OperationRows {
  /** By name as decisions say it. */
  readonly operations: Table;
  /** Sets of headers that several operations share: texts with placeholders, and values as they are. */
  readonly headers: readonly Table[];
  /** The names, by place of the API and of the operation in it. */
  readonly names: readonly (readonly string[])[];
}

export function operationRows(model: Model): OperationRows {
  const operations = table();
  const headers: Table[] = [];
  const names = model.apis.map((api) => {
    const numbers = new Map<string, number>();
    return api.operations.map((operation) => {
      const name = `${api.host} ${operation.method} ${operation.template}`;
      operations[name] ??= row(api, operation, (told) => {
        const key = JSON.stringify(told);
        let number = numbers.get(key);
        if (number === undefined) {
          number = headers.push(headerRow(told)) - 1;
          numbers.set(key, number);
        }
        return number;
      });
      return name;
    });
  });
  return { operations, headers, names };
}

type Told = readonly { readonly kind: "text" | "by-scope"; readonly name: string; readonly text: string }[];

function headerRow(told: Told): Table {
  const named = (kind: "text" | "by-scope") =>
    table(told.filter((header) => header.kind === kind).map(({ name, text }) => [name, text]));
  return table([
    ["texts", named("text")],
    ["values", named("by-scope")],
  ]);
}

function row(api: Api, operation: Operation, numberOf: (told: Told) => number): JsonValue {
  const told = toldUpstream(api, operation);
  return {
    api: api.name,
    ...(told.length > 0 && { headers: numberOf(told) }),
    min_trust: operation.minTrust,
    public: operation.public,
    scopes: operation.scopes,
    ...parameterPlaces(operation.template),
  };
}

/** Where in the path the parameters stand; the last one may take all that is left. */
function parameterPlaces(text: string): Record<string, JsonValue> {
  const template = parseTemplate(text);
  if ("problem" in template || !text.includes("{")) return {};
  const parameters = table();
  const places: Record<string, JsonValue> = {};
  for (const [place, segment] of template.entries()) {
    if (segment.kind === "parameter") parameters[segment.name] = place;
    if (segment.kind === "rest") places.rest = { name: segment.name, place };
  }
  if (Object.keys(parameters).length > 0) places.parameters = parameters;
  return places;
}

/** Which of the values by scope is sent is known now: the operation says which scopes it needs. */
function toldUpstream({ headers }: Api, { scopes }: Operation): Told {
  const told: Told[number][] = [];
  for (const header of headers) {
    const text = header.kind === "text" ? header.text : header.values.find((v) => scopes.includes(v.scope))?.value;
    if (text !== undefined) told.push({ kind: header.kind, name: header.name, text });
  }
  return told;
}
