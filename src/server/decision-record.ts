/** What is kept of a decision that a stock OPA logged: named members only, escaped and cut (threat model §7). */
import { type Caller, logLine } from "../callers/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";

/** Characters of one text. */
const LONGEST = 1024;

/** One line of at most 16 KiB with its end, of the members that say what was asked and answered; nothing where it has no id. Input is not among them: it may hold a credential. */
export function decisionRecord(gateway: Pick<Caller, "name">, event: JsonObject): string | undefined {
  const id = event.decision_id;
  if (typeof id !== "string" || id === "" || id.length > 256) return undefined;
  return logLine({
    gateway: gateway.name,
    decision_id: id,
    ...texts(event, ["timestamp", "path", "trace_id", "span_id", "batch_decision_id"]),
    ...isPresent("bundles", revisionsOf(event.bundles)),
    ...isPresent("result", resultOf(event.result)),
    ...isPresent("error", objectOf(event.error) && texts(objectOf(event.error)!, ["code", "message"])),
  });
}

function revisionsOf(value: JsonValue | undefined): object | undefined {
  const bundles = objectOf(value);
  if (!bundles) return undefined;
  const first = Object.entries(bundles).slice(0, 8);
  return Object.fromEntries(first.map(([name, bundle]) => [cut(name), texts(objectOf(bundle) ?? {}, ["revision"])]));
}

/** Of a decision as our policy answers it, or of a bare true or false. */
function resultOf(value: JsonValue | undefined): object | boolean | undefined {
  if (typeof value === "boolean") return value;
  const result = objectOf(value);
  if (!result) return undefined;
  return {
    ...(typeof result.allow === "boolean" && { allow: result.allow }),
    ...texts(result, ["reason", "identity", "operation", "tier", "rule"]),
  };
}

function texts(object: JsonObject, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof value === "string") found[name] = cut(value);
  }
  return found;
}

function isPresent(name: string, value: object | boolean | undefined): object {
  return value === undefined ? {} : { [name]: value };
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…`.toWellFormed() : text.toWellFormed();
}
