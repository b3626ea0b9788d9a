/** Answers about access as plain text, without colour: who or what first, then when, by what, and how. */
import { visible } from "../diagnostics/index.ts";
import type { Access, Shown } from "./access.ts";
import type { Can } from "./can.ts";
import { isPeriod, moment } from "./presented.ts";
import type { Reach } from "./reach.ts";
import type { Who } from "./who.ts";

export interface RenderOptions {
  /** Every name and every way, however many there are. */
  readonly all: boolean;
  /** With a request for each way that is allowed. */
  readonly examples: boolean;
}

/** What is shown of a long list. */
const [fewNames, fewLines, fewWays] = [6, 12, 20] as const;
const asWritten =
  "Conditions stand as they were written: there are too many kinds of callers to work each of them out.";

/** @example renderWho(whoMay(model, "refunds"), { all: false, examples: false }) */
export function renderWho({ operation, may, exact }: Who, options: RenderOptions): string {
  const needs = operation.public ? "public" : `needs ${operation.scopes.join(" and ")}`;
  const trust = operation.minTrust > 0 ? `, and a trust of at least ${operation.minTrust}` : "";
  const head = [spoken(operation.name), `  of ${operation.api}, ${needs}${trust}`, ""];
  if (operation.public) return text([...head, "anybody may, without saying who they are"]);
  if (may.length === 0) return text([...head, "nobody may"]);
  const total = may.reduce((sum, { identities }) => sum + identities.length, 0);
  const ways = fold(may, fewWays, options, "more kinds of callers").map((each) =>
    typeof each === "string"
      ? [each]
      : [
          `${names(each.identities, options)} (${each.tier}, trust ${each.trust})`,
          ...accessLines(each.access),
          ...presentedLines(each.presented),
          ...exampleLines(each.shown, options),
        ],
  );
  return text([
    ...head,
    `${count(total, "identity", "identities")} may`,
    "",
    ...blocks(ways),
    ...(exact ? [] : ["", asWritten]),
  ]);
}

/** @example renderCan(canCall(model, "payments"), { all: true, examples: true }) */
export function renderCan(can: Can, options: RenderOptions): string {
  const { identity, groups, trust, presented, may, exact } = can;
  const head = [
    `${identity.name} (${identity.tier}, trust ${trust})`,
    `  owned by ${identity.owner}`,
    ...(groups.length > 0 ? [`  in ${names(groups, options)}`] : []),
    ...(identity.from !== undefined || identity.expires !== undefined
      ? [`  lives ${period(identity.from, identity.expires)}`]
      : []),
    ...presentedLines(presented),
    "",
  ];
  const open = can.public.length > 0 ? [`and, as anybody, ${count(can.public.length, "public operation")}`] : [];
  const named = options.all ? can.public.map((name) => `  ${spoken(name)}`) : [];
  if (may.length === 0) return text([...head, "may call nothing", ...open, ...named]);
  const total = may.reduce((sum, { operations }) => sum + operations.length, 0);
  const ways = fold(may, fewWays, options, "more ways").map((each) =>
    typeof each === "string"
      ? [each]
      : [...lines(each.operations, options), ...accessLines(each.access), ...exampleLines(each.shown, options)],
  );
  return text([
    ...head,
    `may call ${count(total, "operation")}`,
    "",
    ...blocks(ways),
    "",
    ...open,
    ...named,
    ...(exact ? [] : [asWritten]),
  ]);
}

/** @example renderReach(reachOf(model, "orders:refund"), { all: false, examples: false }) */
export function renderReach(reach: Reach, options: RenderOptions): string {
  const { scope, implies, impliedBy, operations, holders, exact } = reach;
  const head = [
    scope,
    ...(impliedBy.length > 0 ? [`  comes with ${names(impliedBy, options)}`] : []),
    ...(implies.length > 0 ? [`  brings ${names(implies, options)}`] : []),
    "",
    operations.length === 0
      ? "no operation needs it"
      : `${count(operations.length, "operation")} need${operations.length === 1 ? "s" : ""} it`,
    ...lines(
      operations.map(({ name }) => name),
      options,
    ).map((line, index) => {
      const also = operations[index]?.also ?? [];
      return also.length > 0 && !line.includes(" more") ? `${line}, which also needs ${also.join(" and ")}` : line;
    }),
    "",
  ];
  if (holders.length === 0) return text([...head, "nobody holds it"]);
  const total = holders.reduce((sum, { identities }) => sum + identities.length, 0);
  const ways = fold(holders, fewWays, options, "more kinds of holders").map((each) => {
    if (typeof each === "string") return [each];
    const grants = each.grants.map((grant) => {
      const when = grant.when.length > 0 ? `, when ${grant.when.join(" and ")}` : "";
      const on = grant.on ? `, on ${grant.on.join(" and ")} only` : "";
      const through = grant.through.length > 0 ? `, which gives ${grant.through.join(" and ")}` : "";
      const time = grant.from !== undefined || grant.until !== undefined ? `, ${period(grant.from, grant.until)}` : "";
      return `  by ${grant.name} (${grant.patterns.join(", ")})${through}${on}${time}${when}`;
    });
    const opens = each.opens.flatMap((opened) => [
      ...lines(opened.operations, options).map((line) => `  ${line}`),
      ...accessLines(opened.access).map((line) => `  ${line}`),
      ...exampleLines(opened.shown, options),
    ]);
    return [
      `${names(each.identities, options)} (${each.tier}, trust ${each.trust})`,
      ...grants,
      ...(opens.length > 0 ? ["  and so may call", ...opens] : ["  but may call nothing by it"]),
    ];
  });
  return text([
    ...head,
    `${count(total, "identity holds", "identities hold")} it`,
    "",
    ...blocks(ways),
    ...(exact ? [] : ["", asWritten]),
  ]);
}

function accessLines({ kind, when, grants, denies, from, until }: Access): readonly string[] {
  const less = denies.length > 0 ? `, less what ${denies.join(" and ")} den${denies.length === 1 ? "ies" : "y"}` : "";
  const apart = when.some(([first]) => first !== undefined && isPeriod(first));
  const time = apart || (from === undefined && until === undefined) ? [] : [`  ${period(from, until)}`];
  return [
    ...(kind === "always" ? ["  always"] : time),
    ...when.flatMap((parts, way) => wayLines(parts, way > 0)),
    `  by ${grants.join(" and ")}${less}`,
  ];
}

/** One way in: its own time first, if it has one. */
function wayLines(parts: readonly string[], another: boolean): readonly string[] {
  const [times, conditions] = [parts.filter(isPeriod), parts.filter((part) => !isPeriod(part))];
  const begin = another ? "  or " : "  ";
  if (times.length > 0)
    return [
      `${begin}${times.join(" and ")}`,
      ...conditions.map((part, i) => `     ${i > 0 ? " and" : "when"} ${part}`),
    ];
  return conditions.map((part, i) => (i > 0 ? `   and ${part}` : `${begin}when ${part}`));
}

function presentedLines(presented: readonly string[]): readonly string[] {
  if (presented.length === 0) return ["  shows nothing that its tier accepts"];
  return presented.map((way, index) => `${index > 0 ? "     or " : "  shows "}${way}`);
}

function exampleLines(shown: Shown | undefined, { examples }: RenderOptions): readonly string[] {
  if (!examples || !shown) return [];
  const { identity, operation, input } = shown;
  return [
    `  for example ${identity} → ${spoken(operation)}`,
    ...JSON.stringify(input, null, 2)
      .split("\n")
      .map((line) => `    ${line}`),
  ];
}

/** `from 2026-06-01 until 2027-05-31` */
export function period(from: number | undefined, until: number | undefined): string {
  return [
    ...(from !== undefined ? [`from ${moment(from)}`] : []),
    ...(until !== undefined ? [`until ${moment(until)}`] : []),
  ].join(" ");
}

/** `orders.example.com GET /v1/orders` as one writes a call: `GET orders.example.com/v1/orders`. */
export function spoken(operation: string): string {
  const [host = "", method = "", template = ""] = operation.split(" ");
  return `${method} ${host}${template}`;
}

function names(all: readonly string[], options: RenderOptions): string {
  // Folding away a single one would save nothing.
  if (options.all || all.length <= fewNames + 1) return all.join(", ");
  return `${all.slice(0, fewNames).join(", ")} and ${all.length - fewNames} more`;
}

function lines(operations: readonly string[], options: RenderOptions): readonly string[] {
  const shown = options.all || operations.length <= fewLines + 1 ? operations : operations.slice(0, fewLines);
  const more = operations.length - shown.length;
  return [...shown.map((name) => `  ${spoken(name)}`), ...(more > 0 ? [`  and ${more} more`] : [])];
}

function fold<T>(all: readonly T[], few: number, options: RenderOptions, what: string): readonly (T | string)[] {
  if (options.all || all.length <= few + 1) return all;
  return [...all.slice(0, few), `and ${all.length - few} ${what} (--all shows them)`];
}

function blocks(ways: readonly (readonly string[])[]): readonly string[] {
  return ways.flatMap((way, index) => (index > 0 ? ["", ...way] : way));
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** Names and conditions are the authors': nothing of them may reach a terminal as a command. */
function text(all: readonly string[]): string {
  return `${all.map((line) => visible(line).trimEnd()).join("\n")}\n`.replace(/\n{2,}$/, "\n");
}
