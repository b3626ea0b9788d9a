/** Host and target of a request as a decision takes them: what has one plain form gets it, what has several is refused. */

/** In lower case, without port and final dot; nothing where it is no host. RFC 9110 §4.2.3 has hosts without case. */
export function plainHost(text: string): string | undefined {
  const [, host] = /^([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])\.?(?::[0-9]{1,5})?$/.exec(text) ?? [];
  return host !== undefined && text.length <= 263 ? host.toLowerCase() : undefined;
}

/**
 * The path up to the query, byte for byte. Nothing is decoded, resolved or merged: a path that is not canonical is refused by the
 * decision itself, because a repaired one is not what the upstream will read (row 6 of the decision procedure).
 */
export function rawPath(target: string): string | undefined {
  if (!target.startsWith("/")) return undefined;
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}
