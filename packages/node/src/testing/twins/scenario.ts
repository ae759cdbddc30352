import type { Random } from '../simulator/random.ts';

/** One round: who hears whom, and what is lost besides. */
export interface Round {
  /** Group of each instance: only those of one group hear each other. */
  readonly groups: readonly number[];
  /** A kind of vote that nobody hears, or null. */
  readonly lost: 'prepare' | 'commit' | 'checkpoint-vote' | null;
  /** Ms at most; it is over sooner once every group has left its view. */
  readonly most: number;
}

/** A Twins scenario: identities that run twice, who leads when, and partitions round by round. */
export interface Scenario {
  readonly n: number;
  /** Identities with two instances. */
  readonly twins: readonly number[];
  /** Identity of each instance. */
  readonly instances: readonly number[];
  /** Blocks a leader proposes before the next one, so that each identity leads in turn, in both its instances. */
  readonly term: number;
  readonly rounds: readonly Round[];
}

/**
 * Draws a scenario: f identities are doubled; each round has a partition of all instances into one to three groups, every
 * one as likely as another, as in Bano et al., Twins: BFT Systems Made Robust, 2021. The last round joins all.
 */
export function drawScenario(random: Random, n: number): Scenario {
  const identities = Array.from({ length: n }, (_, i) => i);
  const twins = random.sample(identities, Math.floor((n - 1) / 3));
  const instances = [...identities, ...twins];
  const partitions = partitionsOf(instances.length, 3);
  const rounds = Array.from({ length: random.between(3, 7) }, () => ({
    groups: random.pick(partitions),
    lost: random.chance(0.5) ? null : random.pick(['prepare', 'commit', 'checkpoint-vote'] as const),
    most: random.pick([200, 1_500, 4_000]),
  }));
  const joined = { groups: instances.map(() => 0), lost: null, most: 4_000 };
  return { n, twins, instances, term: random.pick([1, 2, 1024]), rounds: [...rounds, joined] };
}

const known = new Map<string, readonly (readonly number[])[]>();

/** Every way to put `size` things into one to `most` groups that have no names (restricted growth strings). */
export function partitionsOf(size: number, most: number): readonly (readonly number[])[] {
  const key = `${size} ${most}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let all: number[][] = [[0]];
  for (let i = 1; i < size; i++) {
    all = all.flatMap(groups => {
      const next = Math.min(most - 1, Math.max(...groups) + 1);
      return Array.from({ length: next + 1 }, (_, group) => [...groups, group]);
    });
  }
  known.set(key, all);
  return all;
}
