/** Security event tokens (RFC 8417) as a transmitter pushes them (RFC 8935): what happened elsewhere, as what is to be revoked here. */
import { type EventError, type EventFault, WritError } from "../diagnostics/index.ts";
import type { JsonObject } from "../json/index.ts";
import type { RevocationPath } from "../protocol/index.ts";
import { clockSkew } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import { isObject, isText, isTime } from "./judge.ts";
import { isSigned, readJws, verifierOf } from "./jws.ts";
import { type Callers, proofKey } from "./read-callers.ts";
import { thumbprintOf } from "./thumbprint.ts";

/** What the estate calls those whom others know by addresses and subjects. */
export interface Directory {
  issuerNamed(issuer: string): string | undefined;
  identityNamed(issuer: string, subject: string): string | undefined;
  /** Seconds: the longest `tokenLifetime` of all tiers. No token is taken that lives longer. */
  readonly tokenLifetime: number;
}

export interface SecurityEvents {
  readonly caller: Caller;
  /** The same for the same event however often it is sent: its idempotency key. */
  readonly key: string;
  readonly reason: string;
  /** Nothing where the event asks for nothing, or is about somebody whom the estate doesn't know. */
  readonly entries: readonly { readonly path: RevocationPath; readonly value?: number }[];
}

const EVENTS = "https://schemas.openid.net/secevent";
const SESSION_REVOKED = `${EVENTS}/caep/event-type/session-revoked`;
const CREDENTIAL_CHANGE = `${EVENTS}/caep/event-type/credential-change`;
const ACCOUNT_DISABLED = `${EVENTS}/risc/event-type/account-disabled`;
/** A transmitter asks by it whether it is heard. */
const VERIFICATION = `${EVENTS}/ssf/event-type/verification`;

/** Seconds for which the answer to an idempotency key is kept: an older event could be one that is played again. */
const OLDEST = 24 * 3600;
const MOST_EVENTS = 8;
const LONGEST = 1024;

type Entry = SecurityEvents["entries"][number];

/** RFC 9493 §3.2.3, §3.2.4; `jwt_id` is of the Shared Signals Framework 1.0. */
type Subject =
  | { readonly format: "account"; readonly issuer: string; readonly subject: string }
  | { readonly format: "token"; readonly issuer: string; readonly id: string };

/** @throws WritError `event-refused`; `eventErrorOf` says it to the transmitter */
export async function readSecurityEvents(
  text: string,
  callers: Callers,
  now: number,
  directory: Directory,
): Promise<SecurityEvents> {
  const jws = readJws(text);
  if (typeof jws === "string") return refuse("invalid_request", jws);
  // RFC 8417 §2.3, RFC 8725 §3.11: no token of another use passes for an event.
  if (jws.typ !== "secevent+jwt") return refuse("invalid_request", "type");
  const { iss, jti } = jws.claims;
  if (!isText(iss, LONGEST) || !isText(jti, LONGEST)) return refuse("invalid_request", "claims");
  const issuer = callers.eventIssuers.get(iss);
  if (!issuer) return refuse("invalid_issuer", "issuer");
  const key = verifierOf(jws, issuer);
  if (typeof key === "string") return refuse("invalid_key", key);
  if (!(await isSigned(jws, key))) return refuse("authentication_failed", "signature");
  const known = callers.byProof.get(proofKey({ kind: "events", issuer: iss }));
  if (!known) return refuse("access_denied", "transmitter");
  const issued = readClaims(jws.claims, callers.audience, now);
  const events = jws.claims.events as JsonObject;
  const { proof: _proof, ...caller } = known;
  return {
    caller: { ...caller, thumbprint: thumbprintOf(text) },
    key: `event-${thumbprintOf(JSON.stringify([iss, jti]))}`,
    reason: Object.keys(events)
      .map((uri) => uri.slice(uri.lastIndexOf("/") + 1))
      .toSorted()
      .join(", "),
    entries: Object.entries(events).flatMap(([uri, event]) =>
      entriesOf(uri, event as JsonObject, { claims: jws.claims, issuer: iss, issued, now, directory }),
    ),
  };
}

/** The error as RFC 8935 §2.4 has it in the body of a 400. */
export function eventErrorOf(error: WritError): { readonly err: EventError; readonly description: string } | undefined {
  if (error.code !== "WRIT8205") return undefined;
  return { err: (error.parameters as { error: EventError }).error, description: error.message };
}

function refuse(error: EventError, fault: EventFault): never {
  throw WritError.of("WRIT8205", { error, fault });
}

/** RFC 8417 §2.2; when it was issued. */
function readClaims({ aud, iat, exp, sub, events }: JsonObject, audience: string, now: number): number {
  // One audience, which may stand in a list as RFC 7519 §4.1.3 allows it.
  if (aud !== audience && !(Array.isArray(aud) && aud.length === 1 && aud[0] === audience))
    return refuse("invalid_audience", "audience");
  // RFC 8417 §4: what is no access token must not look like one.
  if (exp !== undefined || sub !== undefined) return refuse("invalid_request", "confusable");
  if (!isTime(iat) || !isObject(events)) return refuse("invalid_request", "claims");
  if (iat > now + clockSkew || iat < now - OLDEST) return refuse("invalid_request", "old");
  const list = Object.values(events);
  if (list.length === 0 || list.length > MOST_EVENTS || !list.every(isObject))
    return refuse("invalid_request", "event");
  return iat;
}

interface Context {
  readonly claims: JsonObject;
  readonly issuer: string;
  readonly issued: number;
  readonly now: number;
  readonly directory: Directory;
}

function entriesOf(uri: string, event: JsonObject, context: Context): readonly Entry[] {
  if (uri === VERIFICATION) return [];
  if (uri !== SESSION_REVOKED && uri !== CREDENTIAL_CHANGE && uri !== ACCOUNT_DISABLED)
    return refuse("invalid_request", "event");
  const subject = readSubject(event, context);
  const { directory, issued, now } = context;
  if (subject.format === "token") {
    // What ends with one token is a session; accounts and credentials have none.
    if (uri !== SESSION_REVOKED) return refuse("invalid_request", "subject");
    const name = directory.issuerNamed(subject.issuer);
    // The event does not tell when the token expires: not later than one that was issued together with it. Told by the time of
    // the event and not by ours, so that the same event is the same call whenever it is sent.
    const until = issued + directory.tokenLifetime + clockSkew;
    return name === undefined || until < now ? [] : [{ path: ["tokens", name, subject.id], value: until }];
  }
  const identity = directory.identityNamed(subject.issuer, subject.subject);
  if (uri === CREDENTIAL_CHANGE) return entriesOfCredential(event, identity, context);
  if (identity === undefined) return [];
  return uri === ACCOUNT_DISABLED ? [{ path: ["identities", identity] }] : [issuedBefore(identity, event, context)];
}

/** CAEP 1.0 §3.2. */
function entriesOfCredential(event: JsonObject, identity: string | undefined, context: Context): readonly Entry[] {
  const { credential_type: type, change_type: change } = event;
  if (!isText(type, LONGEST) || !["create", "update", "revoke", "delete"].some((known) => known === change))
    return refuse("invalid_request", "event");
  // What is new takes nothing away.
  if (change === "create") return [];
  const keys = ["x5t#S256", "jkt"].flatMap((member): readonly Entry[] => {
    const thumbprint = event[member];
    if (thumbprint === undefined) return [];
    // RFC 8705 §3.1, RFC 9449 §6.1: a SHA-256 in base64url.
    if (typeof thumbprint !== "string" || !/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(thumbprint))
      return refuse("invalid_request", "thumbprint");
    return [{ path: ["keys", thumbprint] }];
  });
  // A certificate is presented itself, not a token in its place; a serial number says to nobody here which one it is.
  if (keys.length === 0 && type === "x509") return refuse("invalid_request", "thumbprint");
  return identity === undefined ? keys : [...keys, issuedBefore(identity, event, context)];
}

/** Whatever was issued in the second of the event or before it. */
function issuedBefore(identity: string, { event_timestamp: at }: JsonObject, { claims, issued, now }: Context): Entry {
  const time = at ?? claims.toe ?? issued;
  if (!isTime(time) || time > now + clockSkew) return refuse("invalid_request", "claims");
  return { path: ["issuedBefore", identity], value: time + 1 };
}

/** In `sub_id` of the token, or in `subject` of the event, as transmitters of either age write it; not in both. */
function readSubject(event: JsonObject, { claims, issuer }: Context): Subject {
  const named = [claims.sub_id, event.subject].filter((subject) => subject !== undefined);
  const [subject] = named;
  if (named.length !== 1 || !isObject(subject)) return refuse("invalid_request", "subject");
  const { format, iss, sub, id, jti } = subject;
  const members = Object.keys(subject).toSorted().join();
  if (format === "iss_sub" && members === "format,iss,sub" && isText(iss, LONGEST) && isText(sub, LONGEST))
    return { format: "account", issuer: iss, subject: sub };
  if (format === "opaque" && members === "format,id" && isText(id, LONGEST))
    return { format: "account", issuer, subject: id };
  if (format === "jwt_id" && members === "format,iss,jti" && isText(iss, LONGEST) && isText(jti, LONGEST))
    return { format: "token", issuer: iss, id: jti };
  return refuse("invalid_request", "subject");
}
