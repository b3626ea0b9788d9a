/** 93xx: a gateway that follows a publisher. */
import type { Entry } from "../entry.ts";

const addressFaults = {
  missing: "there is none",
  malformed: "it is no address of a server",
  insecure: "it is plain HTTP to another machine",
} as const;
export type AddressFault = keyof typeof addressFaults;

export const client = {
  WRIT9301: {
    name: "clock-behind",
    severity: "error",
    message: ({ seconds }: { seconds: number }) =>
      `the clock here is ${seconds} seconds behind what the publisher signed, or what it was itself before`,
    help: () => "set the clock; until then decisions count on from the publisher's time",
  },
  WRIT9302: {
    name: "head-old",
    severity: "error",
    message: ({ seconds }: { seconds: number }) =>
      `by the clock here the newest head is ${seconds} seconds old, so some tiers are stale`,
    help: () =>
      "look whether the publisher is reachable, whether its heads are held back, and whether the clock here is ahead",
  },
  WRIT9303: {
    name: "publisher-silent",
    severity: "error",
    message: ({ address, seconds }: { address: string; seconds: number }) =>
      `\`${address}\` said nothing new within ${seconds} seconds`,
    help: () => "look whether the publisher's heartbeat goes on; if it does, something on the way holds back its heads",
  },
  WRIT9304: {
    name: "state-unwritable",
    severity: "error",
    message: ({ file, problem }: { file: string; problem: string }) => `\`${file}\` can't be kept: ${problem}`,
    help: () => "the gateway goes on, but after a restart it has to wait for its publisher; make room for its state",
  },
  WRIT9305: {
    name: "address-unusable",
    severity: "error",
    message: ({ address, fault }: { address: string; fault: AddressFault }) =>
      `the publisher's address \`${address}\` can't be used: ${addressFaults[fault]}`,
    help: () => "give `https://` and a host; plain HTTP is for this machine, or with `insecureHttp`",
  },
  WRIT9306: {
    name: "release-disagrees",
    severity: "error",
    message: ({ member }: { member: string }) =>
      `the release names another ${member} than the policy in its bundle has`,
    help: () =>
      "release the bundle again by the publisher; if it made this release itself, look who else signs with its keys",
  },
} satisfies Record<string, Entry>;
