/** Steps 1 to 5: another credential, or the same with one thing wrong, at the boundaries where it starts to count. */
import { type Claim, clockSkew, type Method, type Tier } from "../model/index.ts";
import { exampleSubject, issuerOf, methodsOf, present } from "./credential.ts";
import type { Base } from "./requests.ts";
import { asked, each, odd, type Variation } from "./variation.ts";

export function varyCredential(base: Base): readonly Variation[] {
  const { input } = base;
  return [
    ...["token", "peer", "proof", "key"].filter((name) => name in input).flatMap((name) => each([name], undefined)),
    ...each(["key"], { id: "nobody" }, { id: "__proto__" }, {}),
    ...each(["proof"], { jkt: "another" }, {}),
    ...each(["peer", "x5t#S256"], undefined, "another"),
    ...each(["peer", "spiffe"], undefined, "", "x", "spiffe://elsewhere.example/a", "spiffe://A/b", "spiffe://a/.."),
    ...otherCallers(base),
    ...otherMethods(base),
    ...(input.token ? [...claims(base), ...lives(base), ...audiences(base), ...bindings(base)] : []),
  ];
}

/** A few other identities, by each of their credentials, alone and beside this one. */
function otherCallers({ model, number, others, scene, input }: Base): readonly Variation[] {
  const scopes = scene.found?.operation.scopes ?? [];
  return [1, 2, 3].flatMap((step) => {
    const other = others[(number * 3 + step) % others.length];
    if (!other) return [];
    const alone = methodsOf(other).map((method) => {
      const { token, peer, proof, key } = present(model, other, method, scopes, input.time);
      const words = `${other.name} asks by ${method}`;
      return [
        asked(["token"], token, words),
        asked(["peer"], peer, ""),
        asked(["proof"], proof, ""),
        asked(["key"], key, ""),
      ];
    });
    const subject = exampleSubject(other);
    return [
      ...alone,
      ...each(["peer", "spiffe"], subject),
      ...(other.keys[0] ? each(["key"], { id: other.keys[0].id }) : []),
      ...(input.token
        ? [...each(["token", "sub"], subject), ...each(["token", "iss"], issuerOf(model, other)?.url)]
        : []),
    ];
  });
}

/** The same caller in each of its ways, also those that its tier refuses. */
function otherMethods({ model, identity, scene, input }: Base): readonly Variation[] {
  if (!identity) return [];
  return methodsOf(identity).map((method) => {
    const { token, peer, proof, key } = present(
      model,
      identity,
      method,
      scene.found?.operation.scopes ?? [],
      input.time,
    );
    return [
      asked(["token"], token, `it asks by ${method}`),
      asked(["peer"], peer, ""),
      asked(["proof"], proof, ""),
      asked(["key"], key, ""),
    ];
  });
}

function claims({ model, identity, input, number }: Base): readonly Variation[] {
  const issuer = identity && issuerOf(model, identity);
  const url = String(input.token?.iss);
  const subject = String(input.token?.sub);
  const typed = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"].flatMap((name, i) =>
    // A few of them for each request, so that over all requests every pair is there.
    odd.flatMap((value, j) => ((i + j + number) % 3 === 0 ? each(["token", name], value) : [])),
  );
  return [
    ...typed,
    ...each(["token", "iss"], "https://stranger.example", `${url}/`, url.toUpperCase(), "__proto__"),
    ...each(["token", "sub"], "nobody", "constructor", `${subject}x`, `${subject}/x`, subject.replace(/[^/]*$/, "*")),
    ...each(["token", "jti"], undefined, "__proto__", "\u00e9"),
    ...(issuer?.claims ?? []).flatMap(claimVariations),
  ];
}

function claimVariations({ name, type, values }: Claim): readonly Variation[] {
  const fitting: Readonly<Record<typeof type, readonly unknown[]>> = {
    boolean: [true, false],
    integer: [0, -1, 2 ** 53 - 1, 2 ** 53, 1.5],
    string: [...(values ?? []).slice(0, 4), "other", "", "\u00e9\n"],
    strings: [[], ["text", "other"], ["\u00e9", ""]],
  };
  return each(["token", name], undefined, null, 1, "x", ["x", 1], {}, ...fitting[type]);
}

function lives({ input, scene, identity, model }: Base): readonly Variation[] {
  const { time } = input;
  const issued = Number(input.token?.iat);
  const tier = identity && model.tiers.find((one) => one.name === identity.tier);
  const longest = tier ? longestOf(tier, input.token?.cnf === undefined ? "bearer" : "mtls") : 0;
  const until = scene.decision.allow ? scene.decision.until : time + 1;
  return [
    ...each(["token", "exp"], time - 1, time, time + 1, issued, 0),
    ...each(["token", "exp"], issued + longest, issued + longest + 1),
    ...each(["token", "nbf"], time, time + clockSkew, time + clockSkew + 1),
    ...each(["token", "iat"], time + clockSkew, time + clockSkew + 1, 0),
    [asked(["token", "nbf"], time - 1), asked(["time"], until)],
  ];
}

function longestOf({ tokenLifetime }: Tier, method: Method): number {
  return (method === "bearer" ? tokenLifetime.bearer : tokenLifetime.bound) ?? 0;
}

function audiences({ input, identity, model }: Base): readonly Variation[] {
  const own = String([input.token?.aud].flat()[0]);
  const most = model.tiers.find((tier) => tier.name === identity?.tier)?.audiences ?? 1;
  const many = Array.from({ length: most }, (_, i) => `https://${i}.example`);
  return each(
    ["token", "aud"],
    "https://elsewhere.example",
    "",
    [],
    [own],
    [own, own],
    [...many.slice(1), own],
    [...many, own],
    own.toUpperCase(),
  );
}

function bindings({ input }: Base): readonly Variation[] {
  const peer = asked(["peer"], { ...input.peer, "x5t#S256": "one" });
  const proof = asked(["proof"], { jkt: "two" });
  return [
    ...each(["token", "cnf"], undefined, {}, { kid: "x" }, { "x5t#S256": "another" }, { jkt: "another" }),
    ...each(["token", "cnf"], { "x5t#S256": 1 }, { jkt: null }, { "x5t#S256": "", jkt: "" }),
    [asked(["token", "cnf"], { "x5t#S256": "one", jkt: "two" }), peer, proof],
    [asked(["token", "cnf"], { "x5t#S256": "one", jkt: "two" }), peer],
    [asked(["token", "cnf"], { "x5t#S256": "one" }), peer],
    [asked(["token", "cnf"], { jkt: "two" }), proof],
  ];
}
