/** What questions of every protocol are read by: the connection's facts, the headers that conditions may read, and yes or no. */
import type { GatewayDecision, GatewayRequest } from "../client/index.ts";
import { readCertificate } from "./certificate.ts";
import { answered, asked, ours } from "./names.ts";
import { type Answer, type Fact, type Message, only, type Question, type Unasked, type Words } from "./question.ts";
import { plainHost, rawPath } from "./target.ts";

interface Request {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly host: string | undefined;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** The question, where every part of it came once and is what it should be. */
export function readQuestion(message: Message, facts: ReadonlySet<Fact>, request: Request): Question | Unasked {
  // RFC 9110 §5.3: which of two values is meant must not be a matter of their order.
  for (const name of ours) if ((message.headers.get(name)?.length ?? 0) > 1) return "question-malformed";
  const { method, headers } = request;
  const host = plainHost(request.host ?? "");
  const path = rawPath(request.target ?? "");
  if (method === undefined || host === undefined || path === undefined) return "question-malformed";
  const peer = readPeer(message, facts);
  if (typeof peer === "string") return peer;
  const ip = only(message, asked.address);
  const proof = facts.has("proof") ? only(message, asked.proof) : undefined;
  const nonce = only(message, asked.question);
  return {
    input: { ...peer, request: { host, method, path, headers, ...(ip !== undefined && { ip }) } },
    authorization: message.headers.get("authorization") ?? [],
    ...(proof !== undefined && { proof }),
    ...(nonce !== undefined && { nonce }),
  };
}

/** `SUCCESS` and no other word stands for a certificate that the gateway has verified; none is nobody, and a bad one is refused. */
function readPeer(message: Message, facts: ReadonlySet<Fact>): Pick<GatewayRequest, "peer"> | Unasked {
  if (!facts.has("certificate") && !facts.has("spiffe")) return {};
  const text = only(message, asked.certificate);
  if (text === undefined) return {};
  const certificate = only(message, asked.verified) === "SUCCESS" ? readCertificate(text) : undefined;
  if (!certificate) return "certificate-malformed";
  const { thumbprint, spiffe } = certificate;
  return {
    peer: {
      ...(facts.has("certificate") && { "x5t#S256": thumbprint }),
      ...(facts.has("spiffe") && spiffe !== undefined && { spiffe }),
    },
  };
}

/** All that the client sent and no gateway, each with all its values. Never a credential: what logs and conditions see is not to hold one. */
export function clientHeaders({ headers }: Message): Record<string, readonly string[]> {
  return Object.fromEntries([...headers].filter(([name]) => !ours.includes(name) && !HIDDEN.includes(name)));
}

const HIDDEN: readonly string[] = ["authorization", "proxy-authorization", "dpop"];

/** The same reasons as in the Rego that answers Envoy. */
const CREDENTIAL: ReadonlySet<string> = new Set([
  "audience",
  "authentication",
  "claims-malformed",
  "credential-missing",
  "identity-conflict",
  "identity-unknown",
  "issuer-unknown",
  "token-expired",
  "token-lifetime",
  "token-malformed",
  "token-not-yet-valid",
  "token-unsigned",
]);

/** 401 or 403: no other refusal reaches a client through every gateway as what it is. */
export function refusal(reason: string): Answer {
  const headers = { [answered.reason]: reason };
  if (!CREDENTIAL.has(reason)) return { status: 403, headers };
  // RFC 6750 §3: with no error code where no credential came.
  const challenge = reason === "credential-missing" ? "Bearer" : 'Bearer error="invalid_token"';
  return { status: 401, headers: { ...headers, "www-authenticate": challenge } };
}

/**
 * @param declared what the gateway hands on, and takes away where a client sent it: an answer with any other header would leave an
 *   upstream with the client's own (threat Q07)
 */
export function answerOf(
  decision: GatewayDecision,
  { nonce }: Question,
  { answer }: Words,
  declared: ReadonlySet<string>,
): Answer {
  if (!decision.allow) return refusal(decision.reason);
  if (!Object.keys(decision.headers).every((name) => declared.has(name))) return refusal("headers-undeclared");
  const proof = nonce === undefined ? answer : `${answer}.${nonce}`;
  return {
    status: 200,
    headers: { ...decision.headers, [answered.proof]: proof, [answered.reason]: decision.reason },
  };
}
