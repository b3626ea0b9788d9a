/** The back end: a model to one module, which any host of OPA policies can run. */
import type { Artefact, Model, Policy } from "../model/index.ts";
import { assembleModule } from "./assemble.ts";
import { engineBytes } from "./engine-bytes.ts";
import { packTables } from "./pack-tables.ts";

export const MODULE = "policy.wasm";

/** @example emitWasm(model, { policy: { revision: "r1", sequence: 1, notBefore: 0, notAfter: 1_900_000_000 } }) */
export function emitWasm(model: Model, { policy }: { readonly policy: Policy }): readonly Artefact[] {
  return [{ path: MODULE, bytes: assembleModule(engineBytes(), packTables(model, policy)) }];
}
