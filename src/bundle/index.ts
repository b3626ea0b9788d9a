/** Artefacts to a signed, deterministic archive and back. */
export type { Bundle, Files, Limits, Manifest, Metadata } from "./bundle.ts";
export { LIMITS } from "./bundle.ts";
export { type Inspection, inspect } from "./inspect.ts";
export { bytesEqual } from "./json-file.ts";
export { type Key, type KeyPair, type Keys, newKeys, publicPem, readKeys, readSigner, type Signer } from "./keys.ts";
export { DISCOVERY, type OpaConfigOptions, opaConfig, opaDiscovery } from "./opa-config.ts";
export { manifestBytes, type PackOptions, pack } from "./pack.ts";
export { type Contents, readContents } from "./read-contents.ts";
export { readTar, writeTar } from "./tar.ts";
export { type VerifyOptions, verify, verifySigned } from "./verify.ts";
