/** Holds the code to the table of src/README.md: one-way imports, planes, one door per folder, and the manners of the house. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

interface Room {
  readonly name: string;
  readonly plane: string;
}

const rooms: readonly Room[] = [
  ...readFileSync(join(root, "src/README.md"), "utf8").matchAll(/^\| `([\w.]+)\/?` \|.*\| (\w+) \|$/gm),
].map(([, name = "", plane = ""]) => ({ name, plane }));

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => join(folder, file))
    .sort();
}

const files = [...filesOf("src"), ...filesOf("grammar")];

/** `src/model/decide.ts` → `model`; `src/compile.ts` → `compile.ts`; `grammar/parser.ts` → `grammar`. */
function roomOf(file: string): string {
  const parts = file.split("/");
  return (parts[0] === "src" ? parts[1] : parts[0]) ?? "";
}

interface ImportLine {
  readonly file: string;
  readonly target: string;
}

const imports: readonly ImportLine[] = files.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(
    ([, target = ""]) => ({
      file,
      target: relative(root, resolve(root, dirname(file), target)),
    }),
  ),
);

const height = new Map(rooms.map((room, i) => [room.name, i]));
const planeOf = new Map(rooms.map((room) => [room.name, room.plane]));

describe("the house", () => {
  test("the table lists every folder of src, and nothing that is not there", () => {
    const there = [...new Set(files.map(roomOf))].filter((room) => room !== "index.ts").sort();
    expect(rooms.map((room) => room.name).toSorted()).toEqual(there);
    expect(imports.length).toBeGreaterThan(100);
  });

  test("imports point up the table or into the same folder", () => {
    const climbing = imports.filter(({ file, target }) => {
      const [from, to] = [roomOf(file), roomOf(target)];
      return (
        from !== to && from !== "index.ts" && (height.get(to) ?? Number.POSITIVE_INFINITY) > (height.get(from) ?? -1)
      );
    });
    expect(climbing).toEqual([]);
  });

  test("shared rooms import only shared rooms", () => {
    const heavy = imports.filter(
      ({ file, target }) => planeOf.get(roomOf(file)) === "shared" && planeOf.get(roomOf(target)) !== "shared",
    );
    expect(heavy).toEqual([]);
  });

  test("from outside, a folder is its index", () => {
    const burglars = imports.filter(({ file, target }) => {
      const room = roomOf(target);
      return roomOf(file) !== room && room !== "grammar" && !room.endsWith(".ts") && target !== `src/${room}/index.ts`;
    });
    expect(burglars).toEqual([]);
  });

  test("an index lists its exports by name; nothing is exported by default", () => {
    const loose = files.filter((file) => /^export (?:\*|default)/m.test(readFileSync(join(root, file), "utf8")));
    expect(loose).toEqual([]);
  });

  test("a file opens with a sentence that says what it is for", () => {
    const mute = files.filter((file) => !/^(?:#!.*\n)?(?:\/\*\*|\/\/) ?/.test(readFileSync(join(root, file), "utf8")));
    expect(mute).toEqual([]);
  });

  test("errors are failures, operational errors or bugs, never bare", () => {
    const bare = files.filter((file) =>
      /throw new (?:Error|TypeError|RangeError)\(/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(bare).toEqual([]);
  });

  test("the project stands alone: no path of a machine", () => {
    const texts = [...files, ...filesOf("test"), "README.md", "src/README.md", "package.json"];
    const foreign = texts.filter((file) =>
      /["'`( ]\/(?:home|root|tmp|usr|work)\//.test(readFileSync(join(root, file), "utf8")),
    );
    expect(foreign).toEqual([]);
  });
});
