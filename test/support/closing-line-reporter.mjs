// Prints `N passed, N failed` as the last line of a run, and writes the counts of each project to TEST_COUNTS_FILE when it is set.
import { writeFileSync } from 'node:fs';

export default class ClosingLineReporter {
  constructor() {
    this.byProject = {};
  }

  onTestResult(test, result) {
    const project = test.context.config.displayName?.name ?? 'plain';
    const counts = (this.byProject[project] ??= { passed: 0, failed: 0 });
    counts.passed += result.numPassingTests;
    counts.failed += result.numFailingTests + (result.testExecError ? 1 : 0);
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}`;
    if (process.env.TEST_COUNTS_FILE) {
      writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify({ line, projects: this.byProject }));
    }
    // behind the summary, which goes to the same stream
    process.stderr.write('', () => process.stdout.write(`${line}\n`));
  }
}
