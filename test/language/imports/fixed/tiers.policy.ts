import { tier } from "writ";

export const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "15m" } });
export const hidden = tier({ trust: 50, authentication: ["mtls"], tokenLifetime: { bound: "15m" } });
