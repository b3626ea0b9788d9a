/** Security events of others (RFC 8935): who transmits them is one more caller who revokes. */
import { type Directory, largestJws, readSecurityEvents } from "../../callers/index.ts";
import type { Route } from "../route.ts";
import type { Services } from "../services.ts";

export function eventRoutes(services: Services): readonly Route[] {
  const { publisher, callers, metrics } = services;
  const { directory } = services.options;
  // Where nobody knows whom an event is about, it is not taken: an answer would say that it has an effect.
  return directory ? [eventRoute(directory)] : [];

  function eventRoute(whose: () => Directory): Route {
    return {
      method: "POST",
      path: "/v1/events",
      summary:
        "Takes a security event token (CAEP, RISC), pushed as RFC 8935 has it; the token itself proves who sends it",
      roles: "anyone",
      body: { type: "application/secevent+jwt", limit: largestJws },
      answers: { 202: { description: "taken, and in force where it revokes something" } },
      handle: async ({ body, judged, known }) => {
        const text = Buffer.from(body as Uint8Array).toString("latin1");
        const { caller, key, reason, entries } = await readSecurityEvents(text, callers, services.now(), whose());
        known(caller);
        services.limitRevocations(caller);
        if (entries.length > 0) {
          await judged(publisher.revoke({ caller, idempotencyKey: key }, entries, reason));
          metrics.revoked(entries.length);
        }
        return { status: 202 };
      },
    };
  }
}
