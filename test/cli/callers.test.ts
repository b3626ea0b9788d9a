/** `writ callers`: the one place where a gateway's token is seen, and a look at who may ask for what. */
import { describe, expect, test } from "vitest";
import { authenticate, readCallers, thumbprintOf } from "../../src/callers/index.ts";
import { bytesOf, file, gatewayToken } from "../callers/issuance.ts";
import { codesIn, writ } from "./run.ts";

describe("writ callers gateway", () => {
  test("makes a token and the entry by which the publisher knows it", async () => {
    const { exit, stdout, stderr } = await writ("callers gateway edge-7 --ring canary --format json");
    expect([exit, stderr]).toEqual([0, ""]);
    const { token, entry } = JSON.parse(stdout) as { token: string; entry: unknown };
    expect(entry).toEqual({ name: "edge-7", roles: ["gateway"], ring: "canary", token: thumbprintOf(token) });
    const callers = await readCallers(bytesOf({ audience: "https://policies.example.com", callers: [entry] }));
    const caller = await authenticate(callers, { authorization: [`Bearer ${token}`] }, { now: 0 });
    expect(caller).toMatchObject({ name: "edge-7", ring: "canary" });
  });

  test("shows the token on a line of its own, writes no file, and never makes the same one again", async () => {
    const [first, second] = [await writ("callers gateway edge-7"), await writ("callers gateway edge-7")];
    const [token] = first.stdout.split("\n");
    expect(token).toMatch(/^writ_[A-Za-z0-9_-]{43}$/);
    expect(first.stdout.split(token!)).toHaveLength(2);
    expect(first.stdout).toContain(`"ring":"stable","token":"${thumbprintOf(token!)}"`);
    expect(second.stdout).not.toContain(token);
    expect([...first.host.files.keys()]).toEqual([]);
  });

  test("refuses a name that the file of callers would refuse", async () => {
    for (const name of ["a b", "", "../x", "x".repeat(129), "é"]) {
      const { exit, stdout, stderr } = await writ(["callers", "gateway", name]);
      expect([exit, stdout, codesIn(stderr)]).toEqual([2, "", ["WRIT8204"]]);
    }
    expect((await writ("callers gateway edge-7 --ring all")).exit).toBe(2);
  });
});

describe("writ callers check", () => {
  const files = { "callers.json": JSON.stringify(file) };

  test("lists who may ask, for what, and by what they are known", async () => {
    const { exit, stdout, stderr } = await writ("callers check callers.json", files);
    expect([exit, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(["name", "roles", "known by", "limits"]);
    expect(lines).toContainEqual(["alice", "approver, operator", "u-alice at https://people.example.com"]);
    expect(lines).toContainEqual(["soc", "revoker", "certificate c0c0c0c0c0c0c0c0…", "owners team-a; tiers partner"]);
    expect(lines).toContainEqual([
      "directory",
      "revoker",
      "security events of https://people.example.com",
      "issuers people",
    ]);
    expect(lines).toContainEqual([
      "edge-1",
      "gateway",
      `token ${thumbprintOf(gatewayToken).slice(0, 16)}…`,
      "ring canary",
    ]);
    const json = JSON.parse((await writ("callers check callers.json --format json", files)).stdout);
    expect(json.callers).toHaveLength(file.callers.length);
    expect(json.callers[7]).toEqual({
      name: "soc",
      person: "soc",
      roles: ["revoker"],
      proof: { kind: "certificate", digest: "c0".repeat(32) },
      scope: { owners: ["team-a"], tiers: ["partner"] },
    });
  });

  test("says what is wrong and where", async () => {
    const wrong = { "callers.json": JSON.stringify({ ...file, callers: [{ ...file.callers[0], roles: ["admin"] }] }) };
    const { exit, stdout, stderr } = await writ("callers check callers.json", wrong);
    expect([exit, stdout, codesIn(stderr)]).toEqual([1, "", ["WRIT8204"]]);
    const json = await writ("callers check callers.json --format json", wrong);
    expect([json.exit, json.stderr]).toEqual([1, ""]);
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, code: "WRIT8204", place: "callers.0.roles.0" });
    expect(stderr).toContain("`callers.0.roles.0` is no role");
    const torn = await writ("callers check callers.json", { "callers.json": `{"audience": ` });
    expect(torn.stderr).toContain("it is not JSON, at offset 13");
    expect((await writ("callers check callers.json")).exit).toBe(2);
  });
});
