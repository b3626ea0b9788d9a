/** The script of the matrix, fourth part: who may what when, in words, for what is picked. Texts of an estate are only ever texts. */
export const scriptDetail = `
const panel = document.getElementById("detail");
const spoken = document.getElementById("spoken");

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}
function classed(name, element) {
  element.className = name;
  return element;
}

function swatch(kind) {
  const canvas = document.createElement("canvas");
  const scale = Math.max(1, devicePixelRatio);
  canvas.width = canvas.height = 20 * scale;
  canvas.setAttribute("aria-hidden", "true");
  canvas.dataset.kind = kind;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const counts = KINDS.map((each) => (each === kind ? 1 : 0));
  drawCell(pen, 2, 2, 16, counts, 0, 1);
  return canvas;
}

function whoOf(node) {
  if (node.parent === undefined) return count1(node.leaves.length, sides.rows);
  return node.leaf === undefined ? node.label + " (" + count1(node.leaves.length, sides.rows) + ")" : node.label;
}
function whatOf(node) {
  if (node.parent === undefined) return count1(node.leaves.length, sides.columns);
  if (node.leaf !== undefined) return hostOf(node.leaf) + " " + node.label;
  return (node.level === 0 ? "" : topOf(node).label + " ") + node.label + " (" + count1(node.leaves.length, sides.columns) + ")";
}
function count1(amount, { noun, many }) {
  return grouped(amount) + " " + (amount === 1 ? noun : many);
}
function hostOf(leaf) {
  return data.apis[data.operations.api[leaf]].host;
}
function topOf(node) {
  return node.level <= 0 ? node : topOf(node.parent);
}

function picked() {
  return {
    row: cursor.row < 0 ? roots.rows : shown.rows[cursor.row],
    column: cursor.column < 0 ? roots.columns : shown.columns[cursor.column],
  };
}

// One sentence about a cell: said aloud as the cursor moves, and the first of the panel.
function sentenceOf(row, column, ways) {
  const pairs = row.leaves.length * column.leaves.length;
  if (comparing) {
    const sums = KINDS.map((_, kind) => ways.filter((way) => way.kind === kind).reduce((sum, way) => sum + way.pairs, 0));
    const parts = [0, 1, 2].filter((kind) => sums[kind] > 0).map((kind) => grouped(sums[kind]) + " " + WORDS[KINDS[kind]]);
    return parts.length === 0 ? "nothing changes" : pairs === 1 ? parts[0].slice(2) : parts.join(", ") + " of " + count(pairs, "pair");
  }
  const sum = ways.reduce((all, way) => all + way.pairs, 0);
  if (sum === 0) return "never";
  if (pairs === 1) return "may, " + WORDS[KINDS[ways[0].kind]];
  const parts = KINDS.map((kind, k) => [kind, ways.filter((way) => way.kind === k).reduce((all, way) => all + way.pairs, 0)]).filter(([, amount]) => amount > 0);
  return grouped(sum) + " of " + count(pairs, "pair") + " may (" + percent(sum, pairs) + "): " + parts.map(([kind, amount]) => grouped(amount) + " " + WORDS[kind]).join(", ");
}

function words(row, column, at) {
  const hint = at.row < 0 ? column : at.column < 0 ? row : undefined;
  const fold = hint && hint.children.length > 0 ? (opened[at.row < 0 ? "columns" : "rows"].has(hint.id) ? " Unfolded." : " Folded.") : "";
  return whoOf(row) + " → " + whatOf(column) + ": " + sentenceOf(row, column, waysOf(row, column)) + "." + fold;
}

// The line below the picture follows the pointer; aloud is said only what is picked.
const status = document.getElementById("status");
let described = "";
function say() {
  const empty = shown.rows.length === 0 || shown.columns.length === 0;
  const at = picked();
  described = empty ? "Nothing fits the filter." : words(at.row, at.column, cursor);
  status.textContent = active || empty ? described : sentenceOfAll();
  if (active || empty) spoken.textContent = described;
}
function sentenceOfAll() {
  return whoOf(roots.rows) + " → " + whatOf(roots.columns) + ": " + sentenceOf(roots.rows, roots.columns, waysOf(roots.rows, roots.columns)) + ".";
}
function sayHover() {
  if (!hover) {
    status.textContent = active ? described : sentenceOfAll();
    return;
  }
  const row = hover.row < 0 ? roots.rows : shown.rows[hover.row];
  const column = hover.column < 0 ? roots.columns : shown.columns[hover.column];
  status.textContent = words(row, column, hover);
}

function detail() {
  if (shown.rows.length === 0 || shown.columns.length === 0) return;
  const { row, column } = picked();
  const ways = waysOf(row, column);
  const heading = make("h2", whoOf(row));
  heading.append(classed("arrow", make("span", " → ")), whatOf(column));
  const parts = [heading, make("p", capital(sentenceOf(row, column, ways)) + ".")];
  const visible = ways.filter((way) => !(comparing && way.kind === 3));
  for (const way of visible.slice(0, MOST_LISTED)) parts.push(wayOf(way, row, column));
  if (visible.length > MOST_LISTED) parts.push(make("p", "and " + count(visible.length - MOST_LISTED, "more way") + ": pick a smaller part."));
  if (row.leaf !== undefined) parts.push(...callerFacts(row.leaf, ways));
  if (column.leaf !== undefined) parts.push(...operationFacts(column.leaf));
  panel.replaceChildren(...parts);
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function wayOf(way, row, column) {
  const box = classed("way", document.createElement("div"));
  const kind = KINDS[way.kind];
  const pairs = row.leaves.length * column.leaves.length;
  box.append(classed("say", make("div", "", swatch(kind), make("span", capital(WORDS[kind]) + (pairs === 1 ? "" : ", " + count(way.pairs, "pair"))))));
  if (pairs > 1) box.append(classed("quiet", make("p", examplesOf(way, row, column))));
  if (comparing && way.before >= 0) box.append(make("h3", "Before"), accessFacts(data.accesses[way.before]));
  if (comparing && way.now >= 0 && way.before >= 0) box.append(make("h3", "Now"));
  if (way.now >= 0) box.append(accessFacts(data.accesses[way.now]));
  return box;
}

// A few of the names that a way is about.
function examplesOf(way, row, column) {
  const few = (side, node, wanted) => {
    const found = node.leaves.filter((leaf) => sides[side].classOf[leaf] === wanted);
    const names = found.slice(0, 2).map((leaf) => sides[side].name(leaf));
    return names.join(", ") + (found.length > 2 ? " and " + grouped(found.length - 2) + " more" : "");
  };
  return "for example " + few("rows", row, way.row) + " → " + few("columns", column, way.column);
}

function accessFacts(access) {
  const list = document.createElement("dl");
  const add = (term, ...values) => list.append(make("dt", term), make("dd", "", ...values));
  access.when.slice(0, 8).forEach((all, index) => add(index === 0 ? "when" : "or when", ...all.map((part, i) => make("p", (i > 0 ? "and " : "") + part))));
  if (access.when.length > 8) add("", make("p", "or in " + (access.when.length - 8) + " more ways"));
  if (access.presented) add("shows", ...access.presented.map((way, i) => make("p", (i > 0 ? "or " : "") + way)));
  if (access.from) add("from", access.from);
  if (access.until) add("until", access.until);
  if (access.grants.length > 0) add("by", access.grants.join(", "));
  if (access.denies.length > 0) add("but not", "as " + access.denies.join(", ") + " says");
  if (access.kind === "public") add("by", "being public: nobody has to say who they are");
  if (access.witness !== undefined) {
    const unfold = document.createElement("details");
    const { identity, operation, input } = data.witnesses[access.witness];
    unfold.append(make("summary", "A request that is allowed"), make("p", (identity || "anybody") + " → " + operation), make("pre", JSON.stringify(input, null, 1)));
    list.append(make("dt", ""), make("dd", "", unfold));
  }
  return list;
}

function callerFacts(leaf, ways) {
  const tier = data.tiers[data.callers.tier[leaf]];
  const group = data.groups[data.callers.group[leaf]];
  const list = document.createElement("dl");
  const add = (term, value) => list.append(make("dt", term), make("dd", value));
  add("tier", tier.name + ", trust " + tier.trust);
  add("owner", data.owners[data.callers.owner[leaf]]);
  if (group) add("groups", group);
  add("shows", tier.presented.join("; or ") || "nothing that is accepted");
  return [make("h3", data.callers.name[leaf]), classed("way", make("div", "", list))];
}

function operationFacts(leaf) {
  const list = document.createElement("dl");
  const add = (term, value) => list.append(make("dt", term), make("dd", value));
  add("API", data.apis[data.operations.api[leaf]].name + ", " + hostOf(leaf));
  add("needs", data.scopes[data.operations.scope[leaf]] || "nothing: it is public");
  return [make("h3", data.operations.name[leaf]), classed("way", make("div", "", list))];
}

// What is there before anything is picked: who reaches the most, and how to read all this.
function welcome() {
  const parts = [make("h2", comparing ? "What changed most" : "Who reaches the most")];
  const list = classed("rank", document.createElement("ol"));
  const reach = data.cells.map((cells) => {
    let sum = 0;
    for (let at = 0; at < cells.length; at += STEP) {
      const kind = kindAt(cells, at);
      if (!hidden.has(KINDS[kind]) && KINDS[kind] !== "public") sum += operationsIn[cells[at]];
    }
    return sum;
  });
  const alike = Map.groupBy(roots.rows.leaves, (leaf) => data.callers.class[leaf]);
  const best = [...alike].map(([each, leaves]) => [reach[each], leaves]).filter(([amount]) => amount > 0);
  best.sort((a, b) => b[0] - a[0] || a[1][0] - b[1][0]);
  for (const [amount, leaves] of best.slice(0, 8)) {
    const others = leaves.length > 1 ? " and " + grouped(leaves.length - 1) + " alike" : "";
    const button = make("button", "", make("span", data.callers.name[leaves[0]] + others), make("span", count(amount, "operation")));
    button.type = "button";
    button.addEventListener("click", () => reveal("rows", leaves[0]));
    list.append(make("li", "", button));
  }
  if (best.length === 0) list.append(make("li", comparing ? "Nothing changed." : "Nobody may call anything that is not public."));
  parts.push(list, make("h2", "How to read it"), helpText());
  panel.replaceChildren(...parts);
}

function helpText() {
  const help = classed("help", document.createElement("div"));
  help.append(
    make("p", "A row is who calls, a column is what is called. The larger the square, the more of the pairs behind it " + (comparing ? "changed." : "may.")),
    make("p", "A triangle unfolds. A square, a name or a legend entry can be picked."),
    make("p", "", make("kbd", "arrows"), " move, ", make("kbd", "Enter"), " unfolds, ", make("kbd", "+"), " ", make("kbd", "-"), " ", make("kbd", "0"), " zoom, ", make("kbd", "/"), " filters."),
  );
  return help;
}
`;
