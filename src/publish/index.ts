/** Publishes an estate: what is in force follows from the records in the store, and every change of it goes through here. */
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
export type { By, CandidateView, ChangeView, GatewayView, ReleaseView, View } from "./view.ts";
