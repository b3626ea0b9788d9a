/** One request to a server, by Node: bounded in size and time, no redirect, and a certificate of our own where one is wanted. */
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import type { HostRequest, HostResponse } from "./host.ts";

export function send(asked: HostRequest): Promise<HostResponse | string> {
  const { method, url, headers, body, certificate, key, authorities, limit, patience } = asked;
  const secure = url.startsWith("https:");
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(Math.ceil(patience));
    const options = { method, headers: { ...headers, "content-length": body?.length ?? 0 }, signal, agent: false };
    const credentials = { cert: certificate, key, ca: authorities, minVersion: "TLSv1.2" } as const;
    const sent = secure ? requestSecure(url, { ...options, ...credentials }) : requestPlain(url, options);
    sent.on("error", ({ message }) =>
      resolve(signal.aborted ? `no answer within ${patience / 1000} seconds` : message),
    );
    sent.on("response", (response) => {
      const pieces: Uint8Array[] = [];
      let length = 0;
      response.on("data", (piece: Uint8Array) => {
        length += piece.length;
        pieces.push(piece);
        if (length > limit) {
          resolve(`the answer is longer than ${limit} bytes`);
          sent.destroy();
        }
      });
      response.on("error", ({ message }) => resolve(message));
      response.on("end", () => {
        const single = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(single), body: Buffer.concat(pieces) });
      });
    });
    sent.end(body);
  });
}
