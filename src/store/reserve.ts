/** A file that only takes up room: a full disk still has it to give when something has to be revoked. */
import { createCipheriv } from "node:crypto";
import { type FileSystem, isFull, replaceFile } from "./file-system.ts";

export class Reserve {
  readonly #files: FileSystem;
  readonly #name: string;
  readonly #size: number;
  #isHeld = false;

  constructor(files: FileSystem, name: string, size: number) {
    this.#files = files;
    this.#name = name;
    this.#size = size;
  }

  /** Whether the room is kept; takes it first where it is not. */
  async hold(): Promise<boolean> {
    if (this.#isHeld) return true;
    try {
      const there = await this.#files.open(this.#name);
      const size = await there.size();
      await there.close();
      if (size !== this.#size) await replaceFile(this.#files, this.#name, filling(this.#size), `${this.#name}.writing`);
      this.#isHeld = true;
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    return this.#isHeld;
  }

  /** Whether there was any to give. */
  async giveUp(): Promise<boolean> {
    if (!this.#isHeld) return false;
    this.#isHeld = false;
    await this.#files.remove(this.#name);
    await this.#files.syncFolder("");
    return true;
  }
}

/** Bytes that no disk can write shorter than they are, the same every time. */
function filling(size: number): Uint8Array {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(size));
}
