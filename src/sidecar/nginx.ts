/** nginx `auth_request`: the question is a GET of its own, and all of the client's request is in headers that nginx sets. */
import { asked, DECIDE } from "./names.ts";
import { only, type Protocol } from "./question.ts";
import { answerOf, clientHeaders, readQuestion } from "./reading.ts";

/** `$request_id`, which nginx makes anew for each request. */
const NONCE = /^[0-9a-f]{32}$/;

export const nginx: Protocol = {
  toInput(message, facts) {
    if (message.method !== "GET" || message.target !== DECIDE) return "question-malformed";
    // nginx takes an answer only with its own question in it: without one there is nothing to answer.
    if (!NONCE.test(only(message, asked.question) ?? "")) return "question-malformed";
    return readQuestion(message, facts, {
      method: only(message, asked.method),
      target: only(message, asked.target),
      host: only(message, asked.host),
      headers: clientHeaders(message),
    });
  },

  fromDecision: answerOf,
};
