/** All requests, finitely: classes of callers and operations, and diagrams of what is decided. */
export type { Cube } from "./cover.ts";
export { type Diagram, Diagrams } from "./diagrams.ts";
