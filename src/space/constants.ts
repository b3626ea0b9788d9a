/** Conditions over what is the same for a whole class of requests. */
import { evaluateCondition } from "../model/index.ts";
import { always, type Formula, never } from "./formula.ts";
import type { Test } from "./terms.ts";

export function testOfConstant(test: Test, value: string | readonly string[]): Formula {
  const holds = evaluateCondition(
    test,
    () => test,
    () => ({ state: "known", value }),
  );
  return holds === true ? always : never;
}
