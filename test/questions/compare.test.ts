/** Two versions side by side: what is gained, lost and changed, and that a new name for something changes nothing. */
import { describe, expect, test } from "vitest";
import { accessMatrices, accessMatrix, compareMatrices } from "../../src/questions/index.ts";
import { model, modelOf, text } from "./estate.ts";

function changes(before: string, after: string): readonly string[] {
  const joined = compareMatrices(accessMatrix(modelOf(before)).matrix, accessMatrix(modelOf(after)).matrix);
  return joined.callers.flatMap((caller) => {
    const cells = joined.cells[caller.class] ?? [];
    return joined.operations.flatMap((operation) => {
      for (let at = 0; at < cells.length; at += 3) {
        if (cells[at] !== operation.class || cells[at + 1] === cells[at + 2]) continue;
        const kind = cells[at + 2]! < 0 ? "gains" : cells[at + 1]! < 0 ? "loses" : "changes";
        return [`${caller.name} ${kind} ${operation.name}`];
      }
      return [];
    });
  });
}

describe("a comparison", () => {
  test("of a version with itself has no change", () => {
    expect(changes(text, text)).toEqual([]);
    const { matrix } = accessMatrix(model);
    expect(compareMatrices(matrix, matrix).cells.flat().length).toBeGreaterThan(10);
  });

  test("of a version that is too large to be worked out exactly with one that is not has no change", () => {
    const grown = modelOf(`${text}
const clerk = identity({ tier: workload, issuer: corp, subject: "clerk", owner: "shop@example.com" });
export const clerks = grant({ to: clerk, scopes: [orders.read], when: (r) => r.claims.region === "us" });\n`);
    const kinds = 9;
    expect([accessMatrix(model, {}, kinds).exact, accessMatrix(grown, {}, kinds).exact]).toEqual([true, false]);
    const [was, is] = accessMatrices(model, grown, kinds);
    expect([was.exact, is.exact]).toEqual([false, false]);
    const { cells } = compareMatrices(was.matrix, is.matrix);
    const changed = cells.flatMap((list) =>
      list.filter((now, at) => at % 3 === 1 && now >= 0 && list[at + 1]! >= 0 && now !== list[at + 1]),
    );
    expect(changed).toEqual([]);
  });

  test("tells a gain, a loss and a change", () => {
    const wider = text.replace('when: (r) => r.claims.region === "eu", until', "until");
    expect(changes(text, wider)).toEqual(["checkout changes orders.example.com POST /v1/orders/{id}/refund"]);
    const refund = text.replace(
      "to: checkout, scopes: [orders.refund], when",
      "to: shop, scopes: [orders.refund], when",
    );
    expect(changes(text, refund)).toEqual(["packer gains orders.example.com POST /v1/orders/{id}/refund"]);
    expect(changes(refund, text)).toEqual(["packer loses orders.example.com POST /v1/orders/{id}/refund"]);
  });

  test("knows who was renamed, and calls a renamed grant or parameter no change", () => {
    expect(
      changes(
        text,
        text.replaceAll("packer = identity", "wrapper = identity").replace("checkout, packer", "checkout, wrapper"),
      ),
    ).toEqual([]);
    expect(changes(text, text.replace("shopOrders", "ordersOfTheShop"))).toEqual([]);
    expect(changes(text, text.replaceAll("/{id}", "/{order}"))).toEqual([]);
  });

  test("counts nothing public for somebody who is new", () => {
    const more = `${text}\nexport const newcomer = identity({ tier: workload, issuer: corp, subject: "new", owner: "shop@example.com" });\n`;
    expect(changes(text, more)).toEqual([]);
    expect(changes(more, text)).toEqual([]);
  });

  test("says that a tier asks for something else", () => {
    const laxer = text.replace('bound: "60m"', 'bound: "90m"');
    expect(changes(text, laxer)).toContain("packer changes orders.example.com POST /v1/orders");
    expect(changes(text, laxer)).not.toContain("printer changes orders.example.com GET /v1/orders/{id}");
  });
});
