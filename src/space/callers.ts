/** The callers of two models in classes: those who are decided alike, whatever they are called. */
import { compareText, type Identity, type Issuer, lookupIn, type Model } from "../model/index.ts";
import { type CallerCell, CallerCells } from "./caller-cells.ts";
import { CallerContents, type Held } from "./caller-contents.ts";
import type { CallerClass, CallerMember, CallerSide } from "./classes.ts";
import { judgedOperations } from "./operations.ts";
import { type Peer, Peers } from "./peers.ts";
import { notApart, type ToldApart, ToldPairs } from "./told.ts";

/** Cells that are alike at first sight: the rest of the work is done once for all of them. */
interface Bucket {
  readonly held: readonly [Held | undefined, Held | undefined];
  readonly told: ToldApart;
  readonly peers: string;
  readonly cells: CallerCell[];
}

/**
 * Every way to name a caller falls into exactly one class.
 *
 * @param apart leaves those apart who are decided alike: one class for each pair of identities, and key or issuer
 * @returns sorted by kind of credential, then by the names of the identities
 */
export function callerClasses(before: Model, after: Model, apart = false): readonly CallerClass[] {
  const cells = new CallerCells(before, after);
  const operations = judgedOperations(before, after);
  const contents = new CallerContents(before, after, operations);
  const headers = new ToldPairs(operations.cells);
  const peers = new Peers(cells);
  const buckets = new Map<string, Bucket>();
  const put = (cell: CallerCell) => {
    const held = [contents.held("before", cell.before), contents.held("after", cell.after)] as const;
    const told = cell.before && cell.after ? headers.apart(cell.before, cell.after, cell.subject) : notApart;
    const beside = cell.credential === "token" ? peers.of(cell).map(flags).join() : "";
    const { created, issuers } = cell;
    const key = `${cell.credential} ${held[0]?.number} ${held[1]?.number} ${created?.before} ${created?.after} ${beside} ${issuers ? cell.shows.url : ""} ${told.text}${apart ? ` ${apartText(cell)}` : ""}`;
    const bucket = buckets.get(key);
    if (bucket) bucket.cells.push(cell);
    else buckets.set(key, { held, told, peers: beside, cells: [cell] });
  };
  put({ credential: "none", shows: {} });
  cells.keys(put);
  cells.svids((cell) => {
    peers.add(cell);
    put(cell);
  });
  cells.tokens(put);
  return classesOf([...buckets.values()], contents, peers, [before, after], apart);
}

function flags({ before, after }: Peer): string {
  return `${before ? "b" : ""}${after ? "a" : ""}`;
}

function classesOf(
  buckets: readonly Bucket[],
  contents: CallerContents,
  peers: Peers,
  models: readonly [Model, Model],
  apart: boolean,
): readonly CallerClass[] {
  const classes = new Map<string, { changed: boolean; cells: CallerCell[] }>();
  for (const bucket of buckets) {
    const [first] = bucket.cells as [CallerCell];
    const { signature, changed } = contents.compare(first, bucket.held);
    const key = `${first.credential} ${signature} told ${bucket.told.text} peers ${bucket.peers}${apart ? ` ${apartText(first)}` : ""}`;
    const known = classes.get(key) ?? { changed: false, cells: [] };
    for (const cell of bucket.cells) known.cells.push(cell);
    // Renamed or not, members are decided alike; each must be looked at if one must.
    known.changed ||= changed || bucket.told.changed || /(^|,)[ab](,|$)/.test(bucket.peers);
    classes.set(key, known);
  }
  return [...classes]
    .map(([signature, { changed, cells }]) => {
      const first = cells.reduce((a, b) => (compareCells(b, a) < 0 ? b : a));
      return {
        credential: first.credential,
        before: sideOf(models[0], first, "before"),
        after: sideOf(models[1], first, "after"),
        shows: first.shows,
        peers: first.credential === "token" ? peers.of(first) : [],
        names: [...new Set(cells.flatMap((cell) => nameOf(cell) ?? []))].sort(compareText),
        members: () => cells.map(memberOf),
        signature,
        changed,
      };
    })
    .sort(compareClasses);
}

function memberOf({ before, after, shows: { key, url } }: CallerCell): CallerMember {
  return {
    ...(before && { before: before.name }),
    ...(after && { after: after.name }),
    ...(key !== undefined && { key }),
    ...(url !== undefined && { url }),
  };
}

/** As far apart as anybody can tell by whom both models take somebody for. */
function apartText({ before, after, shows: { key, url } }: CallerCell): string {
  return JSON.stringify([before?.name, after?.name, key, url]);
}

function nameOf({ before, after }: CallerCell): string | undefined {
  return (after ?? before)?.name;
}

/** The plainest stands for all: by name, then one whom only one text names, then by the text. */
function compareCells(a: CallerCell, b: CallerCell): number {
  const [x, y] = [textOf(a), textOf(b)];
  return (
    compareText(nameOf(a) ?? "", nameOf(b) ?? "") ||
    Number(a.subject === undefined) - Number(b.subject === undefined) ||
    x.length - y.length ||
    compareText(x, y)
  );
}

function textOf({ shows: { key, spiffe, url, subject } }: Pick<CallerClass, "shows">): string {
  return key ?? spiffe ?? (url === undefined ? "" : `${url} ${subject}`);
}

const kinds = ["none", "key", "svid", "token"];

function compareClasses(a: CallerClass, b: CallerClass): number {
  return (
    kinds.indexOf(a.credential) - kinds.indexOf(b.credential) ||
    compareText(a.names[0] ?? "", b.names[0] ?? "") ||
    compareText(textOf(a), textOf(b))
  );
}

function sideOf(model: Model, cell: CallerCell, side: "before" | "after"): CallerSide {
  const identity: Identity | undefined = cell[side];
  const issuer: Issuer | undefined = cell.issuers?.[side];
  const created = cell.created?.[side];
  const lookup = lookupIn(model);
  return {
    model,
    ...(issuer && { issuer }),
    ...(identity && { identity }),
    ...(created !== undefined && { created }),
    grants: identity ? lookup.grantsTo(identity.name) : [],
    denies: identity ? lookup.deniesTo(identity.name) : [],
  };
}
