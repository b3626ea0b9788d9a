/** A repository told in JSON, as the explain pages have it: what is published and served, step by step, and which code comes of it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WritError } from "../../src/diagnostics/index.ts";
import type { JsonValue } from "../../src/json/index.ts";
import {
  commandSigner,
  delegatedRole,
  findTarget,
  httpSource,
  type RunSigner,
  readPublicKey,
  readTrustSigner,
  signMetadata,
  TrustClient,
} from "../../src/trust/index.ts";
import { mapStore, newTrustKeys, Repository, strangers, utf8 } from "./repository.ts";

type Role = "targets" | "revocations" | "snapshot" | "timestamp";

/** One step; the member that is there says which. */
export interface TrustStep {
  /** Publishes the next version of a role, with other members than the right ones. */
  readonly publish?: Role;
  /** Publishes the same version once more. */
  readonly replace?: Role;
  readonly with?: Readonly<Record<string, JsonValue>>;
  /** The next root: signed by whom, with which version inside, so many of them. */
  readonly root?: {
    readonly by?: "strangers";
    readonly version?: number;
    readonly count?: number;
    readonly threshold?: number;
  };
  /** Members of `x-writ`. */
  readonly head?: Readonly<Record<string, JsonValue>>;
  readonly serve?: { readonly file: string; readonly as?: string; readonly size?: number; readonly none?: true };
  readonly revoke?: string;
  /** The gateway refreshes, and more steps follow. */
  readonly refresh?: true;
  /** So many seconds pass. */
  readonly pass?: number;
  /** What the gateway has on its disk, damaged. */
  readonly store?: { readonly name: string; readonly text: string };
  readonly find?: string;
  readonly server?: "honest" | "broken" | "slow";
  readonly key?: JsonValue;
  readonly signer?: "honest" | "other-key" | "silent" | "hanging";
}

/** The code, or nothing when all is well. */
export async function trustVerdict(steps: readonly TrustStep[]): Promise<string | undefined> {
  const repository = await Repository.create();
  const store = mapStore();
  const tellers: { server?: Server } = {};
  try {
    const client = await repository.client(store);
    for (const step of steps) {
      const code = await take(step, repository, client, store, tellers);
      if (code !== undefined) return code;
    }
    if (!steps.some(({ key, signer, server }) => key !== undefined || signer || server)) {
      await client.refresh();
      await delegatedRole(client, "revocations");
    }
    return undefined;
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  } finally {
    tellers.server?.closeAllConnections();
    tellers.server?.close();
  }
}

async function take(
  step: TrustStep,
  repository: Repository,
  client: TrustClient,
  store: ReturnType<typeof mapStore>,
  tellers: { server?: Server },
): Promise<string | undefined> {
  const { publish } = step;
  if (publish) {
    const [signer] = repository.signers[publish];
    await repository.publishOne(publish, (draft) => Object.assign(draft, step.with), [signer!]);
  }
  if (step.replace) await repository.replace(step.replace, (draft) => Object.assign(draft, step.with));
  if (step.root) await publishRoots(repository, step.root);
  if (step.head) repository.head = { ...repository.head, ...step.head };
  if (step.serve) serve(repository, step.serve);
  if (step.revoke) repository.revoked = [...repository.revoked, { path: step.revoke, bytes: utf8("x") }];
  if (step.pass) repository.time += step.pass;
  if (step.refresh) await client.refresh();
  if (step.find) {
    await client.refresh();
    await findTarget(client, step.find);
  }
  if (step.store) {
    await client.refresh();
    await store.write(step.store.name, utf8(step.store.text));
    return (await repository.client(store)).problems[0]?.code;
  }
  if (step.server) {
    const patience = step.server === "slow" ? { total: 400, grace: 100 } : {};
    const source = httpSource(await listen(repository, step.server, tellers), patience);
    const root = repository.files.get("1.root.json")!;
    const overHttp = await TrustClient.open({ root, source, store: mapStore(), now: () => repository.time });
    await overHttp.refresh();
  }
  if (step.key !== undefined) await readPublicKey(utf8(JSON.stringify(step.key)));
  if (step.signer) await sign(step.signer);
  return undefined;
}

async function publishRoots(
  repository: Repository,
  { by, version, count = 1, threshold }: NonNullable<TrustStep["root"]>,
) {
  if (threshold !== undefined) {
    repository.signers.timestamp = [...repository.signers.timestamp, strangers[0]!];
    repository.thresholds.timestamp = threshold;
  }
  for (let published = 0; published < count; published++) {
    const as = repository.versions.root + 1;
    if (version !== undefined) repository.versions.root = version - 1;
    await repository.publishRoot({ as, ...(by && { by: strangers }) });
  }
}

function serve({ files }: Repository, { file, as = file, size = 0, none }: NonNullable<TrustStep["serve"]>) {
  if (none) files.delete(file);
  else files.set(as, utf8(new TextDecoder().decode(files.get(file)).padEnd(size)));
}

async function listen(repository: Repository, manner: "honest" | "broken" | "slow", tellers: { server?: Server }) {
  const server = createServer((request, response) => {
    const bytes = repository.files.get((request.url ?? "").slice(1));
    if (manner === "broken") response.writeHead(500).end();
    else if (!bytes) response.writeHead(404).end();
    else if (manner === "slow") response.write(bytes.subarray(0, 1));
    else response.end(bytes);
  });
  tellers.server = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sign(manner: NonNullable<TrustStep["signer"]>) {
  const [own, other] = [await newTrustKeys(), await newTrustKeys()];
  const { key } = JSON.parse(own.secret);
  const command = JSON.stringify({ key, command: [process.execPath, "--eval", SCRIPTS[manner]] });
  const secret = manner === "other-key" ? other : own;
  // The program of an operator, played by one that has the key.
  const run: RunSigner =
    manner === "honest" || manner === "other-key"
      ? async (_command, payload) => (await readTrustSigner(utf8(secret.secret), run)).sign(payload)
      : commandSigner({ seconds: 0.5 });
  await signMetadata({ _type: "root" }, [await readTrustSigner(utf8(command), run)]);
}

const SCRIPTS = { honest: "", "other-key": "", silent: "", hanging: "setInterval(() => {}, 1000)" };
