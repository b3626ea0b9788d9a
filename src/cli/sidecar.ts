/** `writ sidecar --config FILE`: answers a gateway that is not ours, until somebody ends it; or prints how that gateway is to ask. */
import { type Health, type LiveGateway, openGateway } from "../client/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { fileDecisionSink } from "../server/index.ts";
import {
  envoyConfiguration,
  type Issuers,
  KeySet,
  type LoadKeys,
  largestKeySet,
  nginxConfiguration,
  startSidecar,
  wordsOf,
} from "../sidecar/index.ts";
import { folderStore } from "../trust/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits } from "./output.ts";
import { type IssuerConfig, readAddress, readSidecarConfig, type SidecarConfig } from "./sidecar-config.ts";

interface Options {
  readonly config: string;
  readonly print?: true;
  readonly front: string;
  readonly upstream: string;
}

export async function sidecar(host: Host, { config: path, print, front, upstream }: Options): Promise<Exit> {
  const config = readSidecarConfig(host, path);
  return print ? printConfiguration(host, config, front, upstream) : await serveSidecar(host, config);
}

const configurations = { envoy: envoyConfiguration, nginx: nginxConfiguration };

function printConfiguration(host: Host, config: SidecarConfig, front: string, upstream: string): Exit {
  const addressAt = (option: string, text: string) => {
    const address = readAddress(text);
    if (!address) throw WritError.of("WRIT9401", { place: option, fault: "address" });
    return address;
  };
  const { protocol, listen, secret, upstreamHeaders } = config;
  host.print(
    configurations[protocol]({
      sidecar: listen,
      words: wordsOf(secret),
      upstreamHeaders,
      front: addressAt("--front", front),
      behind: addressAt("--upstream", upstream),
    }),
  );
  return exits.ok;
}

async function serveSidecar(host: Host, config: SidecarConfig): Promise<Exit> {
  const tell = (event: string, more: object = {}) =>
    host.print(`${JSON.stringify({ time: host.time(), event, ...more })}\n`);
  const gateway = await follow(host, config, tell);
  try {
    tellChanges(gateway, tell);
    const running = await startSidecar(config.listen, {
      protocol: config.protocol,
      words: wordsOf(config.secret),
      issuers: await issuersOf(host, config.issuers, tell),
      facts: new Set(config.facts),
      upstreamHeaders: new Set(config.upstreamHeaders),
      decide: (request) => gateway.decide(request),
      onFault: (error) => tell("fault", { problem: error instanceof Error ? error.message : String(error) }),
    });
    tell("listening", { address: running.address, protocol: config.protocol });
    await host.untilStopped();
    await running.close();
    return exits.ok;
  } finally {
    await gateway.close();
  }
}

type Tell = (event: string, more?: object) => void;

async function follow(host: Host, { gateway, decisions }: SidecarConfig, tell: Tell): Promise<LiveGateway> {
  const { root, url, id, token, ring, state, insecureHttp } = gateway;
  const text = (path: string) => new TextDecoder().decode(readNamedFile(host, path, largestKeyFile)).trim();
  const lost = (lines: number) => tell("decisions-lost", { lines });
  const sink = decisions === undefined ? undefined : fileDecisionSink(decisions, lost);
  return await openGateway({
    root: readNamedFile(host, root, largestKeyFile),
    url,
    insecureHttp,
    ...(id !== undefined && { id }),
    ...(token !== undefined && { token: text(token) }),
    ...(ring !== undefined && { ring }),
    ...(state !== undefined && { store: folderStore(state) }),
    ...(sink && {
      log: {
        sink: async (lines) => {
          const missed = lines.filter((line) => !sink.write(`${line}\n`)).length;
          if (missed > 0) lost(missed);
        },
      },
    }),
  });
}

/** A line for each change of how the gateway is, and none for what stays. */
function tellChanges(gateway: LiveGateway, tell: Tell): void {
  let before = "";
  const look = ({ ready, policy, problems }: Health) => {
    const now = {
      ready,
      policy: policy?.sequence,
      problems: problems.map(({ code, message }) => `${code} ${message}`),
    };
    const text = JSON.stringify(now);
    if (text !== before) tell("gateway", now);
    before = text;
  };
  look(gateway.health());
  gateway.onChange(look);
}

async function issuersOf(host: Host, issuers: readonly IssuerConfig[], tell: Tell): Promise<Issuers> {
  const made = issuers.map(({ issuer, algorithms, keys, type }) => {
    const set = new KeySet({
      issuer,
      load: loadKeys(host, keys),
      elapsed: () => host.elapsed(),
      onProblem: (problem) => problem && tell("keys", { code: problem.code, problem: problem.message }),
    });
    return [issuer, { algorithms, keys: set, ...(type !== undefined && { type }) }] as const;
  });
  // What can't be had now is looked for again when a token asks for it.
  await Promise.all(made.map(([, { keys }]) => keys.refresh()));
  return new Map(made);
}

/** Milliseconds. */
const PATIENCE = 5000;

function loadKeys(host: Host, { kind, place }: IssuerConfig["keys"]): LoadKeys {
  return async () => {
    if (kind === "file") return readNamedFile(host, place, largestKeySet);
    const answer = await host.send({
      method: "GET",
      url: place,
      headers: {},
      limit: largestKeySet,
      patience: PATIENCE,
    });
    if (typeof answer === "string") return answer;
    // Also where it says that they are elsewhere: who answers there is nobody that the configuration names.
    return answer.status === 200 ? answer.body : `the answer has the status ${answer.status}`;
  };
}
