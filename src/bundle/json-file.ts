/** JSON files inside bundles and beside them: read strictly, failures named by file. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";

export function readJsonFile(file: string, bytes: Uint8Array): JsonValue {
  const read = readJson(bytes);
  if (read.failure) throw WritError.of("WRIT7008", { file, ...read.failure });
  return read.value;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with exactly these members. */
export function hasExactly<K extends string>(
  value: JsonValue | undefined,
  keys: readonly K[],
): value is Record<K, JsonValue> {
  return isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

export function isStrings(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** SHA-256 (FIPS 180-4) in lower-case hexadecimal. */
export async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
