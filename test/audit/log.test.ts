/** A log that somebody touched: threat D08. */
import { describe, expect, test } from "vitest";
import {
  type CheckpointKey,
  joinLines,
  readCheckpoint,
  readCheckpointKey,
  signCheckpoint,
  verifyLog,
  writeCheckpointKey,
} from "../../src/audit/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { checkpointOf, key, revocations, signNote, writeLog } from "./notary.ts";

const { lines, heads } = writeLog(revocations(12));
const last = heads.at(-1)!;

/** What is wrong, and with which record it begins. */
function faultOf(changed: readonly Uint8Array[], signed = [last]): unknown {
  return faultIn(joinLines(changed), signed);
}

function faultIn(bytes: Uint8Array, signed = [last]): unknown {
  try {
    verifyLog(bytes, signed);
    return undefined;
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    expect(error.reason).toBe("audit-mismatch");
    return [error.parameters.fault, error.parameters.index];
  }
}

async function checkpointFault(note: string | Uint8Array, by: CheckpointKey = key): Promise<unknown> {
  try {
    await readCheckpoint(typeof note === "string" ? Buffer.from(note) : note, by);
    return undefined;
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    expect(error.reason).toBe("checkpoint-invalid");
    return error.parameters.fault;
  }
}

describe("D08: a log", () => {
  test("that is whole is what its records say", () => {
    expect(verifyLog(joinLines(lines), [last])).toEqual(revocations(12));
    expect(verifyLog(new Uint8Array(), [heads[0]!])).toEqual([]);
    expect(verifyLog(joinLines(lines), heads)).toHaveLength(12);
  });

  test("of which a record was edited names it", () => {
    for (let index = 0; index < lines.length; index++) {
      const edited = Buffer.from(Buffer.from(lines[index]!).toString().replace('"ops"', '"eve"'));
      const expected = index === lines.length - 1 ? ["root", 0] : ["previous", index];
      expect(faultOf(lines.with(index, edited))).toEqual(expected);
    }
  });

  test("of which any bit of any record was turned is refused", () => {
    const whole = joinLines(lines);
    for (let at = 0; at < whole.length; at++) {
      const fault = faultIn(whole.with(at, whole[at]! ^ (1 << (at % 8))));
      expect([at, fault]).not.toEqual([at, undefined]);
    }
  });

  test("of which a record was removed, doubled, put elsewhere or put in names the place", () => {
    for (let index = 0; index < lines.length - 1; index++) {
      expect(faultOf(lines.toSpliced(index, 1))).toEqual(["number", index]);
      expect(faultOf(lines.toSpliced(index, 0, lines[index]!))).toEqual(["number", index + 1]);
      expect(faultOf(lines.toSpliced(index, 2, lines[index + 1]!, lines[index]!))).toEqual(["number", index]);
    }
    expect(faultOf(lines.slice(0, -1))).toEqual(["missing", 11]);
    expect(faultOf([])).toEqual(["missing", 0]);
  });

  test("to which something was appended that nobody signed names the first of it", () => {
    const longer = writeLog(revocations(15));
    expect(faultOf(longer.lines)).toEqual(["unsigned", 12]);
    expect(faultIn(joinLines(lines).subarray(0, -1))).toEqual(["line", 11]);
    expect(faultIn(Buffer.concat([joinLines(lines), Buffer.from("{}\n")]))).toEqual(["number", 12]);
    for (const more of ["\n", "[]\n", "null\n", '{"a":1,"a":1}\n', "\ufeff{}\n", "{}"])
      expect(faultIn(Buffer.concat([joinLines(lines), Buffer.from(more)]))).toEqual(["line", 12]);
  });

  test("that was written anew from some record on is found out by its root, and earlier checkpoints say since when", () => {
    const forged = writeLog(revocations(12).with(7, { kind: "revoke", blobs: [], body: { by: "eve" } }));
    expect(faultOf(forged.lines)).toEqual(["root", 0]);
    expect(faultOf(forged.lines, [last, heads[5]!])).toEqual(["root", 5]);
    expect(faultOf(forged.lines, [last, heads[7]!, heads[3]!])).toEqual(["root", 7]);
    expect(faultOf(forged.lines, [heads[9]!, heads[7]!, last])).toEqual(["root", 7]);
  });
});

describe("a checkpoint", () => {
  test("is three lines, signed, and read back", async () => {
    const note = await checkpointOf(last);
    const [origin, size, root, empty, signature, end] = note.split("\n");
    expect([origin, size, empty, end]).toEqual([key.name, "12", "", ""]);
    expect(Buffer.from(root!, "base64").toString("hex")).toBe(last.root);
    expect(signature).toMatch(/^— publisher\.example\/estate [A-Za-z0-9+/]{91}=$/);
    expect(await readCheckpoint(Buffer.from(note), key)).toEqual({ origin: key.name, ...last });
  });

  test("may carry more lines, and signatures of others", async () => {
    const text = `${key.name}\n12\n${Buffer.from(last.root, "hex").toString("base64")}\nmore to know\n`;
    const own = (await signCheckpoint(last, key, signNote)).split("\n").at(-2)!;
    const id = Buffer.from(own.split(" ")[2]!, "base64").subarray(0, 4);
    const line = `— ${key.name} ${Buffer.concat([id, await signNote(Buffer.from(text))]).toString("base64")}`;
    expect(await checkpointFault(`${text}\n${line}\n`)).toBeUndefined();
    expect(await checkpointFault(`${text}\n— witness.example AAAAAAAA\n${line}\n`)).toBeUndefined();
    expect(await checkpointFault(`${text}\n${own}\n`)).toBe("signature");
    expect(await checkpointFault(`${text}\n${line}\n${own}\n`)).toBe("signature");
  });

  test("is refused when any bit of it was turned", async () => {
    const note = Buffer.from(await checkpointOf(last));
    for (let at = 0; at < note.length; at++)
      for (const bit of [1, 4, 32, 128])
        expect([at, bit, await checkpointFault(note.with(at, note[at]! ^ bit))]).not.toEqual([at, bit, undefined]);
  });

  test("of another log, of nobody, or that is none is refused", async () => {
    const note = await checkpointOf(last);
    const other = { ...key, name: "publisher.example/other" };
    expect(await checkpointFault(await signCheckpoint(last, other, signNote))).toBe("unsigned");
    // The key of one log, over the name of another.
    const text = `${other.name}\n12\n${Buffer.from(last.root, "hex").toString("base64")}\n`;
    const id = Buffer.from(note.split("\n").at(-2)!.split(" ")[2]!, "base64").subarray(0, 4);
    const signature = Buffer.concat([id, await signNote(Buffer.from(text))]).toString("base64");
    expect(await checkpointFault(`${text}\n— ${key.name} ${signature}\n`)).toBe("origin");
    const root = Buffer.from(last.root, "hex").toString("base64");
    const signed = async (body: string) =>
      `${body}\n— ${key.name} ${Buffer.concat([id, await signNote(Buffer.from(body))]).toString("base64")}\n`;
    for (const body of [
      `${key.name}\n12\n`,
      `${key.name}\n012\n${root}\n`,
      `${key.name}\n-1\n${root}\n`,
      `${key.name}\n1e1\n${root}\n`,
      `${key.name}\n9007199254740993\n${root}\n`,
      `${key.name}\n12\n${root.slice(0, -1)}\n`,
      `${key.name}\n12\n${Buffer.alloc(31).toString("base64")}\n`,
      `${key.name}\n12\n${root}\n\nmore\n`,
      `${key.name}\n12\n${root}\r\n`,
    ])
      expect([body, await checkpointFault(await signed(body))]).toEqual([body, "text"]);
    for (const none of [
      "",
      "\n",
      "\n\n",
      note.slice(0, -1),
      `${note}\n`,
      note.replace("\n\n", "\n"),
      "x".repeat(20_000),
    ])
      expect(await checkpointFault(none)).toBe("text");
    expect(await checkpointFault(Buffer.from([0xff, 0x0a, 0x0a, 0xff, 0x0a]))).toBe("text");
  });

  test("is not given out when the signer signs something else", async () => {
    const elsewhere = async () => signNote(Buffer.from("something else"));
    await expect(signCheckpoint(last, key, elsewhere)).rejects.toMatchObject({ reason: "signer-invalid" });
    await expect(signCheckpoint(last, key, async () => new Uint8Array())).rejects.toMatchObject({
      reason: "signer-invalid",
    });
  });

  test("has a key in one line, which other tools write the same", async () => {
    expect(readCheckpointKey(writeCheckpointKey(key))).toEqual({ ...key, publicKey: new Uint8Array(key.publicKey) });
    // From the documentation of the signed notes of Go's checksum database.
    const known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    expect(writeCheckpointKey(readCheckpointKey(known))).toBe(known);
    const note =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    // It is signed by that key, and is no checkpoint.
    expect(await checkpointFault(note, readCheckpointKey(known))).toBe("text");
    expect(await checkpointFault(note.replace("think", "thank"), readCheckpointKey(known))).toBe("signature");
  });

  test.each([
    "",
    "PeterNeumann",
    "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
    "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  ])("has no key %j", (text) => {
    expect(() => readCheckpointKey(text)).toThrow("the key to verify it with is none");
  });
});
