/** What stands where the sidecar should: every way to be no sidecar. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { answered } from "../../src/sidecar/names.ts";
import { words } from "./world.ts";

const http = (status: string, headers: readonly string[] = [], body = "") =>
  `HTTP/1.1 ${[status, ...headers, `Content-Length: ${body.length}`, "Connection: close"].join("\r\n")}\r\n\r\n${body}`;

const proof = (text: string) => `${answered.proof}: ${text}`;
const nonceIn = (question: string) => /^x-writ-question: ([0-9a-f]{32})\r$/im.exec(question)?.[1] ?? "";
const other = "0".repeat(32);

type Behave = (socket: Socket, question: string) => void;
const says =
  (text: string | ((question: string) => string)): Behave =>
  (socket, question) =>
    socket.end(typeof text === "string" ? text : text(question));

/** By what it does; each of them must come to a refusal. */
export const broken: Readonly<Record<string, Behave>> = {
  "takes the question and says nothing": () => {},
  "answers half a second late": (socket, question) => {
    setTimeout(() => socket.end(http("200 OK", [proof(`${words.answer}.${nonceIn(question)}`)])), 500).unref();
  },
  "answers 500": says(http("500 Internal Server Error")),
  "answers 503": says(http("503 Service Unavailable")),
  "answers 302 to somewhere": says(http("302 Found", ["Location: http://127.0.0.1:1/"])),
  "answers 404": says(http("404 Not Found")),
  "answers 429": says(http("429 Too Many Requests")),
  "answers 100 and nothing more": (socket) => void socket.write("HTTP/1.1 100 Continue\r\n\r\n"),
  "talks no HTTP": says("\x00\x01\x02 this is not HTTP at all\r\n\r\n"),
  "talks another protocol": says("SSH-2.0-OpenSSH_9.2\r\n"),
  "answers with random bytes": says(
    Array.from({ length: 600 }, (_, i) => String.fromCharCode((i * 97) % 256)).join(""),
  ),
  "breaks off in the status line": says("HTTP/1.1 20"),
  "breaks off in the headers": says(`HTTP/1.1 200 OK\r\n${answered.proof}: ${words.answer}`),
  "stops in the headers and stays": (socket) => void socket.write(`HTTP/1.1 200 OK\r\n${answered.proof}: `),
  "closes at once": (socket) => socket.end(),
  "resets the connection": (socket) => socket.resetAndDestroy(),
  "says 200 and nothing of ours": says(http("200 OK")),
  "says 200 with a page": says(http("200 OK", ["Content-Type: text/html"], "<h1>It works!</h1>")),
  "says 204": says(http("204 No Content")),
  "says 200 with an empty proof": says(http("200 OK", [proof("")])),
  "says 200 with another proof": says(http("200 OK", [proof("1"), "x-caller: root"])),
  "says 200 with the proof of who asks": says((question) =>
    http("200 OK", [proof(`${words.ask}.${nonceIn(question)}`)]),
  ),
  "gives back the question as its headers": says((question) =>
    http("200 OK", [`x-writ-secret: ${words.ask}`, proof(nonceIn(question))]),
  ),
  "says 200 with the proof in another header": says((question) =>
    http("200 OK", [`x-writ-proof: ${words.answer}.${nonceIn(question)}`]),
  ),
  "says 200 with a proof in capitals": says((question) =>
    http("200 OK", [proof(`${words.answer.toUpperCase()}.${nonceIn(question)}`)]),
  ),
  "says 403 with a proof": says((question) => http("403 Forbidden", [proof(`${words.answer}.${nonceIn(question)}`)])),
  "sends a header of 200,000 bytes": says(http("200 OK", [`x-big: ${"a".repeat(200_000)}`])),
};

/** Those that only the nonce of nginx tells from a sidecar. */
export const brokenForNginx: Readonly<Record<string, Behave>> = {
  "says yes to another question": says(http("200 OK", [proof(`${words.answer}.${other}`)])),
  "says yes to no question": says(http("200 OK", [proof(words.answer)])),
};

export async function startBroken(port: number, behave: Behave): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let question = "";
    socket.on("error", () => socket.destroy());
    socket.on("data", (piece) => {
      const before = question.includes("\r\n\r\n");
      question += piece.toString("latin1");
      if (!before && question.includes("\r\n\r\n")) behave(socket, question);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  if ((server.address() as AddressInfo).port !== port) throw new TypeError("another port");
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
