/** The engine and the packer as they are built. */
import { assembleModule, engineBytes, packTables } from "../../src/wasm/index.ts";
import type { Maker } from "./ask-wasm.ts";

export const maker: Maker = { engine: engineBytes(), pack: packTables, assemble: assembleModule };
