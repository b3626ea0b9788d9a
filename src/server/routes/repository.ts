/** The repository as any client of TUF reads it: metadata by name, what it names by digest, and nothing else (threat P14). */
import { WritError } from "../../diagnostics/index.ts";
import { immutable, REST, type Reply, type Route, type Schema } from "../route.ts";
import { digest } from "../schemas.ts";
import type { Services } from "../services.ts";

const METADATA: Schema = {
  type: "string",
  pattern: "^(timestamp\\.json|[1-9][0-9]{0,14}\\.(root|snapshot|targets|revocations)\\.json)$",
};
/** Consistent snapshots (TUF §6.2): the digest stands before the name. */
const TARGET =
  /^(?:policy\/([0-9a-f]{64})\.(?:canary|stable)\.tar\.gz|revocations\/([0-9a-f]{64})\.[0-9]{1,15}\.json)$/;

const READERS = ["gateway", "auditor"] as const;

export function repositoryRoutes({ publisher }: Services): readonly Route[] {
  const bytes = (found: Uint8Array | undefined, type: string, headers = {}): Reply => {
    if (!found) throw WritError.of("WRIT8404", {});
    return { status: 200, type, body: found, headers };
  };
  return [
    {
      method: "GET",
      path: "/metadata/{file}",
      summary: "A file of metadata in force",
      roles: READERS,
      parameters: { file: METADATA },
      answers: { 200: { description: "the file", type: "application/json" } },
      handle: async ({ parameters }) => bytes(await publisher.metadata(parameters.file!), "application/json"),
    },
    {
      method: "GET",
      path: `/targets/${REST}`,
      summary: "What the metadata in force names, by its path with its digest before its name",
      roles: READERS,
      answers: { 200: { description: "its bytes", type: "application/octet-stream" } },
      handle: async ({ caller, parameters }) => {
        const [, policy, revocations] = TARGET.exec(parameters["*"] ?? "") ?? [];
        const named = policy ?? revocations;
        const found = named === undefined ? undefined : await publisher.blob(caller, named);
        return bytes(found, "application/octet-stream", immutable);
      },
    },
    {
      method: "GET",
      path: "/blobs/{digest}",
      summary: "What the metadata in force names, by its SHA-256",
      roles: READERS,
      parameters: { digest },
      answers: { 200: { description: "its bytes", type: "application/octet-stream" } },
      handle: async ({ caller, parameters }) =>
        bytes(await publisher.blob(caller, parameters.digest!), "application/octet-stream", immutable),
    },
  ];
}
