/** The whole circle by commands alone: a publisher, a release, a sidecar that follows it, a real nginx with the printed configuration, a revocation. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands, freePorts, startProxy, withProxy } from "./proxies.ts";
import { ask, request } from "./raw-http.ts";
import { upstream } from "./world.ts";

const main = resolve(import.meta.dirname, "../../src/cli/main.ts");
const flags = ["--conditions=writ-source", main];
const issuer = "https://id.example.com";

const policy = `import { api, grant, identity, issuer, scopes, tier } from "writ";

const workload = tier({ trust: 40, authentication: ["bearer"], tokenLifetime: { bearer: "5m" } });
const corp = issuer("${issuer}", { audience: "https://apis.example.com", algorithms: ["ES256"] });
const packer = identity({ tier: workload, issuer: corp, subject: "packer", owner: "shop@example.com" });
const orders = scopes("orders", ["ship"]);
const shop = api("orders.example.com", {
  operations: { "POST /v1/orders/{id}/shipment": orders.ship },
  headers: { "x-caller": "{identity}" },
});

const ships = grant({ to: packer, scopes: [orders.ship], on: shop });
`;

describe.skipIf(!commands.nginx)(withProxy("nginx", "by commands alone"), () => {
  let folder: string;
  const children: ChildProcess[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "writ-circle-"));
  });
  afterAll(async () => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(folder, { recursive: true });
  });

  function writ(line: string, environment: Readonly<Record<string, string>> = {}): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...line.split(" ")], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
    expect([line, status, stderr]).toEqual([line, 0, stderr]);
    return stdout;
  }

  function start(line: string): () => string {
    const child = spawn(process.execPath, [...flags, ...line.split(" ")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const hear = (piece: Buffer) => {
      said += piece.toString();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    children.push(child);
    return () => said;
  }

  async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
    for (let turn = 0; turn < 300; turn++) {
      if (await Promise.resolve(isSo()).catch(() => false)) return;
      await pause(50);
    }
    expect(what).toBe("so within 15 s");
  }

  test("nginx allows what the policy in force grants, and denies it once its revocation is confirmed", async () => {
    const [gatewayPort = 0, adminPort = 0, sidecarPort = 0, port = 0] = await freePorts(4);
    writ(`publisher new publisher --gateway edge-1 --gateway-port ${gatewayPort} --admin-port ${adminPort}`);
    start("serve publisher/publisher.json");
    mkdirSync(join(folder, "policies"));
    writeFileSync(join(folder, "policies/shop.policy.ts"), policy);
    writ("build policies --sign publisher/keys/bundles.key.json --out bundle.tar.gz --expires 20d");
    const statement = writ(
      "provenance bundle.tar.gz --key publisher/keys/ci.key.json --repository https://git.invalid/estate --workflow build@refs/heads/main --commit 0123456789012345678901234567890123456789",
    );
    writeFileSync(join(folder, "provenance.json"), statement);
    writeFileSync(join(folder, "review.txt"), "read");
    const url = `http://127.0.0.1:${adminPort}`;
    const as = (name: string, line: string) => {
      const token = writ(`publisher token ${name}`).trim();
      return writ(line, { WRIT_PUBLISHER: url, WRIT_TOKEN: token });
    };
    await until("the publisher is there", async () => (await fetch(`${url}/ready`)).ok);
    as("ci", "submit bundle.tar.gz --provenance provenance.json --author carol");
    const digest = createHash("sha256")
      .update(readFileSync(join(folder, "bundle.tar.gz")))
      .digest("hex");
    as("alice", `approve ${digest} --shown review.txt`);
    as("olga", `release ${digest} --ring canary`);
    as("olga", `release ${digest} --ring stable`);

    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }] });
    const provider = createServer((_request, response) => response.end(keys)).listen(0, "127.0.0.1");
    await once(provider, "listening");
    const { port: providerPort } = provider.address() as { port: number };
    await using behind = await upstream();
    writeFileSync(join(folder, "sidecar.secret"), createHash("sha256").update(folder).digest("hex"));
    writeFileSync(
      join(folder, "sidecar.json"),
      JSON.stringify({
        protocol: "nginx",
        listen: `127.0.0.1:${sidecarPort}`,
        secret: "sidecar.secret",
        gateway: {
          root: "publisher/trust/root.json",
          url: `http://127.0.0.1:${gatewayPort}`,
          id: "edge-1",
          token: "publisher/tokens/edge-1.token",
          state: "state",
        },
        issuers: [{ issuer, algorithms: ["ES256"], keys: `http://127.0.0.1:${providerPort}/jwks` }],
        upstreamHeaders: ["x-caller"],
        decisions: "decisions.jsonl",
      }),
    );
    const printed = writ(
      `sidecar --config sidecar.json --print --front 127.0.0.1:${port} --upstream 127.0.0.1:${behind.port}`,
    );
    await using _nginx = await startProxy("nginx", port, printed);
    const said = start("sidecar --config sidecar.json");

    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ scope: "orders:ship" })
      .setProtectedHeader({ alg: "ES256", kid: "k1" })
      .setIssuer(issuer)
      .setSubject("packer")
      .setAudience("https://apis.example.com")
      .setJti("t1")
      .setIssuedAt(now)
      .setExpirationTime(now + 290)
      .sign(privateKey);
    const asked = async () =>
      (
        await ask(
          port,
          request("POST /v1/orders/9/shipment", "orders.example.com", [
            `Authorization: Bearer ${token}`,
            "X-Caller: root",
          ]),
        )
      ).status;
    await until("nginx allows", async () => (await asked()) === 200);
    expect(behind.reached.at(-1)?.headers).toMatchObject({ "x-caller": "packer" });
    expect(said()).toContain('"event":"listening"');

    as("security", "revoke identity packer --reason found --wait");
    expect(await asked()).toBe(403);
    const sidecar = children.at(-1)!;
    sidecar.kill("SIGTERM");
    expect(await once(sidecar, "exit")).toEqual([0, null]);
    expect(await asked()).toBe(500);
    const reasons = readFileSync(join(folder, "decisions.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(JSON.stringify(reasons.at(-1))).toContain('"revoked"');
    expect(JSON.stringify(reasons)).not.toContain(token.split(".")[2]);
    provider.closeAllConnections();
    provider.close();
  }, 180_000);
});
