/** 94xx: the sidecar that answers gateways which are not ours. */
import type { Entry } from "../entry.ts";

const sidecarFaults = {
  json: "is no JSON",
  object: "is no object",
  missing: "is missing",
  unknown: "is no member that belongs there",
  list: "is no list, or an empty one",
  text: "is no text that belongs there",
  url: "is no address like `https://id.example.com`",
  flag: "is neither true nor false",
  twice: "is there twice",
  protocol: "is neither `nginx` nor `envoy`",
  listen: "is neither a port of this machine, like `127.0.0.1:9180`, nor a socket, like `unix:/run/writ/sidecar.sock`",
  address: "is no address and port, like `127.0.0.1:9000`",
  secret: "holds no secret: 32 to 256 letters, digits, `-` and `_` that nobody can guess",
  algorithm: "is no algorithm by which tokens are signed, like `ES256`",
  header: "is no name of a header that an upstream may be told",
  fact: "is none of `certificate`, `spiffe` and `proof`",
  ring: "is neither `canary` nor `stable`",
} as const;
export type SidecarFault = keyof typeof sidecarFaults;

const keySetFaults = {
  unreachable: "nothing comes from where they are",
  json: "it is no JSON",
  list: "it holds no list `keys`, or a huge one",
  secret: "it holds the secret half of a key",
} as const;
export type KeySetFault = keyof typeof keySetFaults;

export const sidecar = {
  WRIT9401: {
    name: "sidecar-config",
    severity: "error",
    message: ({ place, fault }: { place: string; fault: SidecarFault }) =>
      `the sidecar can't be set up: \`${place}\` ${sidecarFaults[fault]}`,
    help: () => "`writ explain WRIT9401` shows a file with every member that is needed",
  },
  WRIT9402: {
    name: "sidecar-port",
    severity: "error",
    message: ({ address, problem }: { address: string; problem: string }) =>
      `the sidecar can't listen on \`${address}\`: ${problem}`,
    help: () => "end what listens there, or change `listen` and print the gateway's configuration again",
  },
  WRIT9403: {
    name: "issuer-keys",
    severity: "error",
    message: ({ issuer, fault, problem }: { issuer: string; fault: KeySetFault; problem?: string }) =>
      `the keys of \`${issuer}\` can't be had: ${keySetFaults[fault]}${problem === undefined ? "" : `, ${problem}`}`,
    help: () =>
      "give the issuer's `jwks_uri`, or a file with its JWK Set; known keys count for a day, and then its tokens are refused",
  },
} satisfies Record<string, Entry>;
