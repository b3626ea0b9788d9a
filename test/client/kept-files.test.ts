/** What is kept for the next start: in order, read back at once, and never waited for. */
import { expect, test } from "vitest";
import type { WritError } from "../../src/client/index.ts";
import { KeptFiles } from "../../src/client/kept-files.ts";
import { mapStore, utf8 } from "../trust/repository.ts";
import { settle } from "./simulation.ts";
import { newWorld, requestOf } from "./world.ts";

const ignore = { onProblem: () => {}, onRemoved: () => {} };

test("files reach a slow store in their order, each as it is last, and can be read before", async () => {
  const written: string[] = [];
  let go = () => {};
  const slow = {
    ...mapStore(),
    write: async (name: string, bytes: Uint8Array) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      written.push(`${name} ${new TextDecoder().decode(bytes)}`);
    },
    remove: async (name: string) => void written.push(`no ${name}`),
  };
  const files = new KeptFiles(slow, ignore);
  await files.write("a", utf8("1"));
  await files.write("b", utf8("1"));
  await files.write("a", utf8("2"));
  await files.remove("c");
  await files.write("b", utf8("2"));
  expect(new TextDecoder().decode(await files.read("a"))).toBe("2");
  expect(await files.read("c")).toBeUndefined();
  for (let turn = 0; turn < 5; turn++) {
    go();
    await settle();
  }
  await files.written();
  expect(written).toEqual(["a 1", "a 2", "no c", "b 2"]);
});

test("what a full store does not take is held, said, and given to it when it has room", async () => {
  let isFull = true;
  const inner = mapStore();
  const store = {
    ...inner,
    write: (name: string, bytes: Uint8Array) =>
      isFull ? Promise.reject(new TypeError("no space left")) : inner.write(name, bytes),
  };
  const problems: (string | undefined)[] = [];
  const onProblem = (problem: WritError | undefined) => problems.push(problem?.code);
  const files = new KeptFiles(store, { ...ignore, onProblem });
  await files.write("a", utf8("1"));
  await settle();
  expect(problems).toEqual(["WRIT9304"]);
  expect(await files.read("a")).toEqual(utf8("1"));
  isFull = false;
  await files.write("b", utf8("2"));
  await files.written();
  expect(problems).toEqual(["WRIT9304", undefined]);
  expect(inner.files).toEqual(
    new Map([
      ["a", utf8("1")],
      ["b", utf8("2")],
    ]),
  );
});

test("a revocation is enforced while the disk stands still, and pieces that are gone are forgotten", async () => {
  const { simulation, publisher, open } = await newWorld();
  const inner = mapStore();
  let isStill = false;
  const store = {
    ...inner,
    write: (name: string, bytes: Uint8Array) => (isStill ? new Promise<void>(() => {}) : inner.write(name, bytes)),
  };
  const gateway = await open({ store });
  await simulation.pass(3);
  const many = Array.from({ length: 600 }, (_, index) => ["identities", `nobody-${index}`] as const);
  await publisher.revoke(...many);
  await simulation.pass(0.1);
  expect([...inner.files.keys()].filter((name) => name.startsWith("revocations/"))).toHaveLength(2);
  for (const path of many.slice(0, 100)) await publisher.omit(path);
  await simulation.pass(0.1);
  expect([...inner.files.keys()].filter((name) => name.startsWith("revocations/"))).toHaveLength(1);
  isStill = true;
  await publisher.revoke(["identities", "auditor"]);
  await simulation.pass(0.1);
  expect(gateway.decide(requestOf("svid"))).toMatchObject({ reason: "revoked" });
  isStill = false;
});
