/** The page of a matrix as text: nothing of an estate becomes HTML or a script, and it asks nobody for anything. */
import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { accessMatrix, matrixPage } from "../../src/questions/index.ts";
import { model } from "./estate.ts";
import { hostile, withNames } from "./pages.ts";

const page = (): string => {
  const { matrix, shown } = accessMatrix(model);
  return matrixPage({ title: "policies", matrix, witnesses: shown });
};

describe("the page", () => {
  test("is the same again", () => {
    expect(page()).toBe(page());
  });

  test("names nothing outside itself", () => {
    const own = page().replaceAll("https://id.example.com", "").replaceAll("https://apis.example.com", "");
    expect(/https?:|url\(|@import|fetch\(|XMLHttp|WebSocket|sendBeacon/.exec(own)).toBeNull();
    expect(/ (?:src|href|style|on[a-z]+)="(?!#)/.exec(page())).toBeNull();
  });

  test("lets run what it holds and nothing else", () => {
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page()) ?? [];
    const script = page().slice(page().lastIndexOf("<script>") + 8, page().lastIndexOf("</script>"));
    const style = page().slice(page().indexOf("<style>") + 7, page().indexOf("</style>"));
    expect(policy).toBe(
      `default-src 'none'; script-src 'sha256-${hash("sha256", script, "base64")}'; style-src 'sha256-${hash("sha256", style, "base64")}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test("holds hostile names as data, in which no element can begin", () => {
    const text = matrixPage({ title: hostile[0]!, matrix: withNames(hostile) });
    const data = text.slice(text.indexOf('id="data">') + 10, text.indexOf("</script>", text.indexOf('id="data">')));
    expect(data).not.toContain("<");
    expect(JSON.parse(data).callers.name).toContain(hostile[0]);
    expect(text).not.toContain("<img");
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).not.toContain("\u202e");
  });

  test("says in a table what the picture shows", () => {
    expect(page()).toContain('<th scope="row">legacy</th><td>1 within a time, 1 public</td>');
    expect(page()).toContain('<th scope="row">workload</th><td>4 always, 3 on conditions, 3 public</td>');
  });
});
