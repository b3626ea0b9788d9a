/** Holds a refusal to what every refusal is, and gives back what the log says of it. */
import { expect } from "vitest";
import { authenticate, type Credentials, type Occasion, type Refusal, refusalOf } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { callers, now, olga } from "./issuance.ts";

export const bearer = (text: string): Credentials => ({ authorization: [`Bearer ${text}`] });

export async function refused(credentials: Credentials, occasion: Occasion = { now }): Promise<Refusal> {
  const error = await authenticate(callers, credentials, occasion).then(
    (caller) => expect.fail(`${caller.name} was proved`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WritError)) throw error;
  // Nothing of it but the cause depends on what was wrong.
  expect([error.code, error.reason, error.message, error.parameters]).toEqual([
    "WRIT8201",
    "api-unauthenticated",
    "who asks is not proved",
    {},
  ]);
  return refusalOf(error)!;
}

/** Of a bearer token; the next good one works. */
export async function reasonOf(text: string, occasion?: Occasion): Promise<string> {
  const { reason } = await refused(bearer(text), occasion);
  expect((await authenticate(callers, bearer(await olga()), { now })).name).toBe("olga");
  return reason;
}
