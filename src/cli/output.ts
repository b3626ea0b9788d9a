/** What every command has in common when it answers: exit codes, colour, formats, progress. */
import {
  type Diagnostic,
  explain,
  renderGithub,
  renderJson,
  renderSarif,
  renderText,
  visible,
  type WritError,
} from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { version } from "./version.ts";

/** Nothing to say · there are findings · the command could not do its work. */
export const exits = { ok: 0, findings: 1, trouble: 2 } as const;
export type Exit = (typeof exits)[keyof typeof exits];

export type Format = "text" | "json" | "sarif" | "github";

/** What there is to say about an estate, and what is needed to say it well. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** The policy folder as seen from the working folder, with a slash at its end. */
  readonly prefix: string;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((item) => item.severity === "error");
}

/** Colour is for people: on a terminal, unless NO_COLOR says otherwise. */
export function wantsColour(host: Host, where: "print" | "complain"): boolean {
  if (host.environment.NO_COLOR || host.environment.TERM === "dumb") return false;
  return where === "print" ? host.printsToTerminal : host.complainsToTerminal;
}

/** Findings as the answer of a command, in one of the formats. */
export function printFindings(host: Host, { diagnostics, sources, prefix }: Findings, format: Format): void {
  switch (format) {
    case "text":
      host.print(renderText(diagnostics, sources, { colour: wantsColour(host, "print"), folder: prefix }));
      return;
    case "json":
      printJson(host, { diagnostics: renderJson(diagnostics, sources, prefix) });
      return;
    case "sarif":
      printJson(host, renderSarif(diagnostics, sources, { version, explain, folder: prefix }));
      return;
    case "github":
      host.print(renderGithub(diagnostics, sources, prefix));
      return;
  }
}

/** Findings beside the answer of a command, or instead of it. */
export function complainFindings(host: Host, { diagnostics, sources, prefix }: Findings): void {
  host.complain(renderText(diagnostics, sources, { colour: wantsColour(host, "complain"), folder: prefix }));
}

export function printJson(host: Host, value: unknown): void {
  host.print(`${JSON.stringify(value, null, 2)}\n`);
}

/** An operational error: its code, its sentence, what to do. Never a stack trace. */
export function complainError(host: Host, { code, message, help }: WritError): void {
  const colour = wantsColour(host, "complain");
  host.complain(
    renderText([{ code, severity: "error", message, ...(help !== undefined && { help }) }], new Map(), {
      colour,
      summary: false,
    }),
  );
}

/** Says what is going on once a second has passed, and is silent about anything faster. */
export function progressOf(host: Host): (what: string) => void {
  const begun = host.elapsed();
  return (what) => {
    if (host.elapsed() - begun > 1000) host.complain(`writ: ${what} …\n`);
  };
}

/** A table for people: columns as wide as their widest cell, the last one as long as it is. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of shown)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  return shown
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
