import { api, grant, identity, issuer, scopes, tier } from "writ";

const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "60m" } });
const claims = { region: ["eu", "us"] };
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims });
const packer = identity({ tier: workload, issuer: corp, subject: "packer", owner: "shop@example.com" });
const orders = scopes("orders", ["ship"]);
const shop = api("orders.example.com", { operations: { "POST /v1/orders/{id}/shipment": orders.ship } });

const ships = grant({ to: packer, scopes: [orders.ship], on: shop, when: (r) => r.claims.region === "eu" });
