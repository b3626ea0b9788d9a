/** Which classes are decided alike: what is compared once stands for all of them. */
import type { CallerClass, OperationClass } from "../space/index.ts";

/** One text for all pairs of classes of which the same things decide; `undefined` where both sides must say the same. */
export function memoKeys(): (caller: CallerClass, operation: OperationClass) => string | undefined {
  return (caller, operation) => `${caller.signature} ${operation.signature}`;
}
