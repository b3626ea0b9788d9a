/** `writ who`, `writ can`, `writ reach`: questions about access, answered in words. */
import { WritError } from "../diagnostics/index.ts";
import type { Model } from "../model/index.ts";
import { canCall, type RenderOptions, reachOf, renderCan, renderReach, renderWho, whoMay } from "../questions/index.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson } from "./output.ts";
import { readSide } from "./read-side.ts";
import { readFolder } from "./sides.ts";

export interface QuestionOptions extends RenderOptions {
  readonly policies: string;
  readonly bundle?: string;
  readonly keys?: string;
  readonly format: "json" | "text";
}

export type QuestionWord = "can" | "reach" | "who";

/** Exits 0 where there is an answer, 1 where nobody and nothing may. */
export async function question(host: Host, word: QuestionWord, text: string, options: QuestionOptions): Promise<Exit> {
  const model = await modelOf(host, options);
  if (!model) return exits.trouble;
  const { answer, rendered, some } = answerOf(model, word, text, options);
  if (options.format === "json") printJson(host, answer);
  else host.print(rendered());
  return some ? exits.ok : exits.findings;
}

interface Answer {
  readonly answer: unknown;
  readonly rendered: () => string;
  readonly some: boolean;
}

function answerOf(model: Model, word: QuestionWord, text: string, options: RenderOptions): Answer {
  switch (word) {
    case "who": {
      const answer = whoMay(model, text);
      return {
        answer,
        rendered: () => renderWho(answer, options),
        some: answer.operation.public || answer.may.length > 0,
      };
    }
    case "can": {
      const answer = canCall(model, text);
      return { answer, rendered: () => renderCan(answer, options), some: answer.may.length > 0 };
    }
    case "reach": {
      const answer = reachOf(model, text);
      return { answer, rendered: () => renderReach(answer, options), some: answer.holders.length > 0 };
    }
  }
}

/** Of the policy folder, or of a bundle that verifies; nothing where the policies have errors, which are said. */
async function modelOf(host: Host, { policies, bundle, keys }: QuestionOptions): Promise<Model | undefined> {
  if (bundle === undefined) return readFolder(host, policies)?.model;
  if (keys === undefined)
    throw WritError.of("WRIT5088", { option: "--keys", value: "", expected: "needed with `--bundle`" });
  return (await readSide(host, bundle, { policies, keys, ring: "stable" }))?.model;
}
