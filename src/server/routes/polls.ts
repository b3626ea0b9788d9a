/** What gateways of ours ask: the long poll, and their reports. */
import { largestStatus, readPollQuery, readStatusReport } from "../../protocol/index.ts";
import type { Route } from "../route.ts";
import * as schemas from "../schemas.ts";
import { numberInPath } from "../schemas.ts";
import type { Services } from "../services.ts";

/** The query of a poll, in this order. */
const HELD = ["root", "timestamp", "snapshot", "targets", "revocations", "enforced", "policy"];

export function pollRoutes({ publisher }: Services): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/poll",
      summary:
        "Says what the gateway holds, all of it and in this order; answers what is newer, at once or when it comes",
      roles: ["gateway"],
      query: Object.fromEntries(HELD.map((member) => [member, numberInPath])),
      waits: true,
      answers: {
        200: { description: "the files that are newer, as an archive", type: "application/x-tar" },
        204: { description: "nothing came" },
      },
      handle: async ({ caller, query, wait, hold }) => {
        const held = readPollQuery(query);
        const answer = await hold((signal) => publisher.poll(caller, held, wait, signal));
        return answer ? { status: 200, type: "application/x-tar", body: answer.bytes } : { status: 204 };
      },
    },
    {
      method: "POST",
      path: "/v1/status",
      summary: "How a gateway is",
      roles: ["gateway"],
      limited: "reports",
      body: { type: "application/json", schema: schemas.statusReport, limit: largestStatus, raw: true },
      answers: { 204: { description: "taken" } },
      handle: ({ caller, body }) => {
        publisher.report(caller, readStatusReport(body as Uint8Array));
        return { status: 204 };
      },
    },
  ];
}
