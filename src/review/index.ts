/** A difference for people and machines. */
export { type Approval, largestApprovals, readApprovals } from "./approvals.ts";
export { modelDigest } from "./digest.ts";
export { type FindingsOptions, failuresOf, findingsOf } from "./findings.ts";
export { renderDifferenceJson } from "./render-json.ts";
export { renderDifferenceText, type TextOptions } from "./render-text.ts";
export { type Cause, type Place, type Review, type ReviewedChange, reviewOf, type Side } from "./review.ts";
export { verdictOf } from "./words.ts";
