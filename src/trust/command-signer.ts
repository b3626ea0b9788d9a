/** Signing by a program of the operator's: a key management service, a hardware module, whatever has the key. */
import { spawn } from "node:child_process";
import { type SignerFault, WritError } from "../diagnostics/index.ts";
import type { RunSigner } from "./trust-keys.ts";

export interface SignerLimits {
  readonly seconds?: number;
  /** Bytes of an answer. */
  readonly answer?: number;
}

/** Threat model §4: the bytes on standard input, the signature on standard output, within 10 seconds. */
export function commandSigner({ seconds = 10, answer = 1024 }: SignerLimits = {}): RunSigner {
  return ([program = "", ...words], payload) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
      const pieces: Buffer[] = [];
      let length = 0;
      const end = (error: WritError) => {
        clearTimeout(timer);
        child.kill("SIGKILL");
        reject(error);
      };
      const fail = (fault: SignerFault, cause?: unknown) => end(WritError.of("WRIT9120", { fault }, cause));
      const timer = setTimeout(() => end(WritError.of("WRIT9121", { seconds })), seconds * 1000);
      child.on("error", (cause) => fail("missing", cause));
      child.stdin.on("error", () => undefined); // It may sign without reading to the end; what it answers decides.
      child.stdout.on("data", (piece: Buffer) => {
        length += piece.length;
        pieces.push(piece);
        if (length > answer) fail("too-long");
      });
      child.on("close", (code) => {
        clearTimeout(timer);
        if (code !== 0) fail("failed");
        else if (length === 0) fail("empty");
        else resolve(new Uint8Array(Buffer.concat(pieces)));
      });
      child.stdin.end(payload);
    });
}
