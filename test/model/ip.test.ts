import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IpRange, parseIp, parseIpRange, rangeContains } from "../../src/model/index.ts";

function range(text: string): IpRange {
  const parsed = parseIpRange(text);
  if ("problem" in parsed) throw new TypeError(`${text}: ${parsed.problem}`);
  return parsed;
}

const bytesOf = (text: string) =>
  parseIp(text)
    ?.map((b) => b.toString(16).padStart(2, "0"))
    .join("");

describe("parseIp", () => {
  it.each([
    ["0.0.0.0", "00000000"],
    ["203.0.113.255", "cb0071ff"],
    ["::", "0".repeat(32)],
    ["::1", `${"0".repeat(31)}1`],
    ["1::", `0001${"0".repeat(28)}`],
    ["2001:DB8::a", "20010db800000000000000000000000a"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
    ["::1.2.3.4", `${"0".repeat(24)}01020304`],
    ["64:ff9b::1.2.3.4", "0064ff9b000000000000000001020304"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
    ["::ffff:1.2.3.4", "01020304"],
    ["::FFFF:102:304", "01020304"],
    ["0:0:0:0:0:ffff:1.2.3.4", "01020304"],
    ["ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ff".repeat(16)],
  ])("%s", (text, expected) => expect(bytesOf(text)).toBe(expected));

  it.each([
    "",
    ".",
    ":",
    ":::",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.04",
    "1.2.3.0x4",
    "1.2.3.+4",
    "1.2.3. 4",
    " 1.2.3.4",
    "1.2.3.4\n",
    "1.2.3.4/32",
    "1.2.3.",
    "1..2.3",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1::2:3:4:5:6:7:8",
    ":1::2",
    "1::2:",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "[::1]",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "::1.2.3",
    "::01.2.3.4",
    "1:2:3:4:5:6:7:1.2.3.4",
    "١.2.3.4",
    "1".repeat(1_000_000),
    ":".repeat(1_000_000),
  ])("refuses %.40j", (text) => expect(parseIp(text)).toBeUndefined());

  it("knows an address when the platform does", () => {
    const group = fc.constantFrom("0", "1", "ffff", "FFFF", "00", "12345", "", "1.2.3.4", "256", "01", "g");
    const text = fc
      .tuple(fc.array(group, { maxLength: 9 }), fc.constantFrom(":", ".", "::"))
      .map(([parts, by]) => parts.join(by));
    const mixed = fc
      .tuple(fc.array(group, { maxLength: 5 }), fc.array(group, { maxLength: 5 }))
      .map(([a, b]) => `${a.join(":")}::${b.join(":")}`);
    fc.assert(
      fc.property(fc.oneof(text, mixed, fc.ipV4(), fc.ipV6()), (candidate) => {
        expect(parseIp(candidate) !== undefined).toBe(isIP(candidate) !== 0);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("parseIpRange", () => {
  it.each([
    ["203.0.113.0/24", 4, 24],
    ["0.0.0.0/0", 4, 0],
    ["1.2.3.4/32", 4, 32],
    ["10.128.0.0/9", 4, 9],
    ["::/0", 16, 0],
    ["2001:db8::/33", 16, 33],
    ["::1/128", 16, 128],
  ])("%s", (text, length, prefix) => {
    expect(range(text).bytes).toHaveLength(length);
    expect(range(text).prefix).toBe(prefix);
  });

  it.each([
    ["1.2.3.4", "the prefix length is 0 to 32"],
    ["1.2.3.4/", "the prefix length is 0 to 32"],
    ["1.2.3.4/33", "the prefix length is 0 to 32"],
    ["1.2.3.4/08", "the prefix length is 0 to 32"],
    ["1.2.3.4/-1", "the prefix length is 0 to 32"],
    ["::/129", "the prefix length is 0 to 128"],
    ["/24", "it is not an address, `/` and a prefix length"],
    ["x/24", "it is not an address, `/` and a prefix length"],
    ["1.2.3.0/24/24", "it is not an address, `/` and a prefix length"],
    ["::ffff:1.2.3.0/120", "it is not an address, `/` and a prefix length"],
    ["::ffff:0:0/96", "it is not an address, `/` and a prefix length"],
    ["203.0.113.1/24", "bits after the prefix are not zero"],
    ["10.128.0.0/8", "bits after the prefix are not zero"],
    ["0.0.0.1/0", "bits after the prefix are not zero"],
    ["2001:db8:8000::/32", "bits after the prefix are not zero"],
  ])("refuses %s", (text, problem) => expect(parseIpRange(text)).toEqual({ problem }));
});

describe("rangeContains", () => {
  it.each([
    ["203.0.113.0/24", "203.0.113.0", true],
    ["203.0.113.0/24", "203.0.113.255", true],
    ["203.0.113.0/24", "203.0.112.255", false],
    ["203.0.113.0/24", "203.0.114.0", false],
    ["203.0.113.0/24", "::ffff:203.0.113.7", true],
    ["10.128.0.0/9", "10.127.255.255", false],
    ["10.128.0.0/9", "10.255.255.255", true],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "1.2.3.4", false],
    ["::/0", "ffff::", true],
    ["::/96", "::1.2.3.4", true],
    ["2001:db8::/33", "2001:db8:7fff::", true],
    ["2001:db8::/33", "2001:db8:8000::", false],
  ])("%s, %s", (text, address, expected) => {
    expect(rangeContains(range(text), parseIp(address) ?? [])).toBe(expected);
  });

  it("agrees with the platform on every prefix", () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.ipV4(),
        fc.integer({ min: 1, max: 32 }),
        fc.boolean(),
        (network, other, prefix, near) => {
          const bytes = (parseIp(network) ?? []).map(
            (b, i) => b & ~(255 >> Math.max(0, Math.min(8, prefix - i * 8))) & 255,
          );
          const flipped = bytes.with(3, (bytes[3] ?? 0) ^ 1).join(".");
          const address = near ? flipped : other;
          const list = new BlockList();
          list.addSubnet(bytes.join("."), prefix, "ipv4");
          const found = range(`${bytes.join(".")}/${prefix}`);
          expect(rangeContains(found, parseIp(address) ?? [])).toBe(list.check(address, "ipv4"));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
