/** What the processes of the measurement of time to effect say to each other, and one clock for all of them. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Milliseconds since 1970, fine, and the same in every process of this machine. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

export interface Usage {
  /** Milliseconds of processor time since the process began. */
  readonly processor: number;
  /** Bytes. */
  readonly resident: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { processor: (user + system) / 1000, resident: process.memoryUsage.rss() };
}

/** Each kind of question with what is asked and what is answered. */
export type Questions = Readonly<Record<string, { readonly ask: unknown; readonly answer: unknown }>>;

export type Handlers<Q extends Questions> = {
  readonly [Kind in keyof Q]: (ask: Q[Kind]["ask"]) => Q[Kind]["answer"] | Promise<Q[Kind]["answer"]>;
};

interface Asked {
  readonly id: number;
  readonly kind: string;
  readonly ask: unknown;
}

interface Answered {
  readonly id: number;
  readonly answer: unknown;
}

/** In a process that was started: answers until whoever started it leaves. */
export function answerBy<Q extends Questions>(handlers: Handlers<Q>): void {
  process.on("message", async ({ id, kind, ask }: Asked) => {
    process.send?.({ id, answer: await handlers[kind]!(ask) } satisfies Answered);
  });
  process.on("disconnect", () => process.exit());
  process.send?.({ id: 0, answer: undefined } satisfies Answered);
}

const profiling = process.execArgv.filter((option) => option.startsWith("--cpu-prof"));

/** A process that answers questions one after the other or all at once. */
export class Asking<Q extends Questions> {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, (answer: never) => void>();
  #last = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", ({ id, answer }: Answered) => {
      this.#open.get(id)?.(answer as never);
      this.#open.delete(id);
    });
  }

  /**
   * @param program a file beside this one
   * @param options of Node
   */
  static async start<Q extends Questions>(
    program: string,
    parameters: object,
    options: readonly string[] = [],
  ): Promise<Asking<Q>> {
    const child = fork(join(import.meta.dirname, program), [JSON.stringify(parameters)], {
      execArgv: ["--conditions=writ-source", ...profiling, ...options],
    });
    const failed = once(child, "exit").then(([code]) => Promise.reject(new TypeError(`${program} ended with ${code}`)));
    await Promise.race([once(child, "message"), failed]);
    failed.catch(() => {});
    return new Asking<Q>(child);
  }

  ask<Kind extends keyof Q & string>(kind: Kind, ask: Q[Kind]["ask"]): Promise<Q[Kind]["answer"]> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#open.set(id, resolve);
      this.#child.send({ id, kind, ask } satisfies Asked);
    });
  }

  async end(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
  }
}
