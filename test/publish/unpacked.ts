/** What is in the archive of a bundle, without looking at its signature. */

import { gunzipSync } from "node:zlib";
import { readTar } from "../../src/bundle/index.ts";
import type { JsonObject } from "../../src/json/index.ts";

export function unpackedData(bundle: Uint8Array): JsonObject {
  const limits = { packed: 1 << 26, unpacked: 1 << 26, files: 64 };
  const data = readTar(new Uint8Array(gunzipSync(bundle)), limits).get("data.json");
  return JSON.parse(Buffer.from(data!).toString()) as JsonObject;
}
