/** Two models to what changes between them. */
export {
  type Change,
  type ChangeKind,
  type Difference,
  kinds,
  type Outcome,
  type Witness,
} from "./change.ts";
export { type Compared, compare, example, type Region, whenOf } from "./compare.ts";
export { diffModels } from "./diff.ts";
export { decideBy, kindOf, witnessPolicy } from "./witness.ts";
