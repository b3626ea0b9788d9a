/** What the tests of the reader share: one sound input, the four verdicts, and a reader that knows some names. */
import { expect } from "vitest";
import { PROBLEM_LIMIT, PROBLEM_MALFORMED, PROBLEM_NONE } from "../../src/wasm/layout.ts";
import { claims, expectedOf, headers, scanned } from "./read-input-oracle.ts";
import { openScanner, type Scanner } from "./scanner.ts";

const encoder = new TextEncoder();

export const input = {
  time: 1795478400,
  token: {
    iss: "https://issuer.example.com",
    sub: "né",
    aud: ["a", "b"],
    exp: 1795478700,
    iat: -0,
    jti: "j\n",
    scope: "orders:read",
    env: "prod",
    roles: ["x", "y"],
    level: true,
    cnf: { "x5t#S256": "t", jkt: "k" },
  },
  peer: { spiffe: "spiffe://example.org/a", "x5t#S256": "t" },
  proof: { jkt: "k" },
  key: { id: "i" },
  request: {
    host: "h",
    method: "GET",
    path: "/a",
    ip: "::1",
    headers: { "x-env": "e", accept: ["1", "2"], other: [] },
  },
  more: [null, { a: 1.5 }],
};
export const sound = encoder.encode(JSON.stringify(input));

export const noJson = { isJson: false, problem: PROBLEM_MALFORMED };
export const malformed = { isJson: true, problem: PROBLEM_MALFORMED };
export const limit = { isJson: true, problem: PROBLEM_LIMIT };
export const none = { isJson: true, problem: PROBLEM_NONE };

/** A sound input with one more member that nobody asks for. */
export function withMore(json: string): string {
  return `{"time":1,"request":{"host":"h","method":"GET","path":"/"},"more":${json}}`;
}

export interface Verdict {
  readonly isJson: boolean;
  readonly problem: number;
}

export interface Reader {
  readonly scanner: Scanner;
  readonly verdict: (text: string | Uint8Array) => Verdict;
  /** Holds verdict and slots against the reference. */
  readonly expectAsReference: (text: string | Uint8Array) => void;
}

export async function openReader(): Promise<Reader> {
  const scanner = await openScanner({ claims, headers });
  return {
    scanner,
    verdict: (text) => verdictOf(scanner, text),
    expectAsReference(text) {
      const bytes = bytesOf(text);
      const pointer = scanner.heapPointer();
      const found = scanned(scanner, bytes);
      scanner.reset(pointer);
      expect(found, Buffer.from(bytes).toString("latin1")).toEqual(expectedOf(bytes));
    },
  };
}

export function verdictOf(scanner: Scanner, text: string | Uint8Array): Verdict {
  const { isJson, problem } = scanned(scanner, bytesOf(text));
  return { isJson, problem };
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}
