/** 84xx: requests that the server refuses, and how it is set up. */
import type { Entry } from "../entry.ts";

export const server = {} satisfies Record<string, Entry>;
