/** Reads the bytes of a module one after the other, never past their end (WebAssembly core specification 2.0 §5.2). */
import { WritError } from "../diagnostics/index.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class SectionReader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw malformed();
    return byte;
  }

  /** An unsigned LEB128 of up to 32 bits (§5.2.2). */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed();
  }

  take(size: number): Uint8Array {
    if (size > this.#bytes.length - this.at) throw malformed();
    this.at += size;
    return this.#bytes.subarray(this.at - size, this.at);
  }

  /** A name (§5.2.4). */
  text(): string {
    return decoder.decode(this.take(this.number()));
  }

  since(begin: number): Uint8Array {
    return this.#bytes.subarray(begin, this.at);
  }
}

export function malformed(): WritError {
  return WritError.of("WRIT9001", { fault: "module" });
}
