/** A log that nobody can change unseen: its hash tree, and the proofs that a line is in it and that it only grew. */
export {
  emptyRoot,
  extendsLog,
  GrowingRoot,
  type Hash,
  hashLeaf,
  includes,
  proveConsistency,
  proveInclusion,
  rootOf,
} from "./merkle.ts";
