/** 9xxx: the policy that a gateway opens, and the revocations that it is told. */
import type { Entry } from "../entry.ts";

const moduleFaults = {
  missing: "the bundle holds no `policy.wasm`",
  module: "it is no module with an engine and tables",
  engine: "its engine can't be run here",
  demands: "its engine asks for more than an engine may",
  tables: "its tables are damaged, or another version of Writ made them",
} as const;
export type ModuleFault = keyof typeof moduleFaults;

export const gateway = {
  WRIT9001: {
    name: "wasm-refused",
    severity: "error",
    message: ({ fault }: { fault: ModuleFault }) => `\`policy.wasm\` can't be used: ${moduleFaults[fault]}`,
    help: () => "build the bundle again with `writ build`",
  },
  WRIT9002: {
    name: "policy-disagrees",
    severity: "error",
    message: ({ member }: { member: string }) =>
      `\`policy.wasm\` and \`.manifest\` say different things of the policy's ${member}`,
    help: () => "build and sign the bundle again with `writ build --sign`: it joins two releases",
  },
  WRIT9003: {
    name: "policy-rollback",
    severity: "error",
    message: ({ sequence, held }: { sequence: number; held: number }) =>
      `the policy has sequence ${sequence}, and ${held} is in use already`,
    help: () => "to go back, release what was right before as a new policy with a higher sequence",
  },
  WRIT9004: {
    name: "revocations-malformed",
    severity: "error",
    message: ({ place }: { place: string }) => `the revocations can't be used: \`${place}\` is not what it should be`,
    help: () => "those that are held stay in use until they are stale",
  },
  WRIT9005: {
    name: "revocations-rollback",
    severity: "error",
    message: ({ member, value, held }: { member: string; value: number; held: number }) =>
      `the revocations go back: their \`${member}\` is ${value}, and ${held} is known already`,
    help: () => "those that are held stay in use; fetch the revocations again",
  },
  WRIT9006: {
    name: "engine-fault",
    severity: "error",
    message: ({ problem }: { problem: string }) => `the engine stopped: ${problem}`,
    help: () => "the request was refused and a fresh engine decides the next one; please report this",
  },
} satisfies Record<string, Entry>;
