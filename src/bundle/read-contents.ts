/** What an archive holds, whoever signed it or nobody: for bytes that are known by their digest, or that are compared. */
import { type Files, LIMITS, MANIFEST, type Manifest, SIGNATURES } from "./bundle.ts";
import { readManifest } from "./manifest.ts";
import { checkLength, unpack } from "./verify.ts";

export interface Contents {
  readonly manifest: Manifest;
  /** By path, without `.manifest` and `.signatures.json`. */
  readonly files: Files;
}

/** INVARIANT: nothing of it is believed; a bundle that anybody may have sent is `verify`'s. */
export function readContents(bytes: Uint8Array): Contents {
  checkLength(bytes, LIMITS, undefined);
  const archive = unpack(bytes, LIMITS);
  const manifest = readManifest(archive.get(MANIFEST), ["writ"]);
  return { manifest, files: new Map([...archive].filter(([name]) => name !== MANIFEST && name !== SIGNATURES)) };
}
