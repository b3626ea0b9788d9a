/** Whatever comes in: nobody is proved by it, and all that is thrown is an error of ours. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authenticate, logLine, longestLogLine, readCallers, readSecurityEvents } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import {
  bytesOf,
  callers,
  claimsOf,
  directory,
  eventClaims,
  events,
  file,
  now,
  people,
  rsa,
  token,
} from "./issuance.ts";

const settings = { numRuns: 400, seed: 20_261_124 };

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return "nothing was thrown";
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
}

const good = [
  await token(people, claimsOf(people, "u-olga")),
  await token(rsa, claimsOf(rsa, "u-rita")),
  await token(events, eventClaims()),
];

/** A sound token with one thing done to it: a letter changed, taken out, put in, doubled, cut off, parts swapped. */
const mutated = fc
  .tuple(
    fc.constantFrom(...good),
    fc.nat(),
    fc.constantFrom("change", "remove", "insert", "double", "cut", "swap", "case"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
  )
  .map(([text, place, kind, other]) => {
    const at = place % text.length;
    const [before, here, after] = [text.slice(0, at), text[at]!, text.slice(at + 1)];
    if (kind === "change") return before + other + after;
    if (kind === "remove") return before + after;
    if (kind === "insert") return before + other + here + after;
    if (kind === "double") return before + here + here + after;
    if (kind === "cut") return before;
    if (kind === "case")
      return before + (here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase()) + after;
    return text.split(".").toReversed().join(".");
  })
  .filter((text) => !good.includes(text));

describe("whatever comes in", () => {
  test("P01, T15: a token that was changed proves nobody, and is no event", async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        expect(await codeOf(authenticate(callers, { authorization: [`Bearer ${text}`] }, { now }))).toBe("WRIT8201");
        expect(await codeOf(readSecurityEvents(text, callers, now, directory))).toBe("WRIT8205");
      }),
      settings,
    );
  });

  test("P01: neither do any headers and any certificate", async () => {
    const header = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }).map((text) => `Bearer ${text}`),
      fc.base64String().map((text) => `Bearer ${text}.${text}.${text}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(header, { maxLength: 3 }),
        fc.option(fc.string(), { nil: undefined }),
        async (list, certificate) => {
          const credentials = { authorization: list, ...(certificate !== undefined && { certificate }) };
          expect(await codeOf(authenticate(callers, credentials, { now }))).toBe("WRIT8201");
        },
      ),
      settings,
    );
  });

  test("P01: claims of any kind, signed by the issuer, prove nobody unless all of them are right", async () => {
    const names = ["iss", "sub", "aud", "jti", "exp", "iat"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        fc.pre(value !== now + 600 && !(name === "jti" && typeof value === "string" && value !== ""));
        const text = await token(people, { ...claimsOf(people, "u-olga"), [name]: value });
        expect(await codeOf(authenticate(callers, { authorization: [`Bearer ${text}`] }, { now }))).toBe("WRIT8201");
      }),
      settings,
    );
  });

  test("an event with anything in the place of anything is read or refused", async () => {
    const names = ["iss", "aud", "jti", "iat", "toe", "sub_id", "events"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const text = await token(events, eventClaims({ [name]: value }));
        const code = await codeOf(readSecurityEvents(text, callers, now, directory));
        expect(["WRIT8205", "nothing was thrown"]).toContain(code);
      }),
      settings,
    );
  });

  test("a file of callers with anything in the place of anything is read or refused", async () => {
    const paths = pathsOf(file);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const draft: unknown = structuredClone(file);
        const parent = path.slice(0, -1).reduce((part, name) => (part as Record<string, unknown>)[name], draft);
        (parent as Record<string, unknown>)[path.at(-1)!] = value;
        expect(["WRIT8204", "nothing was thrown"]).toContain(await codeOf(readCallers(bytesOf(draft))));
      }),
      settings,
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        expect(await codeOf(readCallers(bytes))).toBe("WRIT8204");
      }),
      settings,
    );
  });

  test("P18: anything is one line of the log, and short", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 3 }), fc.string({ unit: "binary" }), (value, text) => {
        fc.pre(text !== "value");
        const line = logLine({ value, [text]: text });
        expect(line).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+\n$/u);
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(longestLogLine);
        expect((JSON.parse(line) as Record<string, unknown>)[text]).toBe(text);
      }),
      settings,
    );
  });
});

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}
