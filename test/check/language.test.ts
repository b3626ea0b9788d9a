/**
 * Every folder below test/language is one case: policy files, data files, and `expected.txt` with what is said of them, or `model.json`
 * with what they mean. `fixed/` holds the files after all safe fixes. WRIT_UPDATE=1 writes the expectations anew: read the difference.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { fixUntilStable, renderText } from "../../src/diagnostics/index.ts";
import { checkFiles } from "./estate.ts";

const folder = resolve(import.meta.dirname, "../language");
const update = process.env.WRIT_UPDATE === "1";
const expectations = new Set(["expected.txt", "model.json", "fixed"]);

function filesOf(path: string, prefix = ""): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (prefix === "" && expectations.has(entry.name)) continue;
    if (entry.isDirectory()) Object.assign(files, filesOf(join(path, entry.name), `${prefix}${entry.name}/`));
    else files[prefix + entry.name] = readFileSync(join(path, entry.name));
  }
  return files;
}

/** Compares with a file, or writes it. */
function matches(path: string, actual: string): void {
  if (update) {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(actual).toBe(readFileSync(path, "utf8"));
}

describe.each(readdirSync(folder))("%s", (name) => {
  const path = join(folder, name);
  const files = filesOf(path);
  const verdict = checkFiles(files);

  test("is understood as expected", () => {
    const text = renderText(verdict.diagnostics, verdict.texts);
    if (verdict.diagnostics.length > 0) matches(join(path, "expected.txt"), text);
    else expect(existsSync(join(path, "expected.txt"))).toBe(false);
    if (existsSync(join(path, "model.json")) || (update && !text.includes("error")))
      matches(join(path, "model.json"), `${JSON.stringify(verdict.model, undefined, 2)}\n`);
  });

  test("is put right as far as safe fixes go", () => {
    const { changed } = fixUntilStable(verdict.texts, (texts) => {
      const data = Object.entries(files).filter(([file]) => !file.endsWith(".policy.ts"));
      return checkFiles({ ...Object.fromEntries(data), ...Object.fromEntries(texts) }).diagnostics;
    });
    for (const [file, text] of changed) matches(join(path, "fixed", file), text);
    const fixable = verdict.diagnostics.some((diagnostic) => diagnostic.fix?.safe);
    expect(changed.size > 0).toBe(fixable);
    expect(existsSync(join(path, "fixed"))).toBe(fixable);
  });
});
