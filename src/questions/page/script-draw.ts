/** The script of the matrix, second part: the picture. Only what is in view is drawn, so its size does not matter. */
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
    pen.fillRect(x + from, y, width, edge);
    from += width;
  }
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

function measure() {
  const narrow = view.clientWidth < 560;
  side = Math.min(narrow ? 132 : 270, Math.round(view.clientWidth * 0.4));
  head = narrow ? 120 : 170;
  const width = side + shown.columns.length * size + 90;
  const height = head + shown.rows.length * size + 12;
  spacer.style.width = width + "px";
  spacer.style.height = height + "px";
}

// All of it, or as much as can be read.
function fitSize(readable) {
  measure();
  const wide = (view.clientWidth - side - 90) / Math.max(1, shown.columns.length);
  const high = (view.clientHeight - head - 16) / Math.max(1, shown.rows.length);
  size = readable ? Math.max(15, Math.min(40, Math.floor(Math.max(Math.min(wide, high), Math.min(wide, 18))))) : Math.max(3, Math.min(40, Math.floor(Math.min(wide, high))));
  measure();
}

let asked = false;
function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    drawNow();
  });
}

function inView() {
  const top = Math.max(0, Math.floor(view.scrollTop / size));
  const left = Math.max(0, Math.floor(view.scrollLeft / size));
  return {
    top, left,
    bottom: Math.min(shown.rows.length, Math.ceil((view.scrollTop + view.clientHeight - head) / size)),
    right: Math.min(shown.columns.length, Math.ceil((view.scrollLeft + view.clientWidth - side) / size)),
  };
}

function drawNow() {
  const [width, height] = [view.clientWidth, view.clientHeight];
  const scale = devicePixelRatio;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
  }
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.fillStyle = colours.card;
  pen.fillRect(0, 0, width, height);
  const { top, left, bottom, right } = inView();
  const x = (column) => side + column * size - view.scrollLeft;
  const y = (row) => head + row * size - view.scrollTop;
  const gap = size >= 10 ? 1.5 : size >= 6 ? 0.5 : 0;
  pen.save();
  pen.beginPath();
  pen.rect(side, head, width - side, height - head);
  pen.clip();
  for (let row = top; row < bottom; row++) {
    const node = shown.rows[row];
    if (node.level === 0 && opened.rows.has(node.id)) band(colours.faint, side, y(row), Math.min(width, x(shown.columns.length)) - side, size);
  }
  for (let column = left; column < right; column++) {
    const node = shown.columns[column];
    if (node.level === 0 && opened.columns.has(node.id)) band(colours.faint, x(column), head, size, Math.min(height, y(shown.rows.length)) - head);
  }
  crosshair(x, y, width, height);
  if (size >= 6) lines(x, y, top, bottom, left, right, width, height);
  for (let row = top; row < bottom; row++) {
    const node = shown.rows[row];
    const counts = rowCounts(node);
    for (let column = left; column < right; column++) {
      drawCell(pen, x(column) + gap, y(row) + gap, size - 2 * gap, counts, column * K, node.leaves.length * shown.columns[column].leaves.length);
    }
  }
  if (active && cursor.row >= 0 && cursor.column >= 0) outline(x(cursor.column), y(cursor.row), size, size);
  pen.restore();
  drawSide(y, top, bottom, height);
  drawHead(x, left, right, width);
  pen.fillStyle = colours.card;
  pen.fillRect(0, 0, side, head);
  pen.fillStyle = colours.quiet;
  pen.font = "12px " + FONT;
  pen.textBaseline = "alphabetic";
  pen.fillText(fit("who: by tier, then " + by.rows, side - 16), 10, head - 10);
  pen.fillText(fit("what: by API, then " + by.columns, side - 16), 10, head - 28);
  pen.strokeStyle = colours.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(0, head - 0.5);
  pen.lineTo(width, head - 0.5);
  pen.moveTo(side - 0.5, head - 20);
  pen.lineTo(side - 0.5, height);
  pen.stroke();
}

function band(colour, x, y, width, height) {
  pen.fillStyle = colour;
  pen.fillRect(x, y, width, height);
}

const NOTHING = { row: -2, column: -2 };
function marked() {
  return hover || (active ? cursor : NOTHING);
}

function crosshair(x, y, width, height) {
  const at = marked();
  if (at.row >= 0 && at.row < shown.rows.length) band(colours.here, side, y(at.row), Math.min(width, x(shown.columns.length)) - side, size);
  if (at.column >= 0 && at.column < shown.columns.length) band(colours.here, x(at.column), head, size, Math.min(height, y(shown.rows.length)) - head);
}

function lines(x, y, top, bottom, left, right, width, height) {
  pen.strokeStyle = colours.line;
  pen.lineWidth = 0.5;
  pen.beginPath();
  for (let row = top; row <= bottom; row++) {
    pen.moveTo(side, Math.round(y(row)) + 0.5);
    pen.lineTo(Math.min(width, x(shown.columns.length)), Math.round(y(row)) + 0.5);
  }
  for (let column = left; column <= right; column++) {
    pen.moveTo(Math.round(x(column)) + 0.5, head);
    pen.lineTo(Math.round(x(column)) + 0.5, Math.min(height, y(shown.rows.length)));
  }
  pen.stroke();
}

function outline(x, y, width, height) {
  pen.strokeStyle = colours.ink;
  pen.lineWidth = 2;
  pen.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

function fontOf(node) {
  return (node.level === 0 ? "600 " : "") + Math.max(9, Math.min(13, size - 4)) + "px " + FONT;
}

function triangle(x, y, isOpen) {
  pen.beginPath();
  if (isOpen) {
    pen.moveTo(x, y - 2.5);
    pen.lineTo(x + 8, y - 2.5);
    pen.lineTo(x + 4, y + 3);
  } else {
    pen.moveTo(x + 1.5, y - 4);
    pen.lineTo(x + 7, y);
    pen.lineTo(x + 1.5, y + 4);
  }
  pen.fill();
}

function drawSide(y, top, bottom, height) {
  pen.save();
  pen.beginPath();
  pen.rect(0, head, side, height - head);
  pen.clip();
  band(colours.card, 0, head, side, height - head);
  pen.textBaseline = "middle";
  const at = marked();
  for (let row = top; row < bottom; row++) {
    const node = shown.rows[row];
    if (row === at.row) band(colours.here, 0, y(row), side, size);
    if (active && cursor.row === row && cursor.column < 0) outline(1, y(row), side - 2, size);
    if (!labelled(size)) continue;
    const indent = 8 + node.level * 14;
    const middle = y(row) + size / 2 + 0.5;
    pen.fillStyle = node.children.length > 0 ? colours.quiet : colours.ink;
    if (node.children.length > 0) triangle(indent, middle, opened.rows.has(node.id));
    pen.font = fontOf(node);
    pen.fillStyle = colours.ink;
    const amount = node.children.length > 0 ? grouped(node.leaves.length) : "";
    const label = fit(labelOf("rows", node), side - indent - 26 - (amount === "" ? 0 : 8 + amount.length * 7));
    pen.fillText(label, indent + 13, middle);
    const after = indent + 13 + pen.measureText(label).width + 7;
    pen.font = "11px " + FONT;
    pen.fillStyle = colours.quiet;
    pen.fillText(amount, after, middle);
  }
  pen.restore();
}

function drawHead(x, left, right, width) {
  pen.save();
  pen.beginPath();
  pen.rect(side, 0, width - side, head);
  pen.clip();
  band(colours.card, side, 0, width - side, head);
  pen.textBaseline = "middle";
  const at = marked();
  // Slanted names reach to the right: those left of the view can still be read in it.
  for (let column = Math.max(0, left - Math.ceil(head / size)); column < right; column++) {
    const node = shown.columns[column];
    if (column === at.column) {
      pen.fillStyle = colours.here;
      pen.beginPath();
      pen.moveTo(x(column), head);
      pen.lineTo(x(column) + size, head);
      pen.lineTo(x(column) + size + head * 0.577, 0);
      pen.lineTo(x(column) + head * 0.577, 0);
      pen.fill();
    }
    if (active && cursor.column === column && cursor.row < 0) outline(x(column), head - 16, size, 15);
    if (!labelled(size)) continue;
    pen.save();
    pen.translate(x(column) + size / 2, head - 9);
    pen.rotate(-Math.PI / 3);
    pen.fillStyle = node.children.length > 0 ? colours.quiet : colours.ink;
    if (node.children.length > 0) triangle(0, 0, opened.columns.has(node.id));
    pen.font = fontOf(node);
    pen.fillStyle = colours.ink;
    const room = (head - 22) / 0.866;
    const amount = node.children.length > 0 ? grouped(node.leaves.length) : "";
    const label = fitEnd(labelOf("columns", node), room - 14 - amount.length * 8);
    pen.fillText(label, 12, 0);
    const after = 12 + pen.measureText(label).width + 6;
    pen.font = "11px " + FONT;
    pen.fillStyle = colours.quiet;
    pen.fillText(amount, after, 0);
    pen.restore();
  }
  pen.restore();
}
`;
