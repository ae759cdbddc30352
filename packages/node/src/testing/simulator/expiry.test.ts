import { expect, it } from 'vitest';
import * as protocol from '../../consensus/protocol.ts';
import { simulate } from './simulate.ts';
import { runSchedules } from './suite.ts';

/** Schedules in which blocks hang for longer than their batches live. */
const SEEDS = [8, 16, 20];
const COMMITS = 60;
const options = { expiry: true };

it('bodies of blocks that hang are there when they commit, though their batches expired', () => {
  for (const seed of SEEDS) {
    const { counts } = simulate(protocol, seed, 4, COMMITS, options);
    expect([seed, counts.expired > 0, counts.keptInFlight > 0]).toEqual([seed, true, true]);
  }
});

it('16 schedules of 200 blocks keep every invariant while batches expire', { timeout: 120_000 }, () => {
  const { reports, counts } = runSchedules(4, 1, 17, 200, options);
  expect(reports.map(({ blocks }) => blocks).filter(blocks => blocks < 200)).toEqual([]);
  expect([counts.expired > 0, counts.keptInFlight > 0]).toEqual([true, true]);
});

it('the chain would stand if what expired were dropped whoever names it: the planted fault is found', () => {
  const forgetful = { ...protocol, namedBatches: () => new Set<string>() };
  for (const seed of SEEDS)
    expect(() => simulate(forgetful, seed, 4, COMMITS, options)).toThrow(/^(progress|bodies): /);
});
