/** Envoy ext_authz over HTTP: the question has the client's own method, target and host, and headers that Envoy sets before it asks. */
import type { Protocol } from "./question.ts";
import { answerOf, clientHeaders, readQuestion } from "./reading.ts";

export const envoy: Protocol = {
  toInput(message, facts) {
    const { headers, method, target } = message;
    // Envoy may have joined a header that came twice: one that holds a comma counts as several (threat Q06).
    const split = Object.entries(clientHeaders(message)).map(
      ([name, values]) => [name, values.flatMap((value) => value.split(","))] as const,
    );
    const hosts = headers.get("host") ?? [];
    return readQuestion(message, facts, {
      method,
      target,
      host: hosts.length === 1 ? hosts[0] : undefined,
      headers: Object.fromEntries(split),
    });
  },

  fromDecision: answerOf,
};
