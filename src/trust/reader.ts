/** Takes members out of a JSON object that anybody may have written, and names the place that is not what it should be. */
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";

export interface Reader {
  readonly json: JsonObject;
  value(key: string): JsonValue | undefined;
  text(key: string): string;
  texts(key: string): readonly string[];
  whole(key: string, from: number): number;
  flag(key: string): boolean;
  object(key: string): Reader;
  /** An array of objects. */
  list(key: string): readonly Reader[];
  /** An object of objects, whose keys are names. */
  entries(key: string): readonly (readonly [string, Reader])[];
  refuse(key: string): never;
}

export function reader(file: string, place: string, json: JsonValue | undefined): Reader {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw WritError.of("WRIT9101", { file, place });
  }
  const object = json as JsonObject;
  const at = (key: string) => (place === "the file" ? key : `${place}.${key}`);
  const refuse = (key: string): never => {
    throw WritError.of("WRIT9101", { file, place: at(key) });
  };
  const value = (key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);
  const array = (key: string): readonly JsonValue[] => {
    const found = value(key);
    return Array.isArray(found) ? found : refuse(key);
  };
  const inner = (key: string) => reader(file, at(key), value(key));
  return {
    json: object,
    value,
    refuse,
    text(key) {
      const found = value(key);
      return typeof found === "string" ? found : refuse(key);
    },
    texts(key) {
      const found = array(key);
      return found.every((item) => typeof item === "string") ? (found as readonly string[]) : refuse(key);
    },
    whole(key, from) {
      const found = value(key);
      return typeof found === "number" && Number.isSafeInteger(found) && found >= from ? found : refuse(key);
    },
    flag(key) {
      const found = value(key);
      return typeof found === "boolean" ? found : refuse(key);
    },
    object: inner,
    list: (key) => array(key).map((item) => reader(file, at(key), item)),
    entries: (key) => Object.entries(inner(key).json).map(([name, item]) => [name, reader(file, at(key), item)]),
  };
}
