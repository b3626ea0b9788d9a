/** A question in, an answer out, always and in time: whatever else happens is a refusal. */
import type { GatewayDecision, GatewayRequest } from "../client/index.ts";
import { envoy } from "./envoy.ts";
import { asked } from "./names.ts";
import { nginx } from "./nginx.ts";
import { type Answer, type Fact, type Message, only, type Protocol, type Unasked, type Words } from "./question.ts";
import { refusal } from "./reading.ts";
import { type Issuers, verifiedToken } from "./token.ts";
import { isWord } from "./words.ts";

export const protocols = { nginx, envoy } as const satisfies Record<string, Protocol>;
export type ProtocolName = keyof typeof protocols;

export interface SidecarOptions {
  readonly protocol: ProtocolName;
  readonly words: Words;
  readonly issuers: Issuers;
  readonly facts: ReadonlySet<Fact>;
  /** The headers of decisions, in lower case, that the gateway hands on to upstreams. */
  readonly upstreamHeaders: ReadonlySet<string>;
  readonly decide: (request: GatewayRequest) => GatewayDecision;
  /** What went wrong inside, for a person. */
  readonly onFault: (error: unknown) => void;
  /** Milliseconds after which the answer is no. Default 150: below what the printed configurations wait for. */
  readonly deadline?: number;
}

const DEADLINE = 150;

export async function answerTo(message: Message, options: SidecarOptions): Promise<Answer> {
  const { promise: late, resolve } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => resolve(refusal("sidecar-slow" satisfies Unasked)), options.deadline ?? DEADLINE);
  try {
    return await Promise.race([decided(message, options), late]);
  } catch (error) {
    options.onFault(error);
    return refusal("sidecar-fault" satisfies Unasked);
  } finally {
    clearTimeout(timer);
  }
}

async function decided(message: Message, options: SidecarOptions): Promise<Answer> {
  const { words, facts, issuers, upstreamHeaders } = options;
  const protocol: Protocol = protocols[options.protocol];
  // Nobody but the gateway may assert whose request it is.
  if (!isWord(only(message, asked.secret), words.ask)) return refusal("question-untrusted" satisfies Unasked);
  const question = protocol.toInput(message, facts);
  if (typeof question === "string") return refusal(question);
  const verified = await verifiedToken(question, issuers);
  if (typeof verified === "string") return refusal(verified);
  const decision = options.decide({ ...question.input, ...verified });
  return protocol.fromDecision(decision, question, words, upstreamHeaders);
}
