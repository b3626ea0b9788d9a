/** One side of a comparison: a model, and what decides by it. */
import { emit } from "../compile.ts";
import { assert } from "../diagnostics/index.ts";
import type { Artefact, Model } from "../model/index.ts";
import type { Side } from "../review/index.ts";
import type { Host } from "./host.ts";
import { type Loaded, load } from "./load.ts";
import { complainFindings } from "./output.ts";

export interface ComparedSide extends Side {
  /** Texts by path, and what stands before a path for people; none of a bundle. */
  readonly sources: ReadonlyMap<string, string>;
  readonly prefix: string;
  /** Whether it comes from a bundle. */
  readonly released: boolean;
  /** What decides, by all back ends or those that are named; emitted each time that it is asked for. */
  readonly artefacts: (by?: readonly string[]) => readonly Artefact[];
}

export interface SideOptions {
  /** Where the policies lie: in the working folder and in commits. */
  readonly policies: string;
  /** Who may sign bundles. */
  readonly keys?: string;
  /** Of a publisher: the pinned root, the ring, and who asks. */
  readonly root?: string;
  readonly ring: "canary" | "stable";
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly authorities?: string;
}

/** Nothing where the policies have errors; they are said. */
export function readFolder(host: Host, folder: string): ComparedSide | undefined {
  return sideOf(host, folder, load(host, folder, { emit: false, advise: false }));
}

/** What was loaded, if it is without errors. */
export function sideOf(host: Host, name: string, loaded: Loaded): ComparedSide | undefined {
  // Whoever compares is not told of warnings, which `writ check` says once and not for each side.
  if (loaded.failed) {
    complainFindings(host, loaded);
    return undefined;
  }
  const { model, positions } = loaded.compilation;
  assert(model && positions, "a compilation without errors has a model");
  const { sources, prefix } = loaded;
  return { ...decidingBy(model), released: false, name, positions, sources, prefix };
}

/** What is emitted is asked once and not kept: of a large estate it is as large as all the rest. */
export function decidingBy(model: Model): Pick<ComparedSide, "artefacts" | "model"> {
  return { model, artefacts: (by) => emit(model, { ...(by && { by }) }).artefacts };
}

export function releasedSide(name: string, model: Model, artefacts: readonly Artefact[]): ComparedSide {
  return { ...decidingBy(model), artefacts: () => artefacts, released: true, name, sources: new Map(), prefix: "" };
}
