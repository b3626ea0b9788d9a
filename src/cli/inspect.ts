/** `writ inspect BUNDLE` */
import { type Inspection, inspect, LIMITS } from "../bundle/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson, renderTable } from "./output.ts";

export async function inspectBundle(host: Host, path: string, { format }: { readonly format: string }): Promise<Exit> {
  const inspection = await inspect(readNamedFile(host, path, LIMITS.packed));
  if (format === "json") {
    printJson(host, inspection);
    return exits.ok;
  }
  const { files, manifest, module, signature } = inspection;
  host.print("nothing of this is verified\n\n");
  host.print(
    renderTable([["file", "bytes", "SHA-256"], ...files.map((file) => [file.path, String(file.size), file.digest])]),
  );
  if (manifest !== undefined) host.print(`\nmanifest\n${indent(JSON.stringify(manifest, null, 2))}\n`);
  if (module) host.print(`\nmodule\n${indent(renderTable(moduleRows(module)))}`);
  host.print(
    signature === undefined ? "\nno signature\n" : `\nsignature\n${indent(JSON.stringify(signature, null, 2))}\n`,
  );
  return exits.ok;
}

function moduleRows(module: NonNullable<Inspection["module"]>): readonly (readonly string[])[] {
  if ("problem" in module) return [[module.problem]];
  const { engine, tables } = module;
  return [
    ["engine", `${engine.bytes} bytes`, engine.digest],
    [
      "tables",
      `${tables.bytes} bytes`,
      `version ${tables.version}, revision ${tables.revision}, sequence ${tables.sequence}`,
    ],
  ];
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
