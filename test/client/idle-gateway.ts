/** A process that opens a gateway of a publisher that is not there, and does nothing more; or waits for one that comes late. */
import { openGateway } from "../../src/client/index.ts";
import { now } from "../gateway/release.ts";
import { TestPublisher } from "./publisher.ts";

const offset = now * 1000 - Date.now();
const wall = () => Date.now() + offset;
const time = { seconds: now, monotonic: 0, after: () => () => {} };
const publisher = await TestPublisher.create(time);
const address = "https://policies.example.com";
const isThere = process.argv[2] === "yes";
const fetch = TestPublisher.network(isThere ? { [address]: publisher } : {});
const gateway = await openGateway({ root: publisher.root, url: address, environment: { fetch, wall } });
// Without it the process would end here, before the first poll.
if (isThere && !(await gateway.ready())) process.exitCode = 1;
