/** What an upstream is told: headers with placeholders, or one value per scope. */
import { report, type Span } from "../diagnostics/index.ts";
import { parsePattern, type UpstreamHeader } from "../model/index.ts";
import type { Estate } from "./estate.ts";
import { type Given, look } from "./given.ts";
import { nearest } from "./nearest.ts";
import { type Entry, readEntries, wrongType } from "./shape.ts";
import { rawText } from "./values.ts";

/** Whoever sets one of these changes how the message is read or who the caller is taken to be (RFC 9110 §7.6.1, §11). */
const reserved = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

const placeholders = ["{identity}", "{tier}", "{owner}", "{subject}"];

/** @param scopePlaces is told where each scope of a by-scope header stands */
export function readHeaders(
  estate: Estate,
  given: Given,
  title: string,
  scopePlaces: Map<string, Span>,
): readonly UpstreamHeader[] | undefined {
  const entries = readEntries(estate, given, title);
  const headers = entries?.map((entry) => readHeader(estate, entry, scopePlaces));
  return headers?.every((header) => header !== undefined) ? headers : undefined;
}

function readHeader(
  estate: Estate,
  { name, keySpan, ...given }: Entry,
  scopePlaces: Map<string, Span>,
): UpstreamHeader | undefined {
  const problem = headerProblem(name);
  if (problem) return estate.report(report("WRIT2126", keySpan, { name, problem }));
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind === "text") {
    if (!isHeaderValue(seen.text)) return estate.report(report("WRIT2127", seen.span, {}));
    for (const [placeholder] of seen.text.matchAll(/\{[^{}]*\}?|\}/g)) {
      if (placeholders.includes(placeholder)) continue;
      const near = nearest(placeholder, placeholders);
      const help = near === undefined ? {} : { help: `did you mean \`${near}\`?` };
      return estate.report(report("WRIT2128", seen.span, { placeholder }, help));
    }
    return { kind: "text", name, text: seen.text };
  }
  if (seen.kind !== "object")
    return wrongType(estate, seen, `\`${name}\``, "a text, or an object with a text for each scope");
  const values = readEntries(estate, given, `\`${name}\``)?.map((entry) =>
    readScopeValue(estate, name, entry, scopePlaces),
  );
  if (values?.length === 0) return estate.report(report("WRIT2109", seen.span, { title: `\`${name}\`` }));
  return values?.every((value) => value !== undefined) ? { kind: "by-scope", name, values } : undefined;
}

function readScopeValue(
  estate: Estate,
  header: string,
  { name: scope, keySpan, ...given }: Entry,
  places: Map<string, Span>,
): { readonly scope: string; readonly value: string } | undefined {
  const value = rawText(estate, given, `the value for \`${scope}\``);
  const known = estate.vocabulary.has(scope);
  if (!known && !estate.vocabulary.partial) {
    if (!scope.includes(":")) {
      const pattern = parsePattern(scope);
      estate.report(report("WRIT2116", keySpan, { text: scope, problem: "problem" in pattern ? pattern.problem : "" }));
    } else estate.report(report("WRIT2118", keySpan, { scope }, estate.suggester.help(scope, estate.vocabulary.names)));
  }
  if (!value || !known) return undefined;
  if (!isHeaderValue(value.text)) return estate.report(report("WRIT2127", value.span, {}));
  places.set(`${header} ${scope}`, keySpan);
  return { scope, value: value.text };
}

function headerProblem(name: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)) return "no header has such a name"; // RFC 9110 §5.1
  if (name !== name.toLowerCase()) return "it is not in lower case";
  return reserved.has(name) ? "it has a meaning of its own on the way" : undefined;
}

/** RFC 9110 §5.5, without what is obsolete there: printable ASCII with spaces only inside. */
function isHeaderValue(text: string): boolean {
  return text.length <= 4096 && /^[!-~](?:[ -~]*[!-~])?$/.test(text);
}
