import { issuer, registry, tier } from "writ";

export const workload = tier({ trust: 40, authentication: ["mtls", "svid"], tokenLifetime: { bound: "15m" } });
export const partner = tier({ trust: 20, authentication: ["mtls"], tokenLifetime: { bound: "15m" } });
export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
export const fleet = registry("./data/fleet.json", { issuer: corp });
export const keys = registry("data/keys.csv");
export const gone = registry("./gone.json", { issuer: corp });
export const out = registry("../fleet.json", { issuer: corp });
