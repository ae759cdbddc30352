import { describe, expect, it } from 'vitest';
import * as protocol from '../consensus/protocol.ts';
import { fight, loadMutant, MUTANTS } from './mutants.ts';
import { simulate } from './simulator/simulate.ts';

describe('protocol mutants', () => {
  for (const mutant of MUTANTS) {
    it(`${mutant.name} is killed by the ${mutant.by} checker in schedule ${mutant.seed}`, async () => {
      const violation = await fight(mutant);
      expect(
        violation?.checker,
        'if the protocol or the simulator changed: npm run mutants finds a new seed',
      ).toBe(mutant.by);
    });

    it(`the protocol itself passes the schedule that kills ${mutant.name}`, () => {
      const { seed, deaf, profile } = mutant;
      const report = simulate(protocol, seed, 4, 100, profile === null ? { deaf } : { deaf, profile });
      expect(report.blocks).toBeGreaterThanOrEqual(100);
    });
  }

  it('are made of lines that exist: a stale one is refused, not run as the real protocol', async () => {
    const stale = { name: 'stale', file: 'votes.ts', line: 'no such line', broken: '' };
    await expect(loadMutant(stale)).rejects.toThrow('stands 0 times');
  });
});
