/** The small parts of the checker: dates, import paths, the vocabulary, secrets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { looksLike } from "../../src/check/bind.ts";
import { resolveImport } from "../../src/check/import-path.ts";
import { secretKind } from "../../src/check/rules/secrets.ts";
import { formatDuration, parseDate, parseDuration } from "../../src/check/time.ts";

describe("dates", () => {
  test("are days and moments of the calendar, in UTC", () => {
    expect(parseDate("2027-03-31")).toBe(Date.UTC(2027, 2, 31) / 1000);
    expect(parseDate("2026-11-20T08:00Z")).toBe(Date.UTC(2026, 10, 20, 8) / 1000);
    expect(parseDate("2026-11-20T08:00:59Z")).toBe(Date.UTC(2026, 10, 20, 8, 0, 59) / 1000);
    expect(parseDate("2028-02-29")).toBeDefined();
  });

  test.each([
    "2027-02-29",
    "2027-13-01",
    "2027-00-10",
    "2027-04-31",
    "2027-4-1",
    "2026-11-20T24:00Z",
    "2026-11-20T08:60Z",
    "2026-11-20T08:00",
    "2026-11-20 08:00Z",
    "2026-11-20T08:00+01:00",
    "1969-12-31",
    " 2027-01-01",
    "2027-01-01\n",
    "٢٠٢٧-01-01",
    "",
  ])("%j is none", (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  test("agree with the built-in calendar on every day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (day) => {
        const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
        expect(parseDate(text)).toBe(day * 86_400);
      }),
    );
  });
});

describe("durations", () => {
  test.each([
    ["60s", 60],
    ["15m", 900],
    ["4h", 14_400],
    ["365d", 31_536_000],
    ["36525d", 3_155_760_000],
  ] as const)("%s is %i seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
    expect(parseDuration(formatDuration(seconds))).toBe(seconds);
  });

  test.each(["0s", "01s", "1.5h", "-1s", "60", "s", "1w", "36526d", "1e3s", "60 s", "60S"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("imports", () => {
  test.each([
    ["a.policy.ts", "./b.policy.ts", "b.policy.ts"],
    ["x/a.policy.ts", "./b.policy.ts", "x/b.policy.ts"],
    ["x/a.policy.ts", "../b.policy.ts", "b.policy.ts"],
    ["x/y/a.policy.ts", "../z/./b.policy.ts", "x/z/b.policy.ts"],
  ])("in %s, %s is %s", (from, text, path) => {
    expect(resolveImport(from, text)).toEqual({ kind: "file", path });
  });

  test.each([
    ["a.policy.ts", "../b.policy.ts"],
    ["x/a.policy.ts", "../../b.policy.ts"],
    ["x/a.policy.ts", "../y/../../b.policy.ts"],
  ])("from %s, %s leads outside", (from, text) => {
    expect(resolveImport(from, text)).toEqual({ kind: "outside" });
  });

  test.each([
    "b.policy.ts",
    "/b.policy.ts",
    "./b.ts",
    "./b.policy.js",
    "node:fs",
    "https://x/b.policy.ts",
    ".\\b.policy.ts",
    "./b%2e.policy.ts",
    "./b.policy.ts?x.policy.ts",
  ])("%s is no policy", (text) => {
    expect(resolveImport("a.policy.ts", text)).toEqual({ kind: "foreign" });
  });

  test("never lead out of the folder", () => {
    const segment = fc.constantFrom("..", ".", "a", "b", "");
    fc.assert(
      fc.property(fc.array(segment), fc.array(segment.filter((s) => s === "a" || s === "b")), (path, folder) => {
        const resolved = resolveImport([...folder, "x.policy.ts"].join("/"), `./${[...path, "y.policy.ts"].join("/")}`);
        if (resolved.kind === "file") expect(resolved.path.split("/")).not.toContain("..");
        else expect(resolved.kind).toBe("outside");
      }),
    );
  });
});

describe("names that look alike", () => {
  test("are one text", () => {
    expect(looksLike("pool1")).toBe(looksLike("poolI"));
    expect(looksLike("pO0l")).toBe(looksLike("p0Ol"));
    expect(looksLike("orders")).not.toBe(looksLike("order5"));
  });
});

describe("secrets", () => {
  test.each([
    "AKIAABCDEFGHIJKLMNOP",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "-----BEGIN EC PRIVATE KEY-----",
    "eyJhbGciOiJub25l.eyJzdWIiOiJhIn0x.c2lnbmF0dXJl",
    "glpat-abcdefghijklmnopqrst",
    "xoxb-123456789012-abcdef",
  ])("%s looks like one", (text) => {
    expect(secretKind(text)).toBeDefined();
    expect(secretKind(`key=${text} `)).toBeDefined();
  });

  test.each([
    "scanner-2026-09",
    "spiffe://example.org/ns/payments/sa/worker",
    "https://id.example.com/jwks.json",
    "GET /v1/tenants/{tenant}/orders",
    "-----BEGIN PUBLIC KEY-----",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ])("%s does not", (text) => {
    expect(secretKind(text)).toBeUndefined();
  });
});
