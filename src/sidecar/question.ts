/** A question of a gateway as it came, what it says once it is read, and the answer: what every protocol has in common. */
import type { GatewayDecision, GatewayRequest } from "../client/index.ts";

/** HTTP as it came: nothing is decoded, and a header that came twice is there twice. */
export interface Message {
  readonly method: string;
  readonly target: string;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** What a gateway may assert about a connection besides who asks; each only where the configuration says that it does. */
export const facts = ["certificate", "spiffe", "proof"] as const;
export type Fact = (typeof facts)[number];

/** Why there is no decision. Each is a refusal. */
export type Unasked =
  | "question-untrusted"
  | "question-malformed"
  | "certificate-malformed"
  | "token-malformed"
  | "token-unsigned"
  | "issuer-unknown"
  | "keys-missing"
  | "headers-undeclared"
  | "sidecar-slow"
  | "sidecar-fault";

/** A question that was read: all of the input but what its credential claims, which nobody has verified yet. */
export interface Question {
  readonly input: GatewayRequest;
  /** Every header `Authorization`, as it came. */
  readonly authorization: readonly string[];
  /** The thumbprint of the key by which the gateway says a DPoP proof was made. */
  readonly proof?: string;
  /** What the gateway wants to hear again, so that no answer counts for another question. */
  readonly nonce?: string;
}

export interface Answer {
  readonly status: 200 | 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
}

/** One protocol: two pure functions. */
export interface Protocol {
  toInput(message: Message, facts: ReadonlySet<Fact>): Question | Unasked;
  /** @param words what proves to the gateway that the sidecar said yes */
  fromDecision(decision: GatewayDecision, question: Question, words: Words, declared: ReadonlySet<string>): Answer;
}

/** Both halves of what gateway and sidecar know of each other: see `wordsOf`. */
export interface Words {
  readonly ask: string;
  readonly answer: string;
}

/** The one value of a header; nothing where it did not come, or came more than once, which no gateway of ours lets happen. */
export function only(message: Message, name: string): string | undefined {
  const values = message.headers.get(name);
  return values?.length === 1 ? values[0] : undefined;
}
