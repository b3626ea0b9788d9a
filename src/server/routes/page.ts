/** The page: HTML that needs no script, its files, and the events that keep it up to date. */
import { auditWindow, changedEvent, contentSecurityPolicy, pageFiles, renderPage } from "../../page/index.ts";
import { checkHost } from "../headers.ts";
import type { Route } from "../route.ts";
import { numberInPath } from "../schemas.ts";
import type { Services } from "../services.ts";

export function pageRoutes({ publisher, streams, options }: Services): readonly Route[] {
  const roles = options.openPage ? "anyone" : (["auditor", "operator", "approver", "revoker", "author"] as const);
  return [
    {
      method: "GET",
      path: "/",
      summary: "The page for people",
      roles,
      query: { audit: numberInPath },
      answers: { 200: { description: "the estate at a glance", type: "text/html; charset=utf-8" } },
      handle: async ({ query, headers }) => {
        if (options.openPage) checkHost(headers);
        const view = publisher.view();
        const { since, limit } = auditWindow(view, new URLSearchParams(query).get("audit"));
        const lines = limit > 0 ? await publisher.auditLines(since, limit) : [];
        return {
          status: 200,
          type: "text/html; charset=utf-8",
          body: renderPage(view, { audit: { since, lines } }),
          headers: { "content-security-policy": contentSecurityPolicy, "referrer-policy": "no-referrer" },
        };
      },
    },
    ...Object.entries(pageFiles).map(
      ([path, { type, text }]): Route => ({
        method: "GET",
        path,
        summary: "Belongs to the page",
        roles: "anyone",
        answers: { 200: { description: "a file", type } },
        handle: () => ({ status: 200, type, body: text }),
      }),
    ),
    {
      method: "GET",
      path: "/events",
      summary: "One event after each change of the view",
      roles,
      answers: { 200: { description: "server-sent events", type: "text/event-stream" } },
      handle: ({ headers }) => {
        if (options.openPage) checkHost(headers);
        return { status: 200, type: "text/event-stream", body: streams.open(changedEvent) };
      },
    },
  ];
}
