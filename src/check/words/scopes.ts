/** `scopes`: one resource of the closed vocabulary, its actions, and which of them imply which. */
import { report, type Span } from "../../diagnostics/index.ts";
import { isScopeName } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { type Given, listed } from "../given.ts";
import { nearest } from "../nearest.ts";
import { type Element, readArguments, readElements, readEntries, readProperties } from "../shape.ts";
import { formedText, rawText } from "../values.ts";
import type { Word } from "../word.ts";

export const scopes: Word = {
  name: "scopes",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const names = ["the resource", "a list of its actions", "`{ implies: … }`"];
    const [first, second, third] = readArguments(estate, call, "scopes", names, 2) ?? [];
    if (!first || !second) return undefined;
    const resource = rawText(estate, first, "the resource");
    if (resource && !isScopeName(`${resource.text}:x`)) {
      estate.report(report("WRIT2115", resource.span, { text: resource.text, what: "a resource" }));
      return undefined;
    }
    if (resource?.text === "writ" || resource?.text.startsWith("writ:")) {
      estate.report(report("WRIT2139", resource.span, { resource: resource.text }));
      return undefined;
    }
    const actions = readActions(estate, second, resource?.text);
    if (resource === undefined || !actions) return undefined;
    const implies = third ? readImplies(estate, third, resource.text, new Set(actions.keys())) : new Map();
    if (!implies) return undefined;
    for (const [action, { span }] of actions) {
      const scope = `${resource.text}:${action}`;
      const taken = estate.vocabulary.place(scope);
      if (taken) {
        const related = [{ span: taken, message: "it is declared here first" }];
        estate.report(report("WRIT2119", span, { scope }, { related }));
        continue;
      }
      const implied = (implies.get(action) ?? []).map((other: string) => `${resource.text}:${other}`);
      estate.vocabulary.add(scope, implied, span);
      estate.place("scope", scope, span);
    }
    estate.place("resource", resource.text, nameSpan);
    return { kind: "scopes", name, resource: resource.text, actions: new Set(actions.keys()) };
  },
};

function readActions(estate: Estate, given: Given, resource: string | undefined) {
  const elements = readElements(estate, given, "the second argument of `scopes`", "a list of actions");
  if (!elements) return undefined;
  if (elements.length === 0)
    return estate.report(report("WRIT2109", given.expression.span, { title: "the list of actions" }));
  const actions = new Map<string, Element>();
  let sound = true;
  for (const element of elements) {
    const action = formedText("the name of an action")(estate, element, "an action");
    if (!action) sound = false;
    else if (resource !== undefined && (action.text.includes(":") || !isScopeName(`${resource}:${action.text}`))) {
      sound = false;
      estate.report(report("WRIT2115", action.span, { text: action.text, what: "an action" }));
    } else if (actions.has(action.text)) {
      estate.report(report("WRIT2110", action.span, { value: `\`"${action.text}"\`` }));
    } else actions.set(action.text, element);
  }
  return sound ? actions : undefined;
}

function readImplies(
  estate: Estate,
  given: Given,
  resource: string,
  actions: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> | undefined {
  const options = readProperties(estate, given, "the third argument of `scopes`", [], ["implies"]);
  const implies = new Map<string, readonly string[]>();
  if (!options) return undefined;
  let sound = options.sound;
  const known = (action: string, span: Span): boolean => {
    if (actions.has(action)) return true;
    const near = nearest(action, actions);
    const help = near === undefined ? `there is ${listed([...actions])}` : `did you mean \`${near}\`?`;
    estate.report(report("WRIT2024", span, { action, resource }, { help }));
    return false;
  };
  options.read("implies", (e, entry, title) => {
    for (const { name, keySpan, ...value } of readEntries(e, entry, title) ?? []) {
      if (!known(name, keySpan)) sound = false;
      const elements = readElements(e, value, `what \`${name}\` implies`, "a list of actions");
      const targets = (elements ?? []).map((element) => formedText("the name of an action")(e, element, "an action"));
      if (!elements || !targets.every((t) => t !== undefined && known(t.text, t.span))) sound = false;
      else
        implies.set(
          name,
          targets.flatMap((t) => t?.text ?? []),
        );
    }
    return true;
  });
  return sound ? implies : undefined;
}
