/** One change of a request, or of what a gateway has loaded: as data, so that it can be tried, and in words. */
import { isObject, type Loaded, own } from "../model/index.ts";

export interface Change {
  readonly in: "estate" | "policy" | "request" | "revocations";
  /** Where: names of members; in a list of named things, the name (or the id) of one. */
  readonly at: readonly string[];
  /** What stands there instead; without `to` it is taken away. */
  readonly to?: unknown;
  /** As a clause: "the token has …". */
  readonly words: string;
}

/** A question and what it is asked of. */
export interface Question {
  readonly loaded: Loaded;
  readonly input: unknown;
}

/** The question with all changes made, the original left as it was. */
export function applyChanges({ loaded, input }: Question, changes: readonly Change[]): Question {
  let [model, policy, revocations]: unknown[] = [loaded.model, loaded.policy, loaded.revocations];
  for (const change of changes) {
    const edit = (value: unknown): unknown => put(value, change.at, change.to);
    if (change.in === "estate") model = edit(model);
    else if (change.in === "policy") policy = edit(policy);
    else if (change.in === "revocations") revocations = edit(revocations);
    else input = edit(input);
  }
  return { loaded: { model: model as Loaded["model"], policy, revocations }, input };
}

function put(value: unknown, at: readonly string[], to: unknown): unknown {
  const [name, ...rest] = at;
  if (name === undefined) return to;
  if (!Array.isArray(value)) {
    const object = isObject(value) ? value : {};
    const { [name]: _, ...others } = object;
    const member = put(own(object, name), rest, to);
    return member === undefined ? others : { ...others, [name]: member };
  }
  const index = value.findIndex((item) => isObject(item) && (item.name === name || item.id === name));
  const item = put(value[index], rest, to);
  if (index < 0) return [...value, item];
  return item === undefined ? value.toSpliced(index, 1) : value.with(index, item);
}

/** A change of the request, in words made from the place and the value. */
export function inRequest(at: readonly string[], to?: unknown): Change {
  const place = at.join(".");
  const [words, value] =
    to === undefined ? [`there is no \`${place}\``, {}] : [`\`${place}\` is ${inWords(to, at.at(-1))}`, { to }];
  return { in: "request", at, words, ...value };
}

/** Members that hold a time. */
const times = new Set([
  "at",
  "created",
  "exp",
  "expires",
  "from",
  "iat",
  "nbf",
  "notAfter",
  "notBefore",
  "time",
  "until",
]);

/** A value as an author would write it; a time with its date. */
export function inWords(value: unknown, name = ""): string {
  const text = JSON.stringify(value);
  return typeof value === "number" && times.has(name) ? `${text} (${dateOf(value)})` : text;
}

/** `2026-11-20T08:00:00Z`, or the bare seconds where no calendar reaches. */
export function dateOf(time: number): string {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? `${time} s` : date.toISOString().replace(".000", "");
}
