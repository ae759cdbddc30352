import { describe, expect, it } from 'vitest';
import { testKey } from '../../../../tests/fixtures/builder.ts';
import { DEFAULT_CONFIG } from '../config/config.ts';
import { MAX_BATCH_BYTES } from './batch.ts';
import { DEFAULT_MEMPOOL_LIMITS, mempoolLimits, weightOf } from './limits.ts';
import { gatherMs } from './mempool.ts';
import { ANNA, BORIS, batchOf, type Made, mempoolWith, ROOMY, wireOf } from './testing/made.ts';

it('submissions gather for a quarter of the last round, no less than 5 ms and no more than 50', () => {
  expect([0, 10, 20, 40, 100, 200, 5_000].map(gatherMs)).toEqual([5, 5, 5, 10, 25, 50, 50]);
});

it('the limits of a node that is told nothing are those of its configuration', () => {
  expect(mempoolLimits(DEFAULT_CONFIG.limits)).toEqual(DEFAULT_MEMPOOL_LIMITS);
});

const take = async ({ mempool }: Made, wire = wireOf()) => {
  const taken = await mempool.take(wire);
  return 'code' in taken ? `${taken.code} ${taken.retryAfter}` : 'taken';
};
const ONE = weightOf(wireOf().length, 1);

describe('what waits', () => {
  it('is bounded from the moment it comes in, and room is made by execution', async () => {
    const made = mempoolWith({ own: 10.5 * ONE });
    const answers = await Promise.all(Array.from({ length: 30 }, () => take(made)));
    expect(answers.filter(answer => answer === 'taken').length).toBe(10);
    expect(answers.filter(answer => answer === 'overloaded 1').length).toBe(20);
    expect(made.mempool.weight).toBeLessThan(10.5 * ONE);
    expect(await take(made)).toBe('overloaded 1');
    made.mempool.executed(made.published.map(({ digest }) => digest));
    expect([made.mempool.weight, made.mempool.size]).toEqual([0, 0]);
    expect(await take(made)).toBe('taken');
  });

  it('is no more than 2 MiB at first, then what was ordered in the last three seconds on top', async () => {
    const mib = 1024 * 1024;
    const made = mempoolWith({ own: 32 * mib, all: 64 * mib });
    const fill = async (): Promise<number> => {
      // Many at once: each batch waits for company.
      const some = () =>
        Array.from({ length: 20 }, (_, i) => take(made, wireOf(i % 2 === 0 ? ANNA : BORIS, 8_000)));
      for (let all = true; all; ) all = (await Promise.all(some())).every(answer => answer === 'taken');
      return made.mempool.weight / mib;
    };
    const ordered = () => made.mempool.executed(made.mempool.waiting().map(({ digest }) => digest));
    expect(await fill()).toBeCloseTo(2, 0);
    expect(made.mempool.full(10_000)?.code).toBe('overloaded');
    ordered();
    made.now += 2_900;
    expect(await fill()).toBeCloseTo(4, 0);
    made.now += 2_900;
    ordered();
    made.now += 3_100;
    expect(await fill()).toBeCloseTo(2, 0);
  });

  it('counts what gathers and is not out yet', async () => {
    const made = mempoolWith({ own: 2.5 * ONE });
    expect(await take(made)).toBe('taken');
    // While a batch waits, others gather: for 5 ms they are in no batch.
    const gathering = take(made);
    await expect.poll(() => made.mempool.weight, { interval: 0 }).toBeGreaterThan(1.9 * ONE);
    expect(await take(made)).toBe('overloaded 1');
    expect(await gathering).toBe('taken');
  });

  it('counts small ones for more than their bytes', () => {
    expect(weightOf(300, 1)).toBe(1324);
  });

  it('counts batches of other members, and does not keep their bodies in memory', async () => {
    const made = mempoolWith({ all: 4.5 * ONE });
    made.mempool.add(batchOf(wireOf(), wireOf(), wireOf(), wireOf()), { member: '110000' });
    expect(await take(made)).toBe('overloaded 1');
    expect(Object.values(made.mempool.waiting()[0]!)).not.toContainEqual(expect.any(Uint8Array));
  });

  it('gives back the room of what was refused', async () => {
    const made = mempoolWith({ own: 1.5 * ONE });
    const forged = wireOf();
    forged[200]! ^= 1;
    for (let i = 0; i < 5; i++) expect(await take(made, forged)).toBe('bad-signature null');
    expect(made.mempool.weight).toBe(0);
    expect(await take(made)).toBe('taken');
  });

  it('is given up when all of a batch expired', async () => {
    const made = mempoolWith();
    await take(made);
    made.now += 80_000;
    await made.mempool.tend();
    expect(made.expired).toEqual(made.published.map(({ digest }) => digest));
    expect(made.mempool.weight).toBe(0);
  });

  it('waits on when it expired and a block names it, until none does', async () => {
    const made = mempoolWith();
    await take(made);
    const weight = made.mempool.weight;
    made.now += 80_000;
    made.named.push(made.published[0]!.digest);
    for (let i = 0; i < 2; i++) {
      await made.mempool.tend();
      expect([made.mempool.size, made.mempool.weight]).toEqual([1, weight]);
    }
    made.named.pop();
    await made.mempool.tend();
    expect([made.mempool.size, made.mempool.weight]).toEqual([0, 0]);
  });

  it('is pushed again when overdue, no more at once than the queues to the others hold', () => {
    const made = mempoolWith();
    for (let i = 0; i < 40; i++)
      made.mempool.add(batchOf(...Array.from({ length: 20 }, () => wireOf(ANNA, 8000))));
    made.mempool.tend();
    expect(made.pushed).toEqual([]);
    made.now += 10_000;
    made.mempool.tend();
    const first = made.pushed.length;
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(30);
    made.mempool.tend();
    expect(new Set(made.pushed).size).toBe(40);
    expect(made.pushed.length).toBe(40);
  });
});

describe('a publisher', () => {
  it('has a share of what may wait, whatever the others have', async () => {
    const made = mempoolWith({ publisher: { ...ROOMY.publisher, pending: 3.5 * ONE } });
    for (let i = 0; i < 3; i++) expect(await take(made)).toBe('taken');
    expect(await take(made)).toBe('over-quota 1');
    expect(await take(made, wireOf(BORIS))).toBe('taken');
    made.mempool.executed(made.published.map(({ digest }) => digest));
    expect(await take(made)).toBe('taken');
  });

  it.each([
    ['submissions', { submissions: { perSecond: 1, burst: 3 } }],
    ['bytes', { bytes: { perSecond: ONE / 3, burst: 3 * ONE - 3 * 1024 } }],
  ])('hands in so many %s a second, and is told when to come again', async (_, rate) => {
    const made = mempoolWith({ publisher: { ...ROOMY.publisher, ...rate } });
    for (let i = 0; i < 3; i++) expect(await take(made)).toBe('taken');
    expect(await take(made)).toBe('over-quota 1');
    expect(await take(made, wireOf(BORIS))).toBe('taken');
    made.now += 1000;
    expect(await take(made)).toBe('taken');
  });

  it('is asked before anything is checked', async () => {
    const made = mempoolWith({ publisher: { ...ROOMY.publisher, pending: ONE / 2 } });
    expect(await take(made)).toBe('over-quota 1');
    expect(made.checks).toBe(0);
    // Not even its entries are read: what is after the signature is none here.
    const wire = wireOf();
    const cut = wire.subarray(0, wire.length - 20);
    expect(await take(made, cut)).toBe('over-quota 1');
    expect(await take(mempoolWith(), cut)).toBe('cbor-truncated null');
  });

  it('loses nothing to whoever uses its name', async () => {
    const made = mempoolWith({ publisher: { ...ROOMY.publisher, submissions: { perSecond: 1, burst: 2 } } });
    const forged = wireOf();
    forged[200]! ^= 1;
    for (let i = 0; i < 9; i++) expect(await take(made, forged)).toBe('bad-signature null');
    // A member could put anything signed by any key under this name into its batches.
    made.mempool.add(batchOf(wireOf(ANNA, 10, testKey('liar'))), { member: '110000' });
    expect([await take(made), await take(made), await take(made)]).toEqual([
      'taken',
      'taken',
      'over-quota 1',
    ]);
  });
});

describe('a batch that a member sent unasked', () => {
  const big = () => batchOf(wireOf(), wireOf(), wireOf(), wireOf());

  it('is kept while there is room, and then a share of each', () => {
    const { mempool } = mempoolWith({ all: 10 * ONE });
    const send = (member: string) => {
      const batch = big();
      const kept = mempool.keeps(batch, member, 3);
      if (kept) mempool.add(batch, { member });
      return kept;
    };
    expect([send('1'), send('1'), send('1'), send('1')]).toEqual([true, true, false, false]);
    expect([send('2'), send('2'), send('3'), send('3')]).toEqual([true, false, true, false]);
    expect(mempool.weight).toBeLessThan(20 * ONE);
    mempool.executed(mempool.waiting().map(({ digest }) => digest));
    expect(send('1')).toBe(true);
  });

  it('is not kept if no block will record any of it, but if this node is only one block behind', () => {
    const refusing = (code: string) =>
      mempoolWith({}, { wouldRefuse: () => ({ code, detail: '', entry: null, retryAfter: null }) });
    for (const code of ['unknown-publisher', 'wrong-key', 'expired', 'wrong-chain'])
      expect(refusing(code).mempool.keeps(big(), '1', 3)).toBe(false);
    for (const code of ['wrong-prev', 'publisher-suspended', 'stale-link'])
      expect(refusing(code).mempool.keeps(big(), '1', 3)).toBe(true);
  });

  it('is bounded by the largest batch however many members there are', () => {
    const { mempool } = mempoolWith({ all: 0 });
    expect(mempool.keeps(big(), '1', 1000)).toBe(true);
    mempool.add(big(), { member: '1' });
    expect(mempool.keeps(big(), '1', 1000)).toBe(false);
    expect(MAX_BATCH_BYTES).toBe(1024 * 1024);
  });
});
