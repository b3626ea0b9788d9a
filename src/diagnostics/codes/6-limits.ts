/** 6xxx: limits of the back ends. */
import type { Entry } from "../entry.ts";

export const limits = {
  WRIT6001: {
    name: "too-many-states",
    severity: "error",
    message: ({ what }: { what: string }) => `${what} combine in more ways than a gateway should hold`,
    help: () => "begin paths with a literal that tells them apart, or put a parameter where all of them have one",
  },
} satisfies Record<string, Entry>;
