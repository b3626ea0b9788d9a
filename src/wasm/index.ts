/** A model to `policy.wasm`: the tables, and the engine that decides by them. */

export { assembleModule } from "./assemble.ts";
export { emitWasm, MODULE } from "./emit-wasm.ts";
export { engineBytes } from "./engine-bytes.ts";
export { inspectModule } from "./inspect-module.ts";
// For the gateway, which writes requests and reads decisions where the engine keeps them.
export {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_SIZE,
  FACT_SLOT_VALUE,
  HEADER_HEADER_COUNT,
  HEADER_HEADERS,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  HEADER_NOT_AFTER,
  HEADER_NOT_BEFORE,
  HEADER_REVISION,
  HEADER_SEQUENCE,
  HEADER_SIZE,
  HEADER_TIERS,
  HEADER_VERSION,
  INDEX_MASK,
  INDEX_SLOTS,
  MAGIC,
  MEMBER_AUD,
  MEMBER_CNF,
  MEMBER_JTI,
  MEMBER_KEY,
  MEMBER_NUMBER,
  MEMBER_SCOPE,
  MEMBER_SUB,
  PROBLEM_LIMIT,
  PROBLEM_MALFORMED,
  REQUEST,
  REQUEST_CONFIRMATION,
  REQUEST_CONFIRMED_CERTIFICATE,
  REQUEST_CONFIRMED_KEY,
  REQUEST_HAS_TOKEN,
  REQUEST_HOST,
  REQUEST_IP,
  REQUEST_KEY_ID,
  REQUEST_METHOD,
  REQUEST_PATH,
  REQUEST_PROBLEM,
  REQUEST_PROOF_KEY,
  REQUEST_SIZE,
  REQUEST_SPIFFE,
  REQUEST_THUMBPRINT,
  REQUEST_TIME,
  RESULT,
  RESULT_EMERGENCY,
  RESULT_GRANT_COUNT,
  RESULT_GRANTS,
  RESULT_IDENTITY,
  RESULT_OPERATION,
  RESULT_REASON,
  RESULT_TIER,
  RESULT_UNTIL,
  RESULT_UPSTREAM,
  RESULT_UPSTREAM_LENGTH,
  ROW_KEY_LENGTH,
  RULE_NAME,
  SLOT_ROW,
  SLOT_SIZE,
  TABLES,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  TIER_NAME,
  TIER_REVOCATION_DELAY,
  TIER_SIZE,
  TYPE_BOOLEAN,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_OTHER,
  TYPE_TEXT,
  VERSION,
} from "./layout.ts";
export { takeApart } from "./module-parts.ts";
export { packTables } from "./pack-tables.ts";
export type { ReadCondition, ReadInstruction } from "./read-conditions.ts";
export type { ReadRights } from "./read-identities.ts";
export { type ReadRule, type ReadTables, readTables } from "./read-tables.ts";
export { replaceTables } from "./replace-tables.ts";
export { ModuleRun } from "./run-module.ts";
export { underPolicy } from "./under-policy.ts";
