/** `writ audit fetch LOG --checkpoint FILE`: the log of a publisher, to be verified where nobody of the publisher is. */
import { joinLines, splitLines } from "../audit/index.ts";
import type { Host } from "./host.ts";
import { type Exit, exits } from "./output.ts";
import { absolute } from "./paths.ts";
import { type ApiOptions, PublisherApi } from "./publisher-api.ts";

const LARGEST_LOG = 1024 * 1024 * 1024;
const AT_ONCE = 1000;

export async function fetchAudit(
  host: Host,
  path: string,
  options: Omit<ApiOptions, "format"> & { readonly checkpoint: string },
): Promise<Exit> {
  const api = new PublisherApi(host, { ...options, format: "text" });
  const held = host.read(absolute(host, path), LARGEST_LOG);
  const lines = held instanceof Uint8Array ? [...splitLines(held)].flatMap((line) => line ?? []) : [];
  const before = lines.length;
  // The checkpoint first: the log is then at least as long as it says.
  const checkpoint = await api.getBytes("/v1/audit/checkpoint");
  const size = Number(new TextDecoder().decode(checkpoint).split("\n")[1]);
  while (lines.length < size) {
    const limit = Math.min(AT_ONCE, size - lines.length);
    const found = [...splitLines(await api.getBytes(`/v1/audit?since=${lines.length}&limit=${limit}`))];
    if (found.length === 0) break;
    lines.push(...found.flatMap((line) => line ?? []));
  }
  host.write(absolute(host, path), joinLines(lines));
  host.write(absolute(host, options.checkpoint), checkpoint);
  host.print(
    `${lines.length} records, ${lines.length - before} of them new; hold them to it with \`writ audit verify\`\n`,
  );
  return exits.ok;
}
