/** Who may, what can, who reaches; the access matrix and its page. */
export type { Access, AccessKind, CallerRow, Matrix, OperationColumn, Shown, TierRow } from "./access.ts";
export { type AccessMatrix, accessMatrices, accessMatrix } from "./access-matrix.ts";
export { type Can, type CanCall, canCall } from "./can.ts";
export { type Comparison, compareMatrices } from "./compare.ts";
export { type AskedOperation, findIdentity, findOperation, findScope } from "./find.ts";
export type { Part } from "./matrix.ts";
export type { PageContent } from "./page/data.ts";
export { matrixPage } from "./page/page.ts";
export { type GivingGrant, type Reach, reachOf, type ScopeHolders } from "./reach.ts";
export { type RenderOptions, renderCan, renderReach, renderWho } from "./render.ts";
export { type CsvOptions, matrixCsv, matrixJson, type Written } from "./tables.ts";
export { type Who, type WhoMay, whoMay } from "./who.ts";
