/** Halting: by an operator, and by itself at the first trouble that a canary gateway has with what was released to it. */
import { readContents } from "../bundle/index.ts";
import type { Caller } from "../callers/index.ts";
import { visible, WritError } from "../diagnostics/index.ts";
import { canonicalJson, type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import type { ReportedProblem, StatusReport } from "../protocol/index.ts";
import type { Core } from "./core.ts";
import { DenialShares } from "./denial-shares.ts";
import type { Candidate } from "./estate.ts";
import { readOpaStatus } from "./opa-status.ts";
import type { Accepted, Call } from "./publisher.ts";

export function halt(core: Core, call: Call, reason: string): Promise<Accepted> {
  return core.once(call, "halt", "operator", { reason }, async (asked) => {
    refuseNoReason(reason);
    return core.commit("halt", { ...asked, reason });
  });
}

export function resume(core: Core, call: Call, reason: string): Promise<Accepted> {
  return core.once(call, "resume", "operator", { reason }, async (asked) => {
    refuseNoReason(reason);
    return core.commit("resume", { ...asked, reason });
  });
}

/** Characters of a reason, as of one for a revocation. */
const LONGEST_REASON = 1024;

/** Who reads the log has nobody to ask. */
export function refuseNoReason(reason: string): void {
  if (!isReason(reason)) throw WritError.of("WRIT8325", {});
}

export function isReason(reason: string): boolean {
  return reason.trim() !== "" && reason.length <= LONGEST_REASON && reason.isWellFormed();
}

const DENIALS = 0.05;
const DECISIONS = 100;

/** Characters of a gateway's own words. */
const LONGEST = 256;

export class Rollout {
  readonly #core: Core;
  readonly #shares = new DenialShares();
  #halting = false;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The ring is that of its credential: what it says of itself moves nothing (threat R03). */
  async heard({ name, ring }: Caller, { policy, problems, decisions }: StatusReport): Promise<void> {
    const held = this.#core.estate.inForce.get("canary");
    if (ring !== "canary" || !held) return;
    this.#shares.count(name, policy?.sequence ?? 0, decisions, held.candidate.body.sequence);
    const problem = problems.find(({ digest }) => digest === held.candidate.body.digest);
    await (problem ? this.#trouble(held.candidate, name, problem) : this.#compareShares(held.candidate));
  }

  /** A stock OPA names no digest: what it got since the release, and does not decide by, is the release. */
  async heardOpa({ name, ring }: Caller, report: JsonObject): Promise<void> {
    const held = this.#core.estate.inForce.get("canary");
    if (ring !== "canary" || !held) return;
    const { policy, failed } = readOpaStatus(report);
    const { candidate, since } = held;
    if (failed && failed.downloaded >= since && policy?.sequence !== candidate.body.sequence)
      await this.#trouble(candidate, name, failed.problem);
  }

  async #trouble(candidate: Candidate, gateway: string, { code, message }: ReportedProblem): Promise<void> {
    const problem = visible(`${code}: ${message}`.slice(0, LONGEST));
    await this.#halt(candidate, WritError.of("WRIT8323", { revision: candidate.body.revision, gateway, problem }));
  }

  async #compareShares(candidate: Candidate): Promise<void> {
    const { revision, digest, sequence } = candidate.body;
    if (this.#core.estate.halted || this.#core.estate.troubled.has(digest)) return;
    const { denials = DENIALS, decisions = DECISIONS } = this.#core.options.rollout ?? {};
    const rise = this.#shares.rise(sequence, decisions);
    if (!rise || rise.after - rise.before <= denials) return;
    const grants = await changedGrants(this.#core, candidate);
    const [before, after] = [rise.before, rise.after].map(percent) as [string, string];
    await this.#halt(candidate, WritError.of("WRIT8324", { revision, gateway: rise.gateway, before, after, grants }));
  }

  /** Once for each bundle: whoever resumes has seen what the matter is. */
  async #halt({ body: { digest } }: Candidate, reason: WritError): Promise<void> {
    const { estate } = this.#core;
    if (estate.halted || estate.troubled.has(digest) || this.#halting) return;
    this.#halting = true;
    try {
      const asked = this.#core.selfAsked("halt", reason.message);
      await this.#core.commit("halt", { ...asked, reason: reason.message, digest });
    } finally {
      this.#halting = false;
    }
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Names of grants and denies that differ between this release and the one that is in force in `stable`, sorted. */
async function changedGrants(core: Core, { body }: Candidate): Promise<readonly string[]> {
  const held = core.estate.inForce.get("stable")?.candidate.body.digest;
  if (held === undefined || held === body.digest) return [];
  const [before, after] = [await rulesOf(core, held), await rulesOf(core, body.digest)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).toSorted();
}

/** As the compiler wrote them, by name. */
async function rulesOf(core: Core, digest: string): Promise<ReadonlyMap<string, string>> {
  const { files } = readContents(await core.blob(digest));
  const read = readJson(files.get("model.json") ?? new Uint8Array());
  const model = read.failure ? {} : (read.value as JsonObject);
  const rules = ["grants", "denies"].flatMap((list) => (model[list] ?? []) as readonly JsonObject[]);
  return new Map(rules.map((rule) => [String(rule.name), canonicalJson(rule as JsonValue)]));
}
