/** Whether metadata still holds: TUF §5.3.10, §5.4.4, §5.5.6, §5.6.6, against a freeze (threat F03). */
import { WritError } from "../diagnostics/index.ts";
import type { Metadata } from "./metadata.ts";

/** @param now seconds since 1970 UTC, fixed once for a whole update (§5.1) */
export function refuseExpired({ file, signed }: Metadata, now: number): void {
  if (now < signed.expires) return;
  throw WritError.of("WRIT9105", { file, expires: new Date(signed.expires * 1000).toISOString() });
}
