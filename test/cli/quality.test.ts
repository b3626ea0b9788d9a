/** The commands about the quality of examples, in memory: what they print where, what they write, how they exit. */
import { beforeAll, describe, expect, test } from "vitest";
import { estate } from "../../src/cli/init.ts";
import type { MapHost } from "./map-host.ts";
import { again, codesIn, type Ran, writ } from "./run.ts";

const policies = Object.fromEntries(Object.entries(estate).map(([name, text]) => [`policies/${name}`, text]));

describe("writ test --coverage", () => {
  test("prints what is shown, the worst first, and what is missing with its place", async () => {
    const { exit, stdout, stderr } = await writ("test --backend reference --coverage", policies);
    expect([exit, stderr]).toEqual([0, ""]);
    const table = stdout.slice(stdout.indexOf("coverage of"));
    const percents = [...table.matchAll(/^(?:grant|deny|condition|tier|operation|reason) .* (\d+) %$/gm)].map(([, n]) =>
      Number(n),
    );
    expect(percents.length).toBeGreaterThan(3);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(table).toMatch(
      /^policies\/orders\.policy\.ts:\d+ {2}grant fleetReads {2}\d of \d+\n {2}nothing is allowed by it$/m,
    );
  });

  test("is a member of the answer in JSON, and adds nothing where nobody asks for it", async () => {
    const { stdout } = await writ("test --backend reference --coverage --format json", policies);
    const { coverage, wrong } = JSON.parse(stdout);
    expect([wrong, coverage.percent]).toEqual([0, Math.floor((100 * coverage.shown) / coverage.of)]);
    const shown = coverage.declarations.flatMap((one: { points: { examples: string[] }[] }) => one.points);
    expect(shown.filter(({ examples }: { examples: string[] }) => examples.length > 0)).toHaveLength(coverage.shown);
    const plain = await writ("test --backend reference --format json", policies);
    expect(Object.keys(JSON.parse(plain.stdout))).toEqual(["backends", "examples", "wrong"]);
  });

  test("writes the files that are asked for", async () => {
    const { exit, host } = await writ(
      "test --backend reference --lcov out/lcov.info --html out/coverage.html",
      policies,
    );
    expect(exit).toBe(0);
    expect(host.files.get("/here/out/lcov.info")).toMatch(/^TN:\nSF:policies\/identities|^TN:\nSF:policies\/orders/);
    expect(host.files.get("/here/out/coverage.html")).toMatch(/^<!doctype html>\n/);
  });

  test("fails under a percentage, and only then", async () => {
    const low = await writ("test --backend reference --fail-under 90", policies);
    expect([low.exit, codesIn(low.stderr)]).toEqual([1, ["WRIT4301"]]);
    const enough = await writ("test --backend reference --fail-under 10", policies);
    expect([enough.exit, enough.stderr]).toEqual([0, ""]);
    const none = await writ("test --fail-under much", policies);
    expect([none.exit, none.stdout]).toEqual([2, ""]);
  });
});

describe("writ mutate", () => {
  test("shows first what nobody notices: where, what, and by which request", async () => {
    const { exit, stdout, stderr } = await writ("mutate", policies);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^policies\/orders\.policy\.ts:\d+ {2}grant fleetReads: it is gone\n {2}report-\d calls GET /,
    );
    const request = /^ {2}(\{.*\})$/m.exec(stdout)?.[1] ?? "";
    expect(JSON.parse(request).request.host).toBe("orders.example.com");
    expect(stdout).toMatch(/\n\d+ careless edits: \d+ noticed, \d+ not, \d+ change no decision\nscore \d+ %\n$/);
  });

  test("answers the same every time, as JSON and as a page too", async () => {
    const [one, two] = [await writ("mutate --format json", policies), await writ("mutate --format json", policies)];
    expect(one.stdout).toBe(two.stdout);
    const answer = JSON.parse(one.stdout);
    const outcomes = answer.mutants.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes.slice(0, answer.unnoticed)).toEqual(Array(answer.unnoticed).fill("unnoticed"));
    expect(answer.score).toBe(Math.floor((100 * answer.noticed) / (answer.noticed + answer.unnoticed)));
    const page = await writ("mutate --format html", policies);
    expect(page.stdout.match(/<section class="card">/g)).toHaveLength(answer.unnoticed);
  });

  test("tries as many as it is told, and fails under a percentage", async () => {
    const few = await writ("mutate --most 5 --fail-under 100", policies);
    expect(few.stdout).toMatch(/\n5 of \d+ careless edits: /);
    expect([few.exit, codesIn(few.stderr)]).toEqual([1, ["WRIT4302"]]);
  });

  test("does nothing where an example is wrong already", async () => {
    const wrong = {
      ...policies,
      "policies/orders.policy.ts": estate["orders.policy.ts"]?.replace('expect: "condition"', 'expect: "denied"') ?? "",
    };
    const { exit, stdout, stderr } = await writ("mutate", wrong);
    expect([exit, stdout, codesIn(stderr)]).toEqual([1, "", ["WRIT4001"]]);
  });
});

describe("writ examples", () => {
  let suggested: Ran;
  let host: MapHost;
  beforeAll(async () => {
    suggested = await writ("examples --suggest", policies);
    host = (await writ("examples --suggest --write policies/orders.policy.ts", policies)).host;
  });

  test("lists them", async () => {
    const { exit, stdout } = await writ("examples", policies);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^the partner reads +granted$/m);
  });

  test("prints what is missing as a policy file says it, and writes nothing", () => {
    expect(suggested.exit).toBe(0);
    expect(suggested.stdout).toMatch(
      /^example\("[^\n]+", \{\n {2}by: "[\w-]+",\n {2}call: "[A-Z]+ orders\.example\.com\/[^"]*",\n/,
    );
    expect(suggested.host.files.get("/here/policies/orders.policy.ts")).toBe(estate["orders.policy.ts"]);
    expect(suggested.stderr).toMatch(/edits noticed \d+ % → \d+ %, coverage \d+ % → \d+ %\n$/);
  });

  test("puts it at the end of a file, by the names that the file has", () => {
    const text = host.files.get("/here/policies/orders.policy.ts") as string;
    expect(text.startsWith(estate["orders.policy.ts"] ?? "?")).toBe(true);
    expect(text).toMatch(/\n {2}by: acme,\n/);
    expect(text).toMatch(/\n {2}scopes: \[orders\.read\],\n/);
    expect(text.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  test("makes an estate that checks, and whose edits are noticed", async () => {
    const checked = await again("check", host);
    expect([checked.exit, checked.stderr]).toEqual([0, ""]);
    const mutated = await again("mutate --fail-under 95", host);
    expect([mutated.exit, mutated.stderr]).toEqual([0, ""]);
  });

  test("makes a new file with its import", async () => {
    const ran = await writ("examples --write policies/more.policy.ts --most 2", policies);
    const text = ran.host.files.get("/here/policies/more.policy.ts") as string;
    expect(text).toMatch(/^import \{ example \} from "writ";\n\nexample\(/);
    expect(text.match(/^example\(/gm)).toHaveLength(2);
    expect((await again("check", ran.host)).exit).toBe(0);
  });

  test("writes to no file that is never compiled", async () => {
    for (const path of ["examples.ts", "more.policy.ts", "policies/notes.txt"]) {
      const { exit, stderr } = await writ(`examples --write ${path}`, policies);
      expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT4303"]]);
    }
  });
});
