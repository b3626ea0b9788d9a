/** Who holds a store: a process, told apart from every other one that ever had its number. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** What a lock asks of the system that processes run in. */
export interface Processes {
  /** This process, in letters, digits, `-`, `_`, `%` and `.` alone. */
  readonly self: string;
  /** Only what is certain: a process on another machine may be alive. */
  isDead(owner: string): boolean;
}

export const nodeProcesses: Processes = { self: nameOf(process.pid), isDead };

/** Machine, start of the machine, number of the process, and its start: numbers of processes are given again. */
function nameOf(pid: number): string {
  return [hostname(), bootOf(), String(pid), startOf(pid)]
    .map((part) => encodeURIComponent(part).replaceAll(".", "%2E"))
    .join(".");
}

function isDead(owner: string): boolean {
  const self = nodeProcesses.self.split(".");
  const [host, boot, pid = "", start] = owner.split(".");
  if (host !== self[0]) return false;
  if (boot !== self[1]) return true;
  if (start !== encodeURIComponent(startOf(Number(pid)))) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function bootOf(): string {
  return readOr("/proc/sys/kernel/random/boot_id", "0").trim().slice(0, 8);
}

/** In ticks since the start of the machine (proc(5), the 22nd field; the second may hold anything up to the last bracket). */
function startOf(pid: number): string {
  const status = readOr(`/proc/${pid}/stat`, "");
  return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
}

/** Where a system has no such file, the number of the process is all that tells. */
function readOr(path: string, absent: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return absent;
  }
}
