/** `serve`: a publisher on two ports, one for gateways and one for people, until it is closed. */
import type { Server } from "node:http";
import { isIPv6 } from "node:net";
import type { Callers } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { Publisher } from "../publish/index.ts";
import { makePort, type Port } from "./application.ts";
import { listen } from "./listener.ts";
import { describeApi } from "./openapi.ts";
import type { Address, ServeOptions } from "./options.ts";
import { json, type Route } from "./route.ts";
import { changeRoutes } from "./routes/changes.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes, metricsRoute } from "./routes/health.ts";
import { opaRoutes } from "./routes/opa.ts";
import { pageRoutes } from "./routes/page.ts";
import { pollRoutes } from "./routes/polls.ts";
import { readRoutes } from "./routes/reads.ts";
import { repositoryRoutes } from "./routes/repository.ts";
import { revocationRoutes } from "./routes/revocations.ts";
import { Services } from "./services.ts";

export interface Served {
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  /** Takes nothing more, answers all who wait, ends what is under way, then closes what is left. */
  close(): Promise<void>;
}

/**
 * @throws WritError `address-unprotected`, `port-unusable`
 * @example
 * const served = await serve(publisher, await readCallers(bytes), { admin: { port: 8182 } });
 * console.log(served.adminUrl);
 * await served.close();
 */
export async function serve(publisher: Publisher, callers: Callers, options: ServeOptions = {}): Promise<Served> {
  const hosts = [hostOf(options.gateway), hostOf(options.admin)] as const;
  for (const host of hosts) checkProtected(host, options);
  const services = new Services(publisher, callers, options);
  const { gatewayRoutes, adminRoutes } = routesOf(services);
  const gateway = await makePort("gateway", gatewayRoutes, services);
  const admin = await makePort("admin", adminRoutes, services);
  try {
    const gatewayPort = await listen(gateway.server, hosts[0], options.gateway?.port ?? 0);
    const adminPort = await listen(admin.server, hosts[1], options.admin?.port ?? 0);
    const stopWatching = publisher.watch(() => services.metrics.moved());
    const urls = { gatewayUrl: urlOf(hosts[0], gatewayPort, options), adminUrl: urlOf(hosts[1], adminPort, options) };
    services.log.event("listening", urls);
    let closing: Promise<void> | undefined;
    const close = async () => {
      stopWatching();
      await stop([gateway, admin], services);
      services.log.event("closed");
    };
    return {
      ...urls,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await stop([gateway, admin], services);
    throw error;
  }
}

/** What each port serves; administrative routes are on their own (threat model §9). */
function routesOf(services: Services): {
  readonly gatewayRoutes: readonly Route[];
  readonly adminRoutes: readonly Route[];
} {
  const gatewayRoutes = [
    ...pollRoutes(services),
    ...repositoryRoutes(services),
    ...opaRoutes(services),
    ...healthRoutes(services),
  ];
  const adminRoutes: readonly Route[] = [
    ...changeRoutes(services),
    ...revocationRoutes(services),
    ...eventRoutes(services),
    ...readRoutes(services),
    ...pageRoutes(services),
    ...healthRoutes(services),
    metricsRoute(services),
    {
      method: "GET",
      path: "/openapi.json",
      summary: "This description",
      roles: "anyone",
      answers: { 200: { description: "OpenAPI 3.1", schema: { type: "object" } } },
      handle: () => json(description),
    },
  ];
  const description = describeApi([
    { name: "gateway", url: "https://gateways.example.com", routes: gatewayRoutes },
    { name: "admin", url: "https://admin.example.com", routes: adminRoutes },
  ]);
  return { gatewayRoutes, adminRoutes };
}

async function stop(ports: readonly Port[], services: Services): Promise<void> {
  services.stop();
  const timer = setTimeout(() => {
    for (const { server } of ports) server.closeAllConnections();
  }, services.limits.grace);
  const ends = ports.map(({ server }) => closed(server));
  for (const { connections } of ports) connections.stop();
  await Promise.all(ends);
  clearTimeout(timer);
  services.slow.close();
  services.metrics.close();
  await Promise.all(ports.map(({ fastify }) => fastify.close()));
  await services.options.decisions?.close();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (server.listening) server.close(() => resolve());
    else resolve();
  });
}

function hostOf(address: Address | undefined): string {
  return address?.host ?? "127.0.0.1";
}

/** Tokens that are sent in the clear are anybody's (threat model §9). */
function checkProtected(host: string, { tls, insecureHttp }: ServeOptions): void {
  const isLoopback = host === "localhost" || host === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(host);
  if (!tls && !insecureHttp && !isLoopback) throw WritError.of("WRIT8412", { host });
}

function urlOf(host: string, port: number, { tls }: ServeOptions): string {
  return `${tls ? "https" : "http"}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
