/** Lines of the audit log, the newest first: who, what, of which digest, and what came of it. */
import { largestLine } from "../audit/index.ts";
import { bdi, count, type Html, html, nothing } from "../html/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import type { View } from "../publish/index.ts";
import { digest, moment, shortDigest } from "./units.ts";

/** Lines on one page; each may hold 64 KiB of revocations, of which three are told. */
const LINES = 25;

/** What to read from the log for a page: `since` and `limit` as `auditLines` takes them. */
export interface AuditWindow {
  readonly since: number;
  readonly limit: number;
}

/**
 * Where a page of the log begins and ends: lines below the number that was asked for by `/?audit=<n>`, else the last ones.
 *
 * @example
 * const window = auditWindow(view, new URL(request.url, base).searchParams.get("audit"));
 */
export function auditWindow(view: View, asked: string | null | undefined): AuditWindow {
  const { size } = view.head.audit;
  const number = /^[1-9][0-9]{0,14}$/.test(asked ?? "") ? Number(asked) : size;
  const end = Math.min(number, size);
  const since = Math.max(0, end - LINES);
  return { since, limit: end - since };
}

export function audit(view: View, since: number, lines: readonly Uint8Array[]): Html {
  const { size, root } = view.head.audit;
  const end = since + lines.length;
  const rows = lines.map((line, index) => row(since + index, line)).toReversed();
  const older = since > 0 ? html`<a href="/?audit=${since}#audit">Older lines</a>` : nothing;
  const newest = end < size ? html`<a href="/#audit">Newest lines</a>` : nothing;
  const pages =
    since > 0 || end < size
      ? html`<nav class="pages" aria-label="Pages of the audit log">${newest} ${older}</nav>`
      : nothing;
  const body =
    rows.length > 0
      ? html`<table class="stacks"><caption>Lines ${since} to ${end - 1} of ${size}, the newest first</caption><thead><tr><th scope="col">Line</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Digest</th><th scope="col">Outcome</th></tr></thead><tbody>${rows}</tbody></table>${pages}`
      : html`<p>Nothing was done yet: the first line comes with the first change. Next: <code>writ submit bundle.tar.gz --provenance provenance.json</code></p>`;
  return html`<section id="audit" aria-labelledby="audit-title"><h2 id="audit-title">Audit log</h2>
<p>Checkpoint: ${count(size, "line")}, root ${digest(root)}. Hold a copy to it, offline: <code>writ audit verify</code></p>
${body}</section>`;
}

interface Told {
  readonly at?: number;
  readonly who: Html;
  readonly what: Html;
  readonly digest?: string;
  readonly outcome: Html;
}

function row(number: number, line: Uint8Array): Html {
  const told = tell(line);
  return html`<tr data-key="${number}"><th scope="row" data-label="Line">${number}</th><td data-label="When">${
    told.at === undefined ? nothing : moment(told.at)
  }</td><td data-label="Who">${told.who}</td><td data-label="What">${told.what}</td><td data-label="Digest">${
    told.digest === undefined ? nothing : shortDigest(told.digest)
  }</td><td data-label="Outcome">${told.outcome}</td></tr>`;
}

/** A line comes from the disk: what is not as it should be is said, not thrown. */
function tell(line: Uint8Array): Told {
  const read = readJson(line, { size: largestLine });
  const entry = read.failure ? undefined : objectOf(read.value);
  const body = objectOf(entry?.body);
  if (!entry || !body)
    return {
      who: nothing,
      what: html`a line that cannot be read`,
      outcome: html`<strong class="bad">damaged</strong>`,
    };
  const kind = wordOf(entry.kind);
  const named = typeof body.digest === "string" ? { digest: body.digest } : {};
  const times = typeof body.at === "number" ? { at: body.at } : {};
  const refused = kind === "refuse";
  const outcome = refused ? refusal(body) : html`done`;
  return {
    ...times,
    ...named,
    who: whoOf(kind, body),
    what: refused ? html`${wordOf(body.action)}` : whatOf(kind, body),
    outcome,
  };
}

function refusal(body: JsonObject): Html {
  const times = typeof body.count === "number" && body.count > 1 ? html` ${body.count} times` : nothing;
  return html`<strong class="bad">refused</strong>${times}: <code>${wordOf(body.code)}</code>`;
}

function whoOf(kind: string, body: JsonObject): Html {
  if (kind === "versions") return html`the publisher`;
  const by = objectOf(body.by);
  if (!by) return html`nobody who was known`;
  const { name, subject, issuer } = by;
  return typeof name === "string" && name !== "" ? bdi(name) : bdi(`${wordOf(subject)} of ${wordOf(issuer)}`);
}

function whatOf(kind: string, body: JsonObject): Html {
  const reason = typeof body.reason === "string" ? html`: “${bdi(body.reason)}”` : nothing;
  switch (kind) {
    case "submit":
      return html`submit candidate ${bdi(wordOf(body.revision))}`;
    case "publish":
      return html`release in ${wordOf(body.ring)}`;
    case "revoke":
      return typeof body.floor === "number"
        ? html`recall every policy below ${body.floor}${reason}`
        : html`revoke ${paths(listOf(body.entries).map((each) => objectOf(each)?.path))}${reason}`;
    case "restore":
      return html`propose to restore ${paths(listOf(body.paths))}${reason}`;
    case "rotate":
      return html`rotate trust, ${count(listOf(body.roots).length, "new root")}`;
    case "versions":
      return html`reserve version numbers below ${wordOf(body.until)}`;
    default:
      return html`${kind}${reason}`;
  }
}

function paths(all: readonly (JsonValue | undefined)[]): Html {
  const first = all
    .slice(0, 3)
    .map((path) => listOf(path).map(wordOf).join(" "))
    .join(", ");
  return html`${bdi(first)}${all.length > 3 ? html` and ${all.length - 3} more` : nothing}`;
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function wordOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
