/** The operations of an API as they are listed by hand, and the table that all of its operations go into. */
import { report, type Span } from "../diagnostics/index.ts";
import { type Operation, parseTemplate } from "../model/index.ts";
import type { Estate } from "./estate.ts";
import { type Given, look } from "./given.ts";
import { nearest } from "./nearest.ts";
import { listOf, type Reader, readElements, readEntries, readProperties, wrongType } from "./shape.ts";
import { integer, oneOf, oneOrMore, thingOf } from "./values.ts";
import { verbs } from "./verbs.ts";

/** What an operation needs. */
export type Need =
  | { readonly kind: "scopes"; readonly scopes: readonly string[]; readonly minTrust: number }
  | { readonly kind: "public" }
  | { readonly kind: "refused" };

interface Listed {
  readonly need: Need;
  readonly span: Span;
}

/** By `METHOD /path`. A refused operation is declared, so that it is no omission, but it is no operation. */
export class OperationTable {
  readonly #listed = new Map<string, Listed>();
  /** Listed, but wrong in a way that is reported. */
  readonly broken = new Set<string>();

  get size(): number {
    return this.#listed.size + this.broken.size;
  }

  get names(): Iterable<string> {
    return this.#listed.keys();
  }

  has(name: string): boolean {
    return this.#listed.has(name) || this.broken.has(name);
  }

  place(name: string): Span | undefined {
    return this.#listed.get(name)?.span;
  }

  needOf(name: string): Need | undefined {
    return this.#listed.get(name)?.need;
  }

  add(name: string, need: Need, span: Span): void {
    this.#listed.set(name, { need, span });
  }

  operations(): readonly Operation[] {
    const operations: Operation[] = [];
    for (const [name, { need }] of this.#listed) {
      if (need.kind === "refused") continue;
      const space = name.indexOf(" ");
      operations.push({
        name,
        method: name.slice(0, space),
        template: name.slice(space + 1),
        public: need.kind === "public",
        scopes: need.kind === "scopes" ? need.scopes : [],
        minTrust: need.kind === "scopes" ? need.minTrust : 0,
      });
    }
    return operations;
  }

  refused(): readonly string[] {
    return [...this.#listed].flatMap(([name, { need }]) => (need.kind === "refused" ? [name] : []));
  }

  places(): ReadonlyMap<string, Span> {
    return new Map([...this.#listed].map(([name, { span }]) => [name, span]));
  }
}

export function readOperations(estate: Estate, given: Given, title: string, table: OperationTable): true | undefined {
  const entries = readEntries(estate, given, title);
  if (!entries) return undefined;
  let sound = true;
  for (const { name, keySpan, ...value } of entries) {
    const need = readNeed(estate, value, `\`${name}\``);
    if (operationName(estate, name, keySpan) && need) table.add(name, need, keySpan);
    else {
      table.broken.add(name);
      sound = false;
    }
  }
  return sound ? true : undefined;
}

function operationName(estate: Estate, name: string, span: Span): boolean {
  const parts = /^([^ ]+) (\/.*)$/.exec(name);
  if (!parts) {
    estate.report(report("WRIT2122", span, { text: name }));
    return false;
  }
  const [, method = "", template = ""] = parts;
  if (method === "TRACE" || method === "CONNECT") {
    estate.report(report("WRIT2124", span, { method }));
    return false;
  }
  if (!verbs.some((verb) => verb === method)) {
    const near = nearest(method, verbs);
    estate.report(
      report("WRIT2123", span, { method }, near === undefined ? {} : { help: `did you mean \`${near}\`?` }),
    );
    return false;
  }
  const parsed = parseTemplate(template);
  if (!("problem" in parsed)) return true;
  estate.report(report("WRIT2125", span, { template, problem: parsed.problem }));
  return false;
}

const scope = thingOf("scope");

/** One scope, or several that are all needed. */
export const readNeededScopes: Reader<readonly string[]> = (estate, given, title) => {
  const found = oneOrMore(scope, listOf(scope, "a list of scopes"))(estate, given, title);
  if (!found) return undefined;
  if (found.length > 1) {
    const places = readElements(estate, given, title, "a list of scopes") ?? [];
    estate.together.push(found.map(({ name }, i) => ({ scope: name, span: places[i]?.span ?? given.expression.span })));
  }
  return [...new Set(found.map((thing) => thing.name))].sort();
};

export const readNeed: Reader<Need> = (estate, given, title) => {
  const seen = look(estate, given);
  if (!seen) return undefined;
  switch (seen.kind) {
    case "text": {
      const word = oneOf(["public", "refused"])(estate, given, title);
      return word && { kind: word };
    }
    case "object": {
      const parts = readProperties(estate, given, title, ["scopes"], ["minTrust"]);
      const scopes = parts?.read("scopes", readNeededScopes);
      const minTrust = parts?.read("minTrust", integer(0, 100)) ?? 0;
      if (parts?.has("minTrust")) estate.demands.push({ trust: minTrust, span: parts.at("minTrust") });
      return parts?.sound && scopes ? { kind: "scopes", scopes, minTrust } : undefined;
    }
    case "thing":
    case "list": {
      if (seen.kind === "thing" && seen.thing.kind !== "scope")
        return wrongType(estate, seen, title, 'a scope, a list of scopes, `"public"` or `"refused"`');
      const scopes = readNeededScopes(estate, given, title);
      return scopes && { kind: "scopes", scopes, minTrust: 0 };
    }
    default:
      return wrongType(estate, seen, title, 'a scope, a list of scopes, `"public"` or `"refused"`');
  }
};
