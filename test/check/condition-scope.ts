/** Checks one condition or predicate by itself, in an estate of one issuer. */
import { type ConditionScope, checkCondition } from "../../src/check/condition.ts";
import { checkPredicate } from "../../src/check/predicate.ts";
import type { Diagnostic } from "../../src/diagnostics/index.ts";
import type { Claim, Condition } from "../../src/model/index.ts";
import { type Expression, parse } from "../../src/syntax/index.ts";

const claim = (name: string, type: Claim["type"], optional = false, values?: readonly string[]): Claim => ({
  name,
  type,
  optional,
  ...(values && { values }),
});

export const corpClaims: readonly Claim[] = [
  claim("region", "string", false, ["eu", "us"]),
  claim("zone", "string", false, ["us", "ap"]),
  claim("planet", "string", false, ["mars", "venus"]),
  claim("tenant", "string"),
  claim("team", "string", true),
  claim("unit", "string", true),
  claim("level", "integer"),
  claim("seats", "integer", true),
  claim("admin", "boolean"),
  claim("beta", "boolean", true),
  claim("groups", "strings"),
  claim("roles", "strings", true),
  claim("urn:site", "string"),
];

/** What tsc sees of the same: `checkWith` and a file that starts with this text agree on every name. */
export const declarations = `import { cidr, condition, group, identity, issuer, tier } from "writ";
const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com", algorithms: ["ES256"],
  claims: { region: ["eu", "us"], zone: ["us", "ap"], planet: ["mars", "venus"], tenant: "string", team: "string?", unit: "string?",
    level: "integer", seats: "integer?", admin: "boolean", beta: "boolean?", groups: "strings", roles: "strings?", "urn:site": "string" },
});
const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "60m" } });
const partner = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "60m" } });
const acme = identity({ tier: workload, issuer: corp, subject: "acme", owner: "a@example.com" });
const region = "eu";
const planet = "mars";
const regions = ["eu", "us"];
const more = [...regions, "ap"];
const limit = 300;
const yes = true;
const limits = { age: 300, network: "10.0.0.0/8", region: "mars" };
const network = "10.0.0.0/8";
const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);
const young = condition((r) => r.token.age < 60);
`;

const trees = parse({ path: "declarations.policy.ts", text: declarations });
const constants = new Map<string, Expression>();
for (const statement of trees.value.statements) {
  if (statement.kind === "declaration" && statement.name.kind === "identifier" && statement.value.kind !== "call")
    constants.set(statement.name.name, statement.value);
}

export interface Checked {
  readonly condition?: Condition | undefined;
  readonly predicate?: ReturnType<typeof checkPredicate>;
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
}

/** `what` is a condition of the issuer, one of no issuer, or a predicate. */
export function checkAlone(body: string, what: "condition" | "issuerless" | "predicate" = "condition"): Checked {
  const text = `const x = condition(${body})`;
  const { value: tree, diagnostics: syntax } = parse({ path: "x.policy.ts", text });
  const diagnostics: Diagnostic[] = [...syntax];
  const statement = tree.statements[0];
  const call = statement?.kind === "declaration" ? statement.value : statement;
  const argument = call?.kind === "call" ? call.arguments[0] : undefined;
  if (!argument || argument.kind === "spread") return { diagnostics, text };
  const scope: ConditionScope = {
    report: (diagnostic) => diagnostics.push(diagnostic),
    ...(what === "condition" && { issuer: { name: "corp", claims: corpClaims } }),
    resolve: ({ name, span }) => {
      const constant = constants.get(name);
      if (constant) return { kind: "constant", value: constant };
      if (name === "cidr") return { kind: "cidr" };
      if (name === "ownTenant") return { kind: "condition", name, issuer: "corp" };
      if (name === "young") return { kind: "condition", name };
      if (name === "workload" || name === "partner") return { kind: "tier", name };
      if (name === "corp") return { kind: "issuer", name };
      if (name === "acme") return { kind: "other", what: "an identity" };
      diagnostics.push({ code: "WRIT2001", severity: "error", message: `\`${name}\` is not declared`, span });
      return undefined;
    },
  };
  if (what === "predicate") return { predicate: checkPredicate(argument, scope), diagnostics, text };
  return { condition: checkCondition(argument, scope), diagnostics, text };
}
