/** The editor and we give one verdict: what tsc refuses we refuse, and what we refuse alone is listed apart with the reason. */
import { describe, expect, test } from "vitest";
import { type Ran, readCorpus, runCorpus } from "./run-corpus.ts";

const cases = readCorpus();
const ran = runCorpus(cases);
const of = (verdict: string) => ran.filter((r) => r.case.verdict === verdict);

function title({ case: { table, line } }: Ran): string {
  return `${table}:${line}`;
}

describe("the corpus", () => {
  test("is as large as it should be, and no case is there twice", () => {
    console.log(`${of("good").length} good, ${of("bad").length} bad, ${of("ours-alone").length} refused by us alone`);
    expect(of("good").length).toBeGreaterThanOrEqual(300);
    expect(of("bad").length).toBeGreaterThanOrEqual(300);
    const texts = new Map(cases.map((c) => [JSON.stringify([...c.files]), c]));
    const twice = cases.filter((c) => texts.get(JSON.stringify([...c.files])) !== c).map((c) => `${c.table}:${c.line}`);
    expect(twice).toEqual([]);
  });

  test("good files are good for tsc and for us", () => {
    for (const r of of("good")) {
      expect(r.theirs, title(r)).toEqual([]);
      expect(r.ours, title(r)).toEqual([]);
    }
  });

  test("bad files are bad for tsc", () => {
    for (const r of of("bad")) expect(r.theirs.length, title(r)).toBeGreaterThan(0);
  });

  test("what we refuse alone is fine for tsc, and says why we refuse it", () => {
    for (const r of of("ours-alone")) {
      expect(r.theirs, title(r)).toEqual([]);
      expect(r.case.because, title(r)).toBeTruthy();
    }
  });

  test("of each refused file we say the code, the place and what to write instead", () => {
    for (const r of [...of("bad"), ...of("ours-alone")]) {
      const said = r.ours.map(({ code, help = "" }) => ({ code, help }));
      expect(said, title(r)).toEqual(r.case.expected);
      expect(said.every(({ help }) => help !== ""), `${title(r)} has a help`).toBe(true);
      const places = r.ours.map(({ span }) => span && { path: span.path, start: span.start, end: span.end });
      expect(places, title(r)).toEqual(r.case.marks);
    }
  });
});
