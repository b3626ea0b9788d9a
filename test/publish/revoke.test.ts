/** The room in the list of revocations, and for whom it is. */
import { expect, test } from "vitest";
import type { Core } from "../../src/publish/core.ts";
import { mostPieces } from "../../src/publish/pieces.ts";
import { revoke } from "../../src/publish/revoke.ts";
import { revoker } from "./harness.ts";

const accepted = { version: 2, sequence: 1 };
const core = {
  once: (_call: unknown, _action: string, _role: string, _request: unknown, make: (asked: object) => unknown) =>
    make({}),
  commit: async () => accepted,
  current: { facts: new Map() },
  now: 1_800_000_000,
} as unknown as Core;

test("P13 a revoker with a scope can't fill the list for all others", async () => {
  const entries = [{ path: ["tokens", "corp", "t"], value: 1_900_000_000 }] as const;
  const ask = (scope: Parameters<typeof revoker>[0], pieces: number) =>
    revoke(core, { caller: revoker(scope), idempotencyKey: "k" }, entries, "it floods", pieces);
  const corp = { issuers: ["corp"] };
  await expect(ask(corp, mostPieces / 2 - 1)).resolves.toEqual(accepted);
  await expect(ask(corp, mostPieces / 2)).rejects.toMatchObject({ reason: "revocation-refused" });
  await expect(ask(undefined, mostPieces - 1)).resolves.toEqual(accepted);
  await expect(ask(undefined, mostPieces)).rejects.toMatchObject({ reason: "revocation-refused" });
});
