/** How often one may ask, and what is left of hostile text in a line of the log. */
import { describe, expect, test } from "vitest";
import { logLine, longestLogLine, RateLimit } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";

describe("a limit of the rate", () => {
  test("P13: ten times the rate is held to the rate, and others are not affected", () => {
    let now = 0;
    const limit = new RateLimit({ perSecond: 50, burst: 500, clock: () => now });
    let allowed = 0;
    // 500 a second for 20 seconds.
    for (let call = 0; call < 10_000; call++) {
      now = call * 2;
      if (limit.take("flood") === 0) allowed++;
      if (call % 40 === 0) expect(limit.take("honest")).toBe(0);
    }
    expect(allowed).toBeGreaterThanOrEqual(500 + 50 * 19);
    expect(allowed).toBeLessThanOrEqual(500 + 50 * 20);
  });

  test("P13: says after how many seconds it is worth asking again", () => {
    let now = 0;
    const limit = new RateLimit({ perSecond: 0.1, burst: 2, clock: () => now });
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 10]);
    now = 4000;
    expect(limit.take("a")).toBe(6);
    now = 9999;
    expect(limit.take("a")).toBe(1);
    now = 10_000;
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 10]);
    now = 1_000_000_000;
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 10]);
    // A clock that stands still or goes back gives nothing away.
    now = 0;
    expect(limit.take("a")).toBe(10);
  });

  test("forgets those who are silent, and lets those for whom there is no room share what one has", () => {
    let now = 0;
    const limit = new RateLimit({ perSecond: 1, burst: 2, clock: () => now });
    const waits = Array.from({ length: 50_000 }, (_, index) => limit.take(`caller ${index}`));
    expect(waits.every((wait) => wait === 0)).toBe(true);
    expect([limit.take("x"), limit.take("y"), limit.take("z")]).toEqual([0, 0, 1]);
    now = 2000;
    expect([limit.take("x"), limit.take("x"), limit.take("y")]).toEqual([0, 0, 0]);
  });
});

describe("a line of the log", () => {
  const start = String.fromCharCode(27);

  test("P18: a subject with line ends, quotes, codes for terminals and text that turns round is one escaped line", () => {
    const subject = `a\nb\r"c"${start}[31m\u{9b}2J\u{2028}\u{2029}\u{202e}d\u{200b}\u{feff}\0\u{e0041}\ud800`;
    const line = logLine({ subject });
    expect(line).toMatch(/^[ -~]+\n$/);
    expect(JSON.parse(line)).toEqual({ subject });
  });

  test("P18: a megabyte is cut", () => {
    const line = logLine({ subject: `${start}"`.repeat(1 << 19), action: "revoke" });
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(longestLogLine);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    const { subject, action } = JSON.parse(line) as { subject: string; action: string };
    expect([subject.slice(0, 4), subject.at(-1), action]).toEqual([`${start}"${start}"`, "…", "revoke"]);
  });

  test("P18: so are long lists, objects of many members, long names and what is nested deeply", () => {
    let deep: unknown = "x";
    for (let level = 0; level < 1000; level++) deep = [deep];
    const wide = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`${index}`.repeat(400), "é".repeat(400)]),
    );
    for (const value of [deep, wide, Object.values(wide), [wide, wide, [wide]], "\n".repeat(100_000), 7n, undefined]) {
      const line = logLine(value);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(longestLogLine);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      JSON.parse(line);
    }
    expect(logLine({ at: 1, list: [1, null, true, "é"] })).toBe('{"at":1,"list":[1,null,true,"é"]}\n');
  });

  test("P19: of an error it holds code and sentence, and neither cause nor stack", () => {
    const error = WritError.of("WRIT8201", {}, new Map([["token", "secret"]]));
    expect(JSON.parse(logLine({ error }))).toEqual({ error: { code: "WRIT8201", message: "who asks is not proved" } });
  });
});
