/** 44xx: questions about access. */
import type { Entry } from "../entry.ts";

export const questions = {
  WRIT4401: {
    name: "asked-unknown",
    severity: "error",
    message: ({ what, text }: { what: string; text: string; near?: string }) => `there is no ${what} \`${text}\``,
    help: ({ near }: { what: string; text: string; near?: string }) =>
      near === undefined ? "any part of a name is enough, if only one has it" : `did you mean \`${near}\`?`,
  },
  WRIT4402: {
    name: "asked-ambiguous",
    severity: "error",
    message: ({ what, text }: { what: string; text: string; names: readonly string[]; more: number }) =>
      `more than one ${what} is meant by \`${text}\``,
    help: ({ names, more }: { what: string; text: string; names: readonly string[]; more: number }) =>
      `name one of ${names.map((name) => `\`${name}\``).join(", ")}${more > 0 ? `, or one of ${more} more` : ""}`,
  },
  WRIT4403: {
    name: "matrix-too-large",
    severity: "error",
    message: ({ rows, most }: { rows: number; most: number }) =>
      `the matrix has ${rows} rows of pairs, and at most ${most} are written`,
    help: () => "leave `--expand` out, take `--format json`, or raise `--most`",
  },
} satisfies Record<string, Entry>;
