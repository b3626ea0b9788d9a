#!/usr/bin/env node
/** Where the process starts: turns on the cache of compiled code, which only helps what is loaded after it. */
import * as nodeModule from "node:module";

// Said here and not by the table of codes, because on an older Node nothing else of ours can be loaded.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error: writ needs Node 22.18 or later, and this is ${process.versions.node}\n`);
  process.exit(2);
}
nodeModule.enableCompileCache();
await import("./start.ts");
