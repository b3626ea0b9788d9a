/**
 * Ties together the table of codes, the explain pages, the samples in each page and the places that raise them. There is no list
 * of exemptions: a code that cannot be shown cannot be explained.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Host, HostResponse } from "../../src/cli/host.ts";
import { run } from "../../src/cli/program.ts";
import { compile } from "../../src/compile.ts";
import { type Code, type Entry, table } from "../../src/diagnostics/index.ts";
import { type Edit, keysVerdict, verdict } from "../bundle/edit-bundle.ts";
import { callersVerdict } from "../callers/verdict.ts";
import { type MapFile, mapHost } from "../cli/map-host.ts";
import { type ClientStep, clientVerdict } from "../client/steps.ts";
import { gatewayVerdict, type Step } from "../gateway/steps.ts";
import { protocolVerdict } from "../protocol/verdict.ts";
import { type PublisherStep, publisherVerdict } from "../publish/publisher-steps.ts";
import { type ReleaseStep, releaseVerdict } from "../publish/release-steps.ts";
import { type Step as ServerStep, serverVerdict } from "../server/verdict.ts";
import { sidecarVerdict } from "../sidecar/verdict.ts";
import { type Step as StoreStep, storeVerdict } from "../store/steps.ts";
import { type TrustStep, trustVerdict } from "../trust/tell-repository.ts";
import { type Page, readPage, type Sample } from "./page.ts";

const root = resolve(import.meta.dirname, "../..");
const pageFolder = join(root, "src/diagnostics/explain");
const codes = Object.keys(table) as Code[];
const pages = new Map(
  readdirSync(pageFolder).map((file) => [
    file.replace(/\.md$/, ""),
    readPage(readFileSync(join(pageFolder, file), "utf8")),
  ]),
);

describe("the table", () => {
  test("has at least 80 codes", () => {
    expect(codes.length).toBeGreaterThanOrEqual(80);
  });

  test("gives no number twice, in whatever thousand it stands", () => {
    const folder = join(root, "src/diagnostics/codes");
    const written = readdirSync(folder).flatMap(
      (file) => readFileSync(join(folder, file), "utf8").match(/^ {2}WRIT\d+(?=:)/gm) ?? [],
    );
    expect(written.filter((code, index) => written.indexOf(code) !== index)).toEqual([]);
    expect(written).toHaveLength(codes.length);
  });

  test("keeps each number in its thousand", () => {
    const folder = join(root, "src/diagnostics/codes");
    const strayed = readdirSync(folder).flatMap((file) =>
      (readFileSync(join(folder, file), "utf8").match(/^ {2}WRIT\d+(?=:)/gm) ?? []).filter(
        (code) => code.trim()[4] !== file[0],
      ),
    );
    expect(strayed).toEqual([]);
  });

  test("gives each code a kebab-case name of its own", () => {
    const names = codes.map((code) => table[code].name as string);
    expect(names.filter((name) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("words messages and helps as lower-case fragments without a full stop", () => {
    const wrong = codes.flatMap((code) => {
      const { message, help } = table[code] as Entry<unknown>;
      return [message, help]
        .map((say) => (say ? wordsOf(say) : "fine"))
        .filter(
          (words) =>
            /^[A-Z][a-z]/.test(words.replace(/^(OpenAPI|Writ|YAML|JSON|OPA) /, "")) ||
            /[.!]$/.test(words) ||
            words.includes("\n"),
        )
        .map((words) => `${code}: ${words}`);
    });
    expect(wrong).toEqual([]);
  });

  test("has every number raised somewhere, or marks it as retired", () => {
    const places = [...filesOf("src"), ...filesOf("grammar")].filter(
      (file) => !file.startsWith("src/diagnostics/codes/"),
    );
    const raised = new Set(places.flatMap((file) => readFileSync(join(root, file), "utf8").match(/WRIT\d{4}/g) ?? []));
    const silent = codes.filter((code) => !raised.has(code) && !(table[code] as Entry).retired);
    expect(silent).toEqual([]);
  });
});

describe("the pages", () => {
  test("are there for every code, and for nothing else", () => {
    expect([...pages.keys()].sort()).toEqual(codes.toSorted());
  });

  test.each([...pages])("%s is headed by its number and name, and says what, why and how", (code, page) => {
    expect([page.code, page.name]).toEqual([code, table[code as Code]?.name]);
    expect([...page.sections.keys()]).toEqual(["", "Wrong", "Why", "Right"]);
    expect(page.sentence).toMatch(/^[A-Z`].*\.$/);
    expect(page.sections.get("Why")?.prose).toMatch(/\.$/);
    expect(page.sections.get("Wrong")?.samples.length).toBeGreaterThan(0);
    expect(page.sections.get("Right")?.samples.length).toBeGreaterThan(0);
  });

  test.each([...pages])("%s: what is wrong yields exactly this code", async (code, page) => {
    const also = samplesOf(page, "Wrong").flatMap((sample) => sample.also ?? []);
    expect(await codesOf(samplesOf(page, "Wrong"))).toEqual([code, ...also].sort());
  });

  test.each([...pages])("%s: what is right yields nothing", async (_code, page) => {
    expect(await codesOf(samplesOf(page, "Right"))).toEqual([]);
  });
});

/** What samples are written in that tell what happens, by the word behind the language of their fence. */
const verdicts: Readonly<Record<string, (text: string) => Promise<string | undefined>>> = {
  bundle: (text) => verdict(JSON.parse(text) as Edit[]),
  callers: callersVerdict,
  client: (text) => clientVerdict(JSON.parse(text) as ClientStep[]),
  gateway: (text) => gatewayVerdict(JSON.parse(text) as Step[]),
  keys: keysVerdict,
  protocol: protocolVerdict,
  release: (text) => releaseVerdict(JSON.parse(text) as ReleaseStep[]),
  publisher: (text) => publisherVerdict(JSON.parse(text) as PublisherStep[]),
  server: (text) => serverVerdict(JSON.parse(text) as ServerStep[]),
  sidecar: sidecarVerdict,
  store: (text) => storeVerdict(JSON.parse(text) as StoreStep[]),
  trust: (text) => trustVerdict(JSON.parse(text) as TrustStep[]),
};

function samplesOf(page: Page, section: string): readonly Sample[] {
  return page.sections.get(section)?.samples ?? [];
}

/** The codes that samples give rise to, each once. */
async function codesOf(samples: readonly Sample[]): Promise<readonly string[]> {
  const found = new Set<string>();
  const folder = samples.find((sample) => sample.of === "folder");
  const commands = samples.filter((sample) => sample.language === "sh");
  for (const { of = "", text } of samples) {
    const code = await verdicts[of]?.(text);
    if (code) found.add(code);
  }
  for (const { text } of commands) {
    const files = {
      ...filesIn(folder),
      ...Object.fromEntries(samples.flatMap(({ file, bytes }) => (file ? [[file, bytes]] : []))),
    };
    for (const code of await codesOfCommands(text, files)) found.add(code);
  }
  if (commands.length === 0) for (const code of codesOfEstate(samples, folder)) found.add(code);
  return [...found].sort();
}

function codesOfEstate(samples: readonly Sample[], folder: Sample | undefined): readonly string[] {
  const files = [
    ...samples.flatMap(({ file, bytes }) => (file === undefined ? [] : [{ path: file, bytes }])),
    ...Object.entries(filesIn(folder)).map(([path, file]) => ({ path, bytes: file as Uint8Array })),
  ];
  const policies = files.filter(({ path }) => path.endsWith(".policy.ts"));
  const { diagnostics } = compile(
    { policies, data: (path) => files.find((file) => file.path === path) },
    { emit: false },
  );
  return diagnostics.map(({ code }) => code);
}

/** A folder as JSON: by path, a text, `{ "base64": … }`, `{ "link": … }`, `{ "size": … }` or `{ "forbidden": true }`. */
function filesIn(sample: Sample | undefined): Record<string, MapFile> {
  const files = Object.entries(sample ? (JSON.parse(sample.text) as Record<string, MapFile | { base64: string }>) : {});
  return Object.fromEntries(
    files.map(([path, file]) => {
      if (typeof file === "object" && "base64" in file)
        return [path, new Uint8Array(Buffer.from(file.base64, "base64"))];
      return [path, file];
    }),
  );
}

/**
 * The commands of a sample, one to a line, in one folder that holds its files. A file called `opa` is an OPA that only complains, or
 * always answers the JSON in it; one called `git` is a Git that answers by the name of its command; and one called `publisher.json` a
 * publisher that always answers the same.
 */
async function codesOfCommands(text: string, files: Record<string, MapFile>): Promise<readonly string[]> {
  const textOf = (name: string) => new TextDecoder().decode(files[name] as Uint8Array);
  const runChild: Host["runChild"] = (program, words) => {
    if (files[program] === undefined) return "missing";
    const said = textOf(program);
    if (program === "git") {
      const answers = Object.entries(JSON.parse(said) as Record<string, string>);
      const [, stdout] = answers.find(([name]) => words.includes(name)) ?? [];
      return { exitCode: stdout === undefined ? 1 : 0, stdout: stdout ?? "", stderr: "" };
    }
    const answers = said.startsWith("{");
    return { exitCode: words[0] === "version" || answers ? 0 : 2, stdout: answers ? said : "", stderr: said };
  };
  const runForBytes: Host["runForBytes"] = (program, words) => {
    const ran = runChild(program, words, "");
    return ran === "missing" || ran.exitCode !== 0 ? undefined : new TextEncoder().encode(ran.stdout);
  };
  const host = mapHost(files, { runChild, runForBytes, send: async () => answerIn(files) });
  for (const line of text.trim().split("\n")) await run(line.split(" ").slice(1), host);
  const printed = `${host.stdout()}${host.stderr()}`;
  return [...printed.matchAll(/^(?:error|warning) (WRIT\d{4})/gm)].map(([, code = ""]) => code);
}

function answerIn(files: Readonly<Record<string, MapFile>>): HostResponse | string {
  const file = files["publisher.json"];
  if (file === undefined) return "nobody is there";
  const { status, body } = JSON.parse(file as string) as {
    status: number;
    body: unknown;
  };
  return {
    status,
    headers: {},
    body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

function wordsOf(say: (parameters: never) => string): string {
  // Whatever a message is given, it is given words.
  const anything: unknown = new Proxy(() => "x", {
    get: (_target, key) => (key === Symbol.toPrimitive ? () => "`x`" : anything),
  });
  try {
    return say(anything as never);
  } catch {
    return "fine";
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}
