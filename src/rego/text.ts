/** Spells names, strings and comments of the estate so that none of them can end early or start something else. */

/**
 * A Rego string. Everything but printable ASCII is escaped, so that no line separator, control character or invisible sign
 * stands in the text.
 *
 * @example regoString('say "hi"') // '"say \\"hi\\""'
 */
export function regoString(text: string): string {
  return JSON.stringify(text).replace(/[^\x20-\x7e]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A comment of one line, whatever the text holds. */
export function regoComment(text: string): string {
  return `# ${text.replace(/[^\x20-\x7e]/g, escapeUnit).trimEnd()}`;
}

const keywords = new Set(
  "as contains default else every false if import in not null package some true with data input".split(" "),
);

/** Whether a name may stand behind a dot: then the formatter wants it there. */
function isRegoName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !keywords.has(text);
}

/**
 * A member of an object or a table of rules. Of a table of rules, evaluating one member touches no other.
 *
 * @example regoMember("holds", "ownTenant") // "holds.ownTenant"
 */
export function regoMember(table: string, name: string): string {
  return isRegoName(name) ? `${table}.${name}` : `${table}[${regoString(name)}]`;
}
