/** Texts of a path that are cut off in the middle of an escape, and what makes them whole again. */
import { isCanonicalSegment } from "../model/index.ts";

const digits = "0123456789ABCDEF";
/** Ends of characters of several bytes: one of each kind that RFC 3629 §4 tells apart. */
const continuations = ["%80", "%90", "%A0"];
/** Beginnings of characters that lack one, two or three more bytes. */
const leads = ["%C3", "%E1", "%E1%80", "%F1", "%F1%80", "%F1%80%80"];

/** What may follow `start` so that anything may follow then; the shortest first. */
export function completions(start: string): readonly string[] {
  const segment = start.slice(start.lastIndexOf("/") + 1);
  const open = /(?:%[0-9A-F]{2})*(?:%[0-9A-F]?)?$/.exec(segment)?.[0] ?? "";
  if (open === "") return [""];
  const missing = open.length % 3;
  let ends = [""];
  if (missing === 2) ends = [...digits];
  if (missing === 1) ends = [...digits].flatMap((high) => [...digits].map((low) => high + low));
  const found: string[] = [];
  for (let bytes = 0; bytes < 4 && ends.length > 0; bytes++) {
    found.push(...ends.filter((end) => isCanonicalSegment(`${segment}${end}x`)));
    ends = ends.flatMap((end) => continuations.map((more) => end + more));
    if (found.length > 0 && bytes > 0) break;
  }
  return found;
}

/** What may come before `end` so that anything may come before that. */
export function openings(end: string): readonly string[] {
  const [segment = ""] = end.split("/");
  if (!segment.startsWith("%")) return [""];
  return ["", ...leads].filter((lead) => isCanonicalSegment(`x${lead}${segment}`));
}
