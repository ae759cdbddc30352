import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MODEL_MUTANTS, rulesOf } from './mutants.ts';
import { RULES } from './rules.ts';
import { emptyTally, neverReached, runWalks, tryWalk } from './run.ts';

/** Walks of each size here; `npm run model` takes hundreds of thousands. */
const WALKS = 1_500;
const FAIR_WALKS = 500;

describe('the model of the protocol', () => {
  it.each([4, 5, 7])('keeps every invariant over random walks of %i replicas, and they go deep', n => {
    const tally = runWalks({ n }, 1, ({ walks }) => walks === WALKS);
    console.log(`n=${n}: ${tally.steps} steps of ${tally.walks} walks, ${JSON.stringify(tally.reached)}`);
    expect(neverReached(tally)).toEqual([]);
  });

  it.each([4, 5, 7])('comes on with %i replicas in a fair network, wherever an adversary left it', n => {
    const tally = runWalks({ n, liveness: true }, 1, ({ walks }) => walks === FAIR_WALKS);
    expect([...tally.rounds.values()].reduce((sum, count) => sum + count, 0)).toBe(FAIR_WALKS);
    expect(Math.max(...tally.rounds.keys())).toBeGreaterThan(3);
  });
});

describe('the specification', () => {
  it('shares nothing with the protocol: only what reads traces knows its types', () => {
    const folder = new URL('.', import.meta.url);
    const files = readdirSync(folder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const imports = files.flatMap(name =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^import (type )?[^;]*consensus[^;]*;/gm)].map(
        ([, type]) => `${name} ${type ?? 'code '}`.trim(),
      ),
    );
    expect(files.length).toBeGreaterThan(10);
    expect([...new Set(imports)].sort()).toEqual(['trace.ts type', 'translation.ts type']);
  });
});

describe('each rule of the model', () => {
  it('is broken by a mutant of one line, 30 or more of them', () => {
    const names = MODEL_MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(30);
    expect(MODEL_MUTANTS.filter(mutant => Object.keys(mutant.broken).some(rule => !(rule in RULES)))).toEqual(
      [],
    );
    expect(rulesOf(MODEL_MUTANTS[0]!)).not.toEqual(RULES);
  });

  it.each(MODEL_MUTANTS)(
    'is needed: $name is found by the $by in walk $walk, which the model itself passes',
    mutant => {
      const subject = { n: 4, liveness: mutant.by === 'liveness' };
      const tally = emptyTally();
      expect(
        tryWalk({ ...subject, mutant }, mutant.walk, tally),
        'npm run model -- --mutants',
      ).not.toBeNull();
      expect(tryWalk(subject, mutant.walk, tally)).toBeNull();
    },
  );

  it('about liveness can be broken without harm to safety', () => {
    const stalls = MODEL_MUTANTS.filter(({ by }) => by === 'liveness');
    for (const mutant of stalls) {
      const broken = tryWalk({ n: 4, liveness: true, mutant }, mutant.walk, emptyTally());
      expect([mutant.name, broken?.invariant]).toEqual([mutant.name, 'liveness']);
    }
  });
});
