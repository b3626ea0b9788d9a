/** What a back end returns. */
export interface Artefact {
  /** Inside the bundle, without leading slash. */
  readonly path: string;
  readonly bytes: Uint8Array;
}
