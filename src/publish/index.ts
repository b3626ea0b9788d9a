/** Publishes an estate: what is in force follows from the records in the store, and every change of it goes through here. */
export { openPublisher } from "./open-publisher.ts";
export {
  type BuildTerms,
  type Judging,
  type KnownGateway,
  type PublisherOptions,
  type RolloutLimits,
  type SignerRole,
  signerRoles,
  type TrustFiles,
  type TrustSource,
} from "./options.ts";
export { type ProvenanceRules, signProvenance } from "./provenance.ts";
export type {
  Accepted,
  Answer,
  Call,
  NewRevocation,
  OpaBundle,
  OpaResource,
  Provenance,
  Publisher,
  Reach,
  Submission,
} from "./publisher.ts";
export type { By, CandidateView, ChangeView, GatewayView, ReleaseView, RestorationView, View } from "./view.ts";
