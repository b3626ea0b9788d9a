/** The calls that conditions are made of: `includes`, `startsWith`, `endsWith`, `cidr(…).contains`, and named conditions. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import { parseIpRange } from "../model/index.ts";
import type { Call, Expression, Member } from "../syntax/index.ts";
import { isPossible } from "./condition-comparison.ts";
import { type Flow, type Formula, type Language, plain, type Tested, unreadable } from "./condition-language.ts";
import { describe, has, type Kind, kindsOf } from "./condition-type.ts";
import { type ListValue, readOperand, type Value } from "./condition-value.ts";

const methods = ["endsWith", "includes", "startsWith"];

export function testCall<F>(language: Language<F>, call: Call, flow: Flow): Tested<F> {
  const formula = formulaOfCall(language, call, flow);
  return formula ? plain(formula, flow) : unreadable(flow);
}

function formulaOfCall<F>(language: Language<F>, call: Call, flow: Flow): Formula<F> | undefined {
  const { callee } = call;
  switch (callee.kind) {
    case "hole":
      return undefined;
    case "identifier":
      return namedCondition(language, call, callee.name);
    case "member":
      if (callee.name.kind === "hole") return undefined;
      return isCidr(language, callee.object)
        ? contains(language, call, callee, callee.object as Call, flow)
        : method(language, call, callee, flow);
    default:
      language.report(report("WRIT2226", callee.span, {}));
      return undefined;
  }
}

function namedCondition<F>(language: Language<F>, call: Call, name: string): Formula<F> | undefined {
  if (call.callee.kind !== "identifier") return undefined;
  const meaning = name === language.parameter ? undefined : language.resolve(call.callee);
  if (!meaning && name !== language.parameter) return undefined;
  if (meaning?.kind === "cidr") {
    language.report(report("WRIT2238", call.span, {}));
    return undefined;
  }
  if (meaning?.kind !== "condition" || !language.admits) {
    language.report(report("WRIT2226", call.callee.span, {}));
    return undefined;
  }
  const [argument, ...more] = call.arguments;
  if (argument?.kind !== "identifier" || argument.name !== language.parameter || more.length > 0) {
    if (argument?.kind !== "hole")
      language.report(report("WRIT2224", call.span, { name, parameter: language.parameter }));
    return undefined;
  }
  return language.admits(meaning, call.callee) ? { kind: "named", name: meaning.name } : undefined;
}

function isCidr<F>(language: Language<F>, object: Expression): boolean {
  return (
    object.kind === "call" &&
    object.callee.kind === "identifier" &&
    object.callee.name !== language.parameter &&
    language.resolve(object.callee)?.kind === "cidr"
  );
}

function contains<F>(
  language: Language<F>,
  call: Call,
  callee: Member,
  cidr: Call,
  flow: Flow,
): Formula<F> | undefined {
  const problem = (diagnostic: Diagnostic): undefined => void language.report(diagnostic);
  const range = onlyArgument(language, cidr, "cidr", flow);
  const name = callee.name.kind === "identifier" ? callee.name.name : "";
  if (name !== "contains")
    return problem(report("WRIT2217", callee.name.span, { name }, { help: "ask `cidr(…).contains(r.request.ip)`" }));
  const address = onlyArgument(language, call, "contains", flow);
  if (!range || !address) return undefined;
  if (range.kind !== "literal" || typeof range.literal !== "string" || range.type.text === "any")
    return problem(report("WRIT2216", range.span, { method: "cidr" }));
  const parsed = parseIpRange(range.literal);
  if ("problem" in parsed)
    return problem(report("WRIT2220", range.span, { range: range.literal, problem: parsed.problem }));
  if (address.kind !== "fact" || kindsOf(address.type).join() !== "address")
    return problem(report("WRIT2221", address.span, { type: describe(address.type) }));
  return { kind: "cidr", fact: address.fact, range: range.literal };
}

function method<F>(language: Language<F>, call: Call, callee: Member, flow: Flow): Formula<F> | undefined {
  const problem = (diagnostic: Diagnostic): undefined => void language.report(diagnostic);
  const name = callee.name.kind === "identifier" ? callee.name.name : "";
  if (!methods.includes(name)) return problem(report("WRIT2217", callee.name.span, { name }));
  const object = readOperand(language, callee.object, flow);
  if (!object) return undefined;
  if (object.kind === "list") return listIncludes(language, call, callee, object, flow);
  if (object.kind !== "fact") return problem(report("WRIT2210", call.span, {}));
  const { type, title } = object;
  if (type.absent)
    return problem(
      report("WRIT2206", callee.object.span, { what: `\`${title}\``, use: `\`${title} !== undefined && …\`` }),
    );
  const [kind, ...others] = kindsOf(type);
  if (kind === undefined) return problem(report("WRIT2209", callee.object.span, { fact: title }));
  const isText = kind === "text" && others.length === 0;
  const isList = kind === "texts" && others.length === 0;
  const allowed = isText ? ["startsWith", "endsWith"] : isList ? ["includes"] : [];
  if (!allowed.includes(name))
    return problem(
      report("WRIT2217", callee.name.span, { name }, { help: helpFor(title, describe(type), kind, name) }),
    );
  const argument = onlyArgument(language, call, name, flow);
  if (!argument) return undefined;
  if (argument.kind !== "literal" || typeof argument.literal !== "string")
    return problem(report("WRIT2216", argument.span, { method: name }));
  const { fact } = object;
  const text = argument.literal;
  if (isList) return { kind: "includes", fact, text };
  if (text === "") return problem(report("WRIT2234", argument.span, { method: name }));
  return { kind: name === "startsWith" ? "starts-with" : "ends-with", fact, text };
}

function helpFor(title: string, type: string, kind: Kind, name: string): string {
  switch (kind) {
    case "text": {
      const other = name === "includes" ? `\`["…"].includes(${title})\`` : "compare it with `===`";
      return `\`${title}\` is ${type}: ask \`.startsWith("…")\` or \`.endsWith("…")\`, or ${other}`;
    }
    case "texts":
      return `\`${title}\` is ${type}: ask \`.includes("…")\``;
    case "address":
      return `\`${title}\` is ${type}: ask \`cidr("…").contains(${title})\``;
    default:
      return `\`${title}\` is ${type}: compare it with \`===\``;
  }
}

/** `["a", "b"].includes(fact)`; TypeScript asks that the fact be of the elements' type, and so do we. */
function listIncludes<F>(
  language: Language<F>,
  call: Call,
  callee: Member,
  list: ListValue,
  flow: Flow,
): Formula<F> | undefined {
  const problem = (diagnostic: Diagnostic): undefined => void language.report(diagnostic);
  const name = callee.name.kind === "identifier" ? callee.name.name : "";
  if (name !== "includes")
    return problem(report("WRIT2217", callee.name.span, { name }, { help: "ask `[…].includes(…)`" }));
  const value = onlyArgument(language, call, name, flow);
  if (!value) return undefined;
  if (list.elements.length === 0) return problem(report("WRIT2214", list.span, {}));
  if (value.kind !== "fact") return problem(report("WRIT2210", call.span, {}));
  const { title, declared, type, span } = value;
  if (has(declared, "address")) return problem(report("WRIT2222", span, { fact: title }));
  if (type.absent)
    return problem(report("WRIT2206", span, { what: `\`${title}\``, use: `\`${title} !== undefined && …\`` }));
  if (has(declared, "texts")) return problem(report("WRIT2231", span, {}));
  // The editor knows each issuer by its claims, so that a list of some is no list of issuers.
  if (has(declared, "issuer"))
    return problem(report("WRIT2217", callee.name.span, { name }, { help: `compare \`${title}\` with \`===\`` }));
  // Every wrong element is reported, but a constant once. What an earlier test has ruled out may stand in a list, as in TypeScript.
  const wrong = new Set<Span>();
  for (const element of list.elements) {
    if (!wrong.has(element.span) && !isPossible(language, { ...value, type: declared }, element))
      wrong.add(element.span);
  }
  return wrong.size > 0 ? undefined : { kind: "in", fact: value.fact, values: list.elements.map((e) => e.literal) };
}

/** The one argument of a call, which is no spread. */
function onlyArgument<F>(language: Language<F>, call: Call, name: string, flow: Flow): Value<F> | undefined {
  const [argument, ...more] = call.arguments;
  if (argument?.kind === "hole") return undefined;
  if (!argument || more.length > 0 || argument.kind === "spread") {
    language.report(report("WRIT2218", call.span, { method: name }));
    return undefined;
  }
  return readOperand(language, argument, flow);
}
