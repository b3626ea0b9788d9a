/**
 * The words that policies are written in: what authors import from "writ", and read when they hover.
 *
 * Policy files are compiled, never executed. These declarations exist so that an editor completes and checks them;
 * at run time the module is empty, and a policy file that is run by mistake stops at its first import.
 */

declare const kind: unique symbol;
declare const holds: unique symbol;

// ── Small things ─────────────────────────────────────────────────────────────

type Month = "01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12";

/** A day, `"2027-03-31"`, which starts at midnight UTC; or a minute or second of one, `"2026-11-20T08:00Z"`. Always UTC. */
type DateText =
  | `${number}-${Month}-${number}`
  | `${number}-${Month}-${number}T${number}:${number}Z`
  | `${number}-${Month}-${number}T${number}:${number}:${number}Z`;

/** A whole number of seconds, minutes, hours or days: `"60s"`, `"15m"`, `"4h"`, `"365d"`. */
type DurationText = `${number}${"s" | "m" | "h" | "d"}`;

/**
 * A scope name or a pattern over scope names. `*` is exactly one whole segment, `**` is one or more and stands last,
 * `{read,list}` are alternatives. Patterns are expanded when compiled; one that matches no scope is an error.
 *
 * @example "orders:*"
 */
type ScopePattern = `${string}:${string}`;

/** How a credential is presented. `mtls` and `dpop` are bound tokens, `svid` is a SPIFFE certificate, `key` a static API key. */
type Method = "mtls" | "dpop" | "svid" | "bearer" | "key";

/** Signature algorithms of tokens. All are asymmetric: whoever can check a token must not be able to make one. */
type Algorithm =
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519"
  | "PS256"
  | "PS384"
  | "PS512"
  | "RS256"
  | "RS384"
  | "RS512";

type Verb =
  | "GET"
  | "HEAD"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | "OPTIONS"
  | "QUERY"
  | "COPY"
  | "MOVE"
  | "LOCK"
  | "UNLOCK"
  | "MKCOL"
  | "PROPFIND"
  | "PROPPATCH"
  | "REPORT"
  | "SEARCH"
  | "LINK"
  | "UNLINK"
  | "PURGE";

// ── Tiers ────────────────────────────────────────────────────────────────────

interface Tier {
  readonly [kind]: "tier";
}

interface TierProperties {
  /**
   * From 0 to 100. Orders tiers, so that an operation can demand a minimum (`minTrust`); it never picks identities.
   * Identities of a tier below 40 must have an expiry.
   */
  readonly trust: number;
  /** The ways in which a credential of this tier may be presented; at least one. */
  readonly authentication: readonly Method[];
  /** How long tokens may live, from `iat` to `exp`. What is left out is not accepted. */
  readonly tokenLifetime?: {
    /** Tokens bound to a certificate or a key: needed with `mtls` or `dpop`. */
    readonly bound?: DurationText;
    /** Tokens that whoever holds them can use: needed with `bearer`. */
    readonly bearer?: DurationText;
  };
  /** A gateway whose knowledge of revocations is older than this refuses. `"60s"` unless said. */
  readonly revocationDelay?: DurationText;
  /** Single tokens can be revoked, so each must carry a `jti`. `true` unless said. */
  readonly revokesTokens?: boolean;
  /** How many audiences a token may name. 1 unless said. */
  readonly audiences?: number;
  /** A static key older than this is refused; needed with `key`. */
  readonly keyRotation?: DurationText;
  /** From `from`, or else the time of issue, to `until`, a grant to this tier lasts at most so long. Below a trust of 40 a grant must have an `until`. */
  readonly grantLifetime?: DurationText;
  /** An identity that made no request for this long is reported. */
  readonly dormantAfter?: DurationText;
  /** Whether grants to this tier may use patterns. `false` unless said. */
  readonly wildcards?: boolean;
  /** The tier ends on this day, and every identity in it with it. */
  readonly sunset?: DateText;
  /** How long an `emergency` of this tier may last: `"4h"` unless said, and never over `"72h"`. */
  readonly emergencyLifetime?: DurationText;
}

/**
 * A trust tier: what a credential must prove, how long it is believed, and what may be granted to it.
 * Every identity is in exactly one.
 *
 * @example
 * export const workload = tier({
 *   trust: 40,
 *   authentication: ["mtls", "svid"],
 *   tokenLifetime: { bound: "60m" },
 *   revocationDelay: "60s",
 * });
 */
export declare function tier(properties: TierProperties): Tier;

// ── Issuers ──────────────────────────────────────────────────────────────────

/** What is known of an issuer to the editor: which one it is, and the types of its claims. */
interface About {
  readonly url: string;
  readonly claims: unknown;
}

interface Nobody {
  readonly url: never;
  readonly claims: unknown;
}

interface Issuer<A extends About = About> {
  readonly [kind]: "issuer";
  readonly [holds]: A;
}

type ClaimType = "string" | "integer" | "boolean" | "strings";

/** The type of one claim; a `?` makes it optional, and a list of texts is what a required text may be. */
type ClaimProperty = ClaimType | `${ClaimType}?` | readonly string[];

type ClaimValue<T> = T extends "string"
  ? string
  : T extends "integer"
    ? number
    : T extends "boolean"
      ? boolean
      : T extends "strings"
        ? readonly string[]
        : T extends `${infer Required}?`
          ? ClaimValue<Required> | undefined
          : T extends readonly (infer Value)[]
            ? Value
            : never;

type ClaimValues<C> = { readonly [Name in keyof C]: ClaimValue<C[Name]> };

interface IssuerProperties<C> {
  /** What a token's `aud` must contain. */
  readonly audience: string;
  /** Where the gateway finds the keys that check signatures. */
  readonly keys?: `https://${string}`;
  /** The algorithms that the gateway accepts; at least one. */
  readonly algorithms: readonly Algorithm[];
  /**
   * The claims that conditions may read. A token that lacks a required one, or carries another type, is refused before
   * any condition is looked at.
   *
   * @example { region: ["eu", "us"], tenant: "string", seats: "integer?", groups: "strings" }
   */
  readonly claims?: C;
  /** Scope names of this issuer that are not ours, each spelled out in ours. */
  readonly translate?: { readonly [foreign: string]: readonly (ScopePattern | Scope)[] };
}

/**
 * Who signs tokens: URL (the token's `iss`), audience, keys, algorithms, and the schema of its claims.
 *
 * @example
 * export const corp = issuer("https://id.example.com", {
 *   audience: "https://apis.example.com",
 *   algorithms: ["ES256"],
 *   claims: { region: ["eu", "us"], tenant: "string" },
 * });
 */
export declare function issuer<
  const U extends `https://${string}`,
  const C extends { readonly [name: string]: ClaimProperty } = Record<never, never>,
>(url: U, properties: IssuerProperties<C>): Issuer<{ readonly url: U; readonly claims: ClaimValues<C> }>;

// ── Identities ───────────────────────────────────────────────────────────────

interface Identity<A extends About = About> {
  readonly [kind]: "identity";
  readonly [holds]: A;
}

interface CommonIdentityProperties {
  /** What its credentials must prove. */
  readonly tier: Tier;
  /** Who answers for it: a team or a person that still exists when something goes wrong. */
  readonly owner: string;
  /** It does not exist before this moment. */
  readonly from?: DateText;
  /** It does not exist from this moment on. Needed in a tier whose trust is below 40. */
  readonly expires?: DateText;
  /** Words by which a `group` can choose. */
  readonly tags?: readonly string[];
}

/** The id of each static key (never the key), and the day on which it was made. */
interface Keys {
  readonly [id: string]: DateText;
}

interface SubjectProperties<A extends About> extends CommonIdentityProperties {
  /** Who signs its tokens. */
  readonly issuer: Issuer<A>;
  /** The token's `sub`. In a SPIFFE ID, `*` stands for one whole path segment: then it is a family of identities. */
  readonly subject: string;
  readonly keys?: Keys;
}

interface KeyProperties extends CommonIdentityProperties {
  readonly issuer?: never;
  readonly subject?: never;
  readonly keys: Keys;
}

/**
 * One non-human identity, or a family of them where the subject is a SPIFFE pattern.
 *
 * @example
 * export const payments = identity({
 *   tier: workload,
 *   issuer: corp,
 *   subject: "spiffe://example.org/ns/payments/sa/*",
 *   owner: "team-payments@example.com",
 * });
 */
export declare function identity<A extends About>(properties: SubjectProperties<A>): Identity<A>;
export declare function identity(properties: KeyProperties): Identity<Nobody>;

// ── Registries and groups ────────────────────────────────────────────────────

interface Registry<A extends About = About> {
  readonly [kind]: "registry";
  readonly [holds]: A;
}

/**
 * Many identities from the authoritative source: a JSON, NDJSON or CSV file beside the policy. Each row has a `name`, a
 * `tier` and an `owner` (by name), a `subject` or `keys`, and may have `from`, `expires` and `tags`.
 * A registry can be granted to, and a `group` can choose from it.
 *
 * @example export const fleet = registry("./fleet.json", { issuer: corp });
 */
export declare function registry<A extends About>(
  file: string,
  properties: {
    /** Who signs the tokens of every row that has a `subject`. */
    readonly issuer: Issuer<A>;
  },
): Registry<A>;
export declare function registry(file: string): Registry<Nobody>;

interface Group<A extends About = About> {
  readonly [kind]: "group";
  readonly [holds]: A;
}

/** What can be granted to. */
type Holder = Identity | Registry | Group;

/** What is known of an identity while policies are compiled. */
interface Member {
  readonly name: string;
  /** Absent where an identity has nothing but static keys. */
  readonly subject: string | undefined;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly tier: Tier;
  readonly issuer: Issuer | undefined;
}

/**
 * The identities that a predicate chooses, evaluated when compiled.
 *
 * @example export const batch = group(fleet, (i) => i.tags.includes("batch") && i.tier === workload);
 */
export declare function group<const H extends Holder>(
  from: H | readonly H[],
  predicate: (identity: Member) => boolean,
): Group<AboutOf<H>>;

// ── Scopes ───────────────────────────────────────────────────────────────────

interface Scope<Name extends string = string> {
  readonly [kind]: "scope";
  readonly [holds]: Name;
}

/**
 * One resource of the closed scope vocabulary, and its actions: `orders.read` is the scope `orders:read`.
 * The resource may have several segments. Each segment is a lower-case letter, then letters, digits, `.`, `_` or `-`.
 *
 * @example
 * export const orders = scopes("orders", ["read", "write", "refund"], { implies: { write: ["read"] } });
 */
export declare function scopes<const R extends string, const A extends string>(
  resource: R,
  actions: readonly A[] & (string extends A ? never : unknown),
  properties?: {
    /** Who holds the action on the left holds those on the right too. Never inferred from spelling. */
    readonly implies?: { readonly [Action in NoInfer<A>]?: readonly NoInfer<A>[] };
  },
): { readonly [Action in A]: Scope<`${R}:${Action}`> };

// ── APIs ─────────────────────────────────────────────────────────────────────

interface Api {
  readonly [kind]: "api";
}

/** One scope, or several that are all needed. */
type Scopes = Scope | readonly Scope[];

type OperationProperty =
  | Scopes
  | {
      /** All are needed. */
      readonly scopes: Scopes;
      /** The least trust that the caller's tier must have. */
      readonly minTrust?: number;
    }
  /** Allowed without any credential; said out loud, and shown in every diff as what it is. */
  | "public"
  /** Never allowed. */
  | "refused";

interface ApiProperties {
  /** An OpenAPI 3 document, `"./orders.openapi.yaml"` or `"npm:package/file.json"`. Every operation in it must be mapped. */
  readonly openapi?: string;
  /**
   * The operations, and what each needs. `{name}` is one segment of the path, a trailing `{name...}` is the rest.
   *
   * @example { "GET /v1/orders/{id}": orders.read, "GET /healthz": "public" }
   */
  readonly operations?: { readonly [operation in `${Verb} /${string}`]?: OperationProperty };
  /** What the document's operations with a tag need, where they are not named above: `read` for GET, HEAD, OPTIONS and QUERY, `write` for the others. */
  readonly tags?: {
    readonly [tag: string]: { readonly read?: Scopes; readonly write?: Scopes } | "public" | "refused";
  };
  /** What the document's own security scopes are called here, for operations that neither list nor tag maps. */
  readonly security?: { readonly [scope: string]: Scopes };
  /**
   * What the upstream is told, for services that cannot read tokens yet. A text may hold `{identity}`, `{tier}`, `{owner}` and
   * `{subject}`; or give a value per scope, of which the first that the operation needs is sent.
   *
   * @example { "x-caller": "{identity}", "x-role": { "orders:write": "clerk", "orders:read": "viewer" } }
   */
  readonly headers?: { readonly [name: string]: string | { readonly [scope in ScopePattern]?: string } };
}

/**
 * A host, its operations, and the scopes that each one needs. What is not declared is refused.
 *
 * @example
 * export const ordersApi = api("orders.example.com", {
 *   operations: {
 *     "GET /v1/orders/{id}": orders.read,
 *     "POST /v1/orders": { scopes: orders.write, minTrust: 20 },
 *     "GET /healthz": "public",
 *   },
 * });
 */
export declare function api(host: string, properties: ApiProperties): Api;

// ── Conditions ───────────────────────────────────────────────────────────────

/** The caller's address, as the gateway says. Use it with `cidr`. */
interface Address {
  readonly [kind]: "address";
}

/** What a condition can read of the request being decided. */
interface AnyRequest {
  /** The parameters of the operation's path: `r.params.id` for `/v1/orders/{id}`. */
  readonly params: { readonly [name: string]: string };
  readonly request: {
    readonly method: Verb;
    /** Lower case, without port. */
    readonly host: string;
    /** Without query and fragment. */
    readonly path: string;
    /** As the gateway says: *asserted*. Use it with `cidr`. */
    readonly ip: Address;
    /** By lower-case name. Any client can send any header, so no grant may rest on one; a deny may. */
    readonly headers: { readonly [name: string]: string | undefined };
  };
  readonly token: {
    /** Seconds since the token was issued. */
    readonly age: number;
    /** Seconds from its issue to its expiry. */
    readonly lifetime: number;
  };
  /** The identity that the credential names. */
  readonly identity: {
    readonly name: string;
    readonly owner: string;
    readonly tags: readonly string[];
    readonly tier: Tier;
  };
}

/** With the claims of the issuer that the condition is about. */
interface Request<Claims> extends AnyRequest {
  /** The token's claims, by the schema of its issuer. */
  readonly claims: Claims;
}

/** A named condition: give it to `when`, or call it inside another one. */
interface Condition {
  (r: AnyRequest): boolean;
  readonly [kind]: "condition";
}

type AboutOf<H> = H extends { readonly [holds]: infer A extends About } ? A : never;

/** Whether identities of more than one issuer are meant: then no inline condition can read claims. */
type Several<U, Each = U> = Each extends unknown ? ([U] extends [Each] ? false : true) : never;

type ClaimsOf<A extends About> = [A["url"]] extends [never]
  ? Record<never, never>
  : true extends Several<A["url"]>
    ? Record<never, never>
    : Exclude<A, Nobody>["claims"];

/**
 * A condition that several grants can share. With an issuer it may read that issuer's claims.
 *
 * @example
 * const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);
 */
export declare function condition<A extends About>(
  issuer: Issuer<A>,
  test: (r: Request<A["claims"]>) => boolean,
): Condition;
export declare function condition(test: (r: AnyRequest) => boolean): Condition;

/**
 * A range of IP addresses, IPv4 or IPv6.
 *
 * @example (r) => cidr("203.0.113.0/24").contains(r.request.ip)
 */
export declare function cidr(range: `${string}/${number}`): { contains(address: Address): boolean };

// ── Grants and denies ────────────────────────────────────────────────────────

interface Grant {
  readonly [kind]: "grant";
}

interface Deny {
  readonly [kind]: "deny";
}

interface RuleProperties<H extends Holder> {
  /** Whom: an identity, a registry, a group, or a list of them. */
  readonly to: H | readonly H[];
  /** Scopes, or patterns over them. */
  readonly scopes: readonly (Scope | ScopePattern)[];
  /** Only for these APIs; without it, wherever the scopes are needed. */
  readonly on?: Api | readonly Api[];
  /** Only for requests for which this holds. */
  readonly when?: (r: Request<ClaimsOf<AboutOf<NoInfer<H>>>>) => boolean;
}

interface GrantProperties<H extends Holder> extends RuleProperties<H> {
  /** Inclusive. */
  readonly from?: DateText;
  /** Exclusive. */
  readonly until?: DateText;
  readonly approved?: {
    readonly by: string | readonly string[];
    readonly ticket?: string;
  };
  readonly reason?: string;
}

/**
 * Who may use which scopes, where, under which condition, until when, and who approved it.
 *
 * @example
 * export const acmeReads = grant({
 *   to: acme,
 *   scopes: [orders.read],
 *   on: ordersApi,
 *   when: ownTenant,
 *   until: "2027-01-31",
 *   approved: { by: "sec@example.com", ticket: "SEC-412" },
 * });
 */
export declare function grant<const H extends Holder>(properties: GrantProperties<H>): Grant;

interface DenyProperties<H extends Holder> extends RuleProperties<H> {
  /** Inclusive. */
  readonly from?: DateText;
  /** Exclusive. */
  readonly until?: DateText;
  readonly reason?: string;
}

/**
 * What must never be allowed; it always wins over grants. A deny whose condition cannot be read applies.
 *
 * @example
 * export const noRefundsFromOutside = deny({
 *   to: [payments],
 *   scopes: [orders.refund],
 *   when: (r) => !cidr("203.0.113.0/24").contains(r.request.ip),
 * });
 */
export declare function deny<const H extends Holder>(properties: DenyProperties<H>): Deny;

interface EmergencyProperties<H extends Holder> extends RuleProperties<H> {
  /** Inclusive. */
  readonly from: DateText;
  /** Exclusive; at most 4 hours after `from` unless the tier says more. */
  readonly until: DateText;
  readonly approved: {
    /** At least two different people. */
    readonly by: readonly [string, string, ...string[]];
    readonly ticket?: string;
  };
  /** Why; it is read when the emergency is reviewed. */
  readonly reason: string;
}

/**
 * A grant for hours, with two approvers and a reason. It ends by itself.
 *
 * @example
 * export const incident77 = emergency({
 *   to: acme,
 *   scopes: [orders.write],
 *   from: "2026-11-20T08:00Z",
 *   until: "2026-11-20T12:00Z",
 *   approved: { by: ["a@example.com", "b@example.com"], ticket: "INC-77" },
 *   reason: "settlement replay",
 * });
 */
export declare function emergency<const H extends Holder>(properties: EmergencyProperties<H>): Grant;

// ── What must never be ───────────────────────────────────────────────────────

/** Whom a `never` can be about: what can be granted to, and tiers. */
type Caller = Holder | Tier;

/** Claims can be read where an issuer is named, or where everybody who is meant has the same one. A tier may hold identities of any. */
type ClaimsOfNever<C extends Caller, A extends About> = [A] extends [never]
  ? [Extract<C, Tier>] extends [never]
    ? ClaimsOf<AboutOf<C>>
    : Record<never, never>
  : A["claims"];

interface NeverProperties<C extends Caller, A extends About> {
  /** Whom: an identity, a registry, a group, a tier, or a list of them. Everybody unless said. */
  readonly by?: C | readonly C[];
  /** Only requests with a token of this issuer. */
  readonly issuer?: Issuer<A>;
  /** Scopes, or patterns over them: operations that need any of these. `"*:**"` is every scope. */
  readonly scopes: readonly (Scope | ScopePattern)[];
  /** Only on these APIs; without it, wherever the scopes are needed. */
  readonly on?: Api | readonly Api[];
  /** Only requests for which this holds, or cannot be read. */
  readonly when?: (r: Request<ClaimsOfNever<NoInfer<C>, NoInfer<A>>>) => boolean;
}

/**
 * What no policy may ever allow, whatever anybody grants. It decides nothing: it is proved of all requests that there can be, and
 * the build fails at the grant that breaks it, with a request that shows how.
 *
 * @example
 * never("partners refund nothing", { by: partner, scopes: [orders.refund] });
 * never("nobody writes to another tenant", {
 *   issuer: corp,
 *   scopes: [orders.write],
 *   when: (r) => r.claims.tenant !== r.params.tenant,
 * });
 */
export declare function never<const C extends Caller = never, A extends About = never>(
  name: string,
  properties: NeverProperties<C, A>,
): void;

// ── Examples ─────────────────────────────────────────────────────────────────

/** The reasons for a refusal, in the order in which a request is looked at. */
type Refusal =
  | "policy-missing"
  | "input-malformed"
  | "input-limit"
  | "policy-expired"
  | "policy-below-floor"
  | "credential-missing"
  | "issuer-unknown"
  | "claims-malformed"
  | "identity-unknown"
  | "identity-conflict"
  | "identity-inactive"
  | "revocations-stale"
  | "revoked"
  | "audience"
  | "token-not-yet-valid"
  | "token-expired"
  | "token-lifetime"
  | "authentication"
  | "path-not-canonical"
  | "operation-unknown"
  | "trust"
  | "scope-missing"
  | "scope-not-granted"
  | "grant-inactive"
  | "condition"
  | "denied";

/** Any value that JSON can say; `undefined` takes a member away. */
type Json = string | number | boolean | undefined | readonly Json[] | { readonly [name: string]: Json };

interface JsonObject {
  readonly [name: string]: Json;
}

type ExampleClaims<H> =
  H extends Identity<infer A> ? { readonly [Name in keyof A["claims"]]?: A["claims"][Name] } : JsonObject;

interface ExampleProperties<H extends Identity | string> {
  /** An identity, the name of a registry's row, or `"nobody"` for a request without a credential. */
  readonly by: H;
  /** Where the identity's subject is a pattern: the one that calls. */
  readonly subject?: string;
  /** Which of its credentials; the first that its tier accepts unless said. */
  readonly credential?: "token" | "svid" | "key";
  /** How it is presented; the first of `mtls`, `dpop`, `bearer`, `svid`, `key` that the tier accepts unless said. */
  readonly presented?: Method;
  /** `"POST orders.example.com/v1/orders"` */
  readonly call: `${string} ${string}/${string}`;
  /** When; `"2026-01-01T00:00Z"` unless said. */
  readonly at?: DateText;
  /** Claims of the token. */
  readonly claims?: ExampleClaims<NoInfer<H>>;
  /** Scopes that the token carries. */
  readonly scopes?: readonly (Scope | string)[];
  readonly ip?: string;
  /** A list of values for a header that is sent more than once. */
  readonly headers?: { readonly [name: string]: string | readonly string[] };
  /** Members of the token as they are, over what is filled in; `undefined` takes one away. */
  readonly token?: JsonObject;
  /** Of the TLS handshake, over what is filled in. */
  readonly peer?: JsonObject;
  /** Of the DPoP proof, over what is filled in. */
  readonly proof?: JsonObject;
  /** The id of the static key. */
  readonly key?: string;
  /** What is known of revocations; fresh and empty unless said. */
  readonly revocations?:
    | "absent"
    | {
        /** How old the knowledge is. */
        readonly age?: DurationText;
        /** The lowest policy sequence that may still decide. */
        readonly floor?: number;
        /** Issuer name to the ids of revoked tokens. */
        readonly tokens?: { readonly [issuer: string]: readonly string[] };
        readonly identities?: readonly string[];
        /** Identity name to the moment before which its credentials are refused. */
        readonly issuedBefore?: { readonly [identity: string]: DateText };
        readonly keys?: readonly string[];
        readonly issuers?: readonly string[];
        readonly tiers?: readonly string[];
        readonly owners?: readonly string[];
        readonly grants?: readonly string[];
      };
  /** Which policy is loaded; one in force unless said. */
  readonly policy?: "absent" | { readonly sequence?: number; readonly from?: DateText; readonly until?: DateText };
  /** Members of the whole question as they are, over what is filled in. */
  readonly input?: JsonObject;
  /** `"allow"`, or the reason for which it is refused; or with what else must be so. */
  readonly expect:
    | "allow"
    | Refusal
    | {
        readonly allow: true;
        /** Exactly the grants that the decision rests on, by name. */
        readonly grants?: readonly string[];
        /** Exactly what the upstream is told. */
        readonly headers?: { readonly [name: string]: string };
      }
    | { readonly reason: Refusal };
}

/**
 * One request and its expected decision. A wrong one fails the build, on every back end.
 *
 * @example
 * example("payments refunds its own tenant in the EU", {
 *   by: payments,
 *   subject: "spiffe://example.org/ns/payments/sa/worker",
 *   call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
 *   claims: { region: "eu", tenant: "t1", groups: [] },
 *   scopes: [orders.write, orders.refund],
 *   expect: "allow",
 * });
 */
export declare function example<const H extends Identity | string>(
  name: string,
  properties: ExampleProperties<H>,
): void;
