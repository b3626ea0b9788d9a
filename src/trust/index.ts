/** Who may say what is current: the metadata of TUF, read, followed and made. */
export { addKey, changeDelegation, changeRoot, type KeyChange, removeKey } from "./change-keys.ts";
export { type Refreshed, TrustClient, type TrustedSet, type TrustLimits, type TrustOptions } from "./client.ts";
export { commandSigner, type SignerLimits } from "./command-signer.ts";
export { isSoundPoint } from "./ed25519-point.ts";
export { fetchTarget, type TargetOptions } from "./fetch-target.ts";
export { delegatedRole, findTarget } from "./find-target.ts";
export { folderStore } from "./folder-store.ts";
export { hashOf } from "./hashes.ts";
export { type HttpOptions, httpSource } from "./http-source.ts";
export { identityOf, keyIdOf, type Scheme, signerOf, type TrustKey } from "./keys.ts";
export {
  type Delegation,
  type Draft,
  type Edition,
  makeRoot,
  makeSnapshot,
  makeTargets,
  makeTimestamp,
  type NamedFile,
  type NewTarget,
  type RoleKeys,
} from "./make-metadata.ts";
export type {
  DelegatedRole,
  Metadata,
  Role,
  Root,
  Signed,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
  WritHead,
} from "./metadata.ts";
export {
  filesOf,
  lifetimes,
  nextSet,
  type PublishedSet,
  type PublisherKeys,
  type SetChange,
  type WholeSet,
} from "./next-set.ts";
export type { Source, Store } from "./ports.ts";
export { readMetadata } from "./read-metadata.ts";
export { releaseTargets } from "./release-targets.ts";
export { addSignatures, signMetadata, type TrustSigner } from "./sign-metadata.ts";
export {
  newTrustKeys,
  type RunSigner,
  readPublicKey,
  readTrustSigner,
  type SigningScheme,
  type TrustKeyPair,
} from "./trust-keys.ts";
export { readPinnedRoot, updateRoot } from "./update-root.ts";
