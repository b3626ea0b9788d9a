/** The script of the matrix, second part: what a square, a sign and a name look like. */
export const scriptDraw = `
const view = document.getElementById("view");
const canvas = document.getElementById("picture");
const spacer = document.getElementById("spacer");
const pen = canvas.getContext("2d");
const FONT = "system-ui, sans-serif";
let colours = {};
let fills = {};
let size = 22;
let head = 0;
let side = 0;
const cursor = { row: 0, column: 0 };
// Whether something was picked: before that, nothing is marked.
let active = false;
let hover;

function readColours() {
  const style = getComputedStyle(document.documentElement);
  colours = {};
  for (const name of ["card", "ink", "quiet", "line", "faint", "link", "here", "page", ...KINDS]) colours[name] = style.getPropertyValue("--" + name).trim();
  fills = {};
  KINDS.forEach((kind, index) => { fills[kind] = fillOf(kind, index); });
}

// Each kind is a pattern before it is a colour: solid, level lines, slanted lines, dots.
function fillOf(kind, index) {
  if (index === 0) return colours[kind];
  const scale = Math.max(1, Math.round(devicePixelRatio));
  const tile = document.createElement("canvas");
  const side = 6 * scale;
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  pen.fillStyle = colours.card;
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = pen.strokeStyle = colours[kind];
  if (index === 1) pen.fillRect(0, 0, side, 4 * scale);
  else if (index === 2) {
    pen.lineWidth = 2.6 * scale;
    pen.beginPath();
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift - scale, side + scale);
      pen.lineTo(shift + side + scale, -scale);
    }
    pen.stroke();
  } else {
    pen.beginPath();
    pen.arc(side / 2, side / 2, side * (comparing ? 0.3 : 0.24), 0, 7);
    pen.fill();
  }
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix([1 / scale, 0, 0, 1 / scale, 0, 0]));
  return pattern;
}

// A square that grows with the share of pairs (slowly, so that a few of many can be seen too), in bands of the kinds.
function edgeOf(share, room) {
  return Math.max(Math.min(room, room < 8 ? room : 4), Math.min(1, share) ** 0.3 * room);
}
function drawCell(pen, left, top, room, counts, at, pairs) {
  let sum = 0;
  for (let k = 0; k < K; k++) sum += counts[at + k];
  if (sum === 0) return;
  const edge = edgeOf(sum / pairs, room);
  const x = left + (room - edge) / 2;
  const y = top + (room - edge) / 2;
  let from = 0;
  for (let k = 0; k < K; k++) {
    if (counts[at + k] === 0) continue;
    const width = (edge * counts[at + k]) / sum;
    pen.fillStyle = room < 6 ? colours[KINDS[k]] : fills[KINDS[k]];
    // Where there is no room to grow, a share is a shade.
    pen.globalAlpha = room < 8 ? 0.4 + 0.6 * Math.min(1, sum / pairs) ** 0.3 : 1;
    pen.fillRect(x + from, y, width, edge);
    from += width;
  }
  pen.globalAlpha = 1;
  if (edge < 6) return;
  // An outline, so that a pattern has an edge.
  const most = [...KINDS.keys()].reduce((a, b) => (counts[at + b] > counts[at + a] ? b : a));
  pen.strokeStyle = colours[KINDS[most]];
  pen.lineWidth = 1;
  pen.strokeRect(x + 0.5, y + 0.5, edge - 1, edge - 1);
  if (comparing && edge >= 12 && counts[at + most] === sum) drawSign(pen, x + edge / 2, y + edge / 2, edge * 0.3, most);
}

// In a comparison: a plus, a minus, a lozenge.
function drawSign(pen, x, y, reach, kind) {
  if (kind === 3) return;
  pen.fillStyle = colours.card;
  pen.strokeStyle = colours[KINDS[kind]];
  pen.lineWidth = 1.5;
  const thick = reach * 0.36;
  pen.beginPath();
  if (kind === 0) {
    for (const [dx, dy] of [[-thick, -reach], [thick, -reach], [thick, -thick], [reach, -thick], [reach, thick], [thick, thick], [thick, reach], [-thick, reach], [-thick, thick], [-reach, thick], [-reach, -thick], [-thick, -thick]]) pen.lineTo(x + dx, y + dy);
  } else if (kind === 1) pen.rect(x - reach, y - thick, 2 * reach, 2 * thick);
  else for (const [dx, dy] of [[0, -reach], [reach, 0], [0, reach], [-reach, 0]]) pen.lineTo(x + dx, y + dy);
  pen.closePath();
  pen.fill();
  pen.stroke();
}

function fit(text, width) {
  if (pen.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measureText(text.slice(0, middle) + "…").width <= width) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low) + "…";
}

function labelled(edge) {
  return edge >= 12;
}

// The end of a path says more than its beginning.
function fitEnd(text, width) {
  if (pen.measureText(text).width <= width) return text;
  const space = text.indexOf(" ") + 1;
  let from = space + 1;
  while (from < text.length - 1 && pen.measureText(text.slice(0, space) + "…" + text.slice(from)).width > width) from++;
  return text.slice(0, space) + "…" + text.slice(from);
}

// An operation below a group of paths says only what is different about it.
function labelOf(which, node) {
  const label = node.label === "" ? "(none)" : node.label;
  const above = node.parent.label;
  if (which === "rows" || by.columns !== "resource" || node.level < 1 || above === "" || above[0] !== "/") return label;
  const at = label.indexOf(above);
  if (at < 0) return label;
  const rest = label.slice(at + above.length);
  return label.slice(0, at) + (rest === "" ? "…" + above.slice(above.lastIndexOf("/")) : "…" + rest);
}
`;
