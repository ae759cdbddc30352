/**
 * Counts a test run from vitest's JSON report and its exit status, so that the count never says less than the status:
 * a file that could not be loaded, a crash of the runner and an error outside any test are a failure each.
 */
export function summarize(report, status) {
  let passed = 0;
  let failed = 0;
  for (const file of report?.testResults ?? []) {
    const of = wanted => (file.assertionResults ?? []).filter(test => test.status === wanted).length;
    passed += of('passed');
    failed += of('failed');
    if (file.status === 'failed' && of('failed') === 0) failed += 1;
  }
  if (failed === 0 && (status !== 0 || report === undefined || passed === 0)) failed = 1;
  return counted(passed, failed);
}

/** The count of several runs together; of none at all one has failed. */
export function sum(summaries) {
  const all = of => summaries.reduce((total, summary) => total + summary[of], 0);
  return counted(all('passed'), summaries.length === 0 ? 1 : all('failed'));
}

function counted(passed, failed) {
  return { passed, failed, line: `${passed} passed, ${failed} failed` };
}
