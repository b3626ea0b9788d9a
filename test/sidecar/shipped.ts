/** A real gateway with the configuration that ships, bent where a test says so, between an upstream and the place of a sidecar. */
import { envoyConfiguration, nginxConfiguration, type Settings } from "../../src/sidecar/index.ts";
import { freePorts, type ProxyName, startProxy } from "./proxies.ts";
import { upstream, upstreamHeaders, words } from "./world.ts";

const configurations = { nginx: nginxConfiguration, envoy: envoyConfiguration };

interface Bent {
  /** The socket on which the sidecar listens, instead of a port. */
  readonly socket?: string;
  readonly bend?: (configuration: string) => string;
  /** What else stands in the `http` block of nginx. */
  readonly beside?: string;
}

export async function shipped(name: ProxyName, { socket, bend = (text) => text, beside }: Bent = {}) {
  const [port = 0, sidecarPort = 0] = await freePorts(2);
  const behind = await upstream();
  const settings: Settings = {
    sidecar:
      socket === undefined ? { kind: "port", host: "127.0.0.1", port: sidecarPort } : { kind: "socket", path: socket },
    words,
    upstreamHeaders,
    front: { host: "127.0.0.1", port },
    behind: { host: "127.0.0.1", port: behind.port },
  };
  const proxy = await startProxy(name, port, bend(configurations[name](settings)), beside);
  return {
    port,
    sidecarPort,
    reached: behind.reached,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await behind[Symbol.asyncDispose]();
    },
  };
}

export type Shipped = Awaited<ReturnType<typeof shipped>>;
