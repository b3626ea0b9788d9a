/** Prints why tests were skipped and, last of all, the one line that people and machines read: `N passed, N failed`. */
import type { Reporter, TestModule } from "vitest/node";

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    const notes = new Set<string>();
    for (const module of modules) {
      let tests = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        tests++;
        count[result.state]++;
        // The title of what was skipped says why.
        const title = test.parent.type === "suite" ? test.parent.fullName : test.fullName;
        if (result.state === "skipped") notes.add(`${module.relativeModuleId}: ${result.note ?? title}`);
      }
      // A file that could not be loaded has no tests to count.
      if (tests === 0 && !module.ok()) count.failed++;
    }
    for (const note of [...notes].sort()) console.log(`skipped: ${note}`);
    console.log(
      `${count.passed} passed, ${count.failed + count.pending} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ""}`,
    );
  }
}
