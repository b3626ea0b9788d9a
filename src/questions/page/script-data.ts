/** The script of the matrix, first part: the data, trees of rows and columns, and how much of a cell is what. */
export const scriptData = `"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const comparing = data.before !== undefined;
const KINDS = comparing ? ["gain", "loss", "changed", "same"] : ["always", "until", "conditional", "public"];
const K = KINDS.length;
const WORDS = {
  always: "always", until: "within a time", conditional: "on conditions", public: "public",
  gain: "gained", loss: "lost", changed: "changed", same: "unchanged",
};
const NUL = String.fromCharCode(0);
// What is drawn and listed at once is bounded, however large the estate is.
const MOST_LISTED = 12;
const ROWS_AT_FIRST = 48;
const COLUMNS_AT_FIRST = 64;
// Where little is to be seen otherwise, a long list is better than one square.
const MOST_OPENED = 1500;

const hidden = new Set(comparing ? ["same"] : []);
const by = { rows: "owner", columns: "resource" };
const wanted = { rows: "", columns: "" };
const opened = { rows: new Set(), columns: new Set() };
let onlyUsed = comparing;

function grouped(value) {
  const text = String(value);
  let result = "";
  for (let i = 0; i < text.length; i++) result += (i > 0 && (text.length - i) % 3 === 0 ? "," : "") + text[i];
  return result;
}
function count(amount, noun) {
  return grouped(amount) + " " + noun + (amount === 1 ? "" : "s");
}
function percent(part, whole) {
  const value = whole === 0 ? 0 : (100 * part) / whole;
  if (value === 0 || value === 100) return value + " %";
  return value < 0.1 ? "under 0.1 %" : value > 99.9 ? "over 99.9 %" : (value < 10 ? value.toFixed(1) : Math.round(value)) + " %";
}

// One cell of the data: the class of operations, and how it may be called; where two versions are compared, now and before.
const STEP = comparing ? 3 : 2;
const kindOfAccess = data.accesses.map((access) => KINDS.indexOf(access.kind));
function kindAt(cells, at) {
  if (!comparing) return kindOfAccess[cells[at + 1]];
  const now = cells[at + 1];
  const before = cells[at + 2];
  return before < 0 ? 0 : now < 0 ? 1 : now === before ? 3 : 2;
}

const partsKnown = [];
const resources = resourcesOf();
const sides = {
  rows: {
    amount: data.callers.name.length,
    name: (leaf) => data.callers.name[leaf],
    classOf: data.callers.class,
    text: (leaf) => [data.callers.name[leaf], data.owners[data.callers.owner[leaf]], data.tiers[data.callers.tier[leaf]].name, data.groups[data.callers.group[leaf]]].join(" "),
    path: (leaf) => [
      data.tiers[data.callers.tier[leaf]].name,
      by.rows === "owner" ? data.owners[data.callers.owner[leaf]] : data.groups[data.callers.group[leaf]] || "in no group",
    ],
    noun: "identity",
    many: "identities",
  },
  columns: {
    amount: data.operations.name.length,
    name: (leaf) => data.operations.name[leaf],
    classOf: data.operations.class,
    text: (leaf) => [data.operations.name[leaf], data.apis[data.operations.api[leaf]].host, data.apis[data.operations.api[leaf]].name, data.scopes[data.operations.scope[leaf]]].join(" "),
    path: (leaf) => [
      data.apis[data.operations.api[leaf]].name,
      ...(by.columns === "resource" ? resources[leaf] : [data.scopes[data.operations.scope[leaf]] || "public"]),
    ],
    noun: "operation",
    many: "operations",
  },
};

// Paths of an API split where they part, so often that no group is a long list if it can be helped.
function resourcesOf() {
  const found = data.operations.name.map(() => []);
  const split = (leaves, from, depth) => {
    if (depth > 3 || leaves.length < 2) return;
    const common = commonOf(leaves, from);
    const groups = Map.groupBy(leaves, (leaf) => partsOf(leaf)[common]);
    if (groups.size < 2 || groups.size === leaves.length) return;
    for (const members of groups.values()) {
      const until = commonOf(members, common + 1);
      const label = "/" + partsOf(members[0]).slice(0, until).join("/");
      for (const leaf of members) found[leaf].push(label);
      if (members.length > 40) split(members, until, depth + 1);
    }
  };
  const byApi = Map.groupBy(data.operations.name.keys(), (leaf) => data.operations.api[leaf]);
  for (const leaves of byApi.values()) split(leaves, 0, 0);
  return found;
}
// How many parts of their paths all have in common, of at least so many.
function commonOf(leaves, from) {
  const first = partsOf(leaves[0]);
  let common = from;
  while (leaves.every((leaf) => partsOf(leaf).length > common && partsOf(leaf)[common] === first[common])) common++;
  return common;
}
function partsOf(leaf) {
  const name = data.operations.name[leaf];
  return (partsKnown[leaf] ||= name.slice(name.indexOf("/") + 1).split("/"));
}

function treeOf(side) {
  const { amount, path, name, text } = sides[side];
  const words = wanted[side].toLowerCase().split(" ").filter((word) => word !== "");
  const root = { id: "", label: "", level: -1, children: [], leaves: [], parent: undefined };
  const nodes = new Map([["", root]]);
  for (let leaf = 0; leaf < amount; leaf++) {
    if (words.length > 0) {
      const all = text(leaf).toLowerCase();
      if (!words.every((word) => all.includes(word))) continue;
    }
    if (onlyUsed && !used[side][sides[side].classOf[leaf]]) continue;
    let node = root;
    root.leaves.push(leaf);
    for (const label of path(leaf)) {
      const id = node.id + NUL + label;
      let next = nodes.get(id);
      if (!next) {
        next = { id, label, level: node.level + 1, children: [], leaves: [], parent: node };
        nodes.set(id, next);
        node.children.push(next);
      }
      next.leaves.push(leaf);
      node = next;
    }
    node.children.push({ id: node.id + NUL + NUL + leaf, label: name(leaf), level: node.level + 1, children: [], leaves: [leaf], leaf, parent: node });
  }
  root.children.forEach(lift);
  return root;
}

// A group of one is no group: what is in it stands in its place.
function lift(node) {
  node.children = node.children.map((child) => {
    if (child.leaf !== undefined) return child;
    if (child.leaves.length > 1) {
      lift(child);
      return child;
    }
    let only = child;
    while (only.leaf === undefined) only = only.children[0];
    return { ...only, level: child.level, parent: node };
  });
}

// How many of each class a row or a column stands for.
function weightsOf(side, node) {
  if (node.weights) return node.weights;
  const weights = new Map();
  for (const leaf of node.leaves) {
    const each = sides[side].classOf[leaf];
    weights.set(each, (weights.get(each) || 0) + 1);
  }
  node.weights = weights;
  return weights;
}

// Classes in which something is not hidden.
const used = { rows: [], columns: [] };
function findUsed() {
  used.rows = new Uint8Array(data.cells.length);
  used.columns = new Uint8Array(data.operationClasses);
  data.cells.forEach((cells, row) => {
    for (let at = 0; at < cells.length; at += STEP) {
      if (hidden.has(KINDS[kindAt(cells, at)])) continue;
      used.rows[row] = 1;
      used.columns[cells[at]] = 1;
    }
  });
}

const shown = { rows: [], columns: [] };
const roots = { rows: undefined, columns: undefined };
let columnsOfClass = [];
let counted = new Map();

function flatten(side) {
  const list = [];
  const walk = (node) => {
    list.push(node);
    if (opened[side].has(node.id)) node.children.forEach(walk);
  };
  roots[side].children.forEach(walk);
  shown[side] = list;
  counted = new Map();
  if (side === "rows") return;
  columnsOfClass = [];
  list.forEach((node, column) => {
    for (const [each, weight] of weightsOf("columns", node)) (columnsOfClass[each] ||= []).push(column, weight);
  });
}

// Opens as much as a screen holds, level by level, small groups first.
function openSome(side, most) {
  opened[side].clear();
  let room = most - roots[side].children.length;
  let level = roots[side].children;
  while (level.length === 1 && level[0].children.length > 0 && level[0].children.length <= MOST_OPENED) {
    opened[side].add(level[0].id);
    level = level[0].children;
    room = most - level.length;
  }
  while (level.length > 0) {
    const next = [];
    for (const node of [...level].sort((a, b) => a.children.length - b.children.length)) {
      if (node.children.length === 0 || node.children.length > room || (level.length > 1 && node.children.length > most / 2)) continue;
      room -= node.children.length;
      opened[side].add(node.id);
      next.push(...node.children);
    }
    level = next;
  }
}

function arrange(side, fresh) {
  roots[side] = treeOf(side);
  if (fresh) openSome(side, side === "rows" ? ROWS_AT_FIRST : COLUMNS_AT_FIRST);
  flatten(side);
}

// Pairs of each kind in one row, for all columns: worked out when it comes into view.
function rowCounts(node) {
  const known = counted.get(node.id);
  if (known) return known;
  const counts = new Float64Array(shown.columns.length * K);
  for (const [row, weight] of weightsOf("rows", node)) {
    const cells = data.cells[row];
    for (let at = 0; at < cells.length; at += STEP) {
      const kind = kindAt(cells, at);
      const columns = columnsOfClass[cells[at]];
      if (!columns || hidden.has(KINDS[kind])) continue;
      for (let i = 0; i < columns.length; i += 2) counts[columns[i] * K + kind] += weight * columns[i + 1];
    }
  }
  if (counted.size > 3000) counted = new Map();
  counted.set(node.id, counts);
  return counts;
}

// The ways of a cell, a whole row or a whole column, the most frequent first.
function waysOf(row, column) {
  const ways = new Map();
  const callers = weightsOf("rows", row);
  const operations = weightsOf("columns", column);
  for (const [each, weight] of callers) {
    const cells = data.cells[each];
    for (let at = 0; at < cells.length; at += STEP) {
      const there = operations.get(cells[at]);
      if (!there) continue;
      const key = comparing ? cells[at + 1] + " " + cells[at + 2] : String(cells[at + 1]);
      const way = ways.get(key) || { now: cells[at + 1], before: comparing ? cells[at + 2] : undefined, kind: kindAt(cells, at), pairs: 0, row: each, column: cells[at] };
      way.pairs += weight * there;
      ways.set(key, way);
    }
  }
  const order = (way) => (comparing && way.kind === 3 ? 1 : 0);
  return [...ways.values()].sort((a, b) => order(a) - order(b) || b.pairs - a.pairs);
}
`;
