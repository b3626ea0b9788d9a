/** The log of the server: one line of JSON for each request, without anything that a caller keeps secret (threats P18, P19). */
import { logLine } from "../callers/index.ts";
import type { PortName } from "./metrics.ts";

/** Takes a line with its end. */
export type LogPort = (line: string) => void;

export interface Line {
  readonly method: string;
  /** As it is described, never the address as it was sent: that may hold a secret. */
  readonly route: string;
  /** `gone` where the other side left before it was answered. */
  readonly status: number | "gone";
  readonly milliseconds: number;
  /** It is asked all the time, and counted. */
  readonly isRoutine: boolean;
  /** The one whose credential was good. */
  readonly caller?: string;
  /** Of a refusal, and why a credential was none: that is said here and to nobody else. */
  readonly code?: string;
  readonly reason?: string;
}

export class Log {
  readonly #port: LogPort | undefined;
  readonly #now: () => number;

  constructor(port: LogPort | undefined, now: () => number) {
    this.#port = port;
    this.#now = now;
  }

  request(port: PortName, { milliseconds, isRoutine: _, ...line }: Line): void {
    this.#write({ event: "request", port, ...line, milliseconds: Math.round(milliseconds) });
  }

  event(event: string, members: object = {}): void {
    this.#write({ event, ...members });
  }

  /** A mistake of ours: where it was made; its text may quote what came in. */
  mistake(error: unknown): void {
    const { name, stack } = error instanceof Error ? error : { name: "unknown", stack: "" };
    const places = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    this.#write({ event: "mistake", name, places: places.slice(0, 12).map((place) => place.trim()) });
  }

  #write(members: object): void {
    this.#port?.(logLine({ at: this.#now(), ...members }));
  }
}
