/** What it costs to know the time: `decide` of a live gateway beside that of the gateway in it, and its two clocks. Prints nanoseconds. */
import { openGateway } from "../../src/client/index.ts";
import { Gateway } from "../../src/gateway/index.ts";
import { bases } from "../decide/estate.ts";
import { keys, now, release } from "../gateway/release.ts";
import { TestPublisher } from "./publisher.ts";

const address = "https://policies.example.com";
const offset = now * 1000 - Date.now();
const wall = () => Date.now() + offset;
const after = (milliseconds: number, call: () => void) => {
  const timer = setTimeout(call, milliseconds);
  return () => clearTimeout(timer);
};
const time = {
  get seconds() {
    return Math.floor(wall() / 1000);
  },
  get monotonic() {
    return performance.now();
  },
  after,
};
const publisher = await TestPublisher.create(time);
publisher.beat();
const fetch = TestPublisher.network({ [address]: publisher });
const live = await openGateway({ root: publisher.root, url: address, environment: { fetch, wall, random: () => 0 } });
await live.ready();
const core = new Gateway(keys);
await core.load(await release());
core.setRevocations({ at: now, floor: 0 });
const { time: _, ...request } = bases.mtls;
const input = bases.mtls;
const COUNT = 20_000;

/** Nanoseconds of this process alone: other programs on the machine take time too. */
function measure(isSo: () => boolean): number {
  let times = 0;
  const before = process.cpuUsage();
  for (let count = 0; count < COUNT; count++) if (isSo()) times++;
  const { user, system } = process.cpuUsage(before);
  if (times !== COUNT) process.stdout.write(`only ${times} of ${COUNT}\n`);
  return ((user + system) * 1000) / COUNT;
}

const measured = [
  () => core.decide(input).allow,
  () => live.decide(request).allow,
  () => Math.max(wall(), performance.now()) > 0,
] as const;
const taken = measured.map(() => [] as number[]);
for (let round = 0; round < 60; round++) {
  for (const [index, list] of taken.entries()) list.push(measure(measured[index]!));
  // A live gateway lives by what comes in.
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const [plain = 0, following = 0, clocks = 0] = taken.map((list) => list.slice(10).sort((a, b) => a - b)[5]);
process.stdout.write(
  `gateway ${plain.toFixed(0)} ns, live gateway ${following.toFixed(0)} ns: ${(following - plain).toFixed(0)} ns more, of which ${clocks.toFixed(0)} ns are two clocks\n`,
);
await live.close();
process.exit(0);
