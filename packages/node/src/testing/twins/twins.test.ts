import { describe, expect, it } from 'vitest';
import * as protocol from '../../consensus/protocol.ts';
import { Violation } from '../checkers/violation.ts';
import { loadMutant } from '../mutants/load.ts';
import { MUTANTS } from '../mutants.ts';
import { runTwins, type TwinsReport } from './run.ts';
import { partitionsOf } from './scenario.ts';

function scenarios(n: number, from: number, to: number) {
  const reports: TwinsReport[] = [];
  for (let seed = from; seed < to; seed++) {
    try {
      reports.push(runTwins(protocol, seed, { n }));
    } catch (cause) {
      throw new Error(`Twins scenario ${seed}: npm run sim -- --twins --n ${n} --seed ${seed}`, { cause });
    }
  }
  const sum = (of: 'blocks' | 'viewChanges' | 'accused') => reports.reduce((all, one) => all + one[of], 0);
  return { count: reports.length, blocks: sum('blocks'), views: sum('viewChanges'), accused: sum('accused') };
}

/** Scenarios of which one at least finds a planted fault. */
const FEW = 10;
/** What judges a replica by what it signs and counts, before two chains come of it. */
const EARLIER = ['certificates', 'guard', 'durability'];

describe('a few Twins scenarios', () => {
  it.each([
    ['quorum-minus-one', [], 'certificates'],
    ['prepare-after-view-change', [], 'guard'],
    ['forgotten-vote', [], 'durability'],
    ['quorum-minus-one', EARLIER, 'agreement'],
    ['votes-counted', EARLIER, 'agreement'],
  ] as const)('find the mutant %s without %j by %s', async (name, deaf, checker) => {
    const mutant = MUTANTS.find(one => one.name === name)!;
    const broken = await loadMutant({ ...mutant, name: `twins-${name}` });
    let found: Violation | null = null;
    for (let seed = 1; seed <= FEW && found === null; seed++) {
      try {
        runTwins(broken, seed, { deaf });
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        found = error;
      }
    }
    expect(found?.checker).toBe(checker);
  });
});

describe('1000 Twins scenarios', () => {
  it.each([
    [4, 950],
    [7, 50],
  ])(
    'with %i identities, %i of them: two copies of one key never make two chains',
    { timeout: 600_000 },
    (n, most) => {
      const { count, blocks, views, accused } = scenarios(n, 1, most + 1);
      console.log(
        `Twins, ${n} identities, ${count} scenarios: ${blocks} blocks, ${views} views, ${accused} accusations`,
      );
      expect(count).toBe(most);
      expect(Math.min(blocks, views, accused)).toBeGreaterThan(0);
    },
  );

  it('replay: the same seed gives the same trace', () => {
    expect(runTwins(protocol, 5)).toEqual(runTwins(protocol, 5));
    expect(runTwins(protocol, 6).trace).not.toBe(runTwins(protocol, 5).trace);
  });

  it('draw from every partition of five instances into at most three groups', () => {
    // Stirling numbers of the second kind: 1 + 15 + 25.
    expect(partitionsOf(5, 3)).toHaveLength(41);
    expect(new Set(partitionsOf(5, 3).map(String)).size).toBe(41);
  });
});
