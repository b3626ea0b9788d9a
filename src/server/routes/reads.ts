/** What people and their tools read: the head, the view, the gateways, the audit log. */
import { json, type Route } from "../route.ts";
import * as schemas from "../schemas.ts";
import type { Services } from "../services.ts";

const PEOPLE = ["auditor", "operator", "approver", "revoker", "author"] as const;
const WATCHERS = ["auditor", "operator", "approver"] as const;

/** Lines of the log in one answer. */
const MOST_LINES = 1000;

export function readRoutes({ publisher }: Services): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/head",
      summary: "The head in force; its version is what If-Match takes",
      roles: PEOPLE,
      answers: { 200: { description: "the head", schema: schemas.head } },
      handle: () => {
        const { head } = publisher.health();
        return json(head, 200, { etag: `"${head.version}"` });
      },
    },
    {
      method: "GET",
      path: "/v1/view",
      summary: "The estate at a glance",
      roles: PEOPLE,
      answers: { 200: { description: "what is in force, who has it, what waits", schema: schemas.view } },
      handle: () => json(publisher.view()),
    },
    {
      method: "GET",
      path: "/v1/gateways",
      summary: "Every gateway that is known",
      roles: WATCHERS,
      answers: { 200: { description: "sorted by name", schema: schemas.object({ gateways: schemas.gateways }) } },
      handle: () => json({ gateways: publisher.view().gateways }),
    },
    {
      method: "GET",
      path: "/v1/audit",
      summary: "Lines of the audit log from a number on, at most 1,000 of them and some 8 MiB",
      roles: WATCHERS,
      query: { since: schemas.numberInPath, limit: schemas.numberInPath },
      answers: { 200: { description: "a line of JSON each, as they are in the tree", type: "application/jsonl" } },
      handle: async ({ query }) => {
        const asked = new URLSearchParams(query);
        const limit = Math.min(MOST_LINES, Number(asked.get("limit") ?? MOST_LINES));
        const body = await linesOf(publisher, Number(asked.get("since") ?? 0), limit);
        return { status: 200, type: "application/jsonl", body };
      },
    },
    {
      method: "GET",
      path: "/v1/audit/checkpoint",
      summary: "The signed checkpoint of the head in force",
      roles: WATCHERS,
      answers: { 200: { description: "a signed note", type: "text/plain; charset=utf-8" } },
      handle: async () => ({ status: 200, type: "text/plain; charset=utf-8", body: await publisher.checkpoint() }),
    },
  ];
}

const NEWLINE = Buffer.from("\n");
/** Bytes after which an answer ends: lines that revoke a thousand things each are long. Whoever wants more asks again. */
const ENOUGH = 8 * 1024 * 1024;
const AT_ONCE = 50;

async function linesOf(publisher: Services["publisher"], since: number, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let [count, size] = [0, 0]; count < limit && size < ENOUGH; ) {
    const lines = await publisher.auditLines(since + count, Math.min(AT_ONCE, limit - count));
    if (lines.length === 0) break;
    count += lines.length;
    for (const line of lines) {
      pieces.push(line, NEWLINE);
      size += line.length + 1;
    }
  }
  return Buffer.concat(pieces);
}
