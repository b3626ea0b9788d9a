/** A small language for what is asked of a server: the explain pages of the 84xx codes are written in it. */
import { connect } from "node:net";
import { WritError } from "../../src/diagnostics/index.ts";
import { type Limits, type ServeOptions, serve } from "../../src/server/index.ts";
import { FakePublisher } from "./fake-publisher.ts";
import { bearer, callersOf, gatewayToken, people, startWith, tokenOf } from "./start.ts";

export type Step =
  | {
      readonly ask: string;
      /** Of the callers; default: nobody. */
      readonly as?: string;
      /** A header that is `null` is left out. */
      readonly headers?: Readonly<Record<string, string | null>>;
      /** JSON, or text as it is, or so many bytes. */
      readonly body?: unknown;
      /** So many at once. */
      readonly times?: number;
    }
  | { readonly raw: string }
  | { readonly limits: Partial<Limits> }
  | { readonly mistake: true }
  | { readonly listen: string; readonly twice?: true };

/** The code of the first step that is refused, or nothing. */
export async function serverVerdict(steps: readonly Step[]): Promise<string | undefined> {
  const limits = steps.find((step) => "limits" in step)?.limits;
  const publisher = new FakePublisher();
  try {
    await using server = await startWith(publisher, limits ? { limits } : {});
    for (const step of steps) {
      let found: string | undefined;
      if ("ask" in step) found = await ask(step, server);
      else if ("raw" in step) found = codeIn(await raw(step.raw, server.gatewayUrl));
      else if ("listen" in step) await listen(step.listen, step.twice === true);
      else if ("mistake" in step)
        publisher.view = () => {
          throw new TypeError("the sentence of a mistake");
        };
      if (found) return found;
    }
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
  return undefined;
}

type Urls = { readonly gatewayUrl: string; readonly adminUrl: string };

async function ask(
  { ask: line, as, headers = {}, body, times = 1 }: Extract<Step, { ask: string }>,
  { gatewayUrl, adminUrl }: Urls,
): Promise<string | undefined> {
  const [method = "", path = ""] = line.split(" ");
  const isPerson = people.some(({ name }) => name === as);
  const credential = as === undefined ? {} : bearer(isPerson ? tokenOf(as) : gatewayToken(as));
  const change = { "content-type": "application/json", "idempotency-key": `key-${Math.random()}` };
  const all = Object.entries({ ...credential, ...(method !== "GET" && change), ...headers });
  const sent = typeof body === "number" ? "x".repeat(body) : typeof body === "string" ? body : JSON.stringify(body);
  const answers = await Promise.all(
    Array.from({ length: times }, async () => {
      const response = await fetch((as === undefined || isPerson ? adminUrl : gatewayUrl) + path, {
        method,
        headers: all.filter((header): header is [string, string] => header[1] !== null),
        ...(method !== "GET" && { body: sent ?? "{}" }),
      });
      return response.status >= 400 ? codeIn(await response.text()) : undefined;
    }),
  );
  return answers.find((code) => code !== undefined);
}

function codeIn(answer: string): string | undefined {
  return /"number":"(WRIT[0-9]{4})"/.exec(answer)?.[1];
}

/** All that is answered to these bytes. */
export function raw(text: string, url: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(text, "latin1"));
    socket.setEncoding("latin1");
    socket.on("data", (piece) => {
      answer += piece;
      if (/\r\n\r\n/.test(answer)) socket.end();
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

async function listen(host: string, twice: boolean): Promise<void> {
  const callers = await callersOf();
  const first = await serve(new FakePublisher(), callers, { admin: { host } });
  try {
    const options: ServeOptions = { admin: { host, port: Number(new URL(first.adminUrl).port) } };
    if (twice) await (await serve(new FakePublisher(), callers, options)).close();
  } finally {
    await first.close();
  }
}
