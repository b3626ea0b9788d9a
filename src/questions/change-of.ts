/** What becomes of a pair between two versions. */

/** @param now the access now, and `before` it: equal numbers are equal access, −1 is none */
export function changeOf(now: number, before: number): "changed" | "gain" | "loss" | "same" {
  if (before < 0) return "gain";
  return now < 0 ? "loss" : now === before ? "same" : "changed";
}
