/** What is said of one message: the explain pages of the 92xx codes hold messages. */
import { WritError } from "../../src/diagnostics/index.ts";
import { readPollQuery, readStatusReport } from "../../src/protocol/index.ts";

/** `{"poll": "root=1&…"}` or `{"status": {…}}`: the code by which it is refused, or nothing. */
export async function protocolVerdict(text: string): Promise<string | undefined> {
  const { poll, status } = JSON.parse(text) as { readonly poll?: string; readonly status?: unknown };
  try {
    if (poll !== undefined) readPollQuery(poll);
    if (status !== undefined) readStatusReport(new TextEncoder().encode(JSON.stringify(status)));
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
  return undefined;
}
