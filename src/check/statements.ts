/** What may stand at the top of a file: constants of literals, named words, and words that stand by themselves. */
import { report } from "../diagnostics/index.ts";
import type { Expression } from "../syntax/index.ts";
import type { Estate } from "./estate.ts";
import { look } from "./given.ts";
import { words } from "./words/index.ts";

const forms = new Map(words.map((word) => [word.name, word.form]));

export function checkStatements(estate: Estate): void {
  for (const { declaration, word } of estate.program.bindings) {
    const { value } = declaration;
    if (word === undefined) checkConstant(estate, value);
    else if (forms.get(word) === "statement") estate.report(report("WRIT2017", value.span, { word }));
    else if (word === "cidr") estate.report(report("WRIT2022", value.span, {}));
  }
  for (const { call } of estate.program.statements) {
    const { callee } = call;
    if (callee.kind !== "identifier") {
      if (callee.kind !== "hole") estate.report(report("WRIT2014", callee.span, { what: "this" }));
      continue;
    }
    const target = estate.resolve(callee);
    if (!target) continue;
    if (target.kind !== "word") estate.report(report("WRIT2014", callee.span, { what: `\`${callee.name}\`` }));
    else if (forms.get(target.word) !== "statement") {
      if (forms.has(target.word)) estate.report(report("WRIT2016", callee.span, { word: target.word }));
      else estate.report(report("WRIT2022", call.span, {}));
    }
  }
}

/** A constant that no word calls. What is in it is looked at where it is used, or here if it is nothing at all. */
function checkConstant(estate: Estate, value: Expression): void {
  switch (value.kind) {
    case "arrow":
      estate.report(report("WRIT2019", value.span, {}));
      return;
    case "not":
    case "binary":
      estate.report(report("WRIT2022", value.span, {}));
      return;
    case "call": {
      const { callee } = value;
      if (callee.kind === "hole") return;
      if (callee.kind !== "identifier") {
        estate.report(report("WRIT2014", callee.span, { what: "this" }));
        return;
      }
      if (estate.resolve(callee)) estate.report(report("WRIT2014", callee.span, { what: `\`${callee.name}\`` }));
      return;
    }
    default:
      checkNames(estate, value);
  }
}

/** Names and calls inside a constant that is never used are wrong all the same; used ones are reported only once. */
function checkNames(estate: Estate, value: Expression): void {
  const open: Expression[] = [value];
  for (let node = open.pop(); node; node = open.pop()) {
    switch (node.kind) {
      case "identifier":
      case "member":
      case "index":
      case "call":
      case "arrow":
      case "not":
      case "binary":
        look(estate, { expression: node, widened: true });
        if (node.kind === "arrow") estate.report(report("WRIT2019", node.span, {}));
        break;
      case "array":
        open.push(...node.elements.map((element) => (element.kind === "spread" ? element.value : element)));
        break;
      case "object":
        open.push(...node.properties.map((property) => property.value));
        break;
    }
  }
}
