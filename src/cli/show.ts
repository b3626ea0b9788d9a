/** `writ show STAGE FILE`: one stage of the way from a policy to its bundle. */
import { tokens } from "../../grammar/index.ts";
import type { Emission } from "../compile.ts";
import { positionAt, type Source, visible, WritError } from "../diagnostics/index.ts";
import { decode, maximumBytes, parse, type Tree } from "../syntax/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { inspectBundle } from "./inspect.ts";
import { load } from "./load.ts";
import { moduleIn } from "./module.ts";
import { complainFindings, type Exit, exits, hasErrors, printJson, renderTable } from "./output.ts";
import { absolute } from "./paths.ts";
import { reviewText } from "./review.ts";
import { type ShowTablesOptions, showTables, showTablesOfFile } from "./show-tables.ts";

type Stage = "tokens" | "tree" | "model" | "rego" | "data" | "tables" | "bundle";

/** What people read at a terminal is narrower than what they compare. */
const shownWidth = 100;

const artefacts = { model: "model.json", rego: "policy.rego", data: "data.json" } as const;

export async function show(host: Host, stage: Stage, path: string, options: ShowTablesOptions): Promise<Exit> {
  switch (stage) {
    case "tokens":
      return showTokens(host, path);
    case "tree":
      return showTree(host, path);
    case "tables":
      return /\.(?:wasm|gz)$/.test(path)
        ? showTablesOfFile(host, path, options)
        : showTablesOfFolder(host, path, options);
    case "bundle":
      return inspectBundle(host, path, { format: "text" });
    case "model":
    case "rego":
    case "data":
      return showArtefact(host, artefacts[stage], path);
  }
}

function readPolicy(host: Host, path: string): { source: Source; exit: Exit } {
  const { value: source, diagnostics } = decode(readNamedFile(host, path, maximumBytes + 1), path);
  complainFindings(host, { diagnostics, sources: new Map(), prefix: "" });
  return { source, exit: diagnostics.length > 0 ? exits.findings : exits.ok };
}

/** One token to a line: where it stands, what it is, how it is written. */
function showTokens(host: Host, path: string): Exit {
  const { source, exit } = readPolicy(host, path);
  const { tokens: found, errors } = tokens.lexer.tokenize(source.text);
  const place = (offset: number): string => {
    const { line, column } = positionAt(source.text, offset);
    return `${line}:${column}`;
  };
  host.print(renderTable(found.map((token) => [place(token.startOffset), token.tokenType.name, visible(token.image)])));
  return errors.length > 0 ? exits.findings : exit;
}

/** The tree as JSON; a span is written `start-end`, and the text of the file is left out. */
function showTree(host: Host, path: string): Exit {
  const { source, exit } = readPolicy(host, path);
  const { value, diagnostics } = parse(source);
  complainFindings(host, { diagnostics, sources: new Map([[path, source.text]]), prefix: "" });
  printJson(host, plain(value));
  return hasErrors(diagnostics) ? exits.findings : exit;
}

function plain({ imports, statements }: Tree): unknown {
  const text = JSON.stringify({ kind: "tree", imports, statements }, (key, value) =>
    key === "span" || key === "operatorSpan" ? `${value.start}-${value.end}` : value,
  );
  return JSON.parse(text);
}

/** A policy file stands for the folder that it is in. */
function emissionOf(host: Host, path: string): Emission | undefined {
  const folder = path.endsWith(".policy.ts") ? absolute(host, path).split("/").slice(0, -1).join("/") : path;
  const loaded = load(host, folder);
  complainFindings(host, loaded);
  return loaded.compilation.emission;
}

function showTablesOfFolder(host: Host, path: string, options: ShowTablesOptions): Exit {
  const emission = emissionOf(host, path);
  return emission ? showTables(host, moduleIn(emission.artefacts), options) : exits.findings;
}

function showArtefact(host: Host, name: string, path: string): Exit {
  const emission = emissionOf(host, path);
  if (!emission) return exits.findings;
  const bytes = reviewText(emission, shownWidth).get(name);
  if (bytes === undefined) throw WritError.of("WRIT5083", { path: name, problem: "missing" });
  host.print(new TextDecoder().decode(bytes));
  return exits.ok;
}
