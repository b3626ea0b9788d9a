/** Node's own cryptography, where this runs in Node: it answers at once, where Web Crypto goes through another thread and back. */

interface NodeCrypto {
  readonly hash?: (name: string, bytes: Uint8Array, encoding: "hex") => string;
  /** Of the algorithm that the key has. */
  readonly verify: (algorithm: null, bytes: Uint8Array, key: object, signature: Uint8Array) => boolean;
  readonly KeyObject: { from(key: CryptoKey): object };
}

const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };

/** A gateway brings every head into force by it, so half of what that costs would be the way to the other thread. */
export const nodeCrypto = process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
