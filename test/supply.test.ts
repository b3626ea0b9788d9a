/** What the project is made of: exactly the dependencies that are named here, from one lock file, with no scripts but those agreed on. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly [other: string]: unknown;
}

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
const manifest = read("package.json") as Manifest;
const lock = read("package-lock.json") as Lock;

/** What is shipped or fetched by who installs the package: a name more here is a decision, not an accident. */
const runtime = ["chevrotain", "commander", "fastify", "fflate", "jose", "prom-client", "yaml"];
/** How many packages these are with all that they need, and the digest of their names, versions and digests. */
const runtimeInAll = 62;
const runtimeDigest = "1f3921f774390a7bb1ed115ea722c401c3dadcf48eccf265b5928e2b285598e9";

/** Everything that is wrong with the two files. */
function faultsOf(manifest: Manifest, lock: Lock): readonly string[] {
  const { "": root = {}, ...packages } = lock.packages;
  const said = { ...manifest.dependencies, ...manifest.devDependencies };
  const others = ["optionalDependencies", "peerDependencies", "bundleDependencies", "bundledDependencies", "overrides"];
  const shipped = sorted(packages).filter(([, { dev }]) => dev !== true);
  const lines = shipped.map(([path, { version, integrity }]) => `${path} ${version} ${integrity}\n`);
  return [
    ...others.filter((name) => name in manifest || name in root).map((name) => `${name} are not for us`),
    ...(["dependencies", "devDependencies"] as const)
      .filter((kind) => JSON.stringify(sorted(manifest[kind])) !== JSON.stringify(sorted(root[kind] ?? {})))
      .map((kind) => `the lock file has other ${kind} than the manifest`),
    ...Object.entries(said).flatMap(([name, version]) => [
      ...(/^\d+\.\d+\.\d+$/.test(version) ? [] : [`${name} has no exact version`]),
      ...(packages[`node_modules/${name}`]?.version === version ? [] : [`${name} is locked to another version`]),
    ]),
    ...Object.keys(manifest.dependencies)
      .filter((name) => !runtime.includes(name))
      .map((name) => `${name} is a new runtime dependency`),
    ...(shipped.length === runtimeInAll ? [] : [`${shipped.length} packages are needed at run time`]),
    ...(createHash("sha256").update(lines.join("")).digest("hex") === runtimeDigest
      ? []
      : ["what is needed at run time has changed"]),
    ...Object.entries(packages).flatMap(([path, { integrity, resolved, link, hasInstallScript }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return [
        ...(/^sha512-[\w+/]{86}==$/.test(integrity ?? "") && link !== true
          ? []
          : [`${name} is not pinned by its digest`]),
        ...(resolved === undefined ? [] : [`${name} comes from an address of its own`]),
        ...(hasInstallScript === true && !(name in manifest.allowScripts) ? [`${name} wants to run a script`] : []),
      ];
    }),
  ];
}

function sorted<Value>(list: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] {
  return Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe("R07 what the project is made of", () => {
  test("is what is said here", () => {
    expect(Object.keys(manifest.dependencies)).toEqual(runtime);
    expect(faultsOf(manifest, lock)).toEqual([]);
    expect(Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed)).toEqual([["node", true]]);
  });

  const withPackage = (path: string, more: Locked): Lock => ({
    packages: { ...lock.packages, [`node_modules/${path}`]: { ...lock.packages[`node_modules/${path}`], ...more } },
  });
  const digest = lock.packages["node_modules/jose"]!.integrity!;
  const added = { version: "1.0.0", integrity: digest };
  const left = { ...manifest.dependencies, "left-pad": "1.0.0" };

  test.each<[string, Manifest, Lock, string]>([
    [
      "a new runtime dependency",
      { ...manifest, dependencies: left },
      {
        packages: {
          ...lock.packages,
          "": { ...lock.packages[""], dependencies: left },
          "node_modules/left-pad": added,
        },
      },
      "left-pad is a new runtime dependency",
    ],
    [
      "one that another brings",
      manifest,
      withPackage("left-pad", added),
      `${runtimeInAll + 1} packages are needed at run time`,
    ],
    [
      "a manifest that was changed alone",
      { ...manifest, dependencies: left },
      lock,
      "the lock file has other dependencies than the manifest",
    ],
    [
      "a lock file that was changed alone",
      manifest,
      { packages: { ...lock.packages, "": { ...lock.packages[""], dependencies: left } } },
      "the lock file has other dependencies than the manifest",
    ],
    [
      "another version in the lock file",
      manifest,
      withPackage("jose", { version: "6.2.17" }),
      "jose is locked to another version",
    ],
    [
      "another version further down",
      manifest,
      withPackage("ajv", { version: "8.0.0" }),
      "what is needed at run time has changed",
    ],
    [
      "a range of versions",
      { ...manifest, dependencies: { ...manifest.dependencies, jose: "^6.2.18" } },
      lock,
      "jose has no exact version",
    ],
    [
      "a script at installation",
      manifest,
      withPackage("fflate", { hasInstallScript: true }),
      "fflate wants to run a script",
    ],
    [
      "a script further down",
      manifest,
      withPackage("ajv/node_modules/fast-uri", { hasInstallScript: true }),
      "fast-uri wants to run a script",
    ],
    [
      "a package without a digest",
      manifest,
      withPackage("yaml", { integrity: "sha1-AAAA" }),
      "yaml is not pinned by its digest",
    ],
    ["a package that is a folder", manifest, withPackage("yaml", { link: true }), "yaml is not pinned by its digest"],
    [
      "a package from elsewhere",
      manifest,
      withPackage("yaml", { resolved: "https://packages.example/yaml.tgz" }),
      "yaml comes from an address of its own",
    ],
    ["another kind of dependency", { ...manifest, overrides: { yaml: "1.0.0" } }, lock, "overrides are not for us"],
  ])("%s is found out", (_, manifest, lock, fault) => {
    expect(faultsOf(manifest, lock)).toContain(fault);
  });
});
