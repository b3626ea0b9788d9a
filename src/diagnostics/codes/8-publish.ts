/** 83xx: changes of an estate that the publisher refuses. */
import type { Entry } from "../entry.ts";

export const publish = {} satisfies Record<string, Entry>;
