import { issuer } from "writ";

/** The company's own token service; workloads exchange their SVID here. */
export const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com",
  keys: "https://id.example.com/jwks.json",
  algorithms: ["ES256", "EdDSA"],
  claims: { region: ["ap", "eu", "us"], tenant: "string", seats: "integer?", groups: "strings?" },
  translate: { "Orders.ReadWrite.All": ["orders:read", "orders:write"] },
});

/** The pipelines' federation: who runs is a repository, an environment and a job. */
export const pipelines = issuer("https://ci.example.com", {
  audience: "https://apis.example.com",
  keys: "https://ci.example.com/jwks.json",
  algorithms: ["ES256"],
  claims: { repository: "string", ref: "string", protected: "boolean" },
});

/** Partners and third parties, each registered by hand. */
export const external = issuer("https://partners.example.net", {
  audience: "https://apis.example.com",
  keys: "https://partners.example.net/jwks.json",
  algorithms: ["ES256"],
  claims: { tenant: "string", contract: ["gold", "silver"] },
});
