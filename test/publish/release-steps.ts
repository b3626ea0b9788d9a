/** What a publisher says of a release on its way: the explain pages of the 831x and 832x codes hold such ways. */
import { newKeys, pack, readContents, readSigner } from "../../src/bundle/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import type { RevocationPath, Ring } from "../../src/protocol/index.ts";
import { bigModel } from "../bench/big-model.ts";
import { estate } from "../decide/estate.ts";
import { ann, author, call, caller, type Desk, openDesk, operator, shown } from "./desk.ts";

/** One thing that somebody does; bundles are named by their sequences. */
export interface ReleaseStep {
  readonly submit?: number;
  readonly commit?: string;
  readonly identities?: number;
  readonly expiresIn?: number;
  readonly emergency?: string;
  readonly authors?: readonly string[];
  readonly rebuilt?: "the same" | "another";
  readonly gateways?: string;
  readonly approve?: number | "the restoration";
  readonly by?: string;
  readonly release?: number;
  readonly republish?: number;
  readonly to?: Ring;
  readonly halt?: string;
  readonly resume?: string;
  readonly revoke?: RevocationPath;
  readonly restore?: RevocationPath;
  /** Of the canary gateway `c1`: by which sequence it decides, how often it allowed and denied, and what trouble it has with which. */
  readonly report?: number;
  readonly allowed?: number;
  readonly denied?: number;
  readonly trouble?: number;
}

/** The code by which a step is refused or releases are halted, or nothing. */
export async function releaseVerdict(steps: readonly ReleaseStep[]): Promise<string | undefined> {
  const way = { digests: new Map<number, string>(), restoration: "", rebuilt: "the same" };
  const rebuild = async (_made: unknown, { sequence }: { readonly sequence: number }) => {
    const { manifest, files } = readContents(await desk.bundle(sequence));
    const artefacts = Array.from(files, ([path, bytes]) => ({ path, bytes }));
    if (way.rebuilt === "another") artefacts.push({ path: "other.rego", bytes: new Uint8Array(1) });
    return pack(artefacts, manifest, { signer: await readSigner(utf8((await newKeys()).privateKey)) });
  };
  const builds = steps.some(({ rebuilt }) => rebuilt);
  const desk = await openDesk({
    gateways: steps.some(({ report }) => report !== undefined) ? [{ name: "c1", ring: "canary" }] : [],
    rollout: { minutes: 0, decisions: 50 },
    ...(builds && { judging: { rebuild } }),
  });
  try {
    for (const step of steps) await take(desk, way, step);
    const { halted } = desk.publisher.view();
    if (halted?.by.subject !== "halt") return undefined;
    return /den(?:y|ies) .* of the requests/.test(halted.reason) ? "WRIT8324" : "WRIT8323";
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  } finally {
    await desk.publisher.close();
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text);

interface Way {
  readonly digests: Map<number, string>;
  restoration: string;
  rebuilt: string;
}

async function take({ publisher, ...desk }: Desk, way: Way, step: ReleaseStep): Promise<void> {
  const digestOf = (sequence: number) => way.digests.get(sequence) ?? "0".repeat(64);
  const person = (fallback: typeof ann) => (step.by ? caller(step.by, [...fallback.roles]) : fallback);
  if (step.rebuilt) way.rebuilt = step.rebuilt;
  desk.trial.problem = step.gateways;
  if (step.submit !== undefined) way.digests.set(step.submit, await submit({ publisher, ...desk }, step.submit, step));
  if (step.approve !== undefined) {
    const digest = step.approve === "the restoration" ? way.restoration : digestOf(step.approve);
    await publisher.approve(call(person(ann)), digest, shown);
  }
  if (step.release !== undefined)
    await publisher.release(desk.match(operator), digestOf(step.release), step.to ?? "canary");
  if (step.republish !== undefined) await publisher.republish(desk.match(operator), digestOf(step.republish));
  if (step.halt !== undefined) await publisher.halt(call(operator), step.halt);
  if (step.resume !== undefined) await publisher.resume(call(operator), step.resume);
  const value = desk.clock.now + 600;
  if (step.revoke) await publisher.revoke(call(caller("soc", ["revoker"])), [{ path: step.revoke, value }], "stolen");
  if (step.restore) way.restoration = (await publisher.restore(call(operator), [step.restore], "found")).digest;
  if (step.report === undefined) return;
  const { report, allowed = 0, denied = 0, trouble } = step;
  const problems = trouble === undefined ? [] : [{ code: "WRIT9002", message: "", digest: digestOf(trouble) }];
  const policy = { sequence: report, revision: `${report}-x` };
  await desk.report("c1", { policy, problems, decisions: { allowed, denied, dropped: 0 } });
}

async function submit(desk: Desk, sequence: number, step: ReleaseStep): Promise<string> {
  const { identities, expiresIn, emergency, authors } = step;
  const bundle = await desk.bundle(sequence, {
    model: identities === undefined ? estate : bigModel({ identities, operations: 20, grants: 20 }).model,
    ...(expiresIn !== undefined && { expires: desk.clock.now + expiresIn }),
  });
  const submission = await desk.submission(bundle, {
    ...(emergency !== undefined && { emergency: { reason: emergency } }),
    ...(authors && { authors }),
  });
  const by = step.commit === undefined ? author : { ...author, source: { commit: step.commit } };
  return (await desk.publisher.submit(call(by), submission)).digest;
}
