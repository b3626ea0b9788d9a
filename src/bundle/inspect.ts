/** What a bundle says of itself, for people to look at: nothing here is verified, and the type says so. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonValue, readJson } from "../json/index.ts";
import { inspectModule, MODULE } from "../wasm/index.ts";
import { LIMITS, type Limits, MANIFEST, SIGNATURES } from "./bundle.ts";
import { digest } from "./json-file.ts";
import { claimedStatement, type Header, readSignature, type Statement } from "./signature.ts";
import { checkLength, unpack } from "./verify.ts";

export interface Inspection {
  readonly verified: false;
  readonly files: readonly { readonly path: string; readonly size: number; readonly digest: string }[];
  /** Absent when there is none or it is not JSON. */
  readonly manifest?: JsonValue;
  /** Absent when there is none. */
  readonly module?: Module | { readonly problem: string };
  readonly signature?: { readonly header: Header; readonly statement: Statement } | { readonly problem: string };
}

export interface Module {
  readonly engine: { readonly bytes: number; readonly digest: string };
  readonly tables: {
    readonly version: number;
    readonly bytes: number;
    readonly revision: string;
    readonly sequence: number;
  };
}

export async function inspect(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Inspection> {
  const bounds = { ...LIMITS, ...limits };
  checkLength(bytes, bounds, undefined);
  const archive = unpack(bytes, bounds);
  const files = await Promise.all(
    Array.from(archive, async ([path, content]) => ({ path, size: content.length, digest: await digest(content) })),
  );
  const manifest = readJson(archive.get(MANIFEST) ?? new Uint8Array());
  const module = archive.get(MODULE);
  const signature = archive.get(SIGNATURES);
  return {
    verified: false,
    files,
    ...(!manifest.failure && { manifest: manifest.value }),
    ...(module && { module: await describeModule(module) }),
    ...(signature && { signature: inspectSignature(signature) }),
  };
}

async function describeModule(bytes: Uint8Array): Promise<NonNullable<Inspection["module"]>> {
  const module = inspectModule(bytes);
  if ("problem" in module) return module;
  const { engine, tables } = module;
  return { engine: { bytes: engine.length, digest: await digest(engine) }, tables };
}

function inspectSignature(bytes: Uint8Array): NonNullable<Inspection["signature"]> {
  try {
    const signature = readSignature(bytes);
    return { header: signature.header, statement: claimedStatement(signature) };
  } catch (error) {
    if (error instanceof WritError) return { problem: error.message };
    throw error;
  }
}
