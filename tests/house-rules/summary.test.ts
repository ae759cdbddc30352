import { describe, expect, test } from 'vitest';
import { sum, summarize } from '../../scripts/summary.mjs';

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
  test('of several runs is all they counted, and a failure when there was none', () => {
    const [good, bad] = [summarize({ testResults: [file('passed', 'passed')] }, 0), summarize(undefined, 1)];
    expect(sum([good, bad, good]).line).toBe('2 passed, 1 failed');
    expect(sum([good]).failed).toBe(0);
    expect(sum([]).line).toBe('0 passed, 1 failed');
  });
});
