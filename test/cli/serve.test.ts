/** `writ serve`: what is begun ends with it, also where it can't begin. */
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { serveEstate } from "../../src/cli/serve.ts";
import { memoryStore } from "../../src/store/index.ts";
import { writ } from "./run.ts";

test("a port that is taken ends the publisher too: it does not go on to sign heads that nobody can ask for", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const { host } = await writ(`publisher new publisher --gateway-port ${port}`);
  const store = memoryStore();
  let closed = 0;
  const close = store.close.bind(store);
  store.close = async () => {
    closed++;
    await close();
  };
  await expect(serveEstate(host, "publisher/publisher.json", async () => store)).rejects.toMatchObject({
    code: "WRIT8413",
  });
  expect(closed).toBe(1);
  other.close();
});
