/** A process with a live gateway and its publisher, which says every 20 ms how it decides: for a test that stops it. */
import { openGateway } from "../../src/client/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { now } from "../gateway/release.ts";
import { TestPublisher } from "./publisher.ts";

const address = "https://policies.example.com";
/** The estate lives at a time of its own. */
const wall = (
  (offset) => () =>
    Date.now() + offset
)(now * 1000 - Date.now());
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
const tiers = estate.tiers.map((tier) => ({ ...tier, revocationDelay: 2 }));
const publisher = await TestPublisher.create(time, { model: { ...estate, tiers } });
publisher.heartbeat = 0.5;
publisher.beat();
const fetch = TestPublisher.network({ [address]: publisher });
const gateway = await openGateway({
  root: publisher.root,
  url: address,
  environment: { fetch, wall, random: () => 0 },
});
await gateway.ready();
const { time: _, ...request } = bases.svid;
let last = performance.now();
setInterval(() => {
  const { reason } = gateway.decide(request);
  const pause = performance.now() - last;
  last = performance.now();
  process.stdout.write(`${JSON.stringify({ reason, pause })}\n`);
}, 20);
