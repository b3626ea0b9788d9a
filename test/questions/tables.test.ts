/** The matrix for programs: JSON by classes, CSV by rows that are alike or by pairs, safe to open in a spreadsheet. */
import { expect, test } from "vitest";
import { accessMatrix, compareMatrices, matrixCsv, matrixJson } from "../../src/questions/index.ts";
import { model, modelOf, text } from "./estate.ts";

const csv = (expand: boolean, most = 1000) =>
  [...matrixCsv(accessMatrix(model), { expand, most })].join("").split("\r\n");

test("CSV has a row for each class and way, with lists", () => {
  const rows = csv(false);
  expect(rows[0]).toBe("identities,operations,access,when,grants,denies,from,until");
  expect(rows).toContain(
    "packer,orders.example.com GET /v1/orders/{id}; orders.example.com POST /v1/orders,always,,shopOrders,,,",
  );
  expect(rows).toContain(
    'checkout,orders.example.com POST /v1/orders/{id}/refund,conditional,"claims.region is ""eu"" and header x-guest is absent",refunds; shopOrders,noGuests,,2027-05-31',
  );
});

test("CSV by pairs has as many rows as there are pairs that may, and a bound", () => {
  expect(csv(true).filter((row) => row !== "")).toHaveLength(1 + 4 + 3 + 2 + 2 + 1);
  expect(() => csv(true, 10)).toThrow(expect.objectContaining({ code: "WRIT4403" }));
});

test("CSV holds no formula", () => {
  const matrix = accessMatrix(model).matrix;
  const evil = {
    ...matrix,
    callers: matrix.callers.map((caller) => ({ ...caller, name: `=cmd|'/c calc'!${caller.name}` })),
  };
  const rows = [...matrixCsv({ matrix: evil, exact: true, shown: new Map() }, { expand: true, most: 1000 })];
  expect(rows.slice(1).every((row) => row.startsWith("'="))).toBe(true);
});

test("JSON is whole, by classes, and the same again", () => {
  const json = [...matrixJson(accessMatrix(model))].join("");
  const read = JSON.parse(json);
  expect(Object.keys(read)).toEqual([
    "format",
    "compared",
    "exact",
    "tiers",
    "apis",
    "identities",
    "operations",
    "accesses",
    "cells",
  ]);
  expect(read.identities).toHaveLength(4);
  expect(read.accesses.some((access: { example?: unknown }) => access.example)).toBe(true);
  for (const { class: number } of read.identities) expect(read.cells[number]).toBeDefined();
  expect([...matrixJson(accessMatrix(modelOf(text)))].join("")).toBe(json);
});

test("a comparison has only rows that change in CSV, and both sides in JSON", () => {
  const after = modelOf(text.replace('when: (r) => r.claims.region === "eu", until', "until"));
  const comparison = compareMatrices(accessMatrix(model).matrix, accessMatrix(after).matrix);
  const rows = [...matrixCsv({ comparison }, { expand: false, most: 1000 })];
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatch(/^checkout,orders\.example\.com POST \/v1\/orders\/\{id\}\/refund,changed,/);
  expect(
    JSON.parse([...matrixJson({ comparison })].join(""))
      .cells.flat()
      .every((cell: unknown[]) => cell.length === 3),
  ).toBe(true);
});
