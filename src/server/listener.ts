/** A port: Node's server with our limits, over TLS or not. Whatever is not HTTP as the standard spells it ends here. */
import { createHash, X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { WritError } from "../diagnostics/index.ts";
import type { Connections } from "./connections.ts";
import { refusalOf } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Tls } from "./options.ts";

interface ListenerOptions {
  readonly limits: Limits;
  readonly connections: Connections;
  readonly tls?: Tls | undefined;
  readonly refused: (error: WritError) => void;
}

export function makeListener(handler: RequestListener, options: ListenerOptions): Server {
  const { limits, connections, tls } = options;
  const settings = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: limits.checkEvery,
    keepAliveTimeout: limits.requestTimeout,
    insecureHTTPParser: false,
  };
  const server = tls
    ? createSecureServer(
        {
          ...settings,
          cert: tls.certificate,
          key: tls.key,
          minVersion: "TLSv1.2",
          handshakeTimeout: limits.headersTimeout,
          // A caller is known by the thumbprint of its certificate, whoever issued it.
          requestCert: true,
          rejectUnauthorized: false,
        },
        handler,
      )
    : createServer(settings, handler);
  // Headers are counted where the request is looked at; here the surplus would be dropped without a word.
  server.maxHeadersCount = 0;
  server.prependListener("connection", (socket: Socket) => {
    if (connections.enter(socket)) return;
    const error = WritError.of("WRIT8408", { shortage: "connections" });
    options.refused(error);
    if (tls) socket.destroy();
    else endWith(socket, error);
  });
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => connections.opened(socket));
  server.prependListener("request", ({ socket }) => connections.asked(socket));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const refusal = unreadable(error.code ?? "");
    options.refused(refusal);
    endWith(socket, refusal);
  });
  server.on("connect", (_request, socket) => refuseTunnel(socket, options));
  return server;
}

function unreadable(code: string): WritError {
  if (code === "HPE_HEADER_OVERFLOW") return WritError.of("WRIT8409", { fault: "headers" });
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return WritError.of("WRIT8409", { fault: "slow" });
  return WritError.of("WRIT8409", { fault: "syntax" });
}

function refuseTunnel(socket: Duplex, { refused }: ListenerOptions): void {
  const error = WritError.of("WRIT8409", { fault: "syntax" });
  refused(error);
  endWith(socket, error);
}

/** An answer where there is no request yet: then nothing more is read. */
function endWith(socket: Duplex, error: WritError): void {
  const { problem, headers, status } = refusalOf(error);
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${statusOf(error, status)} Refused`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.on("error", () => socket.destroy());
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** Requests that can't be read have three statuses for one code (RFC 9110 §15.5.9, RFC 6585 §5). */
export function statusOf(error: WritError, status: number): number {
  if (error.code !== "WRIT8409") return status;
  const { fault } = error.parameters;
  return fault === "slow" ? 408 : fault === "headers" ? 431 : status;
}

export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, 4096, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    throw WritError.of("WRIT8413", { host, port, problem: (error as NodeJS.ErrnoException).code ?? "" }, error);
  }
  return (server.address() as AddressInfo).port;
}

interface Presented {
  readonly thumbprint: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

const presented = new WeakMap<object, Presented | undefined>();

/** SHA-256 of the client's certificate, where one was presented and is in its time: the handshake proved that its key is there. */
export function certificateOf({ socket }: IncomingMessage, now: number): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  if (!presented.has(socket)) presented.set(socket, presentedOn(socket));
  const found = presented.get(socket);
  // A connection may outlive it.
  return found && now * 1000 >= found.from && now * 1000 <= found.until ? found.thumbprint : undefined;
}

function presentedOn(socket: TLSSocket): Presented | undefined {
  const { raw } = socket.getPeerCertificate();
  if (!raw) return undefined;
  const { validFrom, validTo } = new X509Certificate(raw);
  const thumbprint = createHash("sha256").update(raw).digest("hex");
  return { thumbprint, from: Date.parse(validFrom), until: Date.parse(validTo) };
}
