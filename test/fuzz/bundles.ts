/**
 * Mutated bundles: whatever is done to a bundle by someone without the key, it is refused under a code, soon, or it is still the
 * same bundle.
 *
 * `node test/fuzz/bundles.ts 1000000 [seed]` runs that many through the verification and prints the figures.
 */

import { type Bundle, type Keys, readKeys, verify } from "../../src/bundle/index.ts";
import { assert, type Code, WritError } from "../../src/diagnostics/index.ts";
import { canonical, FILES, MANIFEST } from "../bundle/edit-bundle.ts";
import {
  type Entry,
  forgeGzip,
  forgeJws,
  forgeTar,
  OTHER,
  publicKeyFile,
  RELEASE,
  state,
  type TestKey,
  utf8,
} from "../bundle/forge.ts";
import { processorTime } from "../processor-time.ts";
import { Random } from "../random.ts";

export interface Figures {
  readonly bundles: number;
  /** Accepted, with the very content of an original. */
  readonly same: number;
  /** Signed with our own key over mutated content, and good. */
  readonly signedAnew: number;
  readonly codes: ReadonlyMap<Code, number>;
  readonly slowest: number;
  readonly failures: readonly string[];
}

type Pick = (below: number) => number;
type Content = Map<string, Uint8Array>;

/** What is verified, and whether our own key signed it as it is. */
interface Mutant {
  readonly bytes: Uint8Array;
  readonly ours: boolean;
}

const slow = 1000;

/** Two good bundles of one publisher, and the parts of them. */
const originals: readonly Content[] = [0, 1].map((edition) => {
  const content: Content = new Map([[".manifest", utf8(canonical({ ...MANIFEST, revision: `r-${edition}` }))]]);
  content.set("data.json", utf8(`{"writ":{"edition":${edition},"list":[1,[true,null],{"é\\u2028":"\\\\"}]}}`));
  content.set("policy.rego", utf8(FILES["policy.rego"]!.repeat(edition + 1)));
  return content;
});
const jws = originals.map((content) => signed(content, RELEASE));
const entries: readonly (readonly Entry[])[] = originals.map((content, index) => archive(content, jws[index]!));
const tars = entries.map((list) => forgeTar(list));
const packed = tars.map((tar) => forgeGzip(tar));

function signed(content: ReadonlyMap<string, Uint8Array>, key: TestKey, kid = RELEASE.kid): string {
  return forgeJws(
    JSON.stringify({ alg: "ES256", kid, typ: "JWT" }),
    canonical(state(content, MANIFEST.metadata.issued)),
    key,
  );
}

function archive(content: ReadonlyMap<string, Uint8Array>, text: string): Entry[] {
  const list = Array.from(content, ([name, bytes]) => ({ name: `/${name}`, bytes }));
  return [...list, { name: "/.signatures.json", bytes: utf8(canonical({ signatures: [text] })) }];
}

/** Bits flipped, bytes replaced, removed, inserted, doubled, or taken from elsewhere. */
function bend(bytes: Uint8Array, other: Uint8Array, pick: Pick): Uint8Array {
  let bent = Buffer.from(bytes);
  for (let count = 1 + pick(3); count > 0; count--) {
    const at = pick(bent.length + 1);
    const size = 1 + pick(pick(8) === 0 ? 600 : 4);
    switch (pick(7)) {
      case 0:
      case 1:
        if (at < bent.length) bent[at]! ^= 1 << pick(8);
        break;
      case 2:
        if (at < bent.length) bent[at] = [0, 0x20, 0x22, 0x2f, 0x30, 0x5c, 0x7b, 0x80, 0xff][pick(9)]!;
        break;
      case 3:
        bent = Buffer.concat([bent.subarray(0, at), bent.subarray(at + size)]);
        break;
      case 4:
        bent = Buffer.concat([bent.subarray(0, at), Buffer.alloc(size, pick(256)), bent.subarray(at)]);
        break;
      case 5:
        bent = Buffer.concat([bent.subarray(0, at + size), bent.subarray(at)]);
        break;
      default:
        bent = Buffer.concat([bent.subarray(0, at), other.subarray(pick(other.length + 1))]);
    }
  }
  return bent;
}

const names = [
  "/data.json",
  "data.json",
  "//data.json",
  "/DATA.json",
  "/../data.json",
  "/a/data.json",
  "/patch.json",
  "/.manifest",
  "/x/.manifest",
];
const moreNames = [
  ...names,
  "/x-signatures.json",
  "/.signatures.json",
  "/policy.wasm",
  "/data.yaml",
  "/z.rego",
  "/é",
  "",
  "/",
];
const fields: readonly (readonly [at: number, size: number])[] = [
  [0, 100],
  [100, 24],
  [124, 12],
  [136, 12],
  [156, 1],
  [157, 100],
  [257, 8],
  [265, 64],
  [329, 16],
  [345, 155],
  [500, 12],
];

function mutateMembers(list: readonly Entry[], other: readonly Entry[], pick: Pick): Entry[] {
  const changed = list.map((entry) => ({ ...entry }));
  for (let count = pick(3); count > 0; count--) {
    const at = pick(changed.length);
    const entry = changed[at];
    if (!entry) break;
    switch (pick(9)) {
      case 0:
        changed.splice(at, 1);
        break;
      case 1:
        changed.splice(pick(changed.length), 0, { ...entry });
        break;
      case 2:
        entry.name = moreNames[pick(moreNames.length)]!;
        break;
      case 3:
        changed.push({
          name: moreNames[pick(moreNames.length)]!,
          bytes: pick(2) === 0 ? new Uint8Array() : entry.bytes,
        });
        break;
      case 4:
        changed[at] = { ...other[pick(other.length)]! };
        break;
      case 5:
        entry.bytes = other[pick(other.length)]!.bytes;
        break;
      case 6:
        entry.type = String.fromCharCode(pick(2) === 0 ? 0x30 + pick(8) : pick(256));
        break;
      case 7: {
        const [start, size] = fields[pick(fields.length)]!;
        entry.fields = [[start + pick(size), String.fromCharCode(pick(256))]];
        break;
      }
      default:
        entry.bytes = bend(entry.bytes, other[pick(other.length)]!.bytes, pick);
    }
  }
  return pick(4) === 0 ? changed.reverse() : changed;
}

const headers: readonly Record<string, unknown>[] = [
  { alg: "none" },
  { alg: "HS256" },
  { alg: "es256" },
  { kid: OTHER.kid },
  { kid: "../x" },
  { crit: ["b64"], b64: false },
  { jwk: OTHER.jwk },
  { typ: "jwt" },
];

function mutateText(text: string, other: string, pick: Pick): string {
  switch (pick(5)) {
    case 0: {
      const parts = text.split(".");
      parts[pick(3)] = other.split(".")[pick(3)]!;
      return parts.join(".");
    }
    case 1: {
      const header = { alg: "ES256", kid: RELEASE.kid, typ: "JWT", ...headers[pick(headers.length)] };
      return [Buffer.from(JSON.stringify(header)).toString("base64url"), ...text.split(".").slice(1)].join(".");
    }
    case 2:
      return text.slice(0, -1) + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[pick(64)];
    default:
      return Buffer.from(bend(utf8(text), utf8(other), pick)).toString("latin1");
  }
}

/** JSON that means something else, or the same in other bytes. */
function mutateContent(
  content: ReadonlyMap<string, Uint8Array>,
  other: ReadonlyMap<string, Uint8Array>,
  pick: Pick,
): Content {
  const changed = new Map(content);
  const name = [...content.keys()][pick(content.size)]!;
  const text = Buffer.from(content.get(name)!).toString();
  const pieces = [
    '"__proto__":0,',
    '"writ":{},',
    " ",
    "1.0",
    "-0",
    "9007199254740993",
    "\\u0061",
    "\ufeff",
    "[".repeat(70),
    "null,",
    '"roots":[""],',
  ];
  const at = pick(text.length + 1);
  if (pick(2) === 0) changed.set(name, utf8(text.slice(0, at) + pieces[pick(pieces.length)]! + text.slice(at)));
  else changed.set(name, bend(content.get(name)!, other.get(name)!, pick));
  return changed;
}

function mutate(pick: Pick): Mutant {
  const [one, two] = pick(2) === 0 ? [0, 1] : [1, 0];
  const pack = (list: readonly Entry[]) => forgeGzip(forgeTar(list), { level: 1 });
  switch (pick(8)) {
    case 0:
    case 1:
      return { bytes: bend(packed[one]!, packed[two]!, pick), ours: false };
    case 2:
      return { bytes: forgeGzip(bend(tars[one]!, tars[two]!, pick), { level: 1 }), ours: false };
    case 3:
    case 4:
      return { bytes: pack(mutateMembers(entries[one]!, entries[two]!, pick)), ours: false };
    case 5:
      return { bytes: pack(archive(originals[one]!, mutateText(jws[one]!, jws[two]!, pick))), ours: false };
    case 6: {
      // Someone else's key, under its own name or under ours.
      const content = mutateContent(originals[one]!, originals[two]!, pick);
      return {
        bytes: pack(archive(content, signed(content, OTHER, pick(2) === 0 ? OTHER.kid : RELEASE.kid))),
        ours: false,
      };
    }
    default: {
      // Our own key over odd content, so that the steps after the signature are reached.
      const content = mutateContent(originals[one]!, originals[two]!, pick);
      return { bytes: pack(archive(content, signed(content, RELEASE))), ours: true };
    }
  }
}

function isOriginal({ manifest, files }: Bundle): boolean {
  return originals.some(
    (content) =>
      canonical(manifest) === Buffer.from(content.get(".manifest")!).toString() &&
      files.size === content.size - 1 &&
      Array.from(files).every(([name, bytes]) => content.has(name) && Buffer.compare(bytes, content.get(name)!) === 0),
  );
}

const escaped = (json: string) => json.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

/** What our own key signs may be new, but it has the roots and the spelling that every bundle has. */
function isSound({ manifest, files }: Bundle): boolean {
  const data = Buffer.from(files.get("data.json")!).toString();
  return canonical(manifest.roots) === '["writ"]' && escaped(canonical(JSON.parse(data))) === data;
}

export async function fuzz(bundles: number, seed: number): Promise<Figures> {
  const keys: Keys = await readKeys(publicKeyFile(RELEASE));
  for (const bytes of packed) assert(isOriginal(await verify(bytes, keys)), "a bundle to start from is good");
  const source = new Random(seed);
  const next = () => source.next();
  const pick: Pick = (below) => Math.floor(next() * below);
  const codes = new Map<Code, number>();
  const failures: string[] = [];
  let [same, signedAnew, slowest] = [0, 0, 0];
  for (let count = 0; count < bundles && failures.length < 20; count++) {
    const { bytes, ours } = mutate(pick);
    const fail = (what: string) =>
      failures.push(`bundle ${count} of seed ${seed} ${what}: ${Buffer.from(bytes).toString("base64")}`);
    const begin = processorTime();
    try {
      const bundle = await verify(bytes, keys);
      if (isOriginal(bundle)) same++;
      else if (ours && isSound(bundle)) signedAnew++;
      else fail("was altered and is accepted");
    } catch (error) {
      if (error instanceof WritError && error.code.startsWith("WRIT7"))
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      else fail(`throws ${error}`);
    }
    const took = processorTime() - begin;
    if (took > slowest) slowest = took;
    if (took > slow) fail(`takes ${took.toFixed(0)} ms`);
  }
  return { bundles, same, signedAnew, codes, slowest, failures };
}

if (import.meta.main) {
  const [bundles = "1000000", seed = "1"] = process.argv.slice(2);
  const begin = performance.now();
  const figures = await fuzz(Number(bundles), Number(seed));
  const seconds = (performance.now() - begin) / 1000;
  const codes = [...figures.codes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${code} ${count}`);
  process.stdout.write(
    [
      `${figures.bundles} bundles in ${seconds.toFixed(0)} s (${(figures.bundles / seconds).toFixed(0)}/s), slowest ${figures.slowest.toFixed(0)} ms`,
      `${figures.same} still the same bundle, ${figures.signedAnew} good and signed by ourselves, the others refused:`,
      codes.join(", "),
      ...figures.failures,
      `${figures.failures.length} failures`,
      "",
    ].join("\n"),
  );
  if (figures.failures.length > 0) process.exitCode = 1;
}
