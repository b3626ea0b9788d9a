/** What following a repository asks of the world: where files come from, and where trusted ones are kept. */

/**
 * The bytes of a file by its name under the repository's address; nothing where there is none.
 * Stops reading after `limit` + 1 bytes: what is longer is refused by its length.
 */
export type Source = (file: string, limit: number) => Promise<Uint8Array | undefined>;

/** Files by name. Each is written wholly or not at all; what is read may be anything, and is verified. */
export interface Store {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}
