/** The shipped configurations in real gateways: a sidecar that is down, slow or broken opens nothing, and one that is there is obeyed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { GatewayRequest } from "../../src/client/index.ts";
import { startSidecar } from "../../src/sidecar/index.ts";
import { ours } from "../../src/sidecar/names.ts";
import { bases } from "../decide/estate.ts";
import { broken, brokenForNginx, startBroken } from "./broken.ts";
import { commands, type ProxyName, withProxy } from "./proxies.ts";
import { ask, type Raw, request } from "./raw-http.ts";
import { type Shipped, shipped } from "./shipped.ts";
import { disposable, liveGateway, optionsOf, startAt, tokenOf, upstreamHeaders, words } from "./world.ts";

const { host, path } = bases.bearer.request;
const line = `POST ${path}`;
const token = await tokenOf();

/** What a client sends under names that are not its own. */
const forged = [
  ...ours.map((name) => `${name}: ${words.answer}`),
  ...upstreamHeaders.map((name) => `${name}: root`),
  "X-HTTP-Method-Override: DELETE",
  "X-Original-URL: /admin",
  "X-Forwarded-Host: evil.example.com",
  "X-Forwarded-For: 203.0.113.66",
];

/** The answer with this status, or the last one: on a machine that has other things to do the sidecar may be late, and is then refused. */
async function answering(status: number, asked: () => Promise<Raw>): Promise<Raw> {
  for (let turn = 0; turn < 20; turn++) {
    const answer = await asked();
    if (answer.status === status) return answer;
    await pause(100);
  }
  return await asked();
}

describe.each<ProxyName>(["nginx", "envoy"])("%s", (name) => {
  describe.skipIf(!commands[name])(withProxy(name, "with the shipped configuration"), () => {
    let gateway: Awaited<ReturnType<typeof liveGateway>>;
    let front: Shipped;

    beforeAll(async () => {
      gateway = await liveGateway();
      front = await shipped(name);
    });
    afterAll(async () => {
      await front?.[Symbol.asyncDispose]();
      await gateway?.close();
    });
    beforeEach(() => {
      front.reached.length = 0;
    });

    const sidecar = () =>
      startAt(
        front.sidecarPort,
        optionsOf(name, (asked) => gateway.decide(asked)),
      );
    const asking = (headers: readonly string[] = [`Authorization: Bearer ${token}`]) =>
      ask(front.port, request(line, host, headers, "{}"));

    describe("Q12 a sidecar that is not there", () => {
      const refused = async () => {
        const begun = performance.now();
        const answers = [await asking(), await asking([`Authorization: Bearer ${token}`, ...forged])];
        const refusals = name === "nginx" ? [403, 500] : [403];
        expect(answers.map(({ status }) => status).filter((status) => !refusals.includes(status))).toEqual([]);
        expect(front.reached).toEqual([]);
        return performance.now() - begun;
      };

      test("is down: nothing reaches the upstream", async () => {
        await refused();
      });

      const all = name === "nginx" ? { ...broken, ...brokenForNginx } : broken;
      test.each(Object.entries(all))("%s: nothing reaches the upstream", async (_, behave) => {
        await using _broken = await startBroken(front.sidecarPort, behave);
        // Two questions, each of them given up after 200 ms.
        expect(await refused()).toBeLessThan(5000);
      });

      test("goes away between two questions: the next one is refused, and when it is back all is as before", async () => {
        const running = await sidecar();
        expect((await answering(200, asking)).status).toBe(200);
        await running.close();
        front.reached.length = 0;
        await refused();
        const again = await sidecar();
        expect((await answering(200, asking)).status).toBe(200);
        await again.close();
      });
    });

    describe("a sidecar that is there", () => {
      test("allows: the upstream is reached with what the decision says of the caller", async () => {
        await using running = disposable(await sidecar());
        expect(running.address).toBe(`127.0.0.1:${front.sidecarPort}`);
        expect(await answering(200, asking)).toMatchObject({
          status: 200,
          body: expect.stringContaining("from upstream"),
        });
        expect(front.reached).toMatchObject([{ method: "POST", target: path, body: "{}", headers: { host } }]);
        expect(front.reached[0]?.headers).toMatchObject({
          "x-caller": "payments/workload of team-payments@example.com",
          "x-role": "cashier",
        });
      });

      test("Q07 takes away what a client sends under names of ours", async () => {
        await using _running = disposable(await sidecar());
        const sent = [`Authorization: Bearer ${token}`, ...forged];
        expect((await answering(200, () => asking(sent))).status).toBe(200);
        const { headers } = front.reached[0]!;
        expect(Object.entries(headers).filter(([header]) => ours.includes(header))).toEqual([]);
        expect(headers).toMatchObject({ "x-caller": "payments/workload of team-payments@example.com" });
        expect(headers).not.toHaveProperty("x-http-method-override");
        expect(headers).not.toHaveProperty("x-original-url");
        expect(headers["x-forwarded-host"]).not.toBe("evil.example.com");
        expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
      });

      test("Q07 keeps what it sets, also where a client names it in `Connection`", async () => {
        await using _running = disposable(await sidecar());
        const sent = [`Authorization: Bearer ${token}`, "x-caller: root", "Connection: x-caller, x-role"];
        expect((await answering(200, () => asking(sent))).status).toBe(200);
        expect(front.reached[0]?.headers).toMatchObject({
          "x-caller": "payments/workload of team-payments@example.com",
          "x-role": "cashier",
        });
      });

      test("Q07 takes them away too where the decision says nothing", async () => {
        await using _running = disposable(await sidecar());
        const open = () => ask(front.port, request("GET /healthz", host, forged));
        expect((await answering(200, open)).status).toBe(200);
        const { headers } = front.reached[0]!;
        const left = [...ours, ...upstreamHeaders].filter((header) => header in headers);
        expect(left).toEqual([]);
      });

      test("hears what came, as it came, and from where", async () => {
        const heard: GatewayRequest[] = [];
        const options = optionsOf(name, (asked) => {
          heard.push(asked);
          return { allow: false, reason: "denied" };
        });
        await using _running = disposable(await startAt(front.sidecarPort, options));
        const text = request("PATCH /v1/a%20b/~c?d=%2F..", "orders.example.com:81", [
          `Authorization: Bearer ${token}`,
          ...forged,
          "X-Channel: till",
          "X-Twice: a",
          "X-Twice: b",
        ]);
        await answering(403, () => ask(front.port, text));
        expect(heard[0]).toMatchObject({
          token: bases.bearer.token,
          request: { host: "orders.example.com", method: "PATCH", path: "/v1/a%20b/~c", ip: "127.0.0.1" },
        });
        expect(heard[0]?.request.headers).toMatchObject({ "x-channel": ["till"], "x-twice": ["a", "b"] });
        expect(JSON.stringify(heard[0]?.request.headers)).not.toContain(words.ask);
      });

      test("denies: 403, and nothing reaches the upstream", async () => {
        await using _running = disposable(await sidecar());
        const forbidden = request(`DELETE ${path}`, host, [`Authorization: Bearer ${token}`]);
        const { status } = await answering(403, () => ask(front.port, forbidden));
        expect([status, front.reached]).toEqual([403, []]);
      });

      test("asks for a token: 401 with a challenge", async () => {
        await using _running = disposable(await sidecar());
        const { status, headers } = await answering(401, () => asking([]));
        expect([status, headers["www-authenticate"], front.reached]).toEqual([401, "Bearer", []]);
      });

      test("refuses a token that nobody known signed", async () => {
        await using _running = disposable(await sidecar());
        const forgedToken = `${token.slice(0, -10)}AAAAAAAAAA`;
        const forgedly = () => asking([`Authorization: Bearer ${forgedToken}`]);
        expect(await answering(401, forgedly)).toMatchObject({ status: 401 });
        expect(front.reached).toEqual([]);
      });

      test.each(["//v1/x", "/v1/../healthz", "/healthz/%2e%2e/x", "/a%2Fb", "/healthz;x=1", "/healthz/", "/%68ealthz"])(
        "Q01 %s is refused, not put right",
        async (target) => {
          await using _running = disposable(await sidecar());
          const { status } = await ask(front.port, request(`GET ${target}`, host));
          expect(status).toBeGreaterThanOrEqual(400);
          expect(front.reached).toEqual([]);
        },
      );

      test("Q04 a host in capitals with a port and a final dot is the host; the query is kept", async () => {
        await using _running = disposable(await sidecar());
        const open = () => ask(front.port, request("GET /healthz?a=%2Fb", "ORDERS.example.com.:8443"));
        expect((await answering(200, open)).status).toBe(200);
        expect(front.reached).toMatchObject([{ target: "/healthz?a=%2Fb" }]);
      });
    });

    test("Q12 opens nothing by a socket either, and is obeyed there", async () => {
      const folder = mkdtempSync(join(tmpdir(), "writ-socket-"));
      const socket = join(folder, "sidecar.sock");
      try {
        await using other = await shipped(name, { socket });
        const asked = () => ask(other.port, request(line, host, [`Authorization: Bearer ${token}`], "{}"));
        expect([(await asked()).status < 400, other.reached]).toEqual([false, []]);
        const options = optionsOf(name, (question) => gateway.decide(question));
        await using _running = disposable(await startSidecar({ kind: "socket", path: socket }, options));
        expect([(await answering(200, asked)).status, other.reached.length]).toEqual([200, 1]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test("Q12 it is the demand for the sidecar's word that keeps out any other 200", async () => {
      // The same configuration without that demand: so a test that found nothing wrong would find this.
      const careless = (text: string) =>
        name === "nginx"
          ? text.replace("http://$writ_upstream", "http://writ_behind")
          : text.replace('"action": "ALLOW"', '"action": "LOG"');
      await using other = await shipped(name, { bend: careless });
      await using _broken = await startBroken(other.sidecarPort, broken["says 200 and nothing of ours"]!);
      expect((await answering(200, () => ask(other.port, request(line, host)))).status).toBe(200);
      expect(other.reached).toHaveLength(1);
    });
  });
});

describe.skipIf(!commands.nginx)(withProxy("nginx", "nginx with an error page for everything"), () => {
  test("Q12 an error page that is a 200 is no yes", async () => {
    await using front = await shipped("nginx", {
      beside: "error_page 500 502 503 504 =200 /page; recursive_error_pages on;",
    });
    for (const how of ["answers 500", "closes at once", "takes the question and says nothing"]) {
      await using _broken = await startBroken(front.sidecarPort, broken[how]!);
      await ask(front.port, request(line, host, [`Authorization: Bearer ${token}`]));
      expect(front.reached).toEqual([]);
    }
  });
});
