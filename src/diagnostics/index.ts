/** Every sentence we say to a person. */

export { assert, unreachable } from "./bug.ts";
export type { ApprovalFault, DifferenceFault, RevisionFault } from "./codes/4-review.ts";
export type { ConfigFault } from "./codes/5-files.ts";
export type { ArchiveFault, KeyFault, ManifestFault, SignatureFault, TableFault } from "./codes/7-bundles.ts";
export type { AuditFault, CheckpointFault } from "./codes/8-audit.ts";
export type { CallersFault, CredentialFault, EventError, EventFault } from "./codes/8-callers.ts";
export type {
  ApprovalMismatch,
  CandidateFault,
  ProvenanceFault,
  ReleaseFault,
  RestorationFault,
  RevocationFault,
} from "./codes/8-publish.ts";
export type { ReadingFault, RequestFault, Shortage } from "./codes/8-server.ts";
export type { StoreOperation } from "./codes/8-store.ts";
export type { AddressFault } from "./codes/9-client.ts";
export type { KeySetFault, SidecarFault } from "./codes/9-sidecar.ts";
export type { MetadataMismatch, RoleKeyFault, RootSigners, SignerFault } from "./codes/9-trust.ts";
export {
  byPlace,
  type Diagnostic,
  type Edit,
  type Extras,
  type Fix,
  type Related,
  type Result,
  report,
  type Severity,
} from "./diagnostic.ts";
export { applyFixes, type Edited, fixUntilStable } from "./edit.ts";
export type { Entry } from "./entry.ts";
export { explain, findCode } from "./explain.ts";
export { type JsonProblem, jsonProblems } from "./json-problems.ts";
export { type Lines, linesOf } from "./lines.ts";
export { renderGithub } from "./render-github.ts";
export { type JsonDiagnostic, type JsonSpan, renderJson } from "./render-json.ts";
export { renderSarif, type SarifOptions } from "./render-sarif.ts";
export { renderText, type TextOptions } from "./render-text.ts";
export { type Position, positionAt, type Source, type Span } from "./span.ts";
export { type Code, type Parameters, table } from "./table.ts";
export { visible } from "./visible.ts";
export { WritError } from "./writ-error.ts";
