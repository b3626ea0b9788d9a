/** 41xx: what is proved of all requests: what must never be, and what is of no use. */
import type { Entry } from "../entry.ts";

export const proofs = {
  WRIT4102: {
    name: "never-name-not-unique",
    severity: "error",
    message: ({ name }: { name: string }) => `another \`never\` is called \`${name}\` too`,
    help: () => "say in its name what is different about it",
  },
  WRIT4103: {
    name: "never-about-nobody",
    severity: "warning",
    message: ({ issuer }: { issuer: string }) => `nobody who is meant here has tokens of \`${issuer}\``,
    help: () => "name their issuer, or leave `issuer` out",
  },
} satisfies Record<string, Entry>;
