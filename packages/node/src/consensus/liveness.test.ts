import { describe, expect, it } from 'vitest';
import { Random } from '../testing/simulator/random.ts';
import { Cluster } from './testing/cluster.ts';

/** One run: f silent for ever, the others lose messages and restart for a while, then lose nothing. */
function run(seed: number, n: number): { readonly cluster: Cluster; readonly waited: number } {
  const random = new Random(seed);
  const validators = Array.from({ length: n }, (_, i) => `m${i}`);
  const cluster = new Cluster({ validators, window: random.pick([1, 2, 8]), term: random.pick([2, 1024]) });
  const silent = random.sample([...validators.keys()], Math.floor((n - 1) / 3));
  const alive = [...validators.keys()].filter(id => !silent.includes(id));
  cluster.stop(...silent);
  const loss = random.pick([0.2, 0.5, 0.8]);
  const lossy = (): boolean => random.chance(loss);
  for (let i = 0; i < 12; i++) {
    cluster.batch(`lossy ${i}`).wait(100 * random.between(1, 30), lossy);
    if (!random.chance(0.3)) continue;
    const id = random.pick(alive);
    cluster.stop(id).wait(300, lossy).restart(id);
  }
  // The hosts of those that stay hold every batch and offer again what is not executed.
  const done = new Set(
    cluster.members.flatMap(({ store }) => [...store.values()].flatMap(({ batches }) => batches)),
  );
  for (let i = 0; i < 12; i++) if (!done.has(`lossy ${i}`)) cluster.batch(`lossy ${i}`);
  const start = cluster.now;
  const settled = (): boolean => {
    const [first, ...others] = alive.map(id => cluster.state(id));
    const ordered = first!.pool.size === 0 && others.every(({ pool }) => pool.size === 0);
    return ordered && others.every(({ low }) => low === first!.low);
  };
  while (!settled() && cluster.now - start < 200_000) cluster.wait(500);
  return { cluster, waited: cluster.now - start };
}

describe('with f replicas silent for ever', () => {
  it.each([4, 7])('%i replicas order everything within three timeouts of the last lost message', n => {
    let views = 0;
    for (let seed = 0; seed < (n === 4 ? 60 : 10); seed++) {
      const { cluster, waited } = run(seed, n);
      expect(waited, `seed ${seed}`).toBeLessThanOrEqual(90_000);
      views += Math.max(...cluster.members.map(({ state }) => state.view));
    }
    expect(views).toBeGreaterThan(20);
  });
});
