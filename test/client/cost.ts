/** What it costs to know the time: `decide` of a live gateway beside that of the gateway in it. Prints nanoseconds. */
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
function measure(decide: () => { readonly allow: boolean }): number {
  let allowed = 0;
  const before = process.cpuUsage();
  for (let count = 0; count < COUNT; count++) if (decide().allow) allowed++;
  const { user, system } = process.cpuUsage(before);
  if (allowed !== COUNT) process.stdout.write(`only ${allowed} of ${COUNT} were allowed\n`);
  return ((user + system) * 1000) / COUNT;
}

const taken: [number[], number[]] = [[], []];
for (let round = 0; round < 60; round++) {
  taken[0].push(measure(() => core.decide(input)));
  taken[1].push(measure(() => live.decide(request)));
  // A live gateway lives by what comes in.
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const [plain, following] = taken.map((list) => list.slice(10).sort((a, b) => a - b)[5]!);
process.stdout.write(
  `gateway ${plain!.toFixed(0)} ns, live gateway ${following!.toFixed(0)} ns: ${(following! - plain!).toFixed(0)} ns more\n`,
);
await live.close();
process.exit(0);
