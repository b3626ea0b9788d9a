/** What a credential says besides who it names: for whom it is, how it was presented, which scopes it carries. */
import { limits, lookupIn, type Method, own, presentedBy, readRegistered } from "../model/index.ts";
import type { CallerClass, CallerSide } from "./classes.ts";
import { type Atom, and, ask, type Dimension, type Formula, or, type Question } from "./formula.ts";
import { inWords } from "./words.ts";

/** Whether the claims that every token has are what they should be: row 1. */
const registered: Dimension<boolean> = {
  key: "registered claims",
  rank: 2,
  read: ({ input }) => readRegistered(input.token ?? {}) !== undefined,
  write: (fits, draft) => {
    if (!fits) draft.isMalformed = true;
  },
  pool: () => [true, false],
  words: (cells) =>
    cells.some((cell) => cell.values[0]) ? "the token is well-formed" : "the token's registered claims are malformed",
};

export function isRegistered(): Formula {
  return ask({ dimension: registered, key: "fits", holds: (value: boolean) => value });
}

type Side = "after" | "before";
type Peer = CallerClass["peers"][number] | undefined;

/** Row 1: whether the peer shows no SVID, or one of the identity that the token names. */
export function peerAgrees(caller: CallerClass, side: Side): Formula {
  return ask({ dimension: peerOf(caller), key: side, holds: (peer: Peer) => peer === undefined || peer[side] });
}

function peerOf(caller: CallerClass): Dimension<Peer> {
  return {
    key: "peer",
    rank: 2,
    read: ({ input }) => {
      const spiffe = input.peer?.spiffe;
      if (spiffe === undefined) return undefined;
      const names = (side: CallerSide) =>
        side.identity !== undefined && lookupIn(side.model).identityOfSpiffe(spiffe) === side.identity;
      return { before: names(caller.before), after: names(caller.after), spiffe };
    },
    write: (peer, draft) => {
      if (peer) draft.peer = { ...draft.peer, spiffe: peer.spiffe };
    },
    pool: () => [undefined, ...caller.peers],
    words: (cells, others) =>
      inWords(cells, others, (key, answer) => {
        const then = key === "before" ? ", before" : "";
        return answer
          ? `the peer's SVID does not contradict the token${then}`
          : `the peer's SVID names another identity than the token${then}`;
      }),
  };
}

interface AudienceAtom extends Atom<readonly string[]> {
  readonly audience?: string;
  readonly most?: number;
}

/** Row 4: whom the token names. */
const audiences: Dimension<readonly string[]> = {
  key: "audiences",
  rank: 3,
  read: ({ input }) => {
    const value = own(input.token ?? {}, "aud");
    return typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  },
  write: (value, draft) => {
    draft.token = { ...draft.token, aud: value.length === 1 ? value[0] : [...value] };
  },
  pool: (atoms) => {
    const named = new Set(atoms.flatMap(({ audience }: AudienceAtom) => audience ?? []));
    const most = Math.max(1, ...atoms.map(({ most = 1 }: AudienceAtom) => most));
    const fillers = Array.from({ length: limits.audiences }, (_, n) => `https://another-${n + 1}.example`);
    return subsetsOf([...named].sort()).flatMap((some) =>
      Array.from({ length: Math.min(most + 1, limits.audiences) - some.length + 1 }, (_, more) => [
        ...some,
        ...fillers.filter((filler) => !named.has(filler)).slice(0, more),
      ]),
    );
  },
  words: (cells, others) =>
    inWords(cells, others, (key, answer) => {
      const [relation, what] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
      if (relation === "names") return `the token is ${answer ? "" : "not "}for ${what}`;
      return `the token names ${answer ? "at most" : "more than"} ${what} ${what === "1" ? "audience" : "audiences"}`;
    }),
};

export function isFor(audience: string, most: number): Formula {
  const named: AudienceAtom = {
    dimension: audiences,
    key: `names ${audience}`,
    audience,
    holds: (value) => value.includes(audience),
  };
  const few: AudienceAtom = { dimension: audiences, key: `few ${most}`, most, holds: (value) => value.length <= most };
  return and(ask(named), ask(few));
}

/** How a token was presented. */
interface Presentation {
  /** Whether it names a key or a certificate that it is bound to. */
  readonly isBound: boolean;
  /** Those bindings that hold; none where one does not. */
  readonly methods: readonly Method[];
}

/** Row 5. */
const presentation: Dimension<Presentation> = {
  key: "presentation",
  rank: 5,
  read: readPresentation,
  write: ({ isBound, methods }, draft) => {
    const [certificate, key] = ["certificate", "key"];
    if (!isBound) return;
    const [byCertificate, byKey] = [methods.includes("mtls"), methods.includes("dpop")];
    const confirmation = {
      ...(byCertificate && { "x5t#S256": certificate }),
      ...(!byCertificate || byKey ? { jkt: key } : {}),
    };
    draft.token = { ...draft.token, cnf: confirmation };
    if (byCertificate) draft.peer = { ...draft.peer, "x5t#S256": certificate };
    if (byKey) draft.proof = { jkt: key };
  },
  pool: () => [
    { isBound: true, methods: ["mtls"] },
    { isBound: true, methods: ["dpop"] },
    { isBound: false, methods: ["bearer"] },
    { isBound: true, methods: ["mtls", "dpop"] },
    { isBound: true, methods: [] },
  ],
  words: (cells, others) =>
    inWords(cells, others, (key, answer) => {
      if (key === "bound") return `the token is ${answer ? "bound" : "a bearer token"}`;
      return answer ? `it is presented by ${key}` : `it is not presented by ${key}`;
    }),
};

function readPresentation({ input }: Question): Presentation {
  const token = readRegistered(input.token ?? {});
  // Of what is malformed nobody asks further.
  if (!token) return { isBound: false, methods: ["bearer"] };
  const methods = presentedBy({ kind: "token", token } as Parameters<typeof presentedBy>[0], input);
  return { isBound: token.confirmation !== undefined, methods };
}

export function isBound(): Formula {
  return ask({ dimension: presentation, key: "bound", holds: (value: Presentation) => value.isBound });
}

/** Whether a token was presented in one of the ways. */
export function isPresentedBy(accepted: readonly Method[]): Formula {
  const ways = accepted.filter((method) => method === "bearer" || method === "dpop" || method === "mtls");
  return or(
    ...ways.map((method) =>
      ask({
        dimension: presentation,
        key: method,
        holds: ({ methods }: Presentation) => methods.includes(method),
      }),
    ),
  );
}

const identifier: Dimension<boolean> = {
  key: "token id",
  rank: 5,
  read: ({ input }) => own(input.token ?? {}, "jti") !== undefined,
  write: (has, draft) => {
    if (has) draft.token = { ...draft.token, jti: "example" };
  },
  pool: () => [true, false],
  words: (cells) => (cells.some((cell) => cell.values[0]) ? "the token has a `jti`" : "the token has no `jti`"),
};

/** Row 3: the token can be named by a revocation. */
export function hasId(): Formula {
  return ask({ dimension: identifier, key: "has", holds: (value: boolean) => value });
}

/** From the whole one to the empty one. */
function subsetsOf(items: readonly string[]): readonly (readonly string[])[] {
  const [first, ...more] = items;
  if (first === undefined) return [[]];
  const rest = subsetsOf(more);
  return [...rest.map((some) => [first, ...some]), ...rest];
}
