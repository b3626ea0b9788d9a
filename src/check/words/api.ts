/** `api`: a host, its operations, the scopes that each one needs, and what the upstream is told. */
import { report, type Span } from "../../diagnostics/index.ts";
import type { Api } from "../../model/index.ts";
import { mapDocument } from "../api-document.ts";
import { readHeaders } from "../api-headers.ts";
import { OperationTable, readOperations } from "../api-operations.ts";
import type { Estate } from "../estate.ts";
import type { Given } from "../given.ts";
import { readArguments, readProperties } from "../shape.ts";
import { rawText } from "../values.ts";
import type { Word } from "../word.ts";

export const api: Word = {
  name: "api",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const [first, second] = readArguments(estate, call, "api", ["its host", "its properties"]) ?? [];
    if (!first || !second) return undefined;
    const host = readHost(estate, first);
    const optional = ["openapi", "operations", "tags", "security", "headers"];
    const given = readProperties(estate, second, "an API", [], optional);
    if (!given) return undefined;
    const table = new OperationTable();
    const readHere = given.read("operations", (e, entry, title) => readOperations(e, entry, title, table));
    const headerScopes = new Map<string, Span>();
    const headers = given.read("headers", (e, entry, title) => readHeaders(e, entry, title, headerScopes)) ?? [];
    const mapped = mapDocument(estate, given, host, table);
    if (!given.has("operations") && !given.has("openapi")) {
      // A property that is unknown may be the one that is missing.
      if (given.sound) estate.report(report("WRIT3047", nameSpan, { api: name }));
      return undefined;
    }
    if (given.has("operations") && !given.has("openapi") && readHere && table.size === 0)
      estate.report(report("WRIT3047", given.at("operations"), { api: name }));
    if (host === undefined || !given.sound || !mapped) return undefined;
    const value: Api = { name, host, operations: table.operations(), headers };
    estate.apis.push({ value, nameSpan, refused: table.refused(), operations: table.places(), headerScopes });
    estate.place("api", name, nameSpan);
    for (const [operation, span] of table.places()) estate.place("operation", `${host} ${operation}`, span);
    return { kind: "api", name, api: value };
  },
};

/** RFC 9110 §4.2.3 and RFC 1123 §2.1: hosts are compared in lower case, and adapters send neither port nor trailing dot. */
function readHost(estate: Estate, given: Given): string | undefined {
  const text = rawText(estate, given, "a host");
  if (!text) return undefined;
  const problem = hostProblem(text.text);
  return problem ? estate.report(report("WRIT2121", text.span, { host: text.text, problem })) : text.text;
}

function hostProblem(host: string): string | undefined {
  if (host === "") return "it is empty";
  if (host.includes("://")) return "it begins with a scheme";
  if (/[/?#]/.test(host)) return "it goes on with a path";
  if (/:[0-9]*$/.test(host)) return "it ends with a port";
  if (host !== host.toLowerCase()) return "it is not in lower case";
  if (host.endsWith(".")) return "it ends with a dot";
  if (host.includes("*")) return "a wildcard would take in hosts that nobody has declared";
  if (host.length > 253) return "it is longer than 253 characters";
  return host.split(".").every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
    ? undefined
    : "each part of it is letters, digits and `-`, at most 63 of them";
}
