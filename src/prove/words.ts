/** What is found, in words. */
import type { Input } from "../model/index.ts";
import { date } from "../space/index.ts";

/** So many names are said. */
const mostNames = 3;

export function namesInWords(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => `\`${name}\``);
  if (names.length > mostNames) return `${shown.join(", ")} and ${names.length - mostNames} more`;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

const registered = ["aud", "cnf", "exp", "iat", "iss", "jti", "nbf", "scope", "sub"];
/** More characters of a request are not read in one line. */
const mostCharacters = 160;

/** A request in one line: who, what, when, and what else it says. */
export function requestInWords(identity: string, { time, token, request }: Input): string {
  const { host, method, path, ip, headers } = request;
  const claims = Object.entries(token ?? {}).filter(([name]) => !registered.includes(name));
  const parts = [
    // A condition that reads the token cannot be read, and counts as one that holds.
    ...(token ? [] : ["without a token"]),
    ...claims.map(([name, value]) => `\`claims.${name}\` ${JSON.stringify(value)}`),
    ...(ip === undefined ? [] : [`from ${ip}`]),
    ...Object.entries(headers ?? {}).map(([name, value]) => `\`${name}\` ${JSON.stringify(value)}`),
  ];
  const more = parts.length === 0 ? "" : `, ${cut(parts.join(", "))}`;
  return `\`${method} ${host}${cut(path)}\` by \`${identity}\` at ${date(time)}${more}`;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= mostCharacters ? text : `${characters.slice(0, mostCharacters).join("")}…`;
}
