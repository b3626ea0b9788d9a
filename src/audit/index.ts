/** A log that nobody can change unseen: its lines, its hash tree, and the proofs that a line is in it and that it only grew. */
export {
  type Checkpoint,
  type CheckpointKey,
  readCheckpoint,
  readCheckpointKey,
  signCheckpoint,
  writeCheckpointKey,
} from "./checkpoint.ts";
export { GrowingLog, joinLines, type LogHead, largestLine, type NextLine, splitLines, verifyLog } from "./log.ts";
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
