/** 802x: the audit log. */
import type { Entry } from "../entry.ts";

const faults = {
  line: "it is not a line as we write them",
  number: "it is not the line that belongs here: lines are missing, or stand in another order",
  previous: "it is not the line that the next one was written after",
  root: "from there on, a line is not what it was when the checkpoint was signed",
  missing: "the checkpoint counts it, and the log ends before it",
  unsigned: "the log goes on, and the checkpoint does not count it",
} as const;
export type AuditFault = keyof typeof faults;

const checkpointFaults = {
  text: "it is no checkpoint",
  key: "the key to verify it with is none",
  unsigned: "it is not signed with the key",
  signature: "its signature was not made with the key, or what it covers was changed",
  origin: "it is one of another log",
} as const;
export type CheckpointFault = keyof typeof checkpointFaults;

export const audit = {
  WRIT8021: {
    name: "audit-mismatch",
    severity: "error",
    message: ({ fault, index }: { fault: AuditFault; index: number }) =>
      `the audit log is not to be trusted from record ${index} on: ${faults[fault]}`,
    help: () => "keep the file as evidence, and ask a gateway or an auditor for the log that they hold",
  },
  WRIT8022: {
    name: "checkpoint-invalid",
    severity: "error",
    message: ({ fault }: { fault: CheckpointFault }) => `the checkpoint can't be used: ${checkpointFaults[fault]}`,
    help: () => "take one from a head of the publisher, and the key from where you trust it",
  },
} satisfies Record<string, Entry>;
