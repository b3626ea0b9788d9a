/**
 * The script of the page. When the server says that something changed it reads the page again and brings the old one to what the
 * new one says, element by element: what is the same stays, so focus, scroll, a selection and what was unfolded stay too.
 */
export const pageScript = `"use strict";
// Not oftener than this: an estate in motion is drawn four times a second, a large one on a slow machine less often.
const PAUSE = 250;
const places = ["summary", "latest", "estate", "head"];
const connection = document.getElementById("connection");
let reading = false;
let changed = false;

function say(words) {
  if (connection.textContent !== words) connection.textContent = words;
}

async function refresh() {
  if (reading) {
    changed = true;
    return;
  }
  reading = true;
  changed = false;
  const begun = performance.now();
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) throw answer.status;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of places) {
      const found = next.getElementById(place);
      if (!found) throw place;
      bring(document.getElementById(place), found);
    }
    document.title = next.title;
    say("Live: what changes appears by itself.");
  } catch {
    say("The publisher does not answer: what you see is old.");
  }
  setTimeout(() => {
    reading = false;
    if (changed) refresh();
  }, Math.max(PAUSE, 4 * (performance.now() - begun)));
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "";
}

function isLike(old, next) {
  return old.nodeType === next.nodeType && old.nodeName === next.nodeName && keyOf(old) === keyOf(next);
}

function bring(old, next) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  // Whether something is unfolded is the reader's, not the server's.
  for (const { name } of [...old.attributes]) if (name !== "open" && !next.hasAttribute(name)) old.removeAttribute(name);
  const stays = new Set([...next.childNodes].map(keyOf));
  const keyed = new Map();
  for (const child of [...old.childNodes]) {
    const key = keyOf(child);
    if (key === "") continue;
    if (stays.has(key)) keyed.set(key, child);
    else child.remove();
  }
  let at = old.firstChild;
  for (const child of [...next.childNodes]) {
    if (at && isLike(at, child)) {
      const like = at;
      at = at.nextSibling;
      bring(like, child);
      continue;
    }
    const known = keyed.get(keyOf(child));
    const placed = known && isLike(known, child) ? known : document.importNode(child, true);
    old.insertBefore(placed, at);
    if (placed === known) bring(placed, child);
  }
  while (at) {
    const rest = at;
    at = at.nextSibling;
    rest.remove();
  }
}

const events = new EventSource("/events");
// After a break something may have changed that nobody told us.
events.addEventListener("open", refresh);
events.addEventListener("message", refresh);
events.addEventListener("error", () => say("The publisher does not answer: what you see is old. Trying again."));
`;
