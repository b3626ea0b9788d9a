/** Archives that are small on their way and huge once they are unfolded. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readKeys, verify } from "../../src/bundle/index.ts";
import { processorTime } from "../processor-time.ts";
import { codeNamed } from "./code-named.ts";
import { forgeGzip, publicKeyFile, RELEASE } from "./forge.ts";

describe("B01: bombs", () => {
  it("are refused before they unfold, whatever their trailer says", async () => {
    const bomb = Buffer.alloc(160 << 20);
    const keys = await readKeys(publicKeyFile(RELEASE));
    for (const size of [bomb.length, 1, (128 << 20) - 1]) {
      const bytes = forgeGzip(bomb, { size, level: 1 });
      const before = process.memoryUsage().arrayBuffers;
      const started = processorTime();
      await expect(verify(bytes, keys)).rejects.toMatchObject({
        code: codeNamed(size === bomb.length ? "bundle-too-large" : "archive-malformed"),
      });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((128 + 32) << 20);
      expect(processorTime() - started).toBeLessThan(2000);
    }
  });
});

describe("B01: a mebibyte that unfolds to a gibibyte", () => {
  const folder = mkdtempSync(join(tmpdir(), "writ-bomb-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  /** Zeros by the sixteen mebibytes: each piece ends at a byte and knows nothing of the one before. */
  const piece = deflateRawSync(Buffer.alloc(16 << 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const [gibibyte, limit, room] = [1 << 30, 128, 32];

  it.each([
    ["as it is", gibibyte, "bundle-too-large"],
    ["that says it is small", 1000, "archive-malformed"],
    ["that says it is as large as may be", limit << 20, "archive-malformed"],
  ])("%s is refused within the memory of the limit, and no signature is looked at", (name, size, code) => {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(size, 4);
    const end = Buffer.from([3, 0]); // an empty last block
    const bytes = Buffer.concat([forgeGzip(new Uint8Array()).subarray(0, 10), ...Array(64).fill(piece), end, trailer]);
    expect(bytes.length).toBeLessThan(2 << 20);
    const [file, keys] = [join(folder, `${name}.tar.gz`), join(folder, "keys.json")];
    writeFileSync(file, bytes);
    writeFileSync(keys, publicKeyFile(RELEASE));
    const worker = new URL("bomb-worker.ts", import.meta.url).pathname;
    const run = spawnSync(process.execPath, ["--conditions=writ-source", worker, file, keys], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    const found = JSON.parse(run.stdout) as { code: string; signatures: number; mebibytes: number };
    expect(found).toMatchObject({ code, signatures: 0 });
    expect(found.mebibytes).toBeLessThan(limit + room);
  });
});
