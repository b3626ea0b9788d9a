/** 92xx: what publisher and gateway say to each other. */
import type { Entry } from "../entry.ts";

export const protocol = {
  WRIT9201: {
    name: "poll-malformed",
    severity: "error",
    message: ({ place }: { place: string }) => `the poll can't be answered: \`${place}\` is not what it should be`,
    help: () => "a gateway asks with the versions that it holds, all of them, as whole numbers",
  },
  WRIT9202: {
    name: "status-malformed",
    severity: "error",
    message: ({ place }: { place: string }) => `the report can't be used: \`${place}\` is not what it should be`,
    help: () => "what is not as a gateway of ours writes it is not shown",
  },
} satisfies Record<string, Entry>;
