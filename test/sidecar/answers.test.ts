/** Answers over a real port and a real socket: whatever goes wrong inside, nothing leaves that could be taken for a yes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { answerTo, type Message, startSidecar } from "../../src/sidecar/index.ts";
import { question } from "./asked.ts";
import { ask } from "./raw-http.ts";
import { disposable, optionsOf } from "./world.ts";

describe("an answer", () => {
  const allowing = (headers: Readonly<Record<string, string>>) =>
    optionsOf("nginx", () => ({
      allow: true,
      reason: "granted",
      operation: "o",
      grants: [],
      emergency: false,
      headers,
      until: 0,
      revision: "r",
    }));

  test("Q07 with a header that the gateway does not hand on is none", async () => {
    expect((await answerTo(question("nginx"), allowing({ "x-caller": "a" }))).status).toBe(200);
    expect(await answerTo(question("nginx"), allowing({ "x-other": "a" }))).toMatchObject({
      status: 403,
      headers: { "x-writ-reason": "headers-undeclared" },
    });
  });

  test("is a refusal when the decision throws", async () => {
    const faults: unknown[] = [];
    const options = optionsOf(
      "nginx",
      () => {
        throw new TypeError("broken");
      },
      { onFault: (error) => faults.push(error) },
    );
    expect(await answerTo(question("nginx"), options)).toMatchObject({ status: 403 });
    expect(faults).toHaveLength(1);
  });

  const text = (message: Message) =>
    `${message.method} ${message.target} HTTP/1.1\r\n${[...message.headers]
      .flatMap(([name, values]) => values.map((value) => `${name}: ${value}\r\n`))
      .join("")}connection: close\r\n\r\n`;

  test("is a refusal when HTTP can't carry it", async () => {
    for (const value of ["a\nx-role: root", "caf\u0100"]) {
      const options = allowing({ "x-caller": value });
      await using running = disposable(await startSidecar({ kind: "port", host: "127.0.0.1", port: 0 }, options));
      const answer = await ask(Number(running.address.split(":")[1]), text(question("nginx")));
      expect([answer.status, answer.headers["x-role"], answer.headers["x-writ-answer"]]).toEqual([
        403,
        undefined,
        undefined,
      ]);
    }
  });

  test("Q13 what is not HTTP gets none", async () => {
    await using running = disposable(await startSidecar({ kind: "port", host: "127.0.0.1", port: 0 }, allowing({})));
    const port = Number(running.address.split(":")[1]);
    expect((await ask(port, "GET /decide HTTP/1.1\r\n\r\n")).status).toBe(400);
    for (const bytes of [
      "\0\0\0\0\r\n\r\n",
      "GET /decide HTTP/1.1\nHost: a\n\n",
      "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
      await expect(ask(port, bytes)).rejects.toThrow("no answer");
    const large = `GET /decide HTTP/1.1\r\nHost: a\r\nx: ${"a".repeat(100_000)}\r\n\r\n`;
    await expect(ask(port, large)).rejects.toThrow();
  });

  test("Q14 comes by a socket from who may write to it; one that is alive, and a file, stay what they are", async () => {
    const folder = mkdtempSync(join(tmpdir(), "writ-socket-"));
    const path = join(folder, "sidecar.sock");
    const start = (at: string) => startSidecar({ kind: "socket", path: at }, allowing({ "x-caller": "a" }));
    try {
      const left = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
      expect(spawnSync(process.execPath, ["-e", left]).signal).toBe("SIGKILL");
      expect(statSync(path).isSocket()).toBe(true);
      await using _running = disposable(await start(path));
      expect(statSync(path).mode & 0o777).toBe(0o660);
      expect(await ask(path, text(question("nginx")))).toMatchObject({ status: 200, headers: { "x-caller": "a" } });
      await expect(start(path)).rejects.toMatchObject({ code: "WRIT9402" });
      const file = join(folder, "file");
      writeFileSync(file, "kept");
      await expect(start(file)).rejects.toMatchObject({ code: "WRIT9402" });
      expect(statSync(file).size).toBe(4);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
