/** `issuer`: who signs tokens, and what the claims in them look like. */
import { report } from "../../diagnostics/index.ts";
import type { Claim, ClaimType, Issuer } from "../../model/index.ts";
import type { Declared, Estate } from "../estate.ts";
import { type Given, look } from "../given.ts";
import { expandScopes } from "../patterns.ts";
import { type Entry, listOf, readArguments, readEntries, readProperties, wrongType } from "../shape.ts";
import { formedText, oneOf, plainText, type Text } from "../values.ts";
import type { Word } from "../word.ts";

/** Whoever can check a token must not be able to make one (RFC 8725 §3.1, §3.2): no `none`, no `HS256`. */
const algorithms = [
  "ES256",
  "ES384",
  "ES512",
  "Ed25519",
  "EdDSA",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
] as const;

/** Claims that the decision procedure reads by itself. */
const registered = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"]);

const claimTypes: readonly ClaimType[] = ["boolean", "integer", "string", "strings"];

export const issuer: Word = {
  name: "issuer",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const [first, second] = readArguments(estate, call, "issuer", ["the issuer's URL", "its properties"]) ?? [];
    if (!first || !second) return undefined;
    const url = readUrl(estate, first, "the URL");
    const given = readProperties(
      estate,
      second,
      "an issuer",
      ["audience", "algorithms"],
      ["keys", "claims", "translate"],
    );
    if (!given) return undefined;
    const audience = given.read("audience", plainText);
    const accepted = given.read("algorithms", listOf(oneOf(algorithms), "a list of algorithms"));
    const keys = given.read("keys", readUrl);
    const claims = given.read("claims", readClaims) ?? [];
    const translate = given.read("translate", readTranslations) ?? [];
    if (!url || !given.sound || audience === undefined || !accepted) return undefined;
    const other = estate.issuersByUrl.get(url.text);
    if (other) {
      const related = [{ span: other.at(), message: `\`${other.value.name}\` is declared here` }];
      estate.report(report("WRIT3010", url.span, { url: url.text, other: other.value.name }, { related }));
    }
    const value: Issuer = {
      name,
      url: url.text,
      audience,
      ...(keys && { keys: keys.text }),
      algorithms: accepted,
      claims,
      translate,
    };
    const declared: Declared<Issuer> = {
      value,
      at: (property, inside) => (property ? given.at(property, inside) : nameSpan),
    };
    estate.issuers.set(name, declared);
    if (!other) estate.issuersByUrl.set(url.text, declared);
    estate.place("issuer", name, nameSpan);
    return { kind: "issuer", name, issuer: value };
  },
};

function readUrl(estate: Estate, given: Given, title: string): Text | undefined {
  const text = formedText("an `https` URL")(estate, given, title);
  if (!text) return undefined;
  const problem = urlProblem(text.text);
  return problem ? estate.report(report("WRIT2120", text.span, { url: text.text, problem })) : text;
}

/** RFC 8414 §2: an issuer is an `https` URL without query and fragment; it is compared byte for byte. */
function urlProblem(text: string): string | undefined {
  if (!text.startsWith("https://")) return "it does not begin with `https://`";
  if (text.length > 2048) return "it is longer than 2,048 characters";
  if (!/^[!-~]+$/.test(text) || /["<>\\^`{|}]/.test(text)) return "it holds a character that no URL has";
  if (!URL.canParse(text)) return "it is no URL";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "it holds a user name or a password";
  if (text.includes("?")) return "it holds a query";
  if (text.includes("#")) return "it holds a fragment";
  if (url.host !== text.slice("https://".length).split("/")[0])
    return "its host is not in lower case, or written in a way that readers change";
  return undefined;
}

function readClaims(estate: Estate, given: Given, title: string): readonly Claim[] | undefined {
  const entries = readEntries(estate, given, title);
  const claims = entries?.map((entry) => readClaim(estate, entry));
  return claims?.every((claim) => claim !== undefined) ? claims : undefined;
}

function readClaim(estate: Estate, { name, keySpan, ...given }: Entry): Claim | undefined {
  if (registered.has(name)) return estate.report(report("WRIT2132", keySpan, { name }));
  if (!/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(name)) return estate.report(report("WRIT2131", keySpan, { name }));
  const title = `the claim \`${name}\``;
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind === "list") {
    const values = listOf(plainText, "a list of texts")(estate, given, `the list of values of \`${name}\``);
    return values && { name, type: "string", optional: false, values };
  }
  if (seen.kind !== "text") return wrongType(estate, seen, title, "the name of a type, or a list of texts");
  const written = oneOf([...claimTypes, ...claimTypes.map((type) => `${type}?` as const)])(estate, given, title);
  if (!written) return undefined;
  const optional = written.endsWith("?");
  return { name, type: (optional ? written.slice(0, -1) : written) as ClaimType, optional };
}

function readTranslations(estate: Estate, given: Given, title: string): Issuer["translate"] | undefined {
  const entries = readEntries(estate, given, title);
  const translations = entries?.map(({ name, keySpan, ...value }) => {
    if (estate.vocabulary.has(name)) return estate.report(report("WRIT3011", keySpan, { scope: name }));
    // RFC 6749 §3.3: nothing else can be a scope of a token.
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(name))
      return estate.report(
        report("WRIT2133", keySpan, { title: "a scope name", problem: "holds a space, a quote or a backslash" }),
      );
    const expanded = expandScopes(estate, value, `what \`${name}\` means`);
    return expanded && { from: name, to: expanded.closed };
  });
  return translations?.every((translation) => translation !== undefined) ? translations : undefined;
}
