/** Changes of the called path, method or host: to the canonical form of the same path, or to the nearest operation. */
import {
  type Input,
  isCanonicalPath,
  isCanonicalSegment,
  type Model,
  matchTemplate,
  parseTemplate,
  pathSegments,
  type TemplateSegment,
} from "../model/index.ts";
import { type Change, inRequest } from "./change.ts";

type Repairs = readonly (readonly Change[])[];

const most = 4;

/**
 * A canonical path that the caller may have meant. Only a hint for people: no decision ever rests on it,
 * and where it is unclear what was meant, it is the path of a declared operation.
 */
export function repairPath(request: Input["request"], model: Model): Repairs {
  const kept: string[] = [];
  for (const raw of request.path.replace(/[?#].*$/, "").split("/")) {
    const segment = raw.replace(/;.*$/, "").replace(/%[0-9A-Fa-f]{2}/g, (encoded) => {
      const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase();
    });
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const repaired = `/${kept.join("/")}`;
  return isCanonicalPath(repaired)
    ? [[inRequest(["request", "path"], repaired)]]
    : repairOperation({ ...request, path: "/" }, model);
}

/** Declared operations, those first that differ least from the call. */
export function repairOperation(request: Input["request"], model: Model): Repairs {
  const path = pathSegments(request.path);
  const candidates: { readonly changes: readonly Change[]; readonly distance: number; readonly name: string }[] = [];
  for (const api of model.apis) {
    for (const operation of api.operations) {
      const template = parseTemplate(operation.template);
      if ("problem" in template) continue;
      const fits = matchTemplate(template, path) !== undefined;
      const other = fits ? { path: request.path, distance: 0 } : nearest(template, path);
      const changes = [
        ...(api.host === request.host ? [] : [inRequest(["request", "host"], api.host)]),
        ...(operation.method === request.method ? [] : [inRequest(["request", "method"], operation.method)]),
        ...(fits ? [] : [inRequest(["request", "path"], other.path)]),
      ];
      candidates.push({ changes, distance: other.distance, name: `${api.host} ${operation.name}` });
    }
  }
  return candidates
    .sort((a, b) => a.changes.length - b.changes.length || a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map((candidate) => candidate.changes);
}

/** The path changed as little as the template allows; another word is further away than one more or less. */
function nearest(template: readonly TemplateSegment[], path: readonly string[]): { path: string; distance: number } {
  let distance = Math.abs(template.length - path.length);
  const segments = template.map((segment, i) => {
    const now = path[i] ?? "";
    if (segment.kind === "literal") {
      if (segment.text !== now) distance += 2;
      return segment.text;
    }
    return isCanonicalSegment(now) ? now : "1";
  });
  return { path: `/${segments.join("/")}`, distance };
}
