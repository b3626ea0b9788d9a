/** Requests before and after a revocation, drawn with characters: one line for each gateway, time from left to right. */

const WIDTH = 48;
/** Milliseconds that are shown before the first denial, as a part of all that is shown. */
const BEFORE = 0.25;

/** @param asked what each gateway answered, and when, in milliseconds of one clock */
export function picture(asked) {
  const turns = asked.map(({ answers }) => turnOf(answers));
  const first = Math.min(...turns);
  const span = Math.max(240, ...turns.map((turn) => (turn - first) * 1.6));
  const start = first - span * BEFORE;
  const step = span / WIDTH;
  const lines = asked.map(({ name, answers }, index) => {
    const cells = Array.from({ length: WIDTH }, (_, cell) =>
      cellOf(answers, start + cell * step, start + (cell + 1) * step),
    );
    const after = turns[index] - first;
    return `   ${name.padEnd(42)}${cells.join("")}  ${after === 0 ? "denies first" : `denies ${after.toFixed(0)} ms later`}`;
  });
  const scale = `   ${" ".repeat(42)}${`└ ${span.toFixed(0)} ms ┘`.padStart(WIDTH / 2 + 6)}`;
  return [...lines, scale, "   ● allowed   ○ denied: revoked   · no request in that moment"].join("\n");
}

function turnOf(answers) {
  const last = answers.findLastIndex(({ allow }) => allow);
  return answers[last + 1]?.at ?? answers.at(-1).at;
}

function cellOf(answers, from, to) {
  const inside = answers.filter(({ at }) => at >= from && at < to);
  if (inside.length === 0) return "·";
  return inside.some(({ allow }) => allow) ? "●" : "○";
}
