import { describe, expect, it } from 'vitest';
import { type Action, attempt } from './action.ts';
import { COSIGN, EXECUTE, FINAL, LEARN } from './deciding.ts';
import { BACK_UP, RESTORE } from './memory.ts';
import { ACCEPT, COMMIT, LOCK } from './ordering.ts';
import { RULES, type Rules } from './rules.ts';
import type { Block, Replica, Report } from './state.ts';
import { ASK, ENTER } from './views.ts';
import { Broken, World } from './world.ts';

/** Four keys, of which 0 is Byzantine. */
function four(broken: Partial<Rules> = {}): {
  world: World;
  of: (key: number) => Replica;
  make: (name: string) => Block;
} {
  const keys = [0, 1, 2, 3];
  const rules = { ...RULES, ...broken };
  const world = new World({ rules, keys, allKeys: keys, byzantine: new Set([0]), window: 8, term: 100 });
  const make = (name: string): Block => world.make(name, world.genesis, world.genesis.opens!, false);
  return { world, of: key => world.replicas.get(key)!, make };
}

function take<Args extends readonly unknown[]>(
  world: World,
  action: Action<Args>,
  replicas: readonly Replica[],
  ...args: Args
): void {
  for (const replica of replicas) expect(attempt(action, world, replica, ...args)).toBeNull();
}

function invariantOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof Broken) return error.invariant;
    throw error;
  }
}

const nothing = (keys: readonly number[]): Report[] => keys.map(key => ({ key, high: null }));

describe('an older log put back, the guard beside it as it was', () => {
  /** 1 commits a block in view 1, and comes back with the log that ends at its VIEW-CHANGE for view 1. */
  function restored(broken: Partial<Rules>) {
    const { world, of, make } = four(broken);
    const [one, two, three] = [of(1), of(2), of(3)];
    const block = make('a');
    take(world, ASK, [one, two, three], 1);
    take(world, BACK_UP, [one]);
    take(world, ENTER, [one, two], 1, nothing([1, 2, 3]));
    take(world, ACCEPT, [one, two], block);
    take(world, LOCK, [one, two], { view: 1, block });
    take(world, COMMIT, [one, two], block);
    expect(world.committed).toBe(block);
    take(world, RESTORE, [one]);
    return { world, one, three };
  }

  it('has no vote, though it knows of the view that the key voted in', () => {
    expect(restored({}).one.amnesiac).toBe(true);
  });

  it('would lose the committed block if only votes of the present view told', () => {
    const ofOneView: Rules['isBehind'] = (guard, disk) =>
      RULES.isBehind({ ...guard, signed: guard.signed.filter(({ view }) => view === disk.view) }, disk);
    const { world, one, three } = restored({ isBehind: ofOneView });
    expect(one.amnesiac).toBe(false);
    take(world, ASK, [one, three], 2);
    const reports = nothing([0, 1, 3]);
    expect(invariantOf(() => attempt(ENTER, world, three, 2, reports))).toBe('survival');
  });

  /** 1 PREPAREs and COMMITs a block that is final before it executes it, so that it never cosigns. */
  function late(broken: Partial<Rules>) {
    const { world, of, make } = four(broken);
    const [one, two, three] = [of(1), of(2), of(3)];
    const [a, b] = [make('a'), make('b')];
    take(world, BACK_UP, [one]);
    take(world, ACCEPT, [one, two, three], a);
    take(world, LOCK, [one, two, three], { view: 0, block: a });
    take(world, COMMIT, [two, three], a);
    take(world, LEARN, [two, three], a);
    take(world, EXECUTE, [two, three]);
    take(world, COSIGN, [two, three], a);
    take(world, FINAL, [one], a);
    take(world, COMMIT, [one], a);
    take(world, RESTORE, [one]);
    return { world, one, b };
  }

  it('has no vote, though all that the key signed is final by now', () => {
    expect(late({}).one.amnesiac).toBe(true);
  });

  it('would vote twice if the guard forgot all that is final', () => {
    const { world, one, b } = late({
      guards: ({ floor }, low, { view, block }) => view >= floor && block.height > low,
    });
    expect(one.amnesiac).toBe(false);
    expect(invariantOf(() => attempt(ACCEPT, world, one, b))).toBe('votes');
  });
});

describe('a NEW-VIEW that comes late', () => {
  it('may have another tip than what is committed since: an honest replica neither stops nor votes for it', () => {
    const keys = [0, 1, 2, 3, 4, 5, 6];
    const world = new World({ keys, allKeys: keys, byzantine: new Set([0, 1]), window: 8, term: 100 });
    const of = (key: number): Replica => world.replicas.get(key)!;
    const [a, b] = ['a', 'b'].map(name => world.make(name, world.genesis, world.genesis.opens!, false)) as [
      Block,
      Block,
    ];
    // b is PREPARED in view 0, which 2 alone learns, and a in view 2, without the report of 2.
    take(world, ACCEPT, [of(2), of(3), of(4)], b);
    take(world, LOCK, [of(2)], { view: 0, block: b });
    take(world, ASK, [of(2), of(3), of(4), of(5)], 1);
    take(world, ASK, [of(3), of(4), of(5)], 2);
    take(world, ENTER, [of(3), of(4), of(5)], 2, nothing([0, 1, 3, 4, 5]));
    take(world, ACCEPT, [of(3), of(4), of(5)], a);
    take(world, LOCK, [of(3), of(4), of(5)], { view: 2, block: a });
    take(world, COMMIT, [of(3), of(4), of(5)], a);
    // 6 was away in view 0. It learns that a is committed; only then comes the NEW-VIEW of view 1.
    take(world, LEARN, [of(6)], a);
    take(world, EXECUTE, [of(6)]);
    const held: Report[] = [...nothing([0, 1, 3, 4]), { key: 2, high: { view: 0, block: b } }];
    take(world, ENTER, [of(6)], 1, held);
    expect(of(6).disk.tip).toBe(b);
    expect(attempt(ACCEPT, world, of(6), a)).not.toBeNull();
  });
});

describe('the invariants', () => {
  it('find what contradicts a final block, and an execution of what is not committed', () => {
    const { world, of, make } = four();
    const [a, b] = [make('a'), make('b')];
    expect(invariantOf(() => world.execute(of(1), a))).toBe('execution');
    for (const key of [1, 2]) world.cosign(of(key), a);
    expect(world.final).toBe(a);
    expect(
      invariantOf(() =>
        [1, 2].forEach(key => {
          world.commit(of(key), b);
        }),
      ),
    ).toBe('finality');
    expect(invariantOf(() => world.cosign(of(1), b))).toBe('heads');
  });

  it('find two committed blocks, and two PREPAREs', () => {
    const { world, of, make } = four();
    const [a, b] = [make('a'), make('b')];
    for (const key of [1, 2]) world.commit(of(key), a);
    world.commit(of(3), b);
    expect(invariantOf(() => world.commit(of(1), b))).toBe('agreement');
    world.prepare(of(1), a);
    expect(invariantOf(() => world.prepare(of(1), b))).toBe('votes');
  });
});
