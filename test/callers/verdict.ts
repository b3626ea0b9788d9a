/** What is said of one credential, file or event: the explain pages of the 82xx codes hold them. */
import { authenticate, readCallers, readSecurityEvents } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { bytesOf, callers, claimsOf, directory, eventClaims, events, now, people, token } from "./issuance.ts";

interface Sample {
  /** A file of callers. */
  readonly file?: unknown;
  /** Claims of an access token for Olga that differ from sound ones: what is answered, and what the log says. */
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly log?: Readonly<Record<string, unknown>>;
  /** Claims of a security event that differ from sound ones. */
  readonly event?: Readonly<Record<string, unknown>>;
}

/** The code by which it is refused, or nothing. */
export async function callersVerdict(text: string): Promise<string | undefined> {
  const { file, answer, log, event } = JSON.parse(text) as Sample;
  try {
    if (file !== undefined) await readCallers(bytesOf(file));
    const claims = answer ?? log;
    if (claims !== undefined) {
      const authorization = [`Bearer ${await token(people, claimsOf(people, "u-olga", claims))}`];
      await authenticate(callers, { authorization }, { now });
    }
    if (event !== undefined) await readSecurityEvents(await token(events, eventClaims(event)), callers, now, directory);
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    return log !== undefined && error.cause instanceof WritError ? error.cause.code : error.code;
  }
  return undefined;
}
