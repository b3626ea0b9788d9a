/** Signed bundles for gateways: a small estate, released as often as asked, with whatever is to be wrong about it. */
import { newKeys, pack, readKeys, readSigner } from "../../src/bundle/index.ts";
import type { Artefact, Model } from "../../src/model/index.ts";
import { assembleModule, engineBytes, packTables } from "../../src/wasm/index.ts";
import { estate, now } from "../decide/estate.ts";

export { now };

const utf8 = (text: string) => new TextEncoder().encode(text);
const pair = await newKeys({ kid: "release" });
const signer = await readSigner(utf8(pair.privateKey));

/** The key file that trusts these releases. */
export const keyFile = utf8(pair.publicKeys);
export const keys = await readKeys(keyFile);

export interface ReleaseOptions {
  readonly model?: Model;
  readonly sequence?: number;
  readonly revision?: string;
  /** Seconds for which it is in force from now on. */
  readonly lifetime?: number;
  /** What the tables say where it is not what the manifest says. */
  readonly tables?: Partial<{ sequence: number; revision: string; notBefore: number; notAfter: number }>;
  /** In place of `policy.wasm`; nothing where it is to be left out. */
  readonly wasm?: Uint8Array | "none";
  readonly files?: Readonly<Record<string, string>>;
}

export function policyOf({ sequence = 7, revision = `r${sequence}`, lifetime = 86_400 }: ReleaseOptions) {
  return { revision, sequence, notBefore: now - 86_400, notAfter: now + lifetime };
}

export function wasmOf(options: ReleaseOptions = {}): Uint8Array {
  const tables = packTables(options.model ?? estate, { ...policyOf(options), ...options.tables });
  return assembleModule(engineBytes(), tables);
}

export function release(options: ReleaseOptions = {}): Promise<Uint8Array> {
  const { revision, sequence, notBefore: issued, notAfter: expires } = policyOf(options);
  const manifest = {
    revision,
    roots: ["writ"],
    rego_version: 1,
    metadata: { sequence, issued, expires, entrypoints: ["writ/allow", "writ/decision"] },
  } as const;
  const artefacts: Artefact[] = Object.entries(options.files ?? {}).map(([path, text]) => ({
    path,
    bytes: utf8(text),
  }));
  if (options.wasm !== "none") artefacts.push({ path: "policy.wasm", bytes: options.wasm ?? wasmOf(options) });
  return pack(artefacts, manifest, { signer });
}
