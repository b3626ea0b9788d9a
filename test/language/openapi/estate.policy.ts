import { api, scopes } from "writ";

export const repositories = scopes("repositories", ["read", "write", "admin"], { implies: { admin: ["write"], write: ["read"] } });
export const hub = api("hub.example.com", {
  openapi: "./hub.yaml",
  operations: {
    "GET /api/repositories/{id}": repositories.read,
    "GET /api/repositories/archive": "refused",
    "GET /api/status": "public",
  },
  tags: {
    repositories: { read: repositories.read, write: repositories.write },
    danger: "refused",
  },
  security: { "repo.admin": repositories.admin },
});
