/** What the test runner's JSON report says, as far as it is read here. */
export interface Report {
  testResults?: { status?: string; assertionResults?: { status?: string }[] }[];
}

/** How many tests passed and failed, and the line that says so. */
export interface Summary {
  passed: number;
  failed: number;
  line: string;
}

/** Counts a run that ended with `status`; without a report, or ended badly with no test to blame, one has failed. */
export function summarize(report: Report | undefined, status: number | null): Summary;

/** The count of several runs together; of none at all one has failed. */
export function sum(summaries: readonly Summary[]): Summary;
