/** One policy that decides: an engine with its tables, and what is known of revocations. */
import { WritError } from "../diagnostics/index.ts";
import { type Decision, type Input, limits, type Revocations } from "../model/index.ts";
import { DecisionReader } from "./decision-reader.ts";
import { InputWriter } from "./input-writer.ts";
import { Instance } from "./instance.ts";
import { HeldRevocations, type RevocationPatch } from "./revocations.ts";
import type { Tables } from "./tables.ts";
import type { EngineModule } from "./web-assembly.ts";

/** The engine stopped, and the request is refused. Only a gateway gives this reason: no engine can give it. */
export interface EngineFault {
  readonly allow: false;
  readonly reason: "engine-fault";
  readonly revision: string;
}

export type GatewayDecision = Decision | EngineFault;

/** A running engine, and who writes to it and reads from it. */
interface Running {
  readonly instance: Instance;
  readonly writer: InputWriter;
  readonly reader: DecisionReader;
}

/** Of a request as JSON text: a character takes at most six times as many bytes as it must. The engine says the same. */
const LONGEST_TEXT = 6 * limits.inputBytes;

export class Policy {
  readonly revision: string;
  readonly sequence: number;
  /** Seconds since 1970: in force from the first on, and before the second. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly #module: EngineModule;
  readonly #tables: Tables;
  readonly #onFault: ((fault: WritError) => void) | undefined;
  #revocations = new HeldRevocations();
  /** The version of what is held that the engine knows. */
  #told = 0;
  #running: Running;
  /** Whether the engine stopped; its memory still holds the tables. */
  #stopped = false;

  private constructor(module: EngineModule, tables: Tables, instance: Instance, onFault?: (fault: WritError) => void) {
    this.revision = tables.revision;
    this.sequence = tables.sequence;
    this.notBefore = tables.notBefore;
    this.notAfter = tables.notAfter;
    this.#module = module;
    this.#tables = tables;
    this.#onFault = onFault;
    this.#running = runningOf(instance, tables);
  }

  /** @internal `openPolicy` verifies what it starts. */
  static start(module: EngineModule, bytes: Uint8Array, tables: Tables, onFault?: (fault: WritError) => void): Policy {
    return new Policy(module, tables, Instance.start(module, bytes), onFault);
  }

  /**
   * Decides one request by what the gateway has verified of it. Whatever is no `Input` is refused, nothing throws.
   *
   * @example opened.decide({ time: 1795478400, key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } })
   */
  decide(input: Input): GatewayDecision;
  /** The same at a time that is not the caller's to say. */
  decide(request: Omit<Input, "time">, time: number): GatewayDecision;
  decide(input: Omit<Input, "time">, time?: number): GatewayDecision {
    try {
      const { instance, writer, reader } = this.#ready();
      writer.write(input, time);
      instance.engine.writ_decide(instance.data);
      return reader.read();
    } catch (error) {
      return this.#stop(error);
    }
  }

  /**
   * The same from JSON text, or from its bytes in UTF-8: for gateways that are sent it.
   *
   * @example opened.decideJson('{"time":1795478400,"key":{"id":"k1"},"request":{"host":"a.example","method":"GET","path":"/"}}')
   */
  decideJson(json: string | Uint8Array): GatewayDecision {
    if (typeof json !== "string" && !(json instanceof Uint8Array)) return this.#refusal("input-malformed");
    if (json.length > LONGEST_TEXT) return this.#refusal("input-limit");
    try {
      const { instance, reader } = this.#ready();
      const length = instance.writeText(json);
      // Encoding would put another character in the place of half a surrogate pair.
      if (typeof json === "string" && length !== json.length && !json.isWellFormed())
        return this.#refusal("input-malformed");
      instance.engine.writ_decide_json(instance.data, instance.text, length);
      return reader.read();
    } catch (error) {
      return this.#stop(error);
    }
  }

  /**
   * Replaces all that is known of revocations. What is malformed or older than what is known is refused with a `WritError`
   * (`revocations-malformed`, `revocations-rollback`), and then nothing has changed.
   *
   * @example opened.setRevocations({ sequence: 812, at: 1795478395, floor: 41, identities: { payments: 1795478000 } })
   */
  setRevocations(document: Revocations): void {
    this.#revocations.set(document);
    this.#tellEngine((instance) => this.#tellAll(instance));
  }

  /**
   * Adds and removes entries, and renews what the publisher says, all at one moment: no request sees a part of it.
   *
   * @example opened.patchRevocations({ sequence: 813, at: 1795478399, add: [{ path: ["identities", "packer"], value: 1795478398 }] })
   */
  patchRevocations(patch: RevocationPatch): void {
    const known = this.#revocations.version === this.#told;
    const changes = this.#revocations.patch(patch);
    this.#tellEngine((instance) => {
      if (!known) return;
      instance.changeRevocations(changes);
      this.#told = this.#revocations.version;
    });
  }

  /** @internal Takes over what is known; both then know the same, whichever of them is told more. */
  share(revocations: HeldRevocations): void {
    this.#revocations = revocations;
    this.#tellEngine((instance) => this.#tellAll(instance));
  }

  #tellAll(instance: Instance): void {
    instance.setRevocations(this.#revocations.text());
    this.#told = this.#revocations.version;
  }

  /** INVARIANT: what is held is changed first, so that an engine that stops while it is told is told again by `#ready`. */
  #tellEngine(tell: (instance: Instance) => void): void {
    if (this.#stopped) return;
    try {
      tell(this.#running.instance);
    } catch (error) {
      this.#stop(error);
    }
  }

  #ready(): Running {
    if (this.#stopped) {
      const instance = Instance.restart(this.#module, this.#running.instance);
      this.#tellAll(instance);
      this.#running = runningOf(instance, this.#tables);
      this.#stopped = false;
    }
    const { instance } = this.#running;
    // INVARIANT: what another policy was told that shares what is held is known before anything is decided.
    if (this.#told !== this.#revocations.version) this.#tellAll(instance);
    instance.begin();
    return this.#running;
  }

  /** INVARIANT: an engine that stopped in the middle of something never decides again. */
  #stop(cause: unknown): EngineFault {
    this.#stopped = true;
    const problem = cause instanceof Error ? cause.message : String(cause);
    try {
      this.#onFault?.(cause instanceof WritError ? cause : WritError.of("WRIT9006", { problem }, cause));
    } catch {
      // Whoever is told of a fault can't turn the refusal into an error.
    }
    return { allow: false, reason: "engine-fault", revision: this.revision };
  }

  #refusal(reason: "input-limit" | "input-malformed"): GatewayDecision {
    return { allow: false, reason, revision: this.revision };
  }
}

function runningOf(instance: Instance, tables: Tables): Running {
  const reader = new DecisionReader(instance, tables.revision);
  return { instance, reader, writer: new InputWriter(instance, tables) };
}
