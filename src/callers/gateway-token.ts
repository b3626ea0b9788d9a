/** Makes the fixed token by which a gateway is known: the publisher keeps its digest, and only the gateway keeps the token. */
import type { Ring } from "../protocol/index.ts";
import { thumbprintOf } from "./thumbprint.ts";

export interface NewGateway {
  readonly token: string;
  /** For the list `callers` of the file. */
  readonly entry: {
    readonly name: string;
    readonly roles: readonly ["gateway"];
    readonly ring: Ring;
    readonly token: string;
  };
}

/** 256 bits, behind a word by which a token that went astray is found. */
export function newGateway(name: string, ring: Ring): NewGateway {
  const token = `writ_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")}`;
  return { token, entry: { name, roles: ["gateway"], ring, token: thumbprintOf(token) } };
}
