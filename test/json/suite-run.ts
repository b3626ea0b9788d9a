/**
 * Threat B13: holds our verdicts on JSON to the public suite of nst/JSONTestSuite, which is not part of this project:
 * `node --conditions=writ-source test/json/suite-run.ts FOLDER`, where FOLDER is its `test_parsing`.
 */

import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJsonNode } from "../../src/documents/json-node.ts";
import { readJson, readJsonWithPositions } from "../../src/json/index.ts";
import { scanned } from "../wasm/read-input-oracle.ts";
import { openScanner } from "../wasm/scanner.ts";

/** Sound by the grammar, and still refused: readers disagree on which of the two counts (RFC 8259 §4; threat B12). */
const refusedByDesign = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

const scanner = await openScanner();
const sound = '{"time":1,"request":{"host":"h","method":"GET","path":"/"},"more":[0,';

/** What each reader says: of files and messages, of documents with places, and of requests in the engine. */
function verdictsOn(bytes: Uint8Array): readonly boolean[] {
  const limits = { numbers: "finite" } as const;
  const text = isUtf8(bytes) ? [new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)] : [];
  const request = Buffer.concat([Buffer.from(sound), bytes, Buffer.from("]}")]);
  return [
    readJson(bytes, limits).failure === undefined,
    ...text.flatMap((it) => [
      readJson(it, limits).failure === undefined,
      readJsonWithPositions(it, limits).failure === undefined,
    ]),
    scanned(scanner, request).problem === 0,
  ];
}

/**
 * OpenAPI documents are other people's, and of use where only a description is odd: what the suite leaves open is taken there, and a
 * key that occurs twice is said where it matters.
 */
function isDocument(bytes: Uint8Array): boolean {
  if (!isUtf8(bytes)) return false;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return readJsonNode({ path: "api.json", text }).problem === undefined;
}

const [folder = ""] = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort();
let wrong = 0;
for (const file of files) {
  const bytes = readFileSync(join(folder, file));
  const verdicts = verdictsOn(bytes);
  const accepts = verdicts[0] === true;
  const expected = file.startsWith("i_") ? accepts : file.startsWith("y_") && !refusedByDesign.includes(file);
  const asDocument = file.startsWith("i_") || isDocument(bytes) === file.startsWith("y_");
  if (asDocument && verdicts.every((verdict) => verdict === expected)) continue;
  wrong++;
  console.log(`${file}: ${verdicts.map((verdict) => (verdict ? "accepted" : "refused")).join(", ")}`);
}
console.log(`${files.length} texts, ${wrong} verdicts differ`);
process.exitCode = files.length > 0 && wrong === 0 ? 0 : 1;
