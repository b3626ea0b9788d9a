/** Client certificates through real gateways: a bound token counts with its own certificate, as the gateway saw it and nobody else says it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCertificate } from "../../src/sidecar/certificate.ts";
import { bases } from "../decide/estate.ts";
import { type Certificate, certificateFor } from "../server/certificates.ts";
import { commands, type ProxyName, withProxy } from "./proxies.ts";
import { request } from "./raw-http.ts";
import { shipped } from "./shipped.ts";
import { disposable, liveGateway, optionsOf, startAt, tokenOf } from "./world.ts";

const now = Math.floor(Date.now() / 1000);
const made = (name: string) => certificateFor(name, now - 1000, now + 100_000);
const [server, client, stranger] = [made("server"), made("client"), made("stranger")];
const { thumbprint } = readCertificate(encodeURIComponent(client.certificate))!;
const bound = await tokenOf({ ...bases.bearer.token, cnf: { "x5t#S256": thumbprint } });
const { host, path } = bases.bearer.request;

/** As the comments of the configurations say it is done. */
const withTls: Readonly<Record<ProxyName, (text: string, folder: string) => string>> = {
  nginx: (text, folder) =>
    text.replace(
      /^ {4}listen (.*);$/m,
      `    listen $1 ssl; ssl_certificate ${folder}/server.pem; ssl_certificate_key ${folder}/server.key;\n    ssl_client_certificate ${folder}/client.pem; ssl_verify_client optional;`,
    ),
  envoy: (text, folder) => {
    const configuration = JSON.parse(text.replaceAll(/^#.*$/gm, ""));
    const file = (name: string) => ({ filename: `${folder}/${name}` });
    configuration.static_resources.listeners[0].filter_chains[0].transport_socket = {
      name: "envoy.transport_sockets.tls",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        require_client_certificate: false,
        common_tls_context: {
          tls_certificates: [{ certificate_chain: file("server.pem"), private_key: file("server.key") }],
          validation_context: { trusted_ca: file("client.pem") },
        },
      },
    };
    return JSON.stringify(configuration);
  },
};

function askOver(port: number, certificate: Certificate | undefined, text: string): Promise<number | "closed"> {
  return new Promise((resolve) => {
    const own = certificate && { cert: certificate.certificate, key: certificate.key };
    const socket = connect({
      port,
      host: "127.0.0.1",
      ca: server.certificate,
      ...own,
      checkServerIdentity: () => undefined,
    });
    let heard = "";
    socket.on("secureConnect", () => socket.write(text));
    socket.on("data", (piece) => {
      heard += piece;
    });
    socket.on("error", () => resolve("closed"));
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? Number.NaN) || "closed"));
  });
}

describe.each<ProxyName>(["nginx", "envoy"])("%s", (name) => {
  describe.skipIf(!commands[name])(withProxy(name, "with client certificates"), () => {
    const folder = mkdtempSync(join(tmpdir(), "writ-tls-"));
    let gateway: Awaited<ReturnType<typeof liveGateway>>;
    beforeAll(async () => {
      gateway = await liveGateway();
      writeFileSync(join(folder, "server.pem"), server.certificate);
      writeFileSync(join(folder, "server.key"), server.key);
      writeFileSync(join(folder, "client.pem"), client.certificate);
    });
    afterAll(async () => {
      await gateway?.close();
      rmSync(folder, { recursive: true });
    });

    test("Q10 a bound token counts over its own certificate, and over no other, whatever the client says of it", async () => {
      await using front = await shipped(name, { bend: (text) => withTls[name](text, folder) });
      const options = optionsOf(name, (question) => gateway.decide(question), { facts: new Set(["certificate"]) });
      await using _running = disposable(await startAt(front.sidecarPort, options));
      const asked = (certificate: Certificate | undefined, token: string, headers: readonly string[] = []) =>
        askOver(
          front.port,
          certificate,
          request(`POST ${path}`, host, [`Authorization: Bearer ${token}`, ...headers], "{}"),
        );
      const says = [`X-Writ-Certificate: ${encodeURIComponent(client.certificate)}`, "X-Writ-Verified: SUCCESS"];

      // Late on a busy machine is refused, so what is expected may take another try.
      const until = async (status: number, ...what: Parameters<typeof asked>) => {
        for (let turn = 0; turn < 20 && (await asked(...what)) !== status; turn++) await pause(100);
        return await asked(...what);
      };
      expect(await until(200, client, bound)).toBe(200);
      expect(await until(200, undefined, await tokenOf())).toBe(200);
      front.reached.length = 0;
      expect(await until(401, undefined, bound)).toBe(401);
      expect(await until(401, undefined, bound, says)).toBe(401);
      expect([400, 403, "closed"]).toContain(await asked(stranger, bound));
      expect([400, 403, "closed"]).toContain(await asked(stranger, bound, says));
      expect(front.reached).toEqual([]);
    });
  });
});
