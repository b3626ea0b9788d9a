/** The module of a small estate, without its policy too, and what the reference answers. */
import { decide, type Policy } from "../../../src/model/index.ts";
import { assembleModule, engineBytes, packTables } from "../../../src/wasm/index.ts";
import { bases, loaded } from "../../decide/estate.ts";

const { model, policy } = loaded;

export const revocations = loaded.revocations as Readonly<Record<string, unknown>>;
export const tables = packTables(model, policy as Policy);
export const module = assembleModule(engineBytes(), tables);
export const questions = Object.values(bases);

/** What the reference says of a question, given these revocations; `null`: it is told of none. */
export function expected(input: unknown, known: unknown = revocations): unknown {
  return plain(decide({ model, policy, revocations: known }, input));
}

/** As JSON leaves it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
