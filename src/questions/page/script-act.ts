/** The script of the matrix, last part: what people do with it, by pointer and by keyboard alike. */
export const scriptAct = `
const operationsIn = new Float64Array(data.operationClasses);
for (const each of data.operations.class) operationsIn[each]++;

function refresh(fresh) {
  arrange("columns", fresh);
  arrange("rows", fresh);
  if (fresh) fitSize(true);
  settle();
}

// After what is shown has changed: the cursor stays on something, and everything follows.
function settle() {
  cursor.row = Math.min(cursor.row, shown.rows.length - 1);
  cursor.column = Math.min(cursor.column, shown.columns.length - 1);
  measure();
  hover = undefined;
  document.getElementById("none").hidden = shown.rows.length > 0 && shown.columns.length > 0;
  say();
  draw();
}

function toggle(which, node, wanted) {
  if (node.children.length === 0) return;
  const isOpen = opened[which].has(node.id);
  if (wanted === isOpen) return;
  if (isOpen) opened[which].delete(node.id);
  else opened[which].add(node.id);
  const place = node.id;
  flatten(which);
  const index = shown[which].findIndex((each) => each.id === place);
  if (which === "rows" && cursor.row >= 0) cursor.row = index;
  if (which === "columns" && cursor.column >= 0) cursor.column = index;
  settle();
}

function move(rows, columns) {
  cursor.row = Math.max(-1, Math.min(shown.rows.length - 1, cursor.row + rows));
  cursor.column = Math.max(-1, Math.min(shown.columns.length - 1, cursor.column + columns));
  if (cursor.row < 0 && cursor.column < 0) cursor.row = 0;
  look();
}

function look() {
  active = true;
  const { row, column } = cursor;
  if (row >= 0) {
    const top = row * size;
    if (top < view.scrollTop) view.scrollTop = top;
    const bottom = top + size - (view.clientHeight - head);
    if (bottom > view.scrollTop) view.scrollTop = bottom;
  }
  if (column >= 0) {
    const left = column * size;
    if (left < view.scrollLeft) view.scrollLeft = left;
    const right = left + size - (view.clientWidth - side);
    if (right > view.scrollLeft) view.scrollLeft = right;
  }
  hover = undefined;
  say();
  detail();
  draw();
}

// Unfolds all that is above a leaf, and goes there.
function reveal(which, leaf) {
  let id = "";
  for (const label of sides[which].path(leaf)) {
    id += NUL + label;
    opened[which].add(id);
  }
  flatten(which);
  const index = shown[which].findIndex((node) => node.leaf === leaf);
  settle();
  if (which === "rows") Object.assign(cursor, { row: index, column: -1 });
  else Object.assign(cursor, { row: -1, column: index });
  canvas.focus({ preventScroll: true });
  look();
}

function placeOf(event) {
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const row = y < head ? -1 : Math.floor((y - head + view.scrollTop) / size);
  // Names of columns are slanted: what is under the pointer starts further left.
  const slant = y < head ? (head - y) * 0.577 : 0;
  const column = x < side && y >= head ? -1 : Math.floor((x - slant - side + view.scrollLeft) / size);
  if (row < 0 && (column < 0 || x < side)) return undefined;
  return row < shown.rows.length && column < shown.columns.length ? { row, column } : undefined;
}

canvas.addEventListener("click", (event) => {
  const place = placeOf(event);
  if (!place) return;
  const again = place.row === cursor.row && place.column === cursor.column;
  Object.assign(cursor, place);
  look();
  if (place.column < 0) toggle("rows", shown.rows[place.row]);
  else if (place.row < 0) toggle("columns", shown.columns[place.column]);
  else if (again) unfoldHere();
});
canvas.addEventListener("pointermove", (event) => {
  const place = placeOf(event);
  if (place?.row === hover?.row && place?.column === hover?.column) return;
  hover = place;
  canvas.style.cursor = place ? "pointer" : "default";
  sayHover();
  draw();
});
canvas.addEventListener("pointerleave", () => {
  hover = undefined;
  sayHover();
  draw();
});
canvas.addEventListener("focus", () => {
  if (active || !canvas.matches(":focus-visible") || shown.rows.length === 0 || shown.columns.length === 0) return;
  look();
});
view.addEventListener("scroll", draw);
view.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
}, { passive: false });

function unfoldHere() {
  const { row, column } = picked();
  if (column.children.length > 0) toggle("columns", column, true);
  if (row.children.length > 0) toggle("rows", row, true);
  if (row.leaf !== undefined && column.leaf !== undefined) panel.focus();
}

function zoom(by) {
  const [row, column] = [view.scrollTop / size, view.scrollLeft / size];
  const next = size * by;
  size = Math.max(3, Math.min(64, by > 1 ? Math.ceil(next) : Math.floor(next)));
  measure();
  view.scrollTop = row * size;
  view.scrollLeft = column * size;
  draw();
}

const page = () => Math.max(1, Math.floor((view.clientHeight - head) / size) - 1);
const KEYS = {
  ArrowUp: () => move(-1, 0),
  ArrowDown: () => move(1, 0),
  ArrowLeft: () => move(0, -1),
  ArrowRight: () => move(0, 1),
  PageUp: () => move(-page(), 0),
  PageDown: () => move(page(), 0),
  Home: () => move(0, -cursor.column - 1),
  End: () => move(0, shown.columns.length),
  Enter: () => {
    if (cursor.column < 0) toggle("rows", shown.rows[cursor.row]);
    else if (cursor.row < 0) toggle("columns", shown.columns[cursor.column]);
    else unfoldHere();
    detail();
  },
  " ": () => detail(),
  "+": () => zoom(1.25),
  "=": () => zoom(1.25),
  "-": () => zoom(0.8),
  "0": () => { fitSize(false); draw(); },
  "/": () => document.getElementById("filter-rows").focus(),
  Escape: () => {
    for (const which of ["rows", "columns"]) {
      const at = which === "rows" ? cursor.row : cursor.column;
      const node = shown[which][at];
      if (node && node.parent && node.parent.level >= 0) toggle(which, node.parent, false);
      else if (node && opened[which].has(node.id)) toggle(which, node, false);
    }
    look();
  },
};
canvas.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || shown.rows.length === 0 || shown.columns.length === 0) return;
  event.preventDefault();
  act();
});

let pause;
for (const which of ["rows", "columns"]) {
  document.getElementById("filter-" + which).addEventListener("input", (event) => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      wanted[which] = event.target.value;
      view.scrollTop = view.scrollLeft = 0;
      refresh(true);
      welcome();
    }, 150);
  });
  document.getElementById("by-" + which).addEventListener("change", (event) => {
    by[which] = event.target.value;
    refresh(true);
  });
}
document.getElementById("only-used").checked = onlyUsed;
document.getElementById("only-used").addEventListener("change", (event) => {
  onlyUsed = event.target.checked;
  refresh(true);
});
document.getElementById("fold").addEventListener("click", () => {
  opened.rows.clear();
  opened.columns.clear();
  flatten("columns");
  flatten("rows");
  fitSize(true);
  settle();
});
document.getElementById("in").addEventListener("click", () => zoom(1.25));
document.getElementById("out").addEventListener("click", () => zoom(0.8));
document.getElementById("fit").addEventListener("click", () => {
  fitSize(false);
  draw();
});

const legend = document.getElementById("legend");
function drawLegend() {
  for (const old of legend.querySelectorAll("button canvas")) old.replaceWith(swatch(old.dataset.kind));
  const sizes = legend.querySelector(".size canvas");
  const scale = Math.max(1, devicePixelRatio);
  sizes.width = 88 * scale;
  sizes.height = 20 * scale;
  const pen = sizes.getContext("2d");
  pen.scale(scale, scale);
  [0.01, 0.1, 0.5, 1].forEach((part, i) => {
    pen.strokeStyle = colours.line;
    pen.strokeRect(i * 22 + 1.5, 1.5, 17, 17);
    drawCell(pen, i * 22 + 2, 2, 16, KINDS.map((_, k) => (k === 0 ? part : 0)), 0, 1);
  });
}
for (const kind of KINDS) {
  const total = data.totals[kind];
  const button = make("button", "", swatchPlace(kind), make("span", capital(WORDS[kind]) + " " + grouped(total)));
  button.type = "button";
  button.setAttribute("aria-pressed", String(!hidden.has(kind)));
  button.addEventListener("click", () => {
    if (hidden.has(kind)) hidden.delete(kind);
    else hidden.add(kind);
    button.setAttribute("aria-pressed", String(!hidden.has(kind)));
    findUsed();
    refresh(onlyUsed);
  });
  legend.insertBefore(button, legend.querySelector(".size"));
}
function swatchPlace(kind) {
  const canvas = document.createElement("canvas");
  canvas.dataset.kind = kind;
  return canvas;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
function theme(name) {
  document.documentElement.dataset.theme = name;
  document.getElementById("theme").textContent = name === "dark" ? "Light" : "Dark";
  readColours();
  drawLegend();
  for (const old of panel.querySelectorAll("canvas")) old.replaceWith(swatch(old.dataset.kind));
  draw();
}
dark.addEventListener("change", () => theme(dark.matches ? "dark" : "light"));
document.getElementById("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));

findUsed();
theme(dark.matches ? "dark" : "light");
new ResizeObserver(() => {
  measure();
  draw();
}).observe(view);
refresh(true);
welcome();
drawNow();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
`;
