/** `tier`: what a credential must prove, and what the rules of the estate allow to whoever is in it. */
import { report } from "../../diagnostics/index.ts";
import type { Method, Tier } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { listOf, type Properties, readArguments, readProperties } from "../shape.ts";
import { formatDuration } from "../time.ts";
import { integer, oneOf, readBoolean, readDate, readDuration } from "../values.ts";
import type { Word } from "../word.ts";

const methods: readonly Method[] = ["bearer", "dpop", "key", "mtls", "svid"];
const hour = 3600;
export const defaultEmergency = 4 * hour;
const longestEmergency = 72 * hour;
const defaultRevocationDelay = 60;

export const tier: Word = {
  name: "tier",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const [properties] = readArguments(estate, call, "tier", ["the tier's properties"]) ?? [];
    if (!properties) return undefined;
    const given = readProperties(
      estate,
      properties,
      "a tier",
      ["trust", "authentication"],
      [
        "tokenLifetime",
        "revocationDelay",
        "revokesTokens",
        "audiences",
        "keyRotation",
        "grantLifetime",
        "dormantAfter",
        "wildcards",
        "sunset",
        "emergencyLifetime",
      ],
    );
    if (!given) return undefined;
    const value = readTier(estate, given, name);
    if (!value) return undefined;
    estate.tiers.set(name, { value, at: (property, inside) => (property ? given.at(property, inside) : nameSpan) });
    estate.place("tier", name, nameSpan);
    return { kind: "tier", name, tier: value };
  },
};

function readTier(estate: Estate, given: Properties, name: string): Tier | undefined {
  const trust = given.read("trust", integer(0, 100));
  const authentication = given.read("authentication", listOf(oneOf(methods), "a list of methods"));
  const tokenLifetime = given.read("tokenLifetime", (e, entry, title) => {
    const leaves = readProperties(e, entry, title, [], ["bound", "bearer"]);
    const bound = leaves?.read("bound", readDuration);
    const bearer = leaves?.read("bearer", readDuration);
    return leaves?.sound
      ? { ...(bound !== undefined && { bound }), ...(bearer !== undefined && { bearer }) }
      : undefined;
  });
  const revocationDelay = given.read("revocationDelay", readDuration) ?? defaultRevocationDelay;
  const revokesTokens = given.read("revokesTokens", readBoolean) ?? true;
  const audiences = given.read("audiences", integer(1, 8)) ?? 1;
  const keyRotation = given.read("keyRotation", readDuration);
  const grantLifetime = given.read("grantLifetime", readDuration);
  const dormantAfter = given.read("dormantAfter", readDuration);
  const wildcards = given.read("wildcards", readBoolean) ?? false;
  const sunset = given.read("sunset", readDate);
  const emergencyLimit = given.read("emergencyLifetime", readDuration);
  if (!given.sound || trust === undefined || !authentication) return undefined;

  const accepts = (method: Method) => authentication.includes(method);
  const placeOf = (method: Method) => given.at("authentication", authentication.indexOf(method));
  const bound = accepts("mtls") ? "mtls" : accepts("dpop") ? "dpop" : undefined;
  if (bound && tokenLifetime?.bound === undefined)
    estate.report(report("WRIT3001", placeOf(bound), { method: bound, leaf: "bound" }));
  if (accepts("bearer") && tokenLifetime?.bearer === undefined)
    estate.report(report("WRIT3001", placeOf("bearer"), { method: "bearer", leaf: "bearer" }));
  if (accepts("key") && keyRotation === undefined) estate.report(report("WRIT3003", placeOf("key"), {}));
  if (!accepts("key") && keyRotation !== undefined) estate.report(report("WRIT3004", given.keyAt("keyRotation"), {}));
  if (emergencyLimit !== undefined && emergencyLimit > longestEmergency)
    estate.report(report("WRIT3005", given.at("emergencyLifetime"), { limit: formatDuration(longestEmergency) }));
  for (const [i, method] of authentication.entries()) {
    if (authentication.indexOf(method) < i)
      estate.report(report("WRIT2110", given.at("authentication", i), { value: `\`"${method}"\`` }));
  }
  return {
    name,
    trust,
    authentication,
    tokenLifetime: tokenLifetime ?? {},
    audiences,
    revokesTokens,
    revocationDelay,
    ...(keyRotation !== undefined && { keyRotation }),
    ...(grantLifetime !== undefined && { grantLifetime }),
    ...(dormantAfter !== undefined && { dormantAfter }),
    ...(emergencyLimit !== undefined && { emergencyLimit }),
    wildcards,
    ...(sunset !== undefined && { sunset }),
  };
}
