/** Step 0: inputs that are none, and inputs at the limits and just beyond them. */
import { limits } from "../model/index.ts";
import type { Base } from "./requests.ts";
import { asked, each, odd, type Variation } from "./variation.ts";

export function varyShape(base: Base): readonly Variation[] {
  const token = base.input.token ? [...tokenSizes(base)] : [];
  return [...wholes, ...members, ...sizes(base), ...token, ...texts];
}

const wholes: readonly Variation[] = [null, 0, true, "text", [], {}].map((value) => [
  asked([], value, `the input is ${JSON.stringify(value)}`),
]);

const members: readonly Variation[] = [
  ...each(["time"], undefined, null, "soon", "1800000000", -1, 0, 1.5, 2 ** 53, [], {}),
  ...each(["request"], undefined, null, "x", []),
  ...["host", "method", "path"].flatMap((name) => each(["request", name], undefined, null, 1, ["x"], {})),
  ...each(["request", "ip"], null, 1, [], {}),
  ...each(["request", "headers"], null, "x", [], 1),
  ...["x", "__proto__"].flatMap((name) => each(["request", "headers", name], null, 1, [1], ["x", null], {}, [], "x")),
  ...["token", "peer", "proof", "key"].flatMap((name) => each([name], null, "x", 1, [], true)),
  ...each(["peer", "spiffe"], null, 1, []),
  ...each(["peer", "x5t#S256"], null, 1, {}),
  ...each(["proof", "jkt"], ...odd.slice(1, 4)),
  ...each(["key", "id"], ...odd.slice(1, 4)),
];

/** What hosts spell in more than one way, in a place that nobody reads. */
const texts: readonly Variation[] = [
  "\u0000\u0001\b\f\n\r\t\u001f\u007f",
  "\\u003c\\\"/<>&'",
  "é€\u{1f600}\u2028\u2029\ufeff\uffff",
  [1e21, -0.5, 1e-7, 123456789012345680000, 0.1, -1],
  { "": { "": "" }, "\u0000": null, constructor: 1, toString: [true, false, null] },
].flatMap((value) => [
  [asked(["unread"], value)],
  [asked(["request", "unread"], value)],
  [asked(["token", "unread"], value)],
]);

function* atAndBeyond(limit: number): Generator<number> {
  yield limit;
  yield limit + 1;
}

function bytes(count: number, unit = "a"): string {
  const size = new TextEncoder().encode(unit).length;
  return unit.repeat(Math.floor(count / size)) + "a".repeat(count % size);
}

function* sizes({ input }: Base): Generator<Variation> {
  const { path } = input.request;
  for (const length of atAndBeyond(limits.pathBytes))
    yield [asked(["request", "path"], `${path}/${bytes(length - path.length - 1)}`, `the path has ${length} bytes`)];
  for (const count of atAndBeyond(limits.pathSegments))
    yield [asked(["request", "path"], "/a".repeat(count), `the path has ${count} segments`)];
  for (const length of atAndBeyond(limits.spiffeBytes)) {
    const id = `spiffe://a/${bytes(length - 11, "b")}`;
    yield [asked(["peer", "spiffe"], id, `the SPIFFE ID has ${length} bytes`)];
  }
}

function* tokenSizes({ input }: Base): Generator<Variation> {
  const scope = String(input.token?.scope);
  for (const length of atAndBeyond(limits.nameBytes)) {
    for (const name of ["sub", "jti"])
      for (const unit of ["a", "é"])
        yield [asked(["token", name], bytes(length, unit), `\`token.${name}\` has ${length} bytes of \`${unit}\``)];
  }
  for (const length of atAndBeyond(limits.scopeBytes)) {
    const text = `${scope} ${bytes(length - scope.length - 1, "s")}`;
    yield [asked(["token", "scope"], text, `\`token.scope\` has ${length} bytes`)];
  }
  for (const count of atAndBeyond(limits.scopeCount)) {
    const text = scope + " s".repeat(count - scope.split(" ").length);
    yield [asked(["token", "scope"], text, `\`token.scope\` names ${count} scopes`)];
  }
  for (const count of atAndBeyond(limits.audiences)) {
    const list = Array.from({ length: count }, (_, i) => `https://${i}.example`);
    yield [asked(["token", "aud"], list, `\`token.aud\` names ${count}`)];
  }
}

/** What makes an input large or deep, in a member that nobody reads. One request is enough: these fill the most that there may be. */
export function* varySize({ input }: Base): Generator<Variation> {
  const size = (value: unknown): number =>
    // A number counts the same however it is spelled.
    new TextEncoder().encode(
      JSON.stringify(value, (_, part: unknown) => (typeof part === "number" ? 10 ** (limits.numberBytes - 1) : part)),
    ).length;
  for (const length of atAndBeyond(limits.inputBytes)) {
    for (const unit of ["a", "\n"]) {
      const rest = length - size({ ...input, unread: "" });
      const text = unit === "\n" ? bytes(Math.floor(rest / 2), unit) + "a".repeat(rest % 2) : bytes(rest);
      yield [asked(["unread"], text, `the input has ${length} bytes`)];
    }
  }
  for (const depth of atAndBeyond(limits.inputDepth)) {
    for (const at of [["unread"], ["token", "unread"], ["request", "headers", "unread"]]) {
      let value: unknown = [];
      for (let n = at.length + 1; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value };
      yield [asked(at, value, `the input is nested ${depth} deep, in \`${at.join(".")}\``)];
    }
  }
}
