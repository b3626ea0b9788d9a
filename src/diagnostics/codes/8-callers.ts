/** 82xx: who asks the publisher, and what proves it. */
import type { Entry } from "../entry.ts";

export const callers = {
  WRIT8202: {
    name: "api-forbidden",
    severity: "error",
    message: ({ caller, action }: { caller: string; action: string }) => `\`${caller}\` may not \`${action}\` this`,
    help: () => "nothing was changed; ask somebody whose role or scope allows it",
  },
} satisfies Record<string, Entry>;
