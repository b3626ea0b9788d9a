/** A difference for people and machines. */
export { type Approval, largestApprovals, readApprovals } from "./approvals.ts";
export { deployedBytes, modelDigest } from "./digest.ts";
export { type FindingsOptions, failuresOf, findingsOf } from "./findings.ts";
export { largestDifference, type ReadDifference, readDifference } from "./read-difference.ts";
export { renderDifferenceHtml } from "./render-html.ts";
export { renderDifferenceJson } from "./render-json.ts";
export { commentMarker, type MarkdownOptions, renderDifferenceMarkdown } from "./render-markdown.ts";
export { renderStepsMarkdown, type Step, type StepState, stepLines } from "./render-steps.ts";
export { renderDifferenceText, type TextOptions } from "./render-text.ts";
export { type Cause, type Place, type Review, type ReviewedChange, reviewOf, type Side } from "./review.ts";
export { verdictOf } from "./words.ts";
