/** What people see of an estate, as HTML: the same view, the same text. */
export { type AuditWindow, auditWindow } from "./audit.ts";
export { changedEvent, contentSecurityPolicy, type PageFile, pageFiles } from "./files.ts";
export { type PageOptions, renderPage } from "./page.ts";
