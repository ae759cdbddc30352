import { describe, expect, test } from 'vitest';
import { summarize } from '../../scripts/summary.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map(t => ({ status: t })),
});

describe('the count at the end of npm test', () => {
  test('counts passed and failed tests over all files', () => {
    const report = { testResults: [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')] };
    expect(summarize(report, 1).line).toBe('3 passed, 1 failed');
    expect(summarize({ testResults: [file('passed', 'passed')] }, 0).line).toBe('1 passed, 0 failed');
  });
  test('a file that could not be loaded is a failure', () => {
    const report = { testResults: [file('passed', 'passed'), file('failed')] };
    expect(summarize(report, 1).line).toBe('1 passed, 1 failed');
    expect(summarize(report, 0).failed).toBe(1);
  });
  test('a crash, a missing report, a bad end and an empty run are failures', () => {
    expect(summarize(undefined, null).line).toBe('0 passed, 1 failed');
    expect(summarize(undefined, 0).line).toBe('0 passed, 1 failed');
    expect(summarize({ testResults: [file('passed', 'passed')] }, 1).line).toBe('1 passed, 1 failed');
    expect(summarize({ testResults: [file('passed', 'passed')] }, null).line).toBe('1 passed, 1 failed');
    expect(summarize({}, 0).line).toBe('0 passed, 1 failed');
  });
});
