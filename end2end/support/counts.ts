// Writes 'PASSED FAILED' to the file that CI_COUNTS names, for the closing line of `make test`.
import { writeFileSync } from 'node:fs';

import type { FullConfig, Reporter, Suite } from '@playwright/test/reporter';

export default class Counts implements Reporter {
  private all?: Suite;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.all = suite;
  }

  onEnd(): void {
    const path = process.env.CI_COUNTS;
    if (!path) return;
    const outcomes = (this.all?.allTests() ?? []).map((test) => test.outcome());
    const passed = outcomes.filter((outcome) => outcome === 'expected' || outcome === 'flaky').length;
    const failed = outcomes.filter((outcome) => outcome === 'unexpected').length;
    writeFileSync(path, `${passed} ${failed}\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
