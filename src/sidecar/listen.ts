/** The sidecar's port: loopback or a Unix socket, plain HTTP, nothing read that no question needs. */
import { chmodSync, lstatSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { WritError } from "../diagnostics/index.ts";
import type { Answer, Message } from "./question.ts";
import { refusal } from "./reading.ts";
import { answerTo, type SidecarOptions } from "./sidecar.ts";

export type Listening =
  | { readonly kind: "port"; readonly host: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

export interface RunningSidecar {
  /** Where it listens: `127.0.0.1:9180`, or the path of its socket. */
  readonly address: string;
  close(): Promise<void>;
}

/** More than nginx lets a request have, and than what it adds to it. */
const HEADER_BYTES = 64 * 1024;
/** Longer than gateways keep a connection, so that none is closed while a question is on its way. */
const KEEP_ALIVE = 75_000;
const HEADERS_TIMEOUT = 5000;

/** @throws WritError `sidecar-port` where it can't listen */
export async function startSidecar(listening: Listening, options: SidecarOptions): Promise<RunningSidecar> {
  const server = createServer(
    { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT, keepAliveTimeout: KEEP_ALIVE },
    (request, response) => void serve(request, response, options),
  );
  // What is not HTTP gets no answer that a gateway could take for one.
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("connect", (_request, socket) => socket.destroy());
  server.on("upgrade", (_request, socket) => socket.destroy());
  await listen(server, listening);
  return {
    address:
      listening.kind === "socket" ? listening.path : `${listening.host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, options: SidecarOptions): Promise<void> {
  // No question has a body; what comes all the same is not kept.
  request.resume();
  response.on("error", () => response.destroy());
  const answer = await answerTo(messageOf(request), options);
  try {
    send(response, answer);
  } catch (error) {
    // A header that HTTP can't carry (RFC 9110 §5.5): nothing of this answer was sent.
    options.onFault(error);
    send(response, refusal("sidecar-fault"));
  }
}

function send(response: ServerResponse, { status, headers }: Answer): void {
  response.writeHead(status, { ...headers, "cache-control": "no-store", "content-length": "0" });
  response.end();
}

/** From the lines themselves: Node joins some headers and drops copies of others. */
function messageOf({ method = "", url = "", rawHeaders }: IncomingMessage): Message {
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1]!]);
  }
  return { method, target: url, headers };
}

async function listen(server: Server, listening: Listening): Promise<void> {
  const socket = listening.kind === "socket" ? listening.path : undefined;
  try {
    if (socket !== undefined) await removeDead(socket);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      const ready = () => {
        server.off("error", reject);
        resolve();
      };
      if (listening.kind === "socket") server.listen(listening.path, ready);
      else server.listen(listening.port, listening.host, ready);
    });
    // The gateway's user needs the group; nobody else may ask.
    if (socket !== undefined) chmodSync(socket, 0o660);
  } catch (error) {
    const address = listening.kind === "socket" ? listening.path : `${listening.host}:${listening.port}`;
    throw WritError.of("WRIT9402", { address, problem: (error as NodeJS.ErrnoException).code ?? "" }, error);
  }
}

/** A socket that a process left behind when it was killed; one that somebody listens on stays, and so does any other file. */
async function removeDead(path: string): Promise<void> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const isDead = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
  });
  if (isDead) rmSync(path, { force: true });
}
