/** From what an author submits to what an operator may release: candidates, and the approvals of others. */
import { hash } from "node:crypto";
import type { Caller } from "../callers/index.ts";
import { type ApprovalMismatch, WritError } from "../diagnostics/index.ts";
import type { Core } from "./core.ts";
import type { Candidate, Restoration } from "./estate.ts";
import { keyOf } from "./estate.ts";
import { judge, refuseUnfit, sizeOf } from "./judge.ts";
import type { Accepted, Call, Submission } from "./publisher.ts";
import { contentDigest } from "./reissue.ts";

export async function submit(
  core: Core,
  call: Call,
  submission: Submission,
): Promise<Accepted & { readonly digest: string }> {
  const { bundle: bytes, provenance: envelope, emergency } = submission;
  const digest = hash("sha256", bytes, "hex");
  // Whoever hands it in counts among its authors, whatever they say (threat P02).
  const authors = [...new Set([...submission.authors, call.caller.person])].toSorted();
  const request = { digest, envelope, authors, emergency: emergency?.reason ?? null };
  const accepted = await core.once(call, "submit", "author", request, async (asked) => {
    const { bundle, provenance } = await judge(core, call, submission);
    const { revision, metadata } = bundle.manifest;
    const { sequence, issued, expires } = metadata;
    const content = await contentDigest(bundle);
    const terms = { sequence, issued, expires };
    const sizes = { size: bytes.length, unpacked: sizeOf(bundle) };
    const said = { digest, content, revision, ...terms, ...sizes, keyId: bundle.keyId, provenance, authors };
    return core.commit(
      "submit",
      { ...asked, ...said, ...(emergency && { emergency: emergency.reason }) },
      { blobs: [bytes], check: () => refuseUnfit(core, digest, terms, emergency) },
    );
  });
  return { ...accepted, digest };
}

/** Of a candidate or of a restoration: nobody approves what is their own, by whichever credential they come (threat P02). */
export function approve(core: Core, call: Call, digest: string, shown: string): Promise<Accepted> {
  const { person } = call.caller;
  return core.once(call, "approve", "approver", { digest, shown }, async (asked) => {
    const check = () => refuseApproval(core, call.caller, digest, shown);
    check();
    return core.commit("approve", { ...asked, digest, person, shown }, { check });
  });
}

function refuseApproval({ estate }: Core, caller: Caller, digest: string, shown: string): void {
  const [candidate, restoration] = [estate.candidates.get(digest), estate.restorations.get(digest)];
  if (!candidate && (!restoration || restoration.effective)) throw mismatch("unknown");
  if (!/^[0-9a-f]{64}$/.test(shown)) throw mismatch("shown");
  const authors = (candidate?.body.authors ?? [restoration!.body.person]).map(folded);
  const { person, name, subject } = caller;
  // CI names authors as it knows them: spelt otherwise, or by a name of one of their credentials, they are the same people.
  if ([person, name, subject].some((own) => authors.includes(folded(own)))) throw WritError.of("WRIT8311", { person });
  if (candidate ? isSuperseded(estate, candidate) : isOutdated(estate, restoration!)) throw mismatch("superseded");
}

/** As people read a name. */
function folded(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}

/** Something later was released, in whichever ring. */
export function isSuperseded({ highest, floor, inForce }: Core["estate"], { body }: Candidate): boolean {
  const isInForce = [...inForce.values()].some(({ candidate }) => candidate.body.digest === body.digest);
  return body.sequence < floor || (body.sequence <= highest && !isInForce);
}

/** Some of it has been revoked again, or given back, since it was proposed. */
function isOutdated({ revocations }: Core["estate"], { body, sequence }: Restoration): boolean {
  return body.paths.some((path) => (revocations.get(keyOf(path))?.sequence ?? Number.POSITIVE_INFINITY) > sequence);
}

function mismatch(fault: ApprovalMismatch): WritError {
  return WritError.of("WRIT8312", { fault });
}
