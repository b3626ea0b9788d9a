/** How the tests run: from source, with the words resolved through the `writ-source` condition. */
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./closing-line-reporter.ts";

const conditions = ["writ-source"];

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", new ClosingLine()],
  },
});
