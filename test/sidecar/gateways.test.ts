/** The shipped configurations in real gateways: a sidecar that is down, slow or broken opens nothing, and one that is there is obeyed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LiveGateway } from "../../src/client/index.ts";
import { envoyConfiguration, nginxConfiguration } from "../../src/sidecar/index.ts";
import { ours } from "../../src/sidecar/names.ts";
import { bases } from "../decide/estate.ts";
import { broken, brokenForNginx, startBroken } from "./broken.ts";
import { commands, freePorts, type ProxyName, type RunningProxy, startProxy, withProxy } from "./proxies.ts";
import { ask, request } from "./raw-http.ts";
import { liveGateway, optionsOf, startAt, tokenOf, upstream, upstreamHeaders, words } from "./world.ts";

const configurations = { nginx: nginxConfiguration, envoy: envoyConfiguration };
const { host, path } = bases.bearer.request;
const line = `POST ${path}`;

/** What a client sends under names that are not its own. */
const forged = [
  ...ours.map((name) => `${name}: ${words.answer}`),
  ...upstreamHeaders.map((name) => `${name}: root`),
  "X-HTTP-Method-Override: DELETE",
  "X-Original-URL: /admin",
  "X-Forwarded-Host: evil.example.com",
];

describe.each<ProxyName>(["nginx", "envoy"])("%s", (name) => {
  describe.skipIf(!commands[name])(withProxy(name, "with the shipped configuration"), () => {
    let gateway: LiveGateway;
    let behind: Awaited<ReturnType<typeof upstream>>;
    let proxy: RunningProxy;
    let port: number;
    let sidecarPort: number;
    let token: string;

    beforeAll(async () => {
      [port = 0, sidecarPort = 0] = await freePorts(2);
      gateway = await liveGateway();
      behind = await upstream();
      token = await tokenOf();
      const configuration = configurations[name]({
        sidecar: { kind: "port", host: "127.0.0.1", port: sidecarPort },
        words,
        upstreamHeaders,
        front: { host: "127.0.0.1", port },
        behind: { host: "127.0.0.1", port: behind.port },
      });
      proxy = await startProxy(name, port, configuration);
    });
    afterAll(async () => {
      await proxy?.[Symbol.asyncDispose]();
      await behind?.[Symbol.asyncDispose]();
      await gateway?.close();
    });
    beforeEach(() => {
      behind.reached.length = 0;
    });

    const sidecar = () =>
      startAt(
        sidecarPort,
        optionsOf(name, (asked) => gateway.decide(asked)),
      );
    const asking = (headers: readonly string[] = [`Authorization: Bearer ${token}`]) =>
      ask(port, request(line, host, headers, "{}"));

    describe("Q12 a sidecar that is not there", () => {
      const refused = async () => {
        const begun = performance.now();
        const answers = [await asking(), await asking([`Authorization: Bearer ${token}`, ...forged])];
        const refusals = name === "nginx" ? [403, 500] : [403];
        expect(answers.map(({ status }) => status).filter((status) => !refusals.includes(status))).toEqual([]);
        expect(behind.reached).toEqual([]);
        return performance.now() - begun;
      };

      test("is down: nothing reaches the upstream", async () => {
        await refused();
      });

      const all = name === "nginx" ? { ...broken, ...brokenForNginx } : broken;
      test.each(Object.entries(all))("%s: nothing reaches the upstream", async (_, behave) => {
        await using _broken = await startBroken(sidecarPort, behave);
        // Two questions, each of them given up after 200 ms.
        expect(await refused()).toBeLessThan(1500);
      });

      test("goes away between two questions: the next one is refused, and when it is back all is as before", async () => {
        const running = await sidecar();
        expect((await asking()).status).toBe(200);
        await running.close();
        behind.reached.length = 0;
        await refused();
        const again = await sidecar();
        expect((await asking()).status).toBe(200);
        await again.close();
      });
    });

    describe("a sidecar that is there", () => {
      test("allows: the upstream is reached with what the decision says of the caller", async () => {
        await using running = disposable(await sidecar());
        expect(running.address).toBe(`127.0.0.1:${sidecarPort}`);
        expect(await asking()).toMatchObject({ status: 200, body: expect.stringContaining("from upstream") });
        expect(behind.reached).toMatchObject([{ method: "POST", target: path, body: "{}", headers: { host } }]);
        expect(behind.reached[0]?.headers).toMatchObject({
          "x-caller": "payments/workload of team-payments@example.com",
          "x-role": "cashier",
        });
      });

      test("Q07 takes away what a client sends under names of ours", async () => {
        await using _running = disposable(await sidecar());
        const { status } = await asking([`Authorization: Bearer ${token}`, ...forged, "Connection: x-caller, x-role"]);
        if (status === 200) {
          expect(behind.reached).toHaveLength(1);
          const { headers } = behind.reached[0]!;
          expect(Object.entries(headers).filter(([header]) => ours.includes(header))).toEqual([]);
          expect(headers).toMatchObject({ "x-caller": "payments/workload of team-payments@example.com" });
          expect(headers).not.toHaveProperty("x-http-method-override");
          expect(headers).not.toHaveProperty("x-original-url");
          expect(headers["x-forwarded-host"]).not.toBe("evil.example.com");
        } else expect(behind.reached).toEqual([]);
      });

      test("Q07 takes them away too where the decision says nothing", async () => {
        await using _running = disposable(await sidecar());
        expect((await ask(port, request("GET /healthz", host, forged))).status).toBe(200);
        const { headers } = behind.reached[0]!;
        const left = [...ours, ...upstreamHeaders].filter((header) => header in headers);
        expect(left).toEqual([]);
      });

      test("denies: 403, and nothing reaches the upstream", async () => {
        await using _running = disposable(await sidecar());
        const { status } = await ask(port, request(`DELETE ${path}`, host, [`Authorization: Bearer ${token}`]));
        expect([status, behind.reached]).toEqual([403, []]);
      });

      test("asks for a token: 401 with a challenge", async () => {
        await using _running = disposable(await sidecar());
        const { status, headers } = await asking([]);
        expect([status, headers["www-authenticate"], behind.reached]).toEqual([401, "Bearer", []]);
      });

      test("refuses a token that nobody known signed", async () => {
        await using _running = disposable(await sidecar());
        const forgedToken = `${token.slice(0, -10)}AAAAAAAAAA`;
        expect(await asking([`Authorization: Bearer ${forgedToken}`])).toMatchObject({ status: 401 });
        expect(behind.reached).toEqual([]);
      });

      test.each(["//v1/x", "/v1/../healthz", "/healthz/%2e%2e/x", "/a%2Fb", "/healthz;x=1", "/healthz/", "/%68ealthz"])(
        "Q01 %s is refused, not put right",
        async (target) => {
          await using _running = disposable(await sidecar());
          const { status } = await ask(port, request(`GET ${target}`, host));
          expect(status).toBeGreaterThanOrEqual(400);
          expect(behind.reached).toEqual([]);
        },
      );

      test("Q04 a host in capitals with a port and a final dot is the host; the query is kept", async () => {
        await using _running = disposable(await sidecar());
        expect((await ask(port, request("GET /healthz?a=%2Fb", "ORDERS.example.com.:8443"))).status).toBe(200);
        expect(behind.reached).toMatchObject([{ target: "/healthz?a=%2Fb" }]);
      });
    });
  });
});

function disposable<Running extends { close(): Promise<void> }>(running: Running): Running & AsyncDisposable {
  return Object.assign(running, { [Symbol.asyncDispose]: () => running.close() });
}
