/** Where anything of ours listens: on this machine alone, unless somebody says otherwise and protects it. */
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { start } from "./start.ts";

const source = resolve(import.meta.dirname, "../../src");

/** Whether somebody answers there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (answered: boolean) => {
      socket.destroy();
      done(answered);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

test("Q14 nothing but the server and the sidecar listens: no gateway, no command; the sidecar only where nobody else can reach it", () => {
  const listening = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) =>
      /\bcreate(?:Secure)?Server\b|\bcreateSocket\b|\.listen\(/.test(readFileSync(join(source, file), "utf8")),
    );
  expect(listening.sort()).toEqual(["server/listener.ts", "sidecar/listen.ts"]);
});

test("Q14 by default both ports are those of this machine, and no other address of it reaches them", async () => {
  await using started = await start();
  const others = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address),
  );
  for (const url of [started.gatewayUrl, started.adminUrl]) {
    const { hostname, port } = new URL(url);
    expect(hostname).toBe("127.0.0.1");
    expect(await answers(hostname, Number(port))).toBe(true);
    for (const host of [...others, "::1"]) expect(await answers(host, Number(port)), host).toBe(false);
  }
});

test.each(["0.0.0.0", "::", "192.0.2.1", "policies.example.com", "127.0.0.1.example.com", "localhost.example.com"])(
  "Q14 %s is no address to listen on without TLS, unless that is said",
  async (host) => {
    for (const options of [{ gateway: { host } }, { admin: { host } }])
      await expect(start(options)).rejects.toMatchObject({ reason: "address-unprotected" });
  },
);

test("Q14 who says so is believed", async () => {
  await using started = await start({ gateway: { host: "0.0.0.0" }, insecureHttp: true });
  expect(await answers("127.0.0.1", Number(new URL(started.gatewayUrl).port))).toBe(true);
});
