/** What a gateway and its sidecar call what they tell each other: the printed configurations and the sidecar read the same names. */

/** Set by the gateway on every question, over whatever a client sent under the same name; nothing else is believed of it. */
export const asked = {
  secret: "x-writ-secret",
  question: "x-writ-question",
  method: "x-writ-method",
  target: "x-writ-target",
  host: "x-writ-host",
  address: "x-writ-address",
  certificate: "x-writ-certificate",
  verified: "x-writ-verified",
  proof: "x-writ-proof",
} as const;

/** Set by the sidecar on its answers. */
export const answered = {
  /** Only where the answer is yes: a gateway goes on for nothing else, whatever the status is. */
  proof: "x-writ-answer",
  reason: "x-writ-reason",
} as const;

/** Under none of these does a client reach an upstream. */
export const ours: readonly string[] = [...Object.values(asked), ...Object.values(answered)];

/** Headers by which an upstream could be made to see another method, target or client than was decided on (threat Q05). */
export const misleading: readonly string[] = [
  "forwarded",
  "x-envoy-original-path",
  "x-forwarded-host",
  "x-forwarded-method",
  "x-forwarded-prefix",
  "x-forwarded-uri",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "x-original-method",
  "x-original-uri",
  "x-original-url",
  "x-rewrite-url",
];

/** What an answer is asked for at, where the path is not the client's own. */
export const DECIDE = "/decide";
