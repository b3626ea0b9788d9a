/** 83xx: changes of an estate that the publisher refuses. */
import type { Entry } from "../entry.ts";

export const publish = {
  WRIT8301: {
    name: "idempotency-conflict",
    severity: "error",
    message: ({ key }: { key: string }) => `another call was made with the idempotency key \`${key}\``,
    help: () => "nothing was changed; give every call a key of its own, and the same one only to the same call again",
  },
  WRIT8302: {
    name: "head-moved",
    severity: "error",
    message: ({ version }: { version: number }) =>
      `what is in force is no longer what was looked at: the head is version ${version} now`,
    help: () => "nothing was changed; look at what is in force, then send the version of that head in `If-Match`",
  },
} satisfies Record<string, Entry>;
