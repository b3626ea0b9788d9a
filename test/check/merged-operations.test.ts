/** Two paths of a document that our templates cannot tell apart: a warning where they need different things, else silence. */
import { expect, test } from "vitest";
import { checkFiles, said } from "./estate.ts";

const document = (secrets: string) => `openapi: 3.1.0
info: { title: Orders, version: "1" }
paths:
  /orders/{id}:
    get: { tags: [orders] }
  /orders/{id}:secrets:
    get: { tags: [${secrets}] }
`;

const policy = `import { api, scopes } from "writ";
const orders = scopes("orders", ["read", "reveal"]);
export const ordersApi = api("orders.example.com", {
  openapi: "./orders.yaml",
  tags: { orders: { read: orders.read }, secrets: { read: orders.reveal } },
});
`;

function diagnosticsWith(secrets: string): readonly string[] {
  const files = { "orders.policy.ts": policy, "orders.yaml": document(secrets) };
  return said(checkFiles(files)).filter((line) => line.startsWith("WRIT5069"));
}

test("that one decides for both is said where they need different scopes", () => {
  expect(diagnosticsWith("secrets")).toEqual(["WRIT5069 get"]);
});

test("and where nothing says what the other needs", () => {
  expect(diagnosticsWith("unmapped")).toEqual(["WRIT5069 get"]);
});

test("it is not said where they need the same", () => {
  expect(diagnosticsWith("orders")).toEqual([]);
});
