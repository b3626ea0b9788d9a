/** Operators between operands: the grammar gives them flat, precedence is settled here. */
import type { IToken } from "chevrotain";
import { type cst, tokens as t } from "../../grammar/index.ts";
import { first, type Reader, safeFix } from "./reader.ts";
import type { BinaryOperator, Expression } from "./tree.ts";

/** Higher binds tighter (ECMA-262 §13); all of them group from the left. */
const precedences: Readonly<Record<string, number>> = {
  "||": 1,
  "??": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "===": 6,
  "!==": 6,
  "==": 6,
  "!=": 6,
  "<": 7,
  "<=": 7,
  ">": 7,
  ">=": 7,
  in: 7,
  instanceof: 7,
  "<<": 8,
  ">>": 8,
  ">>>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
  "**": 11,
};
const accepted = new Set<string>(["&&", "||", "===", "!==", "<", "<=", ">", ">="]);
const bits = new Set(["|", "&", "^", "<<", ">>", ">>>"]);

export function readOperation(
  reader: Reader,
  node: cst.OperationCstNode,
  readOperand: (reader: Reader, node: cst.OperandCstNode) => Expression,
): Expression {
  const operators = node.children.Operator ?? [];
  const operands = (node.children.operand ?? []).map((operand, index) => {
    reader.moveBehind(operators[index - 1]);
    return { value: readOperand(reader, operand), inParentheses: isParenthesised(operand) };
  });
  const [head] = operands;
  if (!head) return reader.hole(reader.spanOf(node));
  if (operators.length === 0) return head.value;

  const values = [head];
  const pending: IToken[] = [];
  const reduce = () => {
    const right = values.pop() as (typeof values)[number];
    const left = values.pop() as (typeof values)[number];
    values.push({ value: combine(reader, pending.pop() as IToken, left, right), inParentheses: false });
  };
  operators.forEach((operator, index) => {
    const precedence = precedences[operator.image] ?? 0;
    while (pending.length > 0 && (precedences[pending.at(-1)?.image ?? ""] ?? 0) >= precedence) reduce();
    pending.push(operator);
    const end = reader.spanOf(operator).end;
    values.push(operands[index + 1] ?? { value: reader.hole(reader.span(end, end)), inParentheses: false });
  });
  while (pending.length > 0) reduce();
  return (values[0] as (typeof values)[number]).value;
}

function isParenthesised(node: cst.OperandCstNode): boolean {
  const { prefix, primary, suffix } = node.children;
  return !prefix && !suffix && first(first(primary)?.children.parenthesised) !== undefined;
}

interface Operand {
  readonly value: Expression;
  readonly inParentheses: boolean;
}

function combine(
  reader: Reader,
  token: IToken,
  { value: left, inParentheses }: Operand,
  { value: right }: Operand,
): Expression {
  const operatorSpan = reader.spanOf(token);
  const span = reader.span(left.span.start, Math.max(operatorSpan.end, right.span.end));
  let operator = token.image;
  if (operator === "==" || operator === "!=") {
    reader.report(
      "WRIT1401",
      operatorSpan,
      { operator },
      safeFix(`write \`${operator}=\``, reader.edit(operatorSpan.start, operatorSpan.end, `${operator}=`)),
    );
    operator += "=";
  }
  if (accepted.has(operator)) {
    const chained = !inParentheses && left.kind === "binary" && isComparison(left.operator) && isComparison(operator);
    if (chained) {
      reader.report("WRIT1428", operatorSpan, {});
      return reader.hole(span);
    }
    return { kind: "binary", span, operator: operator as BinaryOperator, operatorSpan, left, right };
  }
  if (operator === "??") reader.report("WRIT1404", operatorSpan, {});
  else if (token.tokenType === t.OperatorWord) reader.report("WRIT1412", operatorSpan, { word: operator });
  else if (bits.has(operator)) reader.report("WRIT1403", operatorSpan, { operator });
  else reader.report("WRIT1402", operatorSpan, { operator });
  return reader.hole(span);
}

function isComparison(operator: string): boolean {
  return operator !== "&&" && operator !== "||";
}
