/** The grammar as railroad diagrams: one picture, drawn from the real parser, the same on every machine. */
import type { ISerializedGast } from "chevrotain";
import { type Production, terminal } from "./grammar-text.ts";

/** A drawn part: it is entered on the left and left on the right, both at height 0. */
interface Part {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  readonly draw: (x: number, y: number) => string;
}

const gap = 10;
const radius = 8;
const letter = 7.2;
const half = 11;

export function railroad(rules: readonly ISerializedGast[]): string {
  const drawings: string[] = [];
  let y = 10;
  let width = 0;
  for (const rule of rules as unknown as Production[]) {
    const part = sequence(rule.definition ?? []);
    drawings.push(`<text class="rule" x="10" y="${y + 12}">${rule.name}</text>`);
    const middle = y + 24 + part.up;
    drawings.push(
      line(10, middle, 30, middle),
      part.draw(30, middle),
      line(30 + part.width, middle, 50 + part.width, middle),
    );
    drawings.push(`<path d="M10 ${middle - 5}v10M${50 + part.width} ${middle - 5}v10"/>`);
    y = middle + part.down + 24;
    width = Math.max(width, part.width + 60);
  }
  const style =
    "text{font:12px monospace;text-anchor:middle;fill:#111}text.rule{font-weight:bold;text-anchor:start}path{fill:none;stroke:#555;stroke-width:1.5}rect{fill:#eef;stroke:#557}rect.token{fill:#efe;stroke:#575}";
  return [
    `<!-- Generated from grammar/parser.ts by grammar/generate.ts; do not edit. -->`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(y)}" viewBox="0 0 ${round(width)} ${round(y)}">`,
    `<style>${style}</style><rect width="100%" height="100%" style="fill:#fff;stroke:none"/>`,
    ...drawings,
    "</svg>",
    "",
  ].join("\n");
}

function part(node: Production): Part {
  const inside = node.definition ?? [];
  switch (node.type) {
    case "NonTerminal":
      return box(node.name ?? "", false);
    case "Terminal":
      return box(terminal(node), true);
    case "Option":
      return option(sequence(inside));
    case "Repetition":
      return option(loop(sequence(inside)));
    case "RepetitionMandatory":
      return loop(sequence(inside));
    case "RepetitionWithSeparator":
      return option(loop(sequence(inside), node.separator && part(node.separator)));
    case "RepetitionMandatoryWithSeparator":
      return loop(sequence(inside), node.separator && part(node.separator));
    case "Alternation":
      return inside.length === 1 ? sequence(inside) : choice(inside.map(part));
    default:
      return sequence(inside);
  }
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return x1 === x2 && y1 === y2 ? "" : `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function box(text: string, isToken: boolean): Part {
  const width = text.length * letter + 16;
  const draw = (x: number, y: number) =>
    `<rect${isToken ? ' class="token"' : ""} x="${round(x)}" y="${round(y - half)}" width="${round(width)}" height="${2 * half}" rx="${isToken ? half : 2}"/>` +
    `<text x="${round(x + width / 2)}" y="${round(y + 4)}">${escaped(text)}</text>`;
  return { width, up: half, down: half, draw };
}

function sequence(nodes: readonly Production[]): Part {
  const parts = nodes.map(part);
  if (parts.length === 1) return parts[0] as Part;
  const width = parts.reduce((sum, each) => sum + each.width, gap * Math.max(0, parts.length - 1));
  const draw = (x: number, y: number) => {
    let at = x;
    return parts
      .map((each, index) => {
        const before = index === 0 ? "" : line(at, y, at + gap, y);
        if (index > 0) at += gap;
        const drawn = each.draw(at, y);
        at += each.width;
        return before + drawn;
      })
      .join("");
  };
  return {
    width,
    up: Math.max(0, ...parts.map((each) => each.up)),
    down: Math.max(0, ...parts.map((each) => each.down)),
    draw,
  };
}

/** A curve from the line at `y` to the one at `to`, `x` being the outer end. */
function turn(x: number, y: number, to: number, direction: 1 | -1): string {
  const down = to > y ? 1 : -1;
  const inner = x + direction * 2 * radius;
  return `<path d="M${round(x)} ${round(y)}Q${round(x + direction * radius)} ${round(y)} ${round(x + direction * radius)} ${round(y + down * radius)}V${round(to - down * radius)}Q${round(x + direction * radius)} ${round(to)} ${round(inner)} ${round(to)}"/>`;
}

function choice(parts: readonly Part[]): Part {
  const inner = Math.max(...parts.map((each) => each.width));
  const width = inner + 4 * radius;
  const offsets: number[] = [];
  let down = 0;
  for (const [index, each] of parts.entries()) {
    const offset = index === 0 ? 0 : down + each.up + 8;
    offsets.push(offset);
    down = offset + each.down;
  }
  const draw = (x: number, y: number) =>
    parts
      .map((each, index) => {
        const at = y + (offsets[index] as number);
        const right = x + width;
        const sides =
          index === 0
            ? line(x, y, x + 2 * radius, y) + line(right - 2 * radius, y, right, y)
            : turn(x, y, at, 1) + turn(right, y, at, -1);
        return sides + each.draw(x + 2 * radius, at) + line(x + 2 * radius + each.width, at, right - 2 * radius, at);
      })
      .join("");
  return { width, up: (parts[0] as Part).up, down, draw };
}

function option(inside: Part): Part {
  const offset = inside.up + 10;
  const width = inside.width + 4 * radius;
  const draw = (x: number, y: number) =>
    line(x, y, x + 2 * radius, y) +
    inside.draw(x + 2 * radius, y) +
    line(x + width - 2 * radius, y, x + width, y) +
    turn(x, y, y - offset, 1) +
    line(x + 2 * radius, y - offset, x + width - 2 * radius, y - offset) +
    turn(x + width, y, y - offset, -1);
  return { width, up: offset + 2, down: inside.down, draw };
}

function loop(inside: Part, between?: Part): Part {
  const inner = Math.max(inside.width, between?.width ?? 0);
  const width = inner + 4 * radius;
  const offset = inside.down + (between?.up ?? 0) + 10;
  const draw = (x: number, y: number) => {
    const left = x + 2 * radius;
    const right = x + width - 2 * radius;
    const at = y + offset;
    const back = between
      ? between.draw(left, at) + line(left + between.width, at, right, at)
      : line(left, at, right, at);
    return (
      line(x, y, left, y) +
      inside.draw(left, y) +
      line(left + inside.width, y, x + width, y) +
      `<path d="M${round(left)} ${round(y)}Q${round(left - radius)} ${round(y)} ${round(left - radius)} ${round(y + radius)}V${round(at - radius)}Q${round(left - radius)} ${round(at)} ${round(left)} ${round(at)}"/>` +
      `<path d="M${round(right)} ${round(y)}Q${round(right + radius)} ${round(y)} ${round(right + radius)} ${round(y + radius)}V${round(at - radius)}Q${round(right + radius)} ${round(at)} ${round(right)} ${round(at)}"/>` +
      back
    );
  };
  return { width, up: inside.up, down: offset + (between?.down ?? 2), draw };
}
