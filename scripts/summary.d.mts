/** What the test runner's JSON report says, as far as it is read here. */
export interface Report {
  testResults?: { status?: string; assertionResults?: { status?: string }[] }[];
}

/** Counts a run that ended with `status`; without a report, or ended badly with no test to blame, one has failed. */
export function summarize(
  report: Report | undefined,
  status: number | null,
): { passed: number; failed: number; line: string };
