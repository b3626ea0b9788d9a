/** A gateway and the reference, asked the same in every way: what is denied is denied by both, and leaves everything as it was. */
import { expect } from "vitest";
import { Gateway, type Revocations } from "../../src/gateway/index.ts";
import { type Decision, decide } from "../../src/model/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { keys, now, policyOf, release } from "./release.ts";

export const fresh: Revocations = { sequence: 1, at: now, floor: 0 };

/** Faults of any of these gateways; there are to be none. */
export const faults: unknown[] = [];

export async function gatewayWith(revocations: Revocations | undefined, model = estate): Promise<Gateway> {
  const made = new Gateway(keys, { onFault: (fault) => faults.push(fault) });
  await made.load(await release({ model }));
  if (revocations) made.setRevocations(revocations);
  return made;
}

/** The one decision of a gateway, by an object and by its text, and of the reference. */
export function decidedBy(gateway: Gateway, input: unknown, known: Revocations = fresh, model = estate): Decision {
  const decision = decide({ model, policy: policyOf({}), revocations: known }, input);
  expect(gateway.decide(input as never)).toEqual(decision);
  expect(gateway.decideJson(JSON.stringify(input))).toEqual(decision);
  return decision;
}

/** Denied for that reason by a gateway to which nothing happens: the same policy, and the next good request is allowed. */
export function expectDenied(gateway: Gateway, input: unknown, reason: string): void {
  const { policy } = gateway;
  expect(decidedBy(gateway, input)).toMatchObject({ allow: false, reason });
  expect(gateway.policy).toBe(policy);
  expect(decidedBy(gateway, bases.mtls)).toMatchObject({ allow: true, reason: "granted", revision: "r7" });
}

export const bearing = (claims: object) => ({ ...bases.mtls, token: { ...bases.mtls.token, ...claims } });
