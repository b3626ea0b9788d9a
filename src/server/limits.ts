/** How much anybody may take of a server: the defaults of threat model §9, each of which a test holds it to. */

export interface Limits {
  /** Milliseconds for the headers of a request, for all of it, and between two looks at both. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly checkEvery: number;
  /** Of the request line and the headers together, and how many headers. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** On each port, and of them from one address. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests that are held until something comes, in all and of one caller. */
  readonly polls: number;
  readonly pollsPerCaller: number;
  /** Milliseconds for which one is held at most. */
  readonly longestWait: number;
  /** Pages that are kept up to date. */
  readonly streams: number;
  readonly revocationBody: number;
  readonly apiBody: number;
  readonly bundleBody: number;
  /** Bundles that were uploaded and are not candidates yet, and milliseconds after which they are forgotten. */
  readonly uploads: number;
  readonly uploadLife: number;
  /** Of what a stock OPA uploads, as it comes and as it is once it is inflated. */
  readonly packedUpload: number;
  readonly unpackedUpload: number;
  /** Revoking calls of one caller: each second, and at once. */
  readonly revocationsPerSecond: number;
  readonly revocationsBurst: number;
  /** Reports of one gateway, or of one OPA: each second, and at once. */
  readonly reportsPerSecond: number;
  readonly reportsBurst: number;
  /** An answer is taken at this many bytes a second from so many milliseconds on, and as a whole within so many. */
  readonly slowestReader: number;
  readonly slowAfter: number;
  readonly longestAnswer: number;
  /** Milliseconds for what is under way when the server stops. */
  readonly grace: number;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * 1024;

export const defaultLimits: Limits = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  checkEvery: 1000,
  headerBytes: 8 * KIBIBYTE,
  headerCount: 64,
  connections: 20_000,
  connectionsPerAddress: 256,
  polls: 20_000,
  pollsPerCaller: 4,
  longestWait: 60_000,
  streams: 64,
  revocationBody: 64 * KIBIBYTE,
  apiBody: MEBIBYTE,
  bundleBody: 32 * MEBIBYTE,
  uploads: 4,
  uploadLife: 10 * 60_000,
  packedUpload: MEBIBYTE,
  unpackedUpload: 32 * MEBIBYTE,
  revocationsPerSecond: 50,
  revocationsBurst: 500,
  reportsPerSecond: 2,
  reportsBurst: 20,
  slowestReader: KIBIBYTE,
  slowAfter: 5000,
  longestAnswer: 60_000,
  grace: 10_000,
};

/** Entries of one call that revokes. */
export const mostEntries = 1000;
