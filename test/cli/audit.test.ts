/** `writ audit`: offline, with an exit code that a script can go by. */
import { describe, expect, test } from "vitest";
import { joinLines, writeCheckpointKey } from "../../src/audit/index.ts";
import { checkpointOf, key, revocations, writeLog } from "../audit/notary.ts";
import { writ } from "./run.ts";

const { lines, heads } = writeLog(revocations(5));
const files = {
  "audit.jsonl": joinLines(lines),
  "3.txt": await checkpointOf(heads[3]!),
  "5.txt": await checkpointOf(heads[5]!),
};
const vkey = writeCheckpointKey(key);

describe("writ audit verify", () => {
  test("says that a log is the one that was signed", async () => {
    const { exit, stdout, stderr } = await writ(`audit verify audit.jsonl --checkpoint 5.txt --key ${vkey}`, files);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`records   5`);
    expect(stdout).toContain(heads[5]!.root);
    const json = await writ(`audit verify audit.jsonl --checkpoint 3.txt 5.txt --key ${vkey} --format json`, files);
    expect(JSON.parse(json.stdout)).toEqual({ verified: true, origin: key.name, records: 5, root: heads[5]!.root });
  });

  test("D08: ends with 1 and names the first record that is not to be trusted", async () => {
    const edited = { ...files, "audit.jsonl": joinLines(lines.toSpliced(2, 1)) };
    const { exit, stderr } = await writ(`audit verify audit.jsonl --checkpoint 5.txt --key ${vkey}`, edited);
    expect([exit, stderr.includes("WRIT8021"), stderr.includes("record 2")]).toEqual([1, true, true]);
    const json = await writ(`audit verify audit.jsonl --checkpoint 5.txt --key ${vkey} --format json`, edited);
    expect([json.exit, JSON.parse(json.stdout)]).toEqual([
      1,
      expect.objectContaining({ verified: false, code: "WRIT8021", name: "audit-mismatch", index: 2 }),
    ]);
  });

  test("D09: a log that was cut is found out by the newer checkpoint that somebody holds", async () => {
    const cut = { ...files, "audit.jsonl": joinLines(lines.slice(0, 3)) };
    expect((await writ(`audit verify audit.jsonl --checkpoint 3.txt --key ${vkey}`, cut)).exit).toBe(0);
    const { exit, stderr } = await writ(`audit verify audit.jsonl --checkpoint 3.txt 5.txt --key ${vkey}`, cut);
    expect([exit, stderr.includes("record 3")]).toEqual([1, true]);
  });

  test("ends with 2 when it could not do its work", async () => {
    const lines = ["--checkpoint 5.txt --key nonsense", `--checkpoint none.txt --key ${vkey}`, `--key ${vkey}`];
    for (const line of lines) expect((await writ(`audit verify audit.jsonl ${line}`, files)).exit).toBe(2);
    expect((await writ(`audit verify none.jsonl --checkpoint 5.txt --key ${vkey}`, files)).exit).toBe(2);
  });
});

describe("writ audit show", () => {
  test("lists records from one on", async () => {
    const { exit, stdout } = await writ("audit show audit.jsonl --since 3", files);
    expect(exit).toBe(0);
    expect(stdout).toBe('3  revoke  {"by":"ops","jti":"t-3"}\n4  revoke  {"by":"ops","jti":"t-4"}\n');
    const json = await writ("audit show audit.jsonl --format json", files);
    expect(JSON.parse(json.stdout).records).toHaveLength(5);
  });

  test("P18: what a record says is shown on one line, escaped", async () => {
    const body = { by: "\u001b[31meve\n4  revoke  {}" };
    const { stdout } = await writ("audit show audit.jsonl", {
      "audit.jsonl": joinLines(writeLog([{ kind: "refuse", blobs: [], body }]).lines),
    });
    expect(stdout).toBe('0  refuse  {"by":"\\u001b[31meve\\n4  revoke  {}"}\n');
  });

  test("stops at what is no log", async () => {
    const { exit, stderr } = await writ("audit show audit.jsonl", { "audit.jsonl": "hello\n" });
    expect([exit, stderr.includes("WRIT8021")]).toEqual([2, true]);
  });
});
