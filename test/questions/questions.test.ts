/** Who may, what can, who reaches: found by what people type, and answered in words. */
import { describe, expect, test } from "vitest";
import {
  canCall,
  findIdentity,
  findOperation,
  reachOf,
  renderCan,
  renderReach,
  renderWho,
  whoMay,
} from "../../src/questions/index.ts";
import { model, modelOf, text } from "./estate.ts";

const few = { all: false, examples: false };
const refund = "orders.example.com POST /v1/orders/{id}/refund";

describe("an operation is found", () => {
  test.each([
    "POST orders.example.com/v1/orders/9/refund",
    "POST orders.example.com/v1/orders/{id}/refund",
    "POST /v1/orders/9/refund",
    "orders.example.com POST /v1/orders/{id}/refund",
    "Refund",
  ])("by `%s`", (asked) => {
    expect(findOperation(model, asked).name).toBe(refund);
  });

  test("or a near name is offered, or those that are meant", () => {
    expect(() => findOperation(model, "PUT orders.example.com/v1/orders")).toThrow(
      expect.objectContaining({ code: "WRIT4401", help: "did you mean `POST orders.example.com/v1/orders`?" }),
    );
    expect(() => findOperation(model, "orders/")).toThrow(
      expect.objectContaining({
        code: "WRIT4402",
        help: "name one of `GET orders.example.com/v1/orders/{id}`, `POST orders.example.com/v1/orders/{id}/refund`",
      }),
    );
    expect(() => findOperation(model, "")).toThrow(expect.objectContaining({ code: "WRIT4401" }));
  });
});

test("an identity is found by its name, by what it shows, and by a part of its name", () => {
  for (const asked of ["checkout", "spiffe://example.org/ns/shop/sa/checkout", "check"])
    expect(findIdentity(model, asked).name).toBe("checkout");
  expect(findIdentity(model, "printer-1").name).toBe("printer");
});

test("who may is said with when, by what, until when and how", () => {
  expect(renderWho(whoMay(model, "refund"), few)).toBe(`POST orders.example.com/v1/orders/{id}/refund
  of ordersApi, needs orders:refund and orders:write, and a trust of at least 30

1 identity may

checkout (workload, trust 40)
  until 2027-05-31
  when claims.region is "eu"
   and header x-guest is absent
  by refunds and shopOrders, less what noGuests denies
  shows a token bound to its client certificate, of at most 1 hour
     or its SPIFFE certificate
`);
});

test("a subject that two issuers know is nobody alone", () => {
  const twins = modelOf(`${text}
const other = issuer("https://other.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
export const clerk = identity({ tier: workload, issuer: corp, subject: "twin", owner: "shop@example.com" });
export const agent = identity({ tier: workload, issuer: other, subject: "twin", owner: "shop@example.com" });\n`);
  expect(() => findIdentity(twins, "twin")).toThrow(
    expect.objectContaining({ code: "WRIT4402", help: "name one of `agent`, `clerk`" }),
  );
});

describe("what is said of rules is what comes of them", () => {
  const read = (rules: string) => {
    const [may] = whoMay(modelOf(`${text}\n${rules}`), "GET /v1/orders/9").may.filter(({ identities }) =>
      identities.includes("packer"),
    );
    return may?.access;
  };
  const closed = (rules: string) =>
    read(`export const closed = deny({ to: packer, scopes: [orders.read], until: "2026-03-01" });\n${rules}`);

  test("a grant that is denied does not say until when", () => {
    expect(
      closed(`export const us = deny({ to: packer, scopes: [orders.read], when: (r) => r.claims.region === "us", from: "2026-05-01" });
export const later = deny({ to: packer, scopes: [orders.read], when: (r) => r.claims.region === "eu", from: "2026-04-01" });`),
    ).toMatchObject({ kind: "conditional", from: at("2026-03-01"), until: at("2026-05-01") });
  });

  test("what is denied for a time is not always allowed", () => {
    const gap = read(
      'export const pause = deny({ to: packer, scopes: [orders.read], from: "2026-12-01", until: "2026-12-05" });',
    );
    expect(gap).toMatchObject({ kind: "until", when: [["before 2026-12-01 or from 2026-12-05"]] });
  });

  test("a key that is made later does not make what is denied before allowed", () => {
    const twoKeys = text.replace('"printer-1": "2026-11-01"', '"printer-1": "2026-11-01", "printer-2": "2026-12-15"');
    const [may] = whoMay(
      modelOf(`${twoKeys.replace("{ api,", "{ api, cidr,")}
export const within = deny({ to: printer, scopes: [orders.read], when: (r) => !cidr("10.0.0.0/8").contains(r.request.ip), until: "2026-12-01" });`),
      "GET /v1/orders/9",
    ).may;
    expect(may?.access).toMatchObject({
      kind: "conditional",
      when: [["from 2026-12-01"], ["request.ip is in 10.0.0.0/8"]],
      until: at("2026-12-31"),
    });
    expect(may?.shown?.identity).toBe("printer");
  });

  test("what has to be shown is said where the rest does not say it", () => {
    const old = "export const old = deny({ to: checkout, scopes: [orders.read], when: (r) => r.token.age > 3600 });";
    const may = whoMay(modelOf(`${text}\n${old}`), "GET /v1/orders/9").may;
    expect(may.find(({ identities }) => identities.includes("checkout"))?.access).toMatchObject({
      kind: "conditional",
      when: [["a token is shown"]],
    });
  });

  test("a rule of which nothing comes to the caller is not named", () => {
    const named =
      read(`export const own = grant({ to: shop, scopes: [orders.read], when: (r) => r.identity.name === "checkout" });
export const notOwn = deny({ to: shop, scopes: [orders.read], when: (r) => r.identity.name === "checkout" });`);
    expect(named).toMatchObject({ kind: "always", grants: ["shopOrders"], denies: [] });
  });
});

function at(day: string): number {
  return Date.parse(day) / 1000;
}

test("an example is a request that is allowed", () => {
  const said = renderWho(whoMay(model, "refund"), { all: false, examples: true });
  expect(said).toContain('"region": "eu"');
  expect(whoMay(model, "refund").may[0]?.shown).toMatchObject({ identity: "checkout", operation: refund });
  expect(whoMay(model, "refund").may[0]?.shown?.input.request).toMatchObject({
    host: "orders.example.com",
    method: "POST",
  });
});

test("a public operation is anybody's, and one that nobody may call is nobody's", () => {
  expect(renderWho(whoMay(model, "healthz"), few)).toContain("anybody may, without saying who they are");
  const closed = modelOf(
    text.replace("to: checkout, scopes: [orders.refund], when", "to: checkout, scopes: [orders.read], when"),
  );
  expect(renderWho(whoMay(closed, "refund"), few)).toContain("nobody may");
});

test("what an identity can is said by way in", () => {
  expect(renderCan(canCall(model, "printer"), few)).toBe(`printer (legacy, trust 5)
  owned by ops@example.com
  lives until 2026-12-31
  shows a static key that is at most 90 days old

may call 1 operation

  GET orders.example.com/v1/orders/{id}
  until 2026-12-31
  by printing

and, as anybody, 1 public operation
`);
  expect(renderCan(canCall(modelOf(text.replace(/export const printing .*\n/, "")), "printer"), few)).toContain(
    "may call nothing",
  );
});

test("who reaches a scope is said with what implies it and what it opens", () => {
  const reach = reachOf(model, "orders:read");
  expect([reach.impliedBy, reach.implies]).toEqual([["orders:write"], []]);
  expect(renderReach(reach, few)).toContain(`checkout, packer (workload, trust 40)
  by shopOrders (orders:write), which gives orders:write
  and so may call
    GET orders.example.com/v1/orders/{id}
    always
    by shopOrders
`);
  expect(reachOf(model, "orders:refund").operations).toEqual([{ name: refund, also: ["orders:write"] }]);
});

test("long answers are folded, unless all is asked for", () => {
  const many = Array.from({ length: 30 }, (_, i) => `i${i}`);
  const crowd = `${text}\n${many.map((name) => `export const ${name} = identity({ tier: workload, issuer: corp, subject: "${name}", owner: "o@example.com" });\n`).join("")}
export const crowds = grant({ to: [${many.join(", ")}], scopes: [orders.refund, orders.write] });\n`;
  const who = whoMay(modelOf(crowd), "refund");
  expect(renderWho(who, few)).toContain("i0, i1, i10, i11, i12, i13 and 24 more (workload, trust 40)");
  expect(renderWho(who, { ...few, all: true })).toContain("i28, i29, i3");
});
