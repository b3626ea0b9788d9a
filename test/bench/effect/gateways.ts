/** Many gateways in one process, each opened as anybody opens one and verifying all by itself: for effect.ts. */
import { type LiveGateway, openGateway } from "../../../src/client/index.ts";
import { bases } from "../../decide/estate.ts";
import { gatewayToken } from "../../server/start.ts";
import { answerBy, clock, type Usage, usage } from "./messages.ts";
import type { Place } from "./publisher.ts";

export interface GatewaysParameters extends Place {
  /** Numbers of the first one and of the one after the last. */
  readonly from: number;
  readonly to: number;
}

export interface Acknowledged {
  readonly jti: string;
  readonly sequence: number;
  /** Milliseconds of the common clock. */
  readonly at: number;
}

export type GatewaysQuestions = {
  /** From now on requests are made with this token; how many are allowed. */
  readonly watch: { readonly ask: { readonly jti: string }; readonly answer: number };
  /** When each gateway refused that token as revoked, once all have. */
  readonly enforced: { readonly ask: undefined; readonly answer: readonly number[] };
  /** When each gateway decided by a policy of this sequence, once all do. */
  readonly released: { readonly ask: { readonly sequence: number }; readonly answer: readonly number[] };
  /** Notes from now on when each gateway enforces which head. */
  readonly record: { readonly ask: undefined; readonly answer: undefined };
  /** What was noted, for all that was acknowledged: how long each took on each gateway, and how many are missing anywhere. */
  readonly recorded: {
    readonly ask: readonly Acknowledged[];
    readonly answer: { readonly times: readonly number[]; readonly missing: number };
  };
  /** With the bytes of all answers that came in. */
  readonly usage: { readonly ask: undefined; readonly answer: Usage & { readonly received: number } };
};

const { gatewayUrl, root, ahead, from, to } = JSON.parse(process.argv[2]!) as GatewaysParameters;
let received = 0;

const counted: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  received += Number(response.headers.get("content-length"));
  return response;
};

function open(number: number): Promise<LiveGateway> {
  const name = `edge-${number}`;
  return openGateway({
    root: Buffer.from(root, "base64"),
    url: gatewayUrl,
    id: name,
    token: gatewayToken(name),
    environment: { fetch: counted, wall: () => clock() + ahead },
  });
}

const gateways: LiveGateway[] = [];
for (let number = from; number < to; number++) gateways.push(await open(number));
for (const gateway of gateways) await gateway.ready();

const { time: _time, ...base } = bases.mtls;
let jti = "none yet";
/** When each of them did what is waited for. */
let times: number[] = [];
let isDone: (gateway: LiveGateway) => boolean = () => false;
let done = new Set<LiveGateway>();
let finish: (() => void) | undefined;

/** The head of each gateway by when it came into force. */
type Noted = { readonly sequence: number; readonly at: number }[];
const noted = new Map<LiveGateway, Noted>();
let isNoting = false;

const reasonOf = (gateway: LiveGateway, name: string) =>
  gateway.decide({ ...base, token: { ...base.token, jti: name } }).reason;

function look(gateway: LiveGateway): void {
  if (isNoting) noted.get(gateway)!.push({ sequence: gateway.health().head?.sequence ?? 0, at: clock() });
  if (done.has(gateway) || !isDone(gateway)) return;
  times.push(clock());
  done.add(gateway);
  if (done.size === gateways.length) finish?.();
}

function expect(condition: typeof isDone): void {
  isDone = condition;
  times = [];
  done = new Set();
}

async function all(): Promise<readonly number[]> {
  if (done.size < gateways.length)
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  return times;
}

for (const gateway of gateways) gateway.onChange(() => look(gateway));

answerBy<GatewaysQuestions>({
  watch(watched) {
    jti = watched.jti;
    const allowed = gateways.filter((gateway) => reasonOf(gateway, jti) === "granted").length;
    expect((gateway) => reasonOf(gateway, jti) === "revoked");
    return allowed;
  },
  enforced: all,
  released({ sequence }) {
    expect((gateway) => gateway.health().policy?.sequence === sequence);
    for (const gateway of gateways) look(gateway);
    return all();
  },
  record() {
    for (const gateway of gateways) noted.set(gateway, []);
    isNoting = true;
    return undefined;
  },
  recorded(acknowledged) {
    isNoting = false;
    let missing = 0;
    const took: number[] = [];
    for (const gateway of gateways) {
      const heads = noted.get(gateway)!;
      let next = 0;
      for (const { jti: name, sequence, at } of acknowledged) {
        if (reasonOf(gateway, name) !== "revoked") missing++;
        while (next < heads.length && heads[next]!.sequence < sequence) next++;
        if (next < heads.length) took.push(heads[next]!.at - at);
      }
    }
    const sorted = Float64Array.from(took).sort();
    // Enough to tell every thousandth, and the ends.
    return {
      times: Array.from({ length: 1001 }, (_, index) => sorted[Math.floor((index * (sorted.length - 1)) / 1000)]!),
      missing,
    };
  },
  usage: () => ({ ...usage(), received }),
});
