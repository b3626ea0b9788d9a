/** Coverage as a tracefile of LCOV: lines are declarations, branches are the ways in which each can come out. */
import type { Coverage, Covered } from "./coverage.ts";
import type { Place } from "./declarations.ts";

/**
 * @param prefix the policy folder as whoever reads the file finds it, with a slash at its end
 * @example writeFileSync("lcov.info", lcovOf(coverage, "policies/"))
 */
export function lcovOf({ declarations }: Coverage, prefix: string): string {
  const byFile = Map.groupBy(declarations.flatMap(placed), ({ place }) => place.path);
  return [...byFile]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, its]) => fileRecord(oneLine(prefix + path), its))
    .join("");
}

interface Placed {
  readonly place: Place;
  readonly covered: Covered;
}

function placed(covered: Covered): readonly Placed[] {
  const place = covered.declaration?.place;
  return place ? [{ place, covered }] : [];
}

function fileRecord(path: string, placed: readonly Placed[]): string {
  const lines = [...Map.groupBy(placed, ({ place }) => place.line)]
    .sort(([a], [b]) => a - b)
    .map(([line, its]) => ({ line, covered: its.map(({ covered }) => covered) }));
  const hits = lines.map(({ covered }) => covered.reduce((sum, { examples }) => sum + examples, 0));
  const branches = lines.flatMap(({ line, covered }) =>
    covered.flatMap(({ points, examples }, block) =>
      points.map((point, branch) => {
        // A branch of what was never reached is neither taken nor not taken.
        const taken = examples === 0 ? "-" : String(point.examples.length);
        return { text: `BRDA:${line},${block},${branch},${taken}`, hit: point.examples.length > 0 };
      }),
    ),
  );
  return [
    "TN:",
    `SF:${path}`,
    ...branches.map(({ text }) => text),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ hit }) => hit).length}`,
    ...lines.map(({ line }, i) => `DA:${line},${hits[i]}`),
    `LF:${lines.length}`,
    `LH:${hits.filter((count) => count > 0).length}`,
    "end_of_record",
    "",
  ].join("\n");
}

/** A line is a record: a path that holds a line break would be two. */
function oneLine(path: string): string {
  return path.replace(/[\r\n]/g, "?");
}
