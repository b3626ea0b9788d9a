/** 4xxx: examples and proofs. */
import type { Entry } from "../table.ts";

export const examples = {
  WRIT4001: {
    name: "example-wrong",
    severity: "error",
    message: ({ name, about, expected, actual }: { name: string; about: string; expected: string; actual: string }) =>
      `the example \`${name}\` expects the ${about} \`${expected}\`, and the policies say \`${actual}\``,
    help: () => "change the policy or the example; `writ test` decides all of them",
  },
} satisfies Record<string, Entry>;
