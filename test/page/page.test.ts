/** The page as text: nothing of an estate becomes HTML, equal views give equal text, and an empty one says what is next. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/program.ts";
import { auditWindow, contentSecurityPolicy, pageFiles, renderPage } from "../../src/page/index.ts";
import type { View } from "../../src/publish/index.ts";
import { mapHost } from "../cli/map-host.ts";
import {
  auditLines,
  candidate,
  change,
  emptyView,
  gateway,
  hex,
  largeView,
  linesOf,
  optionsFor,
  smallView,
  troubledView,
} from "./views.ts";

const render = (view: View) => renderPage(view, optionsFor(view));

/** The texts that are ours: kinds and states, by which the page chooses what it draws. */
const CLOSED = new Set(["kind", "ring", "state"]);

/** The same view with every open text replaced. */
function retold<T>(value: T, tell: (text: string) => string, key = ""): T {
  if (typeof value === "string") return (CLOSED.has(key) ? value : tell(value)) as T;
  if (Array.isArray(value)) return value.map((item) => retold(item, tell)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, retold(item, tell, name)])) as T;
}

/** Every tag with the names of its attributes: what a browser builds, without what authors wrote. */
function skeleton(page: string): readonly string[] {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
}

const hostile = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></noscript><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;#60;",
    "a\u202egnp.exe\u202c",
    "\u0000\u001b[2J\ud800",
    "<!-- ${1} $& $1 -->",
    "]]><![CDATA[",
  ),
);

describe("the page of an estate", () => {
  test("no text of it becomes HTML, whatever it is (threats B21, P18)", () => {
    const expected = skeleton(render(retold(troubledView, () => "x")));
    expect(expected.length).toBeGreaterThan(300);
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 8 }), (texts) => {
        let next = 0;
        const page = render(retold(troubledView, () => texts[next++ % texts.length]!));
        expect(skeleton(page)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("no line of the audit log becomes HTML, and none stops the page", () => {
    const value = fc.oneof(hostile, fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.array(hostile)));
    const body = fc.dictionary(
      fc.constantFrom("at", "by", "digest", "reason", "entries", "paths", "roots", "ring", "code", "count", "until"),
      fc.oneof(value, fc.dictionary(fc.constantFrom("name", "subject", "issuer", "path"), value)),
    );
    const kind = fc.constantFrom(
      "submit",
      "publish",
      "revoke",
      "restore",
      "rotate",
      "versions",
      "refuse",
      "approve",
      "?",
    );
    fc.assert(
      fc.property(fc.record({ kind, body }), fc.uint8Array(), (entry, noise) => {
        const lines = [new TextEncoder().encode(JSON.stringify(entry)), noise];
        const page = renderPage(smallView, { audit: { since: 1, lines } });
        const rows = page.slice(page.indexOf('<tr data-key="2">'));
        for (const tag of skeleton(rows))
          expect(tag).toMatch(
            /^<\/?(?:tr|th|td|bdi|code|time|strong|table|tbody|nav|a|section|main|footer|p|noscript|body|html)\b(?: (?:scope|class|href|id|role|datetime|aria-label|data-key|data-label)="")*>$/,
          );
        expect(rows).toContain("damaged");
      }),
      { numRuns: 300 },
    );
  });

  test("controls that hide or turn text round are shown as what they are", () => {
    const page = render({ ...smallView, gateways: [gateway("pay\u202ements\u200b")] });
    expect(page).toContain("<bdi>pay\\u{202e}ments\\u{200b}</bdi>");
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
  });

  test("a name of a megabyte is cut, with its length", () => {
    const page = render({ ...smallView, gateways: [gateway("<".repeat(1 << 20))] });
    expect(page).toContain("… (1,048,576 characters)");
    expect(page.length).toBeLessThan(100_000);
  });

  test("equal views give equal text", () => {
    for (const view of [emptyView, smallView, troubledView, largeView])
      expect(render(structuredClone(view))).toBe(render(view));
  });

  test("an empty estate says what to do next, place by place", () => {
    const page = render(emptyView);
    for (const command of ["writ submit bundle.tar.gz", "writ revoke identity NAME", "writ opa-config", "openGateway("])
      expect(page).toContain(command);
    expect(page).toContain("nothing is in force");
    expect(page).toContain("no gateway yet");
  });

  test("the next command follows the candidate: approve, release in canary, release in stable", () => {
    const next = (state: "waiting" | "approved" | "canary") =>
      render({ ...emptyView, candidates: [candidate({ state })] }).match(
        /writ (?:approve|release) [0-9a-f]{64}[^<]*/,
      )?.[0];
    expect(next("waiting")).toBe(`writ approve ${hex("77b1")} --shown diff.json`);
    expect(next("approved")).toBe(`writ release ${hex("77b1")} --ring canary`);
    expect(next("canary")).toBe(`writ release ${hex("77b1")} --ring stable`);
  });

  test("a restoration that waits is shown with who agreed and the command that is next", () => {
    const page = render(troubledView);
    expect(page).toContain("1 restoration waits for approval");
    expect(page).toContain("1 of 2: <bdi>alice</bdi>");
    expect(page).toContain(`writ approve ${hex("5e")} --shown list.md`);
  });

  test("what is in force is told whole: since when, by whom, from what, until when", () => {
    const page = render(smallView);
    for (const text of [
      hex("3f9a"),
      hex("c0de"),
      "2026-11-24.2",
      "8c1f0b7de2a9",
      "<bdi>alice</bdi>",
      '<time datetime="2026-11-24T09:00:00Z">2026-11-24 09:00:00 UTC</time>',
      "in 29\u00a0d",
    ])
      expect(page).toContain(text);
  });

  test("a policy that ended, or is below the floor, is said to deny everything", () => {
    expect(render(troubledView)).toContain("policy of stable is expired: its gateways deny everything");
    const head = { ...smallView.head, floor: 42 };
    expect(render({ ...smallView, head })).toContain(
      "policy of canary is below the floor: its gateways deny everything",
    );
    expect(render(smallView)).not.toContain("deny everything");
  });

  test("a release has to come to its ring alone, and has come where its policy decides", () => {
    const [publish] = smallView.changes.filter(({ policy }) => policy?.ring === "stable");
    const old = { policy: { sequence: 40 } };
    const page = render({
      ...smallView,
      changes: [publish!],
      gateways: [
        gateway("a", { ring: "canary", ...old }),
        gateway("b", old),
        gateway("c", { ...old, live: false }),
        gateway("d"),
      ],
    });
    expect(page).toContain("<p>Missing: <bdi>b</bdi></p><p>Not heard of: <bdi>c</bdi></p>");
    expect(page).toContain("2 gateways are behind");
  });

  test("what it tells people to type are commands and options that there are", () => {
    const program = commands(mapHost({}), () => {});
    const told = [emptyView, smallView, troubledView]
      .flatMap((view) => [...render(view).matchAll(/<code>writ ([^<]*)<\/code>/g)])
      .map(([, words = ""]) => words.split(" "));
    expect(new Set(told.map(([name]) => name)).size).toBeGreaterThan(6);
    for (const [name, ...rest] of told) {
      const command = program.commands.find((each) => each.name() === name);
      expect(command, name).toBeDefined();
      for (const option of rest.filter((word) => word.startsWith("--")))
        expect(
          command?.options.map(({ long }) => long),
          `${name} ${option}`,
        ).toContain(option);
      if (command?.commands.length) expect(command.commands.map((each) => each.name())).toContain(rest[0]);
    }
  });

  test("a change names those who miss it and those who were not heard of", () => {
    const page = render(troubledView);
    expect(page).toContain("<p>Missing: <bdi>mail</bdi>, <bdi>payments-eu</bdi></p>");
    expect(page).toContain("<p>Not heard of: <bdi>ledger</bdi></p>");
    expect(page).toContain('aria-label="5 of 7 live gateways enforced it"');
  });

  test("what is read aloud changes only when a change begins and when it is everywhere", () => {
    const latest = (enforced: number, took?: number) =>
      /<p id="latest"[^>]*>(.*?)<\/p>/s.exec(
        render({
          ...smallView,
          changes: [
            {
              ...change({ reach: { live: 8, enforced } }),
              took: undefined as never,
              ...(took !== undefined && { took }),
            },
          ],
        }),
      )?.[1];
    expect(latest(1)).toBe(latest(7));
    expect(latest(1)).toContain("is on its way to 8 gateways.");
    expect(latest(8, 312)).toContain("is enforced by all 8 live gateways, after 312\u00a0ms.");
  });

  test("a gateway is what is worst about it, and the top of the page counts them", () => {
    const page = render(troubledView);
    for (const text of [
      "1 gateway reports a problem",
      "1 gateway is silent",
      "1 gateway is stale and denies",
      "1 gateway is behind",
    ])
      expect(page).toContain(text);
    expect(page).toContain("75\u00a0s of 30\u00a0s");
    expect(render(smallView)).toContain("8 gateways, all current");
  });

  test("a thousand gateways are a picture, the rows of those with trouble, and the rest folded", () => {
    const page = render(largeView);
    const [before = "", folded = ""] = page.split('<details data-key="rest">');
    expect(before.match(/data-key="pod-/g)).toHaveLength(22);
    expect(folded.match(/data-key="pod-/g)).toHaveLength(978);
    expect(before).toContain("931 of 950 gateways of ring stable are current");
    // A square for each: every move of the pen that starts one.
    const [picture = ""] = /<svg class="squares"[^>]*aria-label="931.*?<\/svg>/s.exec(page) ?? [];
    expect(picture.match(/M\d/g)).toHaveLength(950);
    expect(page.length).toBeLessThan(750_000);
  });

  test("times out of any calendar do not stop the page", () => {
    for (const now of [0, -1, 2 ** 53 - 1, 1e308]) expect(render({ ...smallView, now })).toContain("</html>");
  });

  test("numbers of the log: the last lines, the ones below, and never beyond", () => {
    const view = { ...smallView, head: { ...smallView.head, audit: { size: 130, root: hex("9d") } } };
    expect(auditWindow(view, undefined)).toEqual({ since: 105, limit: 25 });
    expect(auditWindow(view, "105")).toEqual({ since: 80, limit: 25 });
    expect(auditWindow(view, "10")).toEqual({ since: 0, limit: 10 });
    for (const odd of ["0", "-1", "1e3", "131", "99999999999999999", "x", "", null])
      expect(auditWindow(view, odd)).toEqual({ since: 105, limit: 25 });
    expect(auditWindow(emptyView, "5")).toEqual({ since: 0, limit: 0 });
  });

  test("the audit log says who did what, of which digest, and what was refused", () => {
    const page = renderPage(smallView, { audit: { since: 118, lines: auditLines } });
    const rows = page
      .slice(page.indexOf('id="audit"'))
      .replace(/<[^>]*>/g, " ")
      .replace(/ +/g, " ");
    for (const text of [
      "129 2026-11-24 11:59:40 UTC bob rotate trust, 1 new root done",
      "alice propose to restore owners team-search : “ rotated ” 5e5e5e5e5e5e done",
      "bob recall every policy below 12: “ wrong tier ” done",
      "identities spiffe://example.com/daily and 1 more",
      "nobody who was known revoke refused : api-unauthenticated",
      "mallory of https://ci.example.com release refused 12 times: api-forbidden",
      "bob release in canary 3f9a3f9a3f9a done",
      "118 the publisher reserve version numbers below 2000 done",
    ])
      expect(rows).toContain(text);
    expect(page).toContain('<a href="/?audit=118#audit">Older lines</a>');
    expect(renderPage(smallView, { audit: { since: 0, lines: auditLines } })).toContain(
      '<a href="/#audit">Newest lines</a>',
    );
  });

  test("a line that is no record is said to be damaged", () => {
    const page = renderPage(smallView, {
      audit: { since: 0, lines: [Uint8Array.of(0x7b), ...linesOf([{ kind: "halt" }])] },
    });
    expect(page.match(/damaged/g)).toHaveLength(2);
  });

  test("it holds no style and no script of its own, so that the strict policy shows it whole", () => {
    for (const view of [smallView, troubledView, largeView]) {
      const page = render(view);
      expect(page).not.toMatch(/ style="|<style|<script>| on[a-z]+="/);
      for (const [, address = ""] of page.matchAll(/(?:src|href)="([^"]*)"/g))
        expect(
          address.startsWith("#") || address.startsWith("/?") || address.startsWith("/#") || address in pageFiles,
        ).toBe(true);
    }
    expect(contentSecurityPolicy).not.toContain("unsafe");
  });
});
