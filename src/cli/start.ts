/** One command in the real world. Loaded after the compile cache is on, so that it finds its compiled form there. */
import { nodeHost } from "./node-host.ts";
import { run } from "./program.ts";

process.exitCode = await run(process.argv.slice(2), nodeHost());
