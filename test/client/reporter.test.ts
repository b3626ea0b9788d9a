/** What a gateway reports of itself is taken by the publisher, whatever is wrong. */
import { expect, test } from "vitest";
import { platform } from "../../src/client/environment.ts";
import type { PublisherAddress } from "../../src/client/publisher-address.ts";
import { Reporter } from "../../src/client/reporter.ts";
import { readStatusReport } from "../../src/protocol/index.ts";

test("a long message is cut between characters: cut in one, nothing could be reported while the problem lasts", async () => {
  const due: (() => void)[] = [];
  const sent: Uint8Array[] = [];
  const reporter = new Reporter({
    environment: {
      ...platform,
      after(_milliseconds, act) {
        due.push(act);
        return () => {};
      },
    },
    address: () => ({ report: async (body: Uint8Array) => void sent.push(body) }) as unknown as PublisherAddress,
    counts: () => ({ allowed: 0, denied: 0, dropped: 0 }),
    status: () => ({ ring: "stable", problems: [{ code: "WRIT9116", message: `${"x".repeat(1023)}😀 and more` }] }),
  });
  reporter.soon();
  due[0]!();
  await expect.poll(() => sent).toHaveLength(1);
  expect(readStatusReport(sent[0]!).problems).toEqual([{ code: "WRIT9116", message: `${"x".repeat(1023)}\ufffd` }]);
  reporter.close();
});
