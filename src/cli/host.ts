/** All that a command may ask of the world: files, the clock, the terminal, one child process. Tests pass one made of a `Map`. */

/** `link` is a symbolic link, which is never followed without a look at where it leads. */
export interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
}

/** Why a file could not be read. */
export type Unreadable = "missing" | "too-large" | "not-a-file" | "forbidden";

export interface ChildResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Texts in PEM: what this side shows, and whom it believes of the other. */
  readonly certificate?: string;
  readonly key?: string;
  readonly authorities?: string;
  /** Of the answer, in bytes. */
  readonly limit: number;
  /** Milliseconds until there is one. */
  readonly patience: number;
}

export interface HostResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Paths are absolute, with forward slashes. */
export interface Host {
  /** Where the command was started. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a person looks at what `print` writes; `complainsToTerminal` says the same of `complain`. */
  readonly printsToTerminal: boolean;
  readonly complainsToTerminal: boolean;

  /** What lies in a folder, in no order; nothing where there is no folder. */
  entries(folder: string): readonly Entry[] | undefined;
  /** The path with every link resolved; nothing where it leads nowhere. */
  realPath(path: string): string | undefined;
  /** The bytes of a regular file that has at most `limit`; its size is looked at before it is read. */
  read(path: string, limit: number): Uint8Array | Unreadable;
  /** Writes a file, and the folders above it; `secret` files are readable by their owner only and never overwritten. */
  write(path: string, bytes: Uint8Array | string, secret?: "secret"): void;
  /** Removes a file, or a folder with all that is in it; that it is not there is fine. */
  remove(path: string): void;
  /** A new, empty folder that only this user can read. */
  temporaryFolder(): string;
  readStandardInput(limit: number): Uint8Array | "too-large";

  /** Seconds since 1970 UTC. */
  time(): number;
  /** Milliseconds of a clock that only goes forward, for progress and nothing else. */
  elapsed(): number;

  /** Standard output, the command's answer. */
  print(text: string): void;
  /** Standard error: progress, and why there is no answer. */
  complain(text: string): void;

  /** Runs a program to its end; `runForBytes` gives back what it prints as it is, if that is not more than `limit` bytes. */
  runChild(program: string, arguments_: readonly string[], input: string): ChildResult | "missing";
  runForBytes(program: string, arguments_: readonly string[], input: string, limit: number): Uint8Array | undefined;
  /** Runs a command of ours in a process of its own, so that what is going on here goes on. */
  runSelf(arguments_: readonly string[]): Promise<ChildResult>;
  /** Asks a server, and follows no redirect; what went wrong, in words, where there is no answer. */
  send(request: HostRequest): Promise<HostResponse | string>;
  /** Something that nobody else has or guesses. */
  randomText(): string;
  /** Resolves when a person, or whoever runs this process, wants it to end. */
  untilStopped(): Promise<void>;
  /** Calls back after something in the folder changed; resolves when the person ends it. */
  watch(folder: string, changed: () => void): Promise<void>;
}
