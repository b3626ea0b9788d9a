/** HTTP byte by byte: what is sent is what stands in the test, and an answer is told apart from none. */
import { connect } from "node:net";

export interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes to a port or a socket and reads the one answer, until the other side closes. */
export function ask(to: number | string, text: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket = typeof to === "number" ? connect(to, "127.0.0.1") : connect(to);
    socket.setTimeout(10_000, () => socket.destroy(new TypeError("no answer within 10 s")));
    socket.on("connect", () => socket.write(text, "latin1"));
    socket.on("data", (piece) => {
      heard += piece.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => {
      const [head = "", ...rest] = heard.split("\r\n\r\n");
      const [line = "", ...lines] = head.split("\r\n");
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]);
      if (Number.isNaN(status)) return reject(new TypeError(`no answer: ${JSON.stringify(heard.slice(0, 80))}`));
      const headers = Object.fromEntries(
        lines.map((each) => [each.slice(0, each.indexOf(":")).toLowerCase(), each.slice(each.indexOf(":") + 1).trim()]),
      );
      return resolve({ status, headers, body: rest.join("\r\n\r\n") });
    });
  });
}

/** A request as text: the connection ends after it. */
export function request(line: string, host: string, headers: readonly string[] = [], body = ""): string {
  const length = body === "" ? [] : [`Content-Length: ${body.length}`];
  return `${[`${line} HTTP/1.1`, `Host: ${host}`, ...headers, ...length, "Connection: close"].join("\r\n")}\r\n\r\n${body}`;
}
