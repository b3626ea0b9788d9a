/** Builds prefix codes of limited length (RFC 1951 §3.2.2), the same for the same counts everywhere. */
import { reverse } from "./inflate.ts";

/** The number of bits for each symbol, 0 for those that do not occur; at least two symbols get a code, so that it is complete. */
export function codeLengths(counts: Uint32Array, limit: number): Uint8Array {
  const weights = [...counts];
  for (let symbol = 0; weights.filter((weight) => weight > 0).length < 2; symbol++) weights[symbol] ||= 1;
  const symbols = weights.flatMap((weight, symbol) => (weight > 0 ? [symbol] : []));
  symbols.sort((a, b) => weights[a]! - weights[b]! || a - b);
  const perLength = limitLengths(depths(symbols.map((symbol) => weights[symbol]!)), limit);
  const lengths = new Uint8Array(counts.length);
  // The rarest symbols come first and get the longest codes.
  let at = 0;
  for (let length = limit; length > 0; length--) {
    for (let left = perLength[length]!; left > 0; left--) lengths[symbols[at++]!] = length;
  }
  return lengths;
}

/** How deep each leaf of the optimal tree lies, for weights in rising order: two queues, each already sorted. */
function depths(weights: readonly number[]): number[] {
  const leaves = weights.length;
  const weight = [...weights];
  const parent = new Array<number>(2 * leaves - 1).fill(0);
  let leaf = 0;
  let inner = leaves;
  for (let node = leaves; node < 2 * leaves - 1; node++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      const takesLeaf = leaf < leaves && (inner >= node || weight[leaf]! <= weight[inner]!);
      const taken = takesLeaf ? leaf++ : inner++;
      parent[taken] = node;
      sum += weight[taken]!;
    }
    weight.push(sum);
  }
  const depth = new Array<number>(2 * leaves - 1).fill(0);
  for (let node = 2 * leaves - 3; node >= 0; node--) depth[node] = depth[parent[node]!]! + 1;
  return depth.slice(0, leaves);
}

/** How many codes there are of each length, none over the limit, and still a complete code. */
function limitLengths(depth: readonly number[], limit: number): number[] {
  const perLength = new Array<number>(limit + 1).fill(0);
  for (const length of depth) perLength[Math.min(length, limit)]!++;
  // Kraft's sum in units of the longest code; it must come to 2^limit exactly.
  let sum = 0;
  for (let length = 1; length <= limit; length++) sum += perLength[length]! << (limit - length);
  for (; sum > 1 << limit; sum--) {
    perLength[limit]!--;
    let length = limit - 1;
    while (perLength[length] === 0) length--;
    perLength[length]!--;
    perLength[length + 1]! += 2;
  }
  return perLength;
}

/** The code words, their first bit lowest. */
export function codeWords(lengths: Uint8Array): Uint16Array {
  const words = new Uint16Array(lengths.length);
  let word = 0;
  for (let length = 1; length <= 15; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) words[symbol] = reverse(word++, length);
    }
    word <<= 1;
  }
  return words;
}
