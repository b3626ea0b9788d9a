/** Whether the process lives, whether it can be relied on, and what it counts. */
import { json, type Route } from "../route.ts";
import * as schemas from "../schemas.ts";
import type { Services } from "../services.ts";

/** Heartbeats that may be missed. */
const MISSED = 3;

export function healthRoutes(services: Services): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/health",
      summary: "The process is alive",
      roles: "anyone",
      answers: { 200: { description: "it is", schema: schemas.health } },
      handle: () => json({ alive: true }),
    },
    {
      method: "GET",
      path: "/ready",
      summary: "The store is open, the heartbeat fresh, the clock right",
      roles: "anyone",
      answers: {
        200: { description: "all of it", schema: schemas.readiness },
        503: { description: "what is not", schema: schemas.readiness },
      },
      handle: () => {
        const problems = problemsOf(services);
        return json({ ready: problems.length === 0, problems }, problems.length === 0 ? 200 : 503);
      },
    },
  ];
}

export function metricsRoute({ metrics }: Services): Route {
  return {
    method: "GET",
    path: "/metrics",
    summary: "What is counted, for Prometheus",
    roles: "anyone",
    answers: { 200: { description: "in its text format", type: metrics.type } },
    handle: async () => ({ status: 200, type: metrics.type, body: await metrics.read() }),
  };
}

function problemsOf({ publisher, hasFailed, isStopping, now }: Services): readonly ("store" | "heartbeat" | "clock")[] {
  const { head, alarms } = publisher.health();
  const isOld = now() - head.at > Math.ceil((MISSED * publisher.heartbeat) / 1000);
  // A head from the future is a clock that was set back: what it signs would be older than what gateways have.
  const isBehind = head.at > now() || alarms.some(({ code }) => code === "WRIT8304");
  return [
    ...(hasFailed || isStopping ? (["store"] as const) : []),
    ...(isOld ? (["heartbeat"] as const) : []),
    ...(isBehind ? (["clock"] as const) : []),
  ];
}
