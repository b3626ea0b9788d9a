/** The one strict reader of JSON and the one spelling in which we write it. */
export { byCodePoints, canonicalJson, canonicalJsonBytes } from "./canonical.ts";
export type { JsonPath, Place, Places } from "./places.ts";
export {
  type JsonDocument,
  type JsonLimits,
  type JsonObject,
  type JsonResult,
  type JsonValue,
  readJson,
  readJsonWithPositions,
} from "./read.ts";
export { type JsonFailure, type JsonListener, type JsonNumbers, scan } from "./scan.ts";
