/** One credential, one identity: no subject, pattern or key may name two (step 1 of the decision procedure; OWASP NHI9). */
import { report } from "../../diagnostics/index.ts";
import { type Identity, isPatternSubject, relatePatterns, spiffeSegments } from "../../model/index.ts";
import type { Declared, Estate } from "../estate.ts";

type Known = Declared<Identity>;

/** How many different sets of places may hold a `*` among subjects of one length: each is compared with each. */
const mostShapes = 64;

export function checkSubjects(estate: Estate): void {
  const bySubject = new Map<string, Known>();
  const byKey = new Map<string, Known>();
  const patterns: Known[] = [];
  for (const identity of estate.identities.values()) {
    const { subject, issuer = "", keys, name } = identity.value;
    if (subject !== undefined) {
      // An SVID has no issuer of ours, so SPIFFE IDs are one space over all of them.
      const key = subject.startsWith("spiffe://") ? subject : `${issuer} ${subject}`;
      const other = bySubject.get(key);
      if (other) {
        const related = [{ span: other.at("subject"), message: `\`${other.value.name}\` has it here` }];
        estate.report(report("WRIT3023", identity.at("subject"), { subject, other: other.value.name }, { related }));
      } else {
        bySubject.set(key, identity);
        if (isPatternSubject(subject)) patterns.push(identity);
      }
    }
    for (const { id } of keys) {
      const other = byKey.get(id);
      if (other && other.value.name !== name) {
        const related = [{ span: other.at("keys", id), message: `\`${other.value.name}\` has it here` }];
        estate.report(report("WRIT3025", identity.at("keys", id), { id, other: other.value.name }, { related }));
      } else byKey.set(id, identity);
    }
  }
  checkPatterns(estate, patterns);
}

/**
 * Two patterns overlap only where each has a `*` that the other has not. So patterns are sorted by where their `*`s are, and two such
 * shapes are compared by the literals at the places where both have one: hashing, not pairs.
 */
function checkPatterns(estate: Estate, patterns: readonly Known[]): void {
  const families = new Map<string, Map<string, Known[]>>();
  for (const pattern of patterns) {
    const segments = spiffeSegments(pattern.value.subject ?? "");
    const shape = segments.map((segment) => (segment === "*" ? "*" : "x")).join("");
    const family = `${segments[0]} ${segments.length}`;
    const shapes = families.get(family) ?? new Map<string, Known[]>();
    families.set(family, shapes);
    const list = shapes.get(shape);
    if (list) list.push(pattern);
    else shapes.set(shape, [pattern]);
  }
  for (const shapes of families.values()) {
    const sorted = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1));
    const [excess] = sorted.slice(mostShapes);
    const last = excess?.[1][0];
    if (last) estate.report(report("WRIT3031", last.at("subject"), { limit: mostShapes }));
    const compared = sorted.slice(0, mostShapes);
    for (const [i, [shape, list]] of compared.entries()) {
      for (const [otherShape, others] of compared.slice(i + 1))
        compareShapes(estate, [shape, list], [otherShape, others]);
    }
  }
}

function compareShapes(
  estate: Estate,
  [shape, list]: readonly [string, readonly Known[]],
  [otherShape, others]: readonly [string, readonly Known[]],
): void {
  const common = [...shape].flatMap((mark, i) => (mark === "x" && otherShape[i] === "x" ? [i] : []));
  const keyOf = ({ value }: Known): string => {
    const segments = spiffeSegments(value.subject ?? "");
    return common.map((i) => segments[i]).join("/");
  };
  const index = new Map(others.map((other) => [keyOf(other), other]));
  for (const one of list) {
    const other = index.get(keyOf(one));
    const [subject = "", otherSubject = ""] = [one.value.subject, other?.value.subject];
    if (!other || relatePatterns(subject, otherSubject) !== "overlapping") continue;
    const [a, b] = [spiffeSegments(subject), spiffeSegments(otherSubject)];
    const both = a.map((segment, i) => (segment !== "*" ? segment : b[i] !== "*" ? (b[i] ?? "any") : "any"));
    const witness = `spiffe://${both.join("/")}`;
    const related = [{ span: other.at("subject"), message: `the pattern of \`${other.value.name}\` is here` }];
    estate.report(report("WRIT3024", one.at("subject"), { subject, other: other.value.name, witness }, { related }));
  }
}
