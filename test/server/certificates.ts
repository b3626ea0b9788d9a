/** Certificates for tests, made as they are needed (RFC 5280): self-signed, for one name, on P-256. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of it, in hexadecimal. */
  readonly thumbprint: string;
}

interface Extensions {
  /** Names by tag: 2 is a host, 6 a URI. */
  readonly names?: readonly (readonly [2 | 6, string])[];
  readonly isAuthority?: boolean;
}

/** Valid from and until, in seconds since 1970; for this machine, unless it is told other names. */
export function certificateFor(name: string, from: number, until: number, more: Extensions = {}): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsa = sequence(oid("2a8648ce3d040302"));
  const subject = sequence(set(sequence(oid("550403"), tag(0x0c, Buffer.from(name)))));
  const names = more.names?.map(([kind, text]) => tag(0x80 | kind, Buffer.from(text))) ?? [
    tag(0x82, Buffer.from("localhost")),
    tag(0x87, Buffer.from([127, 0, 0, 1])),
  ];
  const alternative = sequence(oid("551d11"), tag(0x04, sequence(...names)));
  const authority = sequence(oid("551d13"), tag(0x04, sequence(tag(0x01, Buffer.from([0xff])))));
  const extensions = tag(0xa3, sequence(alternative, ...(more.isAuthority ? [authority] : [])));
  const toBeSigned = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))),
    tag(0x02, Buffer.from([1])),
    ecdsa,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ format: "der", type: "spki" }),
    extensions,
  );
  const signature = tag(0x03, Buffer.from([0]), sign("sha256", toBeSigned, privateKey));
  const der = sequence(toBeSigned, ecdsa, signature);
  const lines = der.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: "pem", type: "pkcs8" }) as string,
    thumbprint: createHash("sha256").update(der).digest("hex"),
  };
}

function tag(number: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([number, ...size]), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tag(0x30, ...parts);
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return tag(0x31, ...parts);
}

function oid(hexadecimal: string): Buffer {
  return tag(0x06, Buffer.from(hexadecimal, "hex"));
}

/** UTCTime. */
function time(seconds: number): Buffer {
  const digits = new Date(seconds * 1000).toISOString().replaceAll(/\D/g, "");
  return tag(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}
