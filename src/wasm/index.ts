/** A model to `policy.wasm`: the tables, and the engine that decides by them. */
export { packTables } from "./pack-tables.ts";
