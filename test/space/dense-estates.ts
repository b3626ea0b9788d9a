/** Pairs of estates whose patterns and templates lie across each other as often as can be, and every request that can tell them apart. */
import {
  type Api,
  comparePrecedence,
  type Identity,
  isPatternSubject,
  type Model,
  normalise,
  type Operation,
  parseTemplate,
  relatePatterns,
} from "../../src/model/index.ts";
import { randomModel } from "../agree/random-model.ts";
import { sayable } from "../agree/sayable.ts";
import type { Random } from "../random.ts";

export interface DensePair {
  readonly before: Model;
  readonly after: Model;
}

/** The second has lost some identities and operations of the first, and won others; all else is the same. */
export function densePair(random: Random): DensePair {
  const base = sayable(randomModel(random));
  const identities = withIdentities(random, base, []);
  const apis = withOperations(random, base, []);
  const before = normalise({ ...base, identities, groups: [], apis, ...rulesFor(random, base, identities) });
  const left = identities.filter(() => random.chance(0.7));
  const after = normalise({
    ...before,
    identities: withIdentities(random, base, left),
    apis: withOperations(
      random,
      base,
      apis.map((api) => ({ ...api, operations: api.operations.filter(() => random.chance(0.7)) })),
    ),
  });
  return { before, after };
}

function rulesFor(random: Random, base: Model, identities: readonly Identity[]): Pick<Model, "denies" | "grants"> {
  const to = () => ({ identities: random.some(identities, 3).map(({ name }) => name), groups: [] });
  return {
    grants: base.grants.map((grant) => ({ ...grant, to: to() })),
    denies: base.denies.map((deny) => ({ ...deny, to: to() })),
  };
}

const texts = ["a", "b"];
/** One more than any template or pattern names. */
const allTexts = [...texts, "z"];

function withIdentities(random: Random, base: Model, kept: readonly Identity[]): readonly Identity[] {
  const identities = [...kept];
  for (let n = 0; n < 7; n++) {
    const name = `i${n}`;
    const path = Array.from({ length: random.int(1, 3) }, () => random.pick(["*", "*", ...texts]));
    const subject = random.chance(0.85) ? `spiffe://${["d", ...path].join("/")}` : random.pick(["a", "b"]);
    const issuer = random.pick(base.issuers).name;
    const clashes = identities.some(
      (other) =>
        other.name === name ||
        (other.subject === subject && (other.issuer === issuer || subject.startsWith("spiffe:"))) ||
        (isPatternSubject(other.subject!) &&
          isPatternSubject(subject) &&
          ["equal", "overlapping"].includes(relatePatterns(other.subject!, subject))),
    );
    if (clashes) continue;
    const tier = random.pick(base.tiers).name;
    identities.push({ name, tier, issuer, subject, keys: [], owner: "team-a@example.com", tags: [] });
  }
  return identities;
}

function withOperations(random: Random, base: Model, kept: readonly Api[]): readonly Api[] {
  const apis =
    kept.length > 0
      ? [...kept]
      : [0, 1].map((n): Api => ({ ...base.apis[0]!, name: `api${n}`, host: "h", operations: [] }));
  const all = apis.flatMap((api) => api.operations);
  return apis.map((api) => {
    const operations: Operation[] = [...api.operations];
    for (let n = random.int(1, 5); n > 0; n--) {
      const template = randomTemplate(random);
      const parsed = parseTemplate(template);
      if ("problem" in parsed) continue;
      const isTaken = all.some(({ template: other }) => {
        const otherParsed = parseTemplate(other);
        return !("problem" in otherParsed) && comparePrecedence(parsed, otherParsed) === 0;
      });
      if (isTaken) continue;
      const scopes = random.some(base.scopes, 1).map(({ name }) => name);
      const operation = {
        name: `GET ${template}`,
        method: "GET",
        template,
        public: scopes.length === 0,
        scopes,
        minTrust: random.pick([0, 0, 40]),
      };
      operations.push(operation);
      all.push(operation);
    }
    return { ...api, operations };
  });
}

function randomTemplate(random: Random): string {
  const parts = Array.from({ length: random.int(0, 3) }, (_, n) => random.pick([`{p${n}}`, `{p${n}}`, ...texts]));
  const last = random.pick(["", `{r...}`, `{q}`, ...texts, ...texts]);
  return `/${[...parts, last].join("/")}`;
}

/** Every path of up to six segments of the few texts; longer ones lead nowhere else. */
export function allPaths(): readonly string[] {
  let paths = [""];
  const found: string[] = ["/"];
  for (let length = 1; length <= 5; length++) {
    paths = paths.flatMap((path) => allTexts.map((text) => `${path}/${text}`));
    found.push(...paths, ...(length < 5 ? paths.map((path) => `${path}/`) : []));
  }
  return found;
}

/** Every subject that can tell two patterns or exact subjects apart, and some that nobody is called by. */
export function allSubjects(): readonly string[] {
  let ids = ["spiffe://d"];
  const found = ["a", "b", "z", "spiffe://d", "spiffe://e/a", "spiffe://d/a//b", "*"];
  for (let length = 1; length <= 4; length++) {
    ids = ids.flatMap((id) => allTexts.map((text) => `${id}/${text}`));
    found.push(...ids);
  }
  return found;
}
