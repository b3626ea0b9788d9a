/** The public keys of one issuer (RFC 7517): loaded when they are needed, kept, and loaded again when a token names one that is not there. */
import { type CompactVerifyGetKey, createLocalJWKSet, errors } from "jose";
import { type KeySetFault, WritError } from "../diagnostics/index.ts";
import { type JsonValue, readJson } from "../json/index.ts";
import { isSoundPoint } from "../trust/index.ts";

/** The JWK Set as it is; what went wrong, in words, where there is none. */
export type LoadKeys = () => Promise<Uint8Array | string>;

export interface KeySetOptions {
  readonly issuer: string;
  readonly load: LoadKeys;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly onProblem: (problem: WritError | undefined) => void;
}

/** Milliseconds after which keys are looked for again while tokens are still judged by those that are there. */
const REFRESH = 10 * 60_000;
/** Milliseconds between two tries: an unknown key id is anybody's to send. */
const PAUSE = 30_000;
/** Milliseconds for which keys count whose issuer can't be reached. */
const KEEP = 24 * 60 * 60_000;
const MOST_KEYS = 64;
export const largestKeySet = 256 * 1024;

export class KeySet {
  readonly #options: KeySetOptions;
  #keys: CompactVerifyGetKey | undefined;
  #loaded = 0;
  #tried = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /** The key that the header of a token names; nothing where the issuer has no keys that can be had. */
  get find(): CompactVerifyGetKey {
    return async (header, token) => {
      await this.#fresh();
      try {
        return await this.#held(header, token);
      } catch (error) {
        // A new key signs before everybody has heard of it.
        if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.refresh())) throw error;
        return await this.#held(header, token);
      }
    };
  }

  /** Whether keys count at this moment. */
  get isThere(): boolean {
    return this.#keys !== undefined && this.#options.elapsed() - this.#loaded < KEEP;
  }

  /** Looks for the keys again, unless that was tried a moment ago; whether it was tried. Never throws. */
  async refresh(): Promise<boolean> {
    if (!this.#loading) {
      if (this.#options.elapsed() - this.#tried < PAUSE) return false;
      this.#tried = this.#options.elapsed();
      this.#loading = this.#load().finally(() => {
        this.#loading = undefined;
      });
    }
    await this.#loading;
    return true;
  }

  #held: CompactVerifyGetKey = async (header, token) => {
    if (!this.#keys || !this.isThere) throw new errors.JWKSNoMatchingKey();
    return await this.#keys(header, token);
  };

  async #fresh(): Promise<void> {
    const isOld = this.#options.elapsed() - this.#loaded > REFRESH;
    if (!this.isThere) await this.refresh();
    else if (isOld) void this.refresh();
  }

  async #load(): Promise<void> {
    const { issuer, load, elapsed, onProblem } = this.#options;
    const bytes = await load().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const keys = typeof bytes === "string" ? "unreachable" : readKeySet(bytes);
    if (typeof keys !== "string") {
      this.#keys = createLocalJWKSet({ keys });
      this.#loaded = elapsed();
      onProblem(undefined);
    } else
      onProblem(
        WritError.of("WRIT9403", { issuer, fault: keys, ...(typeof bytes === "string" && { problem: bytes }) }),
      );
  }
}

type Jwks = Parameters<typeof createLocalJWKSet>[0]["keys"];

const SECRET = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;

/** What is no public key for signatures is left out, as RFC 7517 §5 wants of what is not understood; a secret is refused (threat T18). */
function readKeySet(bytes: Uint8Array): Jwks | KeySetFault {
  const read = readJson(bytes, { size: largestKeySet, depth: 8, numbers: "finite" });
  if (read.failure) return "json";
  const list = isObject(read.value) ? read.value.keys : undefined;
  if (!Array.isArray(list) || list.length > MOST_KEYS) return "list";
  const keys = (list as readonly JsonValue[]).filter(isObject);
  if (keys.some((key) => SECRET.some((name) => Object.hasOwn(key, name)))) return "secret";
  return keys.filter(isSound) as unknown as Jwks;
}

/** RFC 8032 §5.1.7: with a point of small order one signature fits many messages (threat T16). */
function isSound(key: Readonly<Record<string, JsonValue>>): boolean {
  if (key.crv !== "Ed25519") return true;
  return typeof key.x === "string" && isSoundPoint(Buffer.from(key.x, "base64url"));
}

function isObject(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
