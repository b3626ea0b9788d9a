#!/usr/bin/env node
/** Where the process starts: caches compiled code, then runs one command. */
import { enableCompileCache } from "node:module";

// Before anything else is loaded, so that it finds its compiled form there.
enableCompileCache();
const [{ run }, { nodeHost }] = await Promise.all([import("./program.ts"), import("./node-host.ts")]);
process.exitCode = await run(process.argv.slice(2), nodeHost());
