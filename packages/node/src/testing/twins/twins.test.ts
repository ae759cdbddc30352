import { describe, expect, it } from 'vitest';
import * as protocol from '../../consensus/protocol.ts';
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
