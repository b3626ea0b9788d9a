/** Counts connections, in all and from one address, and turns away what is over (threat model §9). */
import { isIPv6, type Socket } from "node:net";
import type { Limits } from "./limits.ts";

export class Connections {
  readonly #limits: Limits;
  readonly #byAddress = new Map<string, number>();
  /** Those on which nothing was asked yet, and what forgets each. */
  readonly #silent = new Map<Socket, () => void>();
  #isStopping = false;
  #all = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#all;
  }

  /** Whether there is room for it; then it counts until it is closed. */
  enter(socket: Socket): boolean {
    const source = sourceOf(socket.remoteAddress ?? "");
    const before = this.#byAddress.get(source) ?? 0;
    if (this.#all >= this.#limits.connections || before >= this.#limits.connectionsPerAddress) return false;
    this.#all++;
    this.#byAddress.set(source, before + 1);
    socket.once("close", () => {
      this.#all--;
      const left = this.#byAddress.get(source)! - 1;
      if (left === 0) this.#byAddress.delete(source);
      else this.#byAddress.set(source, left);
    });
    return true;
  }

  /** Nothing was asked on it yet. */
  opened(socket: Socket): void {
    if (this.#isStopping) {
      socket.destroy();
      return;
    }
    const forget = () => this.#silent.delete(socket);
    this.#silent.set(socket, forget);
    socket.once("close", forget);
  }

  asked(socket: Socket): void {
    const forget = this.#silent.get(socket);
    if (!forget) return;
    socket.off("close", forget);
    forget();
  }

  /**
   * Node closes connections that wait for their next request, and not those that wait for their first: a client whose request was
   * given up connects anew for requests to come, and the server would wait until its patience ends.
   */
  stop(): void {
    this.#isStopping = true;
    for (const socket of this.#silent.keys()) socket.destroy();
  }
}

/** One machine: it has many addresses of version 6, all with the same first half (RFC 4291 §2.5.1). */
export function sourceOf(address: string): string {
  if (address.startsWith("::ffff:")) return address.slice("::ffff:".length);
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const first = head === "" ? [] : head.split(":");
  if (tail === undefined) return first.slice(0, 4).join(":");
  const last = tail === "" ? [] : tail.split(":");
  const zeros: string[] = new Array(Math.max(0, 8 - first.length - last.length)).fill("0");
  return [...first, ...zeros, ...last].slice(0, 4).join(":");
}
