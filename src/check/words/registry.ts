/** `registry`: many identities from a data file. */
import { report, type Span } from "../../diagnostics/index.ts";
import { type Row, readRegistry } from "../../documents/index.ts";
import type { Identity } from "../../model/index.ts";
import { openDocument } from "../data-files.ts";
import type { Estate } from "../estate.ts";
import { addIdentity, keyIdProblem, subjectProblem } from "../identities.ts";
import { readArguments, readProperties } from "../shape.ts";
import { parseDate } from "../time.ts";
import { thingOf } from "../values.ts";
import type { Word } from "../word.ts";

export const registry: Word = {
  name: "registry",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const names = ["the name of a data file", "`{ issuer: … }`"];
    const [first, second] = readArguments(estate, call, "registry", names, 1) ?? [];
    if (!first) return undefined;
    const given = second && readProperties(estate, second, "a registry", ["issuer"]);
    const issuer = given?.read("issuer", thingOf("issuer"));
    const file = openDocument(estate, first, "the name of a data file");
    if (!file || (second && !issuer)) return undefined;
    const { value: rows, diagnostics, sources } = readRegistry(file);
    estate.sources.push(...sources);
    for (const diagnostic of diagnostics) estate.report(diagnostic);
    const reader = new RowReader(estate, name, issuer?.name);
    const members = rows.map((row) => reader.read(row)).filter((identity) => identity !== undefined);
    estate.groups.push({ name, members: members.map((m) => m.name) });
    estate.place("group", name, nameSpan);
    if (rows.length === 0 && diagnostics.length === 0) estate.report(report("WRIT3030", nameSpan, { group: name }));
    const partial = members.length < rows.length || diagnostics.length > 0;
    return { kind: "registry", name, members, partial, issuers: new Set(issuer ? [issuer.name] : []) };
  },
};

class RowReader {
  readonly #estate: Estate;
  readonly #registry: string;
  readonly #issuer: string | undefined;
  /** Long files hold the same few days and tiers again and again. */
  readonly #dates = new Map<string, number | undefined>();

  constructor(estate: Estate, registry: string, issuer: string | undefined) {
    this.#estate = estate;
    this.#registry = registry;
    this.#issuer = issuer;
  }

  /** `undefined` for a row that is no identity; why is reported here, or was where its shape was read. */
  read(row: Row): Identity | undefined {
    const estate = this.#estate;
    const { name, subject, tier: tierName, owner, from, expires, tags = [], keys = {} } = row.values;
    if (name === undefined || tierName === undefined || owner === undefined) return undefined;
    const tier = estate.tiers.get(tierName);
    if (!/^[A-Za-z][A-Za-z0-9._-]{0,127}$/.test(name))
      return estate.report(report("WRIT2134", row.spanOf("name"), { name }));
    if (!tier) return this.#reportTier(row, tierName);
    const entries = Object.entries(keys);
    const start = from === undefined ? undefined : this.#date(from);
    const end = expires === undefined ? undefined : this.#date(expires);
    const created = entries.map(([, date]) => this.#date(date));
    if (from !== undefined && start === undefined) return this.#badDate(from, row.spanOf("from"));
    if (expires !== undefined && end === undefined) return this.#badDate(expires, row.spanOf("expires"));
    for (const [i, [id, date]] of entries.entries()) {
      if (keyIdProblem(id)) return estate.report(report("WRIT2130", row.spanOf("keys", id), { id }));
      if (created[i] === undefined) return this.#badDate(date, row.spanOf("keys", id));
    }
    if (subject !== undefined) {
      const problem = subjectProblem(subject);
      if (problem) return estate.report(report("WRIT2129", row.spanOf("subject"), { subject, problem }));
      if (this.#issuer === undefined)
        return estate.report(report("WRIT3029", row.spanOf("subject"), { registry: this.#registry }));
    } else if (entries.length === 0) return undefined; // reported where its shape was read
    const written: Identity = {
      name,
      tier: tierName,
      ...(subject !== undefined && this.#issuer !== undefined && { issuer: this.#issuer, subject }),
      keys: entries.map(([id], i) => ({ id, created: created[i] ?? 0 })),
      owner,
      ...(start !== undefined && { from: start }),
      ...(end !== undefined && { expires: end }),
      tags,
    };
    return addIdentity(estate, written, tier.value, (property, inside) =>
      row.spanOf((property ?? "name") as Parameters<Row["spanOf"]>[0], inside),
    );
  }

  #date(text: string): number | undefined {
    if (this.#dates.has(text)) return this.#dates.get(text);
    const date = parseDate(text);
    if (this.#dates.size < 10_000) this.#dates.set(text, date);
    return date;
  }

  #badDate(text: string, span: Span): undefined {
    return this.#estate.report(report("WRIT2112", span, { text }));
  }

  #reportTier(row: Row, tier: string): undefined {
    if (this.#estate.missed(["tier"], tier)) return undefined;
    const help = this.#estate.suggester.help(tier, this.#estate.tiers.keys());
    return this.#estate.report(report("WRIT3028", row.spanOf("tier"), { tier }, help));
  }
}
