/** Connections on which a test writes byte by byte what no client would. */
import { connect, type Socket } from "node:net";

export interface RawConnection {
  readonly socket: Socket;
  /** What came so far. */
  read(): string;
  write(text: string): void;
  /** Milliseconds after which the other side has closed it. */
  readonly closed: Promise<number>;
}

export function open(url: string, text: string, from?: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  const pieces: string[] = [];
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname, ...(from !== undefined && { localAddress: from }) });
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => pieces.push(piece));
    const closed = new Promise<number>((settle) => {
      socket.on("close", () => settle(performance.now() - begun));
    });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => {});
      socket.write(text, "latin1");
      resolve({
        socket,
        read: () => pieces.join(""),
        write: (more) => {
          if (!socket.destroyed) socket.write(more, "latin1");
        },
        closed,
      });
    });
  });
}
