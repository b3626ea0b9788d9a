/** A difference for programs: all of it, with the digests by which it is approved. */
import type { Review, ReviewedChange } from "./review.ts";
import { countsOf, verdictOf } from "./words.ts";

/** @returns a plain value, ready for `JSON.stringify` */
export function renderDifferenceJson(review: Review): object {
  const { digest, before, after, changes, looked, unused } = review;
  return {
    format: 1,
    digest,
    before,
    after,
    verdict: verdictOf(review),
    counts: {
      gain: 0,
      loss: 0,
      headers: 0,
      until: 0,
      reason: 0,
      ...Object.fromEntries(countsOf(changes.map(({ change }) => change.kind))),
    },
    looked,
    changes: changes.map(changeOf),
    ...(unused.length > 0 && { unused }),
  };
}

function changeOf({ change, causes, approval }: ReviewedChange): object {
  const places = Object.fromEntries(causes.flatMap(({ name, place }) => (place ? [[name, place]] : [])));
  return { ...change, ...(causes.some(({ place }) => place) && { places }), ...(approval && { approval }) };
}
