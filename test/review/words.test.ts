/** What a reviewer reads, word for word. */
import { describe, expect, test } from "vitest";
import { renderDifferenceText, verdictOf } from "../../src/review/index.ts";
import { changeWith, hostileNames, reviewWith } from "./differences.ts";

const sentenceOf = (change: Parameters<typeof changeWith>[0]) =>
  reviewWith([changeWith(change)]).changes[0]!.change.sentence;

describe("a sentence", () => {
  const many = ["payments", ...Array.from({ length: 13 }, (_, index) => `z${index}`)];
  const refunds = "orders.example.com POST /v1/tenants/{tenant}/orders/{id}/refunds";

  test.each([
    [{}, "`payments` gains `GET orders.example.com/v1/orders`"],
    [
      { identities: many, operations: [refunds], when: [['claims.region is "eu"']] },
      '`payments` and 13 more gain `POST orders.example.com/v1/…/refunds` when claims.region is "eu"',
    ],
    [{ identities: ["a", "b"] }, "`a` and `b` gain `GET orders.example.com/v1/orders`"],
    [{ kind: "loss" as const }, "`payments` loses `GET orders.example.com/v1/orders`"],
    [{ when: [["a", "b"], ["c"]] }, "`payments` gains `GET orders.example.com/v1/orders` when a and b, or when c"],
    [
      { kind: "headers" as const },
      "`payments` calls `GET orders.example.com/v1/orders` with other headers: `x-caller` is `{owner}`, was `{identity}`",
    ],
    [
      { kind: "until" as const },
      "`payments` may call `GET orders.example.com/v1/orders` for another while: until `2027-05-31 (grant reads)`, was until `2026-12-31 (grant reads)`",
    ],
    [
      { kind: "reason" as const, identities: many },
      "`payments` and 13 more are refused `GET orders.example.com/v1/orders` for another reason: `denied`, was `condition`",
    ],
    [
      { identities: [], credentials: ["key", "none", "svid", "token"] as const },
      "anybody gains `GET orders.example.com/v1/orders`",
    ],
    [
      { kind: "reason" as const, identities: [], credentials: ["none"] as const, operations: [] },
      "whoever shows no credential is refused whatever is no operation for another reason: `denied`, was `condition`",
    ],
    [
      { identities: [], credentials: ["token"] as const },
      "whoever is not known gains `GET orders.example.com/v1/orders`",
    ],
  ])("of %o", (change, expected) => {
    expect(sentenceOf(change)).toBe(expected);
  });

  test("counts the cases that are too many, and says that it does", () => {
    const when = Array.from({ length: 9 }, (_, index) => [`claims.n is ${index}`]);
    expect(sentenceOf({ when })).toContain("when claims.n is 5, or in 3 other cases");
    const together = Array.from({ length: 15 }, (_, index) => `c${index}`);
    expect(sentenceOf({ when: [together] })).toContain("c11 and 3 more hold");
  });

  test("shows both ends of a name that is too long", () => {
    const sentence = sentenceOf({ identities: [`harmless-${"x".repeat(500)}-evil`] });
    expect(sentence).toMatch(/^`harmless-x+…x+-evil` gains/);
    expect(sentence.length).toBeLessThan(200);
  });
});

describe("the verdict", () => {
  test("says what there is, in the order of risk, and that there is nothing else", () => {
    const kinds = ["reason", "gain", "loss", "gain", "until", "headers", "reason"] as const;
    expect(verdictOf(reviewWith(kinds.map((kind) => changeWith({ kind }))))).toBe(
      "2 gains, 1 loss, 1 change of headers, 1 change of an end, 2 other reasons of refusals; nothing else changes for 549 identities and 1,220 operations",
    );
  });

  test("says that nothing changes", () => {
    const review = reviewWith([]);
    const verdict = "nothing changes: every request to 549 identities and 1,220 operations is decided as before";
    expect(verdictOf(review)).toBe(verdict);
    expect(renderDifferenceText(review)).toBe(`${verdict}\n\nthe digest of this difference is ${review.digest}\n`);
  });
});

describe("for a terminal", () => {
  test("has all that is known of a change, with the place of its cause and a request", () => {
    const review = reviewWith([changeWith()]);
    expect(renderDifferenceText(review, { prefixes: { before: "old/", after: "policies/" } })).toBe(
      `1 gain; nothing else changes for 549 identities and 1,220 operations

gain     \`payments\` gains \`GET orders.example.com/v1/orders\`
         was refused as \`condition\`, is granted by \`reads\`
         because of \`grant reads\` (policies/orders.policy.ts:32)
         change ${review.changes[0]!.change.digest}
         such as {"time":1795478400,"request":{"host":"orders.example.com","method":"GET","path":"/v1/orders"}}

the digest of this difference is ${review.digest}
`,
    );
  });

  test("names every gain, however many there are, and counts the rest", () => {
    const gains = Array.from({ length: 120 }, (_, index) => changeWith({ identities: [`g${index}`] }));
    const losses = Array.from({ length: 80 }, (_, index) => changeWith({ kind: "loss", identities: [`l${index}`] }));
    const text = renderDifferenceText(reviewWith([...gains, ...losses]));
    for (const { identities } of gains) expect(text).toContain(`\`${identities[0]}\` gains`);
    expect(text).toContain("and 80 more changes: `--format json` holds them all");
  });

  test("is coloured only where that is wanted, and no name moves the cursor", () => {
    const plain = renderDifferenceText(reviewWith(hostileNames.map((name) => changeWith({ identities: [name] }))));
    expect(plain).not.toMatch(/[^\P{C}\n]/u);
    const coloured = renderDifferenceText(reviewWith([changeWith()]), { colour: true });
    expect(coloured).toContain("\u001b[1;31mgain     \u001b[0m");
  });
});
