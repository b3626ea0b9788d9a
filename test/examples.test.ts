/** Runs the examples in the comments of `src/`: those that need nothing but what their folder exports and the estate of the tests. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { estate, loaded } from "./decide/estate.ts";

interface Example {
  readonly file: string;
  readonly code: string;
  /** What the comment behind it says that it gives. */
  readonly gives: string | undefined;
}

const fixtures: Readonly<Record<string, unknown>> = {
  model: estate,
  policy: loaded.policy,
  revocations: loaded.revocations,
};

const root = new URL("../", import.meta.url).pathname;
const words = new Set("async await const else false if let new null of return true typeof undefined void".split(" "));

function examplesIn(file: string): readonly Example[] {
  const text = readFileSync(`${root}${file}`, "utf8");
  return [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?@example\b([\s\S]*?)\*\//g)].map(([, body = ""]) => {
    const lines = body.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    const [code = "", gives] = lines.join("\n").trim().split(" // ");
    return { file, code, gives };
  });
}

/** Names that the code takes from outside: not members, not keys, not what it declares itself. */
function takes(code: string): readonly string[] {
  const bare = code.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '""');
  const declared = [...bare.matchAll(/\bconst (\{[^}]*\}|\w+) =/g)].flatMap(
    ([, names = ""]) => names.match(/\w+/g) ?? [],
  );
  const parameters = [...bare.matchAll(/\(([\w, ]*)\) =>/g)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
  const own = new Set([...declared, ...parameters]);
  const used = [...bare.matchAll(/(?<![.\w])[A-Za-z_]\w*(?!\w*\s*:)/g)].map(([name]) => name);
  return used.filter((name) => !own.has(name) && !words.has(name) && !(name in globalThis));
}

/** What the file and the `index.ts` of its folder export, by reading: most files need not be loaded. */
function offers(file: string): ReadonlySet<string> {
  const index = `${dirname(file)}/index.ts`;
  const texts = [file, index].filter((f) => existsSync(`${root}${f}`)).map((f) => readFileSync(`${root}${f}`, "utf8"));
  const declared = texts.flatMap((text) => [
    ...text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm),
  ]);
  const listed = texts.flatMap((text) => [...text.matchAll(/^export \{([^}]*)\}/gm)]);
  const names = listed.flatMap(([, list = ""]) => list.split(",")).filter((name) => !name.trim().startsWith("type "));
  return new Set([...declared.map(([, name = ""]) => name), ...names.map((name) => name.trim())]);
}

const files = globSync("src/**/*.ts", { cwd: root }).sort();
const all = files.flatMap(examplesIn);
const selfContained = all.filter(({ file, code }) => {
  const names = offers(file);
  return takes(code).every((name) => names.has(name) || Object.hasOwn(fixtures, name));
});

describe("examples in comments", () => {
  it.each(selfContained)("$file: $code", async ({ file, code, gives }) => {
    const index = `${dirname(file)}/index.ts`;
    const modules = await Promise.all(
      [index, file].filter((f) => existsSync(`${root}${f}`)).map((f) => import(/* @vite-ignore */ `${root}${f}`)),
    );
    const scope: Record<string, unknown> = Object.assign({}, fixtures, ...modules);
    const names = takes(code).filter((name, i, list) => list.indexOf(name) === i);
    const run = async (text: string) => {
      const body = /^(?:const|if)\b/.test(text) ? text : `return (${text})`;
      const made = new Function(...names, `return (async () => { ${body} })()`);
      return await made(...names.map((name) => scope[name]));
    };
    const value = await run(code);
    if (gives !== undefined) expect(value).toEqual(await run(gives));
  });

  it("are all run where the model and its reasons are concerned", () => {
    const ofModel = all.filter(({ file }) => file.startsWith("src/model/") || file.startsWith("src/why/"));
    expect(ofModel.length).toBeGreaterThanOrEqual(3);
    expect(ofModel.filter((example) => !selfContained.includes(example))).toEqual([]);
  });

  it("are run elsewhere too", () => {
    expect(selfContained.length).toBeGreaterThanOrEqual(7);
  });
});
