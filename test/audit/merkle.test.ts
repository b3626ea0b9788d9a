/** The hash tree of RFC 6962: known roots, and every proof of every small log, sound and bent. */
import { describe, expect, test } from "vitest";
import {
  emptyRoot,
  extendsLog,
  type Hash,
  hashLeaf,
  includes,
  proveConsistency,
  proveInclusion,
  rootOf,
} from "../../src/audit/index.ts";

const hex = (hash: Hash) => Buffer.from(hash).toString("hex");
const leaves = Array.from({ length: 34 }, (_, index) => hashLeaf(Buffer.from(`line ${index}`)));

/** One bit of one hash turned; a hash too few, a hash too many. */
function bent(proof: readonly Hash[]): readonly (readonly Hash[])[] {
  return [
    ...proof.map((hash, index) => proof.with(index, hash.with(index % 32, hash[index % 32]! ^ 4))),
    [...proof, leaves[0]!],
    [leaves[0]!, ...proof],
    ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []),
  ];
}

describe("the hash tree", () => {
  test("has the roots that implementations of Certificate Transparency agree on", () => {
    const lines = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const known = lines.map((line) => hashLeaf(Buffer.from(line, "hex")));
    expect(hex(emptyRoot)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(known.map((_, index) => hex(rootOf(known, 0, index + 1)))).toEqual([
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]);
  });

  test("D10: proves that a line is in the log, and nothing else by that proof", () => {
    for (let size = 1; size <= leaves.length; size++) {
      const log = leaves.slice(0, size);
      const root = rootOf(log);
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(log, index);
        const leaf = log[index]!;
        expect(includes(leaf, index, size, proof, root)).toBe(true);
        for (const wrong of bent(proof)) expect(includes(leaf, index, size, wrong, root)).toBe(false);
        expect(includes(leaf, index, size, proof, leaves[0]!)).toBe(size === 1 && index === 0);
        for (const other of [index + 1, index - 1, size, -1, 0.5, Number.NaN])
          expect(includes(leaf, other, size, proof, root)).toBe(false);
      }
    }
  });

  test("D10: proves that a log only grew, and nothing else by that proof", () => {
    for (let size = 1; size <= leaves.length; size++)
      for (let older = 1; older <= size; older++) {
        const [oldRoot, root] = [rootOf(leaves, 0, older), rootOf(leaves, 0, size)];
        const proof = proveConsistency(leaves.slice(0, size), older);
        expect(extendsLog(older, oldRoot, size, root, proof)).toBe(true);
        for (const wrong of bent(proof)) expect(extendsLog(older, oldRoot, size, root, wrong)).toBe(false);
        if (older < size) {
          expect(extendsLog(older, root, size, oldRoot, proof)).toBe(false);
          expect(extendsLog(size, oldRoot, older, root, proof)).toBe(false);
          expect(extendsLog(older, rootOf(leaves, 0, older - 1), size, root, proof)).toBe(false);
          expect(extendsLog(older, oldRoot, size, rootOf(leaves, 0, size - 1), proof)).toBe(false);
        }
      }
    const short = new Uint8Array(12);
    expect(includes(short, 0, 1, [], short)).toBe(false);
    expect(extendsLog(0, emptyRoot, 0, short, [])).toBe(false);
    expect(extendsLog(0, emptyRoot, 0, leaves[0]!, [])).toBe(false);
    expect(extendsLog(0, emptyRoot, 0, emptyRoot, [])).toBe(true);
    expect(extendsLog(0, emptyRoot, 1, leaves[0]!, [])).toBe(false);
    expect(extendsLog(0, emptyRoot, 1, short, [])).toBe(false);
    expect(extendsLog(-1, emptyRoot, 3, rootOf(leaves, 0, 3), [])).toBe(false);
    expect(extendsLog(1, leaves[0]!, 2 ** 53, rootOf(leaves, 0, 3), [])).toBe(false);
  });
});
