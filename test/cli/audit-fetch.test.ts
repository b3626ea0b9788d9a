/** The log of a publisher is fetched in pieces, and only what is new of it. */
import { expect, test } from "vitest";
import type { HostRequest, HostResponse } from "../../src/cli/host.ts";
import { writ } from "./run.ts";

/** A publisher with so many lines, which answers with no more of them than it is asked for. */
function publisherWith(count: number) {
  const asked: string[] = [];
  const send = async ({ url }: HostRequest): Promise<HostResponse> => {
    const { pathname, searchParams } = new URL(url);
    asked.push(pathname + new URL(url).search);
    const since = Number(searchParams.get("since"));
    const end = Math.min(count, since + Number(searchParams.get("limit")));
    const lines = Array.from({ length: Math.max(0, end - since) }, (_, index) => `{"number":${since + index}}\n`);
    const text = pathname.endsWith("checkpoint") ? `estate\n${count}\nroot\n` : lines.join("");
    return { status: 200, headers: {}, body: new TextEncoder().encode(text) };
  };
  return { asked, options: { send, environment: { WRIT_PUBLISHER: "https://publisher.example.com" } } };
}

const log = (count: number) => Array.from({ length: count }, (_, number) => `{"number":${number}}\n`).join("");

test("all of it at first, then what is new", async () => {
  const first = publisherWith(2500);
  const ran = await writ("audit fetch log.jsonl --checkpoint note.txt", {}, first.options);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  expect(ran.stdout).toContain("2500 records, 2500 of them new");
  expect(new TextDecoder().decode(ran.host.files.get("/here/log.jsonl") as Uint8Array)).toBe(log(2500));
  expect(first.asked.slice(1)).toEqual(
    [0, 1000, 2000].map((since) => `/v1/audit?since=${since}&limit=${Math.min(1000, 2500 - since)}`),
  );
  const later = publisherWith(2501);
  const { host } = await writ("audit fetch log.jsonl --checkpoint note.txt", { "log.jsonl": log(2500) }, later.options);
  expect(later.asked).toEqual(["/v1/audit/checkpoint", "/v1/audit?since=2500&limit=1"]);
  expect(new TextDecoder().decode(host.files.get("/here/log.jsonl") as Uint8Array)).toBe(log(2501));
});
