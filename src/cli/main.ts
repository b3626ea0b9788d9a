#!/usr/bin/env node
/** Where the process starts: turns on the cache of compiled code, which only helps what is loaded after it. */
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./start.ts");
