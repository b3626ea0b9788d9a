/** How good the examples of an estate are: what they exercise, which careless edits they notice, and which ones are missing. */
export { type Coverage, type Covered, type CoveredPoint, coverageOf, percent, type Share } from "./coverage.ts";
export { coveragePage } from "./coverage-page.ts";
export type { Declaration, DeclarationKind, Place, Places } from "./declarations.ts";
export { exampleText, plainSpelling, type Spelling } from "./example-text.ts";
export { type Judged, type Mutation, type MutationOptions, mutate, noticedBy } from "./judge.ts";
export { lcovOf } from "./lcov.ts";
export { type Mutant, type MutantKind, mutantKinds } from "./mutant.ts";
export { mutantsOf } from "./mutants.ts";
export { mutationPage, placeText } from "./mutation-page.ts";
export { consequenceText, requestText, scoreOf } from "./mutation-text.ts";
export { type PointKind, pointKinds } from "./points.ts";
export { type Suggestion, type SuggestOptions, suggest } from "./suggest.ts";
