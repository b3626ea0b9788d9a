/** The headers that we read, each in its one spelling. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { WritError } from "../diagnostics/index.ts";

/** Headers of which only one may be there: where two are, different readers take different ones (RFC 9110 §5.3). */
const SINGLE = ["content-type", "content-length", "host", "idempotency-key", "if-match", "origin"];

/** @throws WritError `request-unreadable` */
export function checkHeaders({ rawHeaders, httpVersionMajor }: IncomingMessage, most: number): void {
  // Node also reads the versions before headers and after text.
  if (httpVersionMajor !== 1) throw WritError.of("WRIT8409", { fault: "syntax" });
  if (rawHeaders.length > 2 * most) throw WritError.of("WRIT8409", { fault: "headers" });
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (!SINGLE.includes(name)) continue;
    if (seen.has(name)) throw WritError.of("WRIT8409", { fault: "syntax" });
    seen.add(name);
  }
}

/** Of every header of this name. */
export function valuesOf({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name);
}

/**
 * Milliseconds of `wait=30`. OPA writes `modes=snapshot,delta;wait=30`, which RFC 7240 would read as one preference with a
 * parameter, so both separators are taken.
 */
export function waitOf({ prefer }: IncomingHttpHeaders, longest: number): number {
  for (const part of String(prefer ?? "").split(/[;,]/)) {
    const seconds = /^\s*wait\s*=\s*"?([0-9]{1,9})"?\s*$/i.exec(part)?.[1];
    if (seconds !== undefined) return Math.min(longest, Number(seconds) * 1000);
  }
  return 0;
}

/** @throws WritError `idempotency-key-missing`, `request-malformed` */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string {
  const key = headers["idempotency-key"];
  if (key === undefined || key === "") throw WritError.of("WRIT8406", {});
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,128}$/.test(key))
    throw WritError.of("WRIT8401", { place: "idempotency-key", fault: "value" });
  return key;
}

/** The version of the head in `If-Match: "7"`. @throws WritError `request-malformed` */
export function ifMatchOf(headers: IncomingHttpHeaders): number | undefined {
  const tag = headers["if-match"];
  if (tag === undefined) return undefined;
  const version = /^"([1-9][0-9]{0,14})"$/.exec(tag)?.[1];
  if (version === undefined) throw WritError.of("WRIT8401", { place: "if-match", fault: "value" });
  return Number(version);
}

/** The one tag of `If-None-Match`; a list, a weak one and `*` are none of ours, so they match nothing. */
export function tagOf(headers: IncomingHttpHeaders): string | undefined {
  return /^"([\x21\x23-\x7e]*)"$/.exec(headers["if-none-match"] ?? "")?.[1];
}

/** `application/json; charset=utf-8` → `application/json` (RFC 8259 §11: there is no other charset). */
export function mediaTypeOf(headers: IncomingHttpHeaders): string {
  const [type = "", ...parameters] = (headers["content-type"] ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  return parameters.every((parameter) => /^charset="?utf-8"?$/.test(parameter)) ? type : "";
}

/**
 * A page that anyone may see is for those who reach this machine by its address. Somebody else's name may be made to lead here, and
 * then a browser lets that one's pages read what is answered.
 *
 * @throws WritError `cross-origin`
 */
export function checkHost({ host = "" }: IncomingHttpHeaders): void {
  const [, name = ""] = /^(\[[0-9A-Fa-f:.]+\]|[^:]+)(?::[0-9]+)?$/.exec(host) ?? [];
  if (name !== "localhost" && !isIP(name.replace(/^\[|\]$/g, ""))) throw WritError.of("WRIT8405", {});
}

/**
 * A browser says from where a page asks. A certificate is presented by it whoever asks, so pages of others ask for no change
 * (threat P15).
 *
 * @throws WritError `cross-origin`
 */
export function checkOrigin(headers: IncomingHttpHeaders, scheme: "http" | "https"): void {
  const site = headers["sec-fetch-site"];
  const isOurs = headers.origin === undefined || headers.origin === `${scheme}://${headers.host}`;
  if (!isOurs || (site !== undefined && site !== "same-origin")) throw WritError.of("WRIT8405", {});
}
