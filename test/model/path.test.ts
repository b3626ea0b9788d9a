import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCanonicalPath, isCanonicalSegment, pathSegments } from "../../src/model/index.ts";
import { processorTime } from "../processor-time.ts";

const canonical = [
  "/",
  "/a/b",
  "/a/b/",
  "/caf%C3%A9",
  "/%20",
  "/%22",
  "/%5E",
  "/%7B%7D",
  "/%E2%82%AC",
  "/%F0%9F%98%80",
  "/...",
  "/..a",
  "/a..",
  "/-._~!$&'()*+,=:@",
];

const refused: Readonly<Record<string, readonly string[]>> = {
  "does not start with a slash": ["", "*", "a/b", "http://a.example/b", " /a", "%2Fa"],
  "an empty segment": ["//", "/a//b", "//a/b", "/a//", "//admin/x"],
  "a dot segment": ["/.", "/..", "/a/./b", "/a/../b", "/../a", "/a/.", "/a/..", "/./"],
  "an encoded dot segment": ["/a/%2e%2e/b", "/a/%2E%2E/b", "/a/.%2e/b", "/a/..%2fb"],
  "an encoded separator": ["/a%2fb", "/a%2Fb", "/a%5cb", "/a%5Cb", "/a%3Bb"],
  "double encoding": ["/a%252fb", "/%252e", "/%25", "/%2525"],
  "a parameter of a segment": ["/a/..;/b", "/a;x=1/b", "/;"],
  "a control character": ["/a/b%00c", "/a/b%0d%0aX", "/%0D%0A", "/%1F", "/%7F", "/a\n", "/a\t", "/\u0000", "/\u007f"],
  "a malformed escape": ["/a/%zz", "/a/b%", "/a/b%4", "/%G0", "/%"],
  "an escape in lower case": ["/%c3%a9", "/%C3%a9", "/%2f", "/%e2%82%ac"],
  "an escape of an unreserved character": ["/%61/b", "/%41", "/%7E", "/%30", "/%2D", "/%5F"],
  "what is not UTF-8": [
    "/a/%c0%ae%c0%ae/b",
    "/%C0%AE",
    "/%ED%A0%80",
    "/%F8%88%80%80%80",
    "/%E2%82",
    "/%F4%90%80%80",
    "/%FF",
    "/%80",
    "/%C3/%A9",
  ],
  "a raw character": [
    "/a b",
    '/"',
    "/<",
    "/>",
    "/{",
    "/}",
    "/^",
    "/`",
    "/|",
    "/[",
    "/]",
    "/café",
    "/\u0080",
    "/\ud800",
  ],
  "a backslash": ["/a\\b", "/\\"],
  "a query or a fragment": ["/a/b#f", "/a?b", "/?"],
};

/** The bytes behind one encoding. */
function decoded(path: string): readonly number[] {
  return [
    ...Buffer.from(
      path.replace(/%([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      "latin1",
    ),
  ];
}

/** How nginx comes from the bytes of a request to the path that locations are compared with: decodes, merges slashes, resolves dots. */
function nginx(path: string): readonly number[] {
  const bytes = path.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const segments: string[] = [];
  const parts = bytes.split(/\/+/).slice(1);
  for (const part of parts) {
    if (part === "..") segments.pop();
    else if (part !== ".") segments.push(part);
  }
  if ([".", ".."].includes(parts.at(-1) ?? "")) segments.push("");
  return [...Buffer.from(`/${segments.join("/")}`, "latin1")];
}

/** How Envoy comes to the path of its routes with everything on: escaped slashes refused, dots resolved, slashes merged. */
function envoy(path: string): string {
  if (/%2f|%5c/i.test(path)) return "refused";
  const plain = path.replaceAll("\\", "/").replace(/%([0-9a-f]{2})/gi, (escaped, hex) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escaped;
  });
  return posix.normalize(plain);
}

describe("isCanonicalPath (Q01, Q02)", () => {
  it.each(canonical)("accepts %j", (path) => expect(isCanonicalPath(path)).toBe(true));

  for (const [why, paths] of Object.entries(refused)) {
    it.each(paths)(`refuses ${why}: %j`, (path) => expect(isCanonicalPath(path)).toBe(false));
  }

  it("decides each single byte as RFC 3986 does, less `;`", () => {
    const accepted = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).filter((c) =>
      isCanonicalPath(`/x${c}x`),
    );
    expect(accepted.join("")).toBe("!$&'()*+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
  });

  it("decides each single escape: what needs one, and is no separator", () => {
    const accepted = Array.from({ length: 256 }, (_, i) => i).filter((i) =>
      isCanonicalPath(`/%${i.toString(16).toUpperCase().padStart(2, "0")}`),
    );
    expect(accepted.map((i) => String.fromCharCode(i)).join("")).toBe(" !\"#$&'()*+,:<=>?@[]^`{|}");
  });

  const piece = fc.constantFrom(
    ..."abzAZ09-._~!$&'()*+,=:@;/\\ \"<>{}|^`[]?#%\u0000\té",
    "..",
    "//",
    "%2E",
    "%2e",
    "%2F",
    "%41",
    "%20",
    "%C3%A9",
    "%C0%AE",
    "%25",
    "%E2%82%AC",
  );
  const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join("")}`);

  it("accepts only what a URL parser and a path normaliser leave alone (Q03)", () => {
    let accepted = 0;
    fc.assert(
      fc.property(path, (text) => {
        if (!isCanonicalPath(text)) return;
        accepted++;
        const url = new URL(`http://a.example${text}`);
        expect(url.pathname + url.search + url.hash).toBe(text);
        expect(posix.normalize(text)).toBe(text);
        expect(decodeURIComponent(text).split("/").length).toBe(text.split("/").length);
      }),
      { numRuns: 8_000, seed: 8 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it("Q03 accepts only what nginx and Envoy route on as it stands", () => {
    let accepted = 0;
    fc.assert(
      fc.property(path, (text) => {
        if (!isCanonicalPath(text)) return;
        accepted++;
        // nginx takes away one encoding and nothing else; what it then has encodes to the same text, up to what needed no escape.
        expect(nginx(text)).toEqual(decoded(text));
        expect(decoded(text).filter((byte) => byte === 0x2f)).toHaveLength(text.split("/").length - 1);
        expect(envoy(text)).toBe(text);
      }),
      { numRuns: 8_000, seed: 9 },
    );
    expect(accepted).toBeGreaterThan(200);
    // What these two make of paths that are refused here.
    expect([envoy("/a/%2e%2E/b"), envoy("/a\\b"), envoy("//a"), envoy("/a%2Fb")]).toEqual([
      "/b",
      "/a/b",
      "/a",
      "refused",
    ]);
    expect(Buffer.from(nginx("/x/%2e%2e//a%2Fb/./c/..")).toString()).toBe("/a/b/");
  });

  it("is the same for a path as for its segments", () => {
    fc.assert(
      fc.property(path, (text) => {
        const segments = pathSegments(text);
        const each = segments.every((s, i) => isCanonicalSegment(s) || (s === "" && i === segments.length - 1));
        expect(isCanonicalPath(text)).toBe(each);
      }),
    );
  });

  it("takes no longer than its length for hostile paths", () => {
    const started = processorTime();
    for (const text of ["/a", "/%", "/%C3", "/%41", "/.", "%2"]) isCanonicalPath(text.repeat(200_000));
    expect(processorTime() - started).toBeLessThan(2_000);
  });
});
