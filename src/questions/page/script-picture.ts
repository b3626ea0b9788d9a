/** The script of the matrix, third part: the picture. Only what is in view is drawn, so its size does not matter. */
export const scriptPicture = `
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
