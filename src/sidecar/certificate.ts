/** What a client certificate says that the gateway has verified: its thumbprint, and whose SVID it is. */
import { createHash, X509Certificate } from "node:crypto";
import { isSpiffeId } from "../model/index.ts";

/** Characters of a certificate in PEM, percent-encoded. */
const LONGEST = 24 * 1024;

export interface Certificate {
  /** RFC 8705 §3.1: SHA-256 of the DER form. */
  readonly thumbprint: string;
  /** X509-SVID §2: the only URI among its names; nothing where it is no SVID of a workload. */
  readonly spiffe?: string;
}

/** @param text one certificate in PEM, percent-encoded, as nginx and Envoy hand it on */
export function readCertificate(text: string): Certificate | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const pem = decodeURIComponent(text);
    // A chain would be read as its first certificate, and it must not be a matter of order which one is meant.
    if (!/^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/.test(pem)) return undefined;
    const certificate = new X509Certificate(pem);
    const spiffe = spiffeOf(certificate);
    return {
      thumbprint: createHash("sha256").update(certificate.raw).digest("base64url"),
      ...(spiffe !== undefined && { spiffe }),
    };
  } catch {
    return undefined;
  }
}

function spiffeOf({ subjectAltName = "", ca }: X509Certificate): string | undefined {
  // A name with a comma in it comes in quotes: then there is no telling where one begins.
  if (subjectAltName.includes('"') || ca) return undefined;
  const uris = subjectAltName.split(", ").filter((name) => name.startsWith("URI:"));
  const [uri = ""] = uris.map((name) => name.slice("URI:".length));
  return uris.length === 1 && isSpiffeId(uri) ? uri : undefined;
}
