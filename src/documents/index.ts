/** Data files beside the policies, read strictly: registry rows and OpenAPI operations, each with its place in the file. */
export { type DataFile, decode as decodeDataFile, type Read } from "./data-file.ts";
export type { DocumentSecurity } from "./document-security.ts";
export { type DataNode, type Member, noMembers } from "./node.ts";
export { type OpenApiDocument, readOpenApi } from "./openapi.ts";
export type { DocumentOperation, MergedOperation } from "./operations.ts";
export { type DocumentReference, documentReference, type ReferenceProblem } from "./reference.ts";
export { readRegistry } from "./registry.ts";
export type { Field, Row, RowField, RowValues } from "./registry-row.ts";
export { readYamlNode } from "./yaml-node.ts";
