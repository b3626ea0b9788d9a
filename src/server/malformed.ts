/** What Fastify says of a request that is not as its route describes it, in our words. */
import type { FastifyRequest } from "fastify";
import { type RequestFault, visible, WritError } from "../diagnostics/index.ts";

/** The keywords of a schema that may fail, and what that means. */
const faults: Readonly<Record<string, RequestFault>> = {
  required: "missing",
  additionalProperties: "unknown",
  type: "type",
  minItems: "size",
  maxItems: "size",
  minLength: "size",
  maxLength: "size",
  minimum: "range",
  maximum: "range",
};

interface ValidationFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Characters of what a stranger named. */
const LONGEST_NAME = 64;

export function malformed(error: unknown, request: FastifyRequest): unknown {
  if (error instanceof WritError || typeof error !== "object" || error === null) return error;
  const { code, validation, validationContext } = error as {
    readonly code?: string;
    readonly validation?: readonly ValidationFault[];
    readonly validationContext?: string;
  };
  // A name that no blob, file or change can have: there is nothing (threat P14).
  if (validationContext === "params") return WritError.of("WRIT8404", {}, error);
  if (validation?.[0]) return WritError.of("WRIT8401", placed(validation[0]), error);
  const { body } = request.routeOptions.config.route ?? {};
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return WritError.of("WRIT8403", { limit: body?.limit ?? request.server.initialConfig.bodyLimit ?? 0 }, error);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return WritError.of("WRIT8402", { expected: body?.type ?? "application/json" }, error);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return WritError.of("WRIT8409", { fault: "syntax" }, error);
    case "ECONNRESET":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return WritError.of("WRIT8409", { fault: "slow" }, error);
    default:
      return error;
  }
}

function placed({ keyword, instancePath, params }: ValidationFault): { place: string; fault: RequestFault } {
  const member = keyword === "required" ? params.missingProperty : params.additionalProperty;
  const names = [...instancePath.split("/").slice(1), ...(typeof member === "string" ? [member] : [])];
  const place = names.length === 0 ? "the body" : names.join(".");
  const short = place.length > LONGEST_NAME ? `${place.slice(0, LONGEST_NAME).toWellFormed()}…` : place;
  return { place: visible(short), fault: faults[keyword] ?? "value" };
}
