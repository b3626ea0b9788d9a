import { api, identity, issuer, scopes, tier } from "writ";

const workload = tier({ trust: 40, authentication: ["mtls", "svid"], tokenLifetime: { bound: "15m" } });
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
const net = issuer("https://id.example.org", { audience: "https://apis.example.com", algorithms: ["ES256"] });
const owner = "team@example.com";
const family = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/payments/sa/*", owner });
const narrower = identity({ tier: workload, issuer: net, subject: "spiffe://example.org/ns/payments/sa/worker", owner });
const wider = identity({ tier: workload, issuer: net, subject: "spiffe://example.org/ns/*/sa/*", owner });
const across = identity({ tier: workload, issuer: net, subject: "spiffe://example.org/*/payments/sa/worker", owner });
const longer = identity({ tier: workload, issuer: net, subject: "spiffe://example.org/ns/payments/sa/*/x", owner });
const sameEverywhere = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/payments/sa/worker", owner });
const plain = identity({ tier: workload, issuer: corp, subject: "plain", owner });
const plainElsewhere = identity({ tier: workload, issuer: net, subject: "plain", owner });
const orders = scopes("orders", ["read"]);
const first = api("orders.example.com", { operations: { "GET /v1/orders/{id}": orders.read, "GET /v1/files/{path...}": orders.read } });
const second = api("orders.example.com", {
  operations: {
    "GET /v1/orders/{number}": orders.read,
    "GET /v1/orders/latest": orders.read,
    "POST /v1/orders/{id}": orders.read,
    "GET /v1/files/{name}": orders.read,
    "GET /v1/files/{rest...}": orders.read,
  },
});
