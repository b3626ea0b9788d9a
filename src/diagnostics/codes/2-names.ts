/** 2xxx: names and shapes. */
import type { Entry } from "../table.ts";

export const names = {
  WRIT2001: {
    name: "unknown-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is not declared`,
    help: () => "declare it, or import it from the file that does",
  },
} satisfies Record<string, Entry>;
