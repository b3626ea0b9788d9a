/** `writ build [FOLDER]`: the reviewable text, and with `--sign` the bundle that gateways accept. */
import { type Compilation, emit, type OpaBackend, packRelease, type Release } from "../compile.ts";
import { assert, type Diagnostic, report } from "../diagnostics/index.ts";
import type { Model } from "../model/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { complainFindings, type Exit, exits, printFindings, printJson } from "./output.ts";
import { absolute } from "./paths.ts";
import { reviewText } from "./review.ts";
import { readTime, readTimeAfter, writeTime } from "./times.ts";

interface Options {
  readonly bundles: string;
  readonly check?: true;
  readonly sign?: string;
  readonly sequence?: number;
  readonly issued?: string;
  readonly expires: string;
  readonly out: string;
  readonly opaBackend: OpaBackend;
  readonly format: "text" | "json";
}

/** Of one file under `bundles/`. */
const largestText = 512 * 1024 * 1024;

export async function build(host: Host, folder: string, options: Options): Promise<Exit> {
  const issued = options.sign === undefined ? undefined : timeOfIssue(host, options);
  const loaded = load(host, folder, issued === undefined ? {} : { issued });
  const { model, positions, emission } = loaded.compilation;
  if (loaded.failed) {
    if (options.format === "json") printFindings(host, loaded, "json");
    else complainFindings(host, loaded);
    return exits.findings;
  }
  complainFindings(host, loaded);
  assert(model && positions && emission, "a compilation without errors was emitted");
  const review = reviewText(emission);
  if (options.check) return checkReview(host, review, options);
  const written: { path: string; bytes: number }[] = [];
  for (const [name, bytes] of review) {
    const path = `${options.bundles}/${name}`;
    host.write(absolute(host, path), bytes);
    written.push({ path, bytes: bytes.length });
  }
  for (const name of leftOver(host, review, options.bundles)) host.remove(absolute(host, `${options.bundles}/${name}`));
  const signed =
    options.sign === undefined || issued === undefined
      ? undefined
      : await release(host, { model, positions, key: options.sign, issued }, options);
  if (signed) written.push({ path: options.out, bytes: signed.size });
  if (options.format === "json") {
    printJson(host, {
      written,
      revision: signed?.revision ?? emission.policy.revision,
      released: signed !== undefined,
    });
  } else {
    for (const { path, bytes } of written) host.print(`${path}  ${bytes} bytes\n`);
    if (signed) host.print(`revision ${signed.revision}, key ${signed.kid}, expires ${signed.expires}\n`);
  }
  return exits.ok;
}

interface Signed {
  readonly revision: string;
  readonly kid: string;
  readonly expires: string;
  readonly size: number;
}

interface ToSign {
  readonly model: Model;
  readonly positions: NonNullable<Compilation["positions"]>;
  readonly key: string;
  readonly issued: number;
}

function timeOfIssue(host: Host, options: Options): number {
  return options.issued === undefined ? host.time() : readTime("--issued", options.issued);
}

async function release(host: Host, { model, positions, key, issued }: ToSign, options: Options): Promise<Signed> {
  // Only who signs waits for the code that signs.
  const { readSigner } = await import("../bundle/index.ts");
  const signer = await readSigner(readNamedFile(host, key, largestKeyFile));
  const expires = readTimeAfter("--expires", options.expires, issued);
  const terms: Release = { sequence: options.sequence ?? issued, issued, expires };
  const emission = emit(model, { release: terms, positions });
  const bytes = await packRelease(emission, signer, options.opaBackend);
  host.write(absolute(host, options.out), bytes);
  return { revision: emission.policy.revision, kid: signer.kid, expires: writeTime(expires), size: bytes.length };
}

function checkReview(host: Host, review: ReadonlyMap<string, Uint8Array>, { bundles, format }: Options): Exit {
  const diagnostics: Diagnostic[] = [];
  for (const [name, bytes] of review) {
    const there = host.read(absolute(host, `${bundles}/${name}`), largestText);
    const problem = typeof there === "string" ? "it is not there" : difference(there, bytes);
    if (problem) diagnostics.push(report("WRIT5087", undefined, { path: `${bundles}/${name}`, problem }));
  }
  for (const name of leftOver(host, review, bundles))
    diagnostics.push(report("WRIT5087", undefined, { path: `${bundles}/${name}`, problem: "nothing compiles to it" }));
  printFindings(host, { diagnostics, sources: new Map(), prefix: "" }, format);
  if (diagnostics.length === 0 && format === "text") host.print(`\`${bundles}\` is what the policies compile to\n`);
  return diagnostics.length === 0 ? exits.ok : exits.findings;
}

/** Files of an earlier build that no back end writes any more. */
function leftOver(host: Host, review: ReadonlyMap<string, Uint8Array>, bundles: string): readonly string[] {
  const generated = /^(?:\.manifest|[a-z]+\.(?:rego|json|wasm))$/;
  const names = (host.entries(absolute(host, bundles)) ?? []).map((entry) => entry.name);
  return names.filter((name) => generated.test(name) && !review.has(name)).sort();
}

/** The first line that differs, both ways. */
function difference(before: Uint8Array, after: Uint8Array): string | undefined {
  if (Buffer.compare(before, after) === 0) return undefined;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const [old = [], now = []] = [before, after].map((bytes) => decoder.decode(bytes).split("\n"));
  const line = now.findIndex((text, index) => text !== old[index]);
  const at = line < 0 ? now.length : line;
  const shown = (text: string | undefined): string =>
    text === undefined ? "nothing" : `\`${text.trim().slice(0, 80)}\``;
  return `line ${at + 1} is ${shown(old[at])} and would be ${shown(now[at])}`;
}
