/** Candidates are tried in processes of their own: whatever becomes of those, something is said. */
import { expect, test } from "vitest";
import { activation, rebuilding } from "../../src/cli/judging.ts";
import { mapHost } from "./map-host.ts";

test("a process that ended without a word is a problem with words", async () => {
  const host = mapHost({}, { runSelf: async () => ({ exitCode: 2, stdout: "", stderr: "\n" }) });
  const problem = expect.stringContaining("without a word");
  expect(await activation(host)(new Uint8Array(), new Uint8Array())).toEqual(problem);
  const made = { repository: "https://git.example.com/estate", commit: "a".repeat(40), workflow: "w", digest: "d" };
  const terms = { sequence: 1, issued: 1, expires: 2, opaBackend: "rego" } as const;
  expect(await rebuilding(host, { path: "/clone", folder: "policies" })(made, terms)).toEqual({ problem });
});
