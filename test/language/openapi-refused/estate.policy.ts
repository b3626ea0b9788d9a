import { api, scopes } from "writ";

export const orders = scopes("orders", ["read", "write"]);
export const ordersApi = api("orders.example.com", {
  openapi: "./orders.yaml",
  operations: { "GET /orders/{number}": orders.read, "GET /order": orders.read },
  tags: { order: { read: orders.read }, orders: { read: orders.read } },
  security: { "orders.veiw": orders.read },
});
