import { describe, expect, it } from 'vitest';
import type { LedgerRecord, Write } from '../chaos/load/operations.ts';
import { blockBytes, loggedBytes, recordBytes } from './cost.ts';
import {
  cosignedBy,
  descriptorFlaws,
  growth,
  heapFlaws,
  logFlaws,
  lost,
  memoryFlaws,
  offerFlaws,
  rateFlaws,
  refusalFlaws,
  type Sample,
  slowFlaws,
  storeFlaws,
  warm,
} from './verdicts.ts';

/** Twenty minutes of samples, one each ten seconds. */
const COUNT = 121;
const MIB = 1024 * 1024;
/** A collector's saw: memory that fills up and is given back. */
const saw = (i: number): number => 40 * ((i * 0.37) % 1);

function series(change: (i: number) => Partial<Sample>, count = COUNT): readonly Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    at: 10 * i,
    memory: 400 + saw(i),
    heap: 100,
    external: 80,
    descriptors: 60 + (i % 3),
    db: 1_500 * 5_000 * i,
    wal: 300_000,
    records: 5_000 * i,
    blocks: 100 * i,
    ...change(i),
  }));
}
const sound = series(() => ({}));

describe('growth', () => {
  it('is that of the line through the values, with its error', () => {
    const line = growth([0, 1, 2, 3].map(at => ({ at, value: 5 + 2 * at })));
    expect(line.grown).toBeCloseTo(6);
    expect(line.error).toBeCloseTo(0);
    const noisy = growth([1, -1, 1, -1, 1, -1].map((value, at) => ({ at, value })));
    expect(Math.abs(noisy.grown)).toBeLessThan(2 * noisy.error);
  });
});

describe('a warm node', () => {
  it('ran for more than the first minutes and a third', () => {
    expect(warm(sound)?.[0]?.at).toBe(400);
    expect(warm(sound.slice(0, 60))?.[0]?.at).toBe(300);
    expect(warm(sound.slice(0, 50))).toBeNull();
  });
});

describe('memory', () => {
  const flaws = (value: (i: number) => number): string[] =>
    memoryFlaws(warm(series(i => ({ memory: value(i) })))!);

  it('is flat when it only swings, or fills up while it gets warm', () => {
    expect(flaws(i => 400 + saw(i))).toEqual([]);
    expect(flaws(i => Math.min(500, 150 + 10 * i) + saw(i))).toEqual([]);
  });
  it.each([
    ['leaks slowly', (i: number) => 400 + 0.5 * i + saw(i)],
    ['leaks fast', (i: number) => 400 + 10 * i + saw(i)],
    ['reaches ever new peaks', (i: number) => 400 + (i % 40 === 39 ? 3 * i : 0)],
  ])('is not when it %s', (_, value) => {
    expect(flaws(value).length).toBeGreaterThan(0);
  });
});

describe.each(['heap', 'external'] as const)('what JavaScript holds, %s', part => {
  const flaws = (value: (i: number) => number): string[] =>
    heapFlaws(warm(series(i => ({ [part]: value(i) })))!);

  it('may swing by half', () => {
    expect(flaws(i => 120 + 1.5 * saw(i))).toEqual([]);
  });
  it('leaks when its floor rises', () => {
    expect(flaws(i => 120 + 0.2 * i + 1.5 * saw(i))).toHaveLength(1);
  });
});

describe('descriptors', () => {
  const flaws = (descriptors: (i: number) => number): string[] =>
    descriptorFlaws(warm(series(i => ({ descriptors: descriptors(i) })))!);

  it('may come and go', () => {
    expect(flaws(i => 60 + (i % 3))).toEqual([]);
    expect(flaws(i => 60 + (i % 7) * 5)).toEqual([]);
  });
  it('leak when each minute leaves one open', () => {
    expect(flaws(i => 60 + Math.floor(i / 6) + (i % 3))).toHaveLength(1);
  });
});

describe('the store', () => {
  const cost = { record: recordBytes(420, 320, 90), block: blockBytes(4, 4, 1) };

  it('grows by what its records and blocks cost', () => {
    expect(storeFlaws(sound, cost)).toEqual([]);
  });
  it('does not grow by twice that', () => {
    expect(
      storeFlaws(
        series(i => ({ db: 2 * 5_000 * i * cost.record })),
        cost,
      ),
    ).toHaveLength(1);
  });
  it('costs more with longer records, more signatures, more batches', () => {
    expect(recordBytes(421, 320, 90)).toBe(cost.record + 1);
    expect(recordBytes(420, 321, 90)).toBe(cost.record + 1);
    expect(blockBytes(31, 4, 1)).toBeGreaterThan(cost.block + 27 * 64);
    expect(loggedBytes(4, 5)).toBeGreaterThan(loggedBytes(4, 4));
  });
});

describe('the write-ahead log', () => {
  it('is rewritten', () => {
    expect(logFlaws(sound, loggedBytes(4, 4))).toEqual([]);
    expect(
      logFlaws(
        series(i => ({ wal: i * MIB })),
        loggedBytes(4, 4),
      ),
    ).toHaveLength(1);
  });
});

describe('a node with no room', () => {
  it('says when to come again', () => {
    const refused = { status: 429, retryAfter: 1, ms: 1 };
    expect(refusalFlaws([refused, { ...refused, status: 503 }])).toEqual([]);
    const mute = { ...refused, retryAfter: null };
    expect(refusalFlaws([refused, mute, mute])).toEqual(['429 without Retry-After, 2 times']);
    expect(refusalFlaws([{ ...refused, status: 500 }])).toEqual(['status 500, 1 times']);
  });
});

describe('an overload', () => {
  it('is ten times the most that was carried, as sent', () => {
    expect(offerFlaws(220, [20, 22])).toEqual([]);
    expect(offerFlaws(219, [20, 22])).toHaveLength(1);
    expect(offerFlaws(1_735, [1_092, 991])).toHaveLength(1);
    expect(offerFlaws(Number.NaN, [20])).toHaveLength(1);
  });
  const times = (...slow: readonly number[]) => [
    ...Array.from({ length: 200 - slow.length }, () => 20),
    ...slow,
  ];
  it('is refused fast, but for one in a hundred', () => {
    expect(slowFlaws(times(9_000))).toEqual([]);
    expect(slowFlaws(times(2_001, 3_000, 9_000))).toHaveLength(1);
    expect(slowFlaws(times(...Array.from({ length: 120 }, () => 1_001)))).toHaveLength(1);
    expect(slowFlaws([])).toEqual(['nobody had an answer']);
  });
});

describe('a soak', () => {
  const leg = { before: 940, after: 700, made: 465 };
  it('holds half of what can be carried at the time', () => {
    expect(rateFlaws([leg, { before: 700, after: 600, made: 340 }])).toEqual([]);
    expect(rateFlaws([{ ...leg, made: 390 }])).toEqual(['part 1 made 390 records/s of 470']);
    expect(rateFlaws([leg, { before: 700, after: 600, made: 0 }])).toHaveLength(1);
    expect(rateFlaws([{ ...leg, made: Number.NaN }])).toHaveLength(1);
    expect(rateFlaws([])).toHaveLength(1);
  });
  it('leaves a network that can carry something', () => {
    expect(
      rateFlaws([
        { ...leg, after: 0 },
        { before: 0, after: 0, made: 0 },
      ]),
    ).toHaveLength(2);
  });
});

describe('the ledger', () => {
  const record = (index: number): LedgerRecord => ({ index, digest: `d${index}` }) as LedgerRecord;
  const write = (index: number, digest = `d${index}`): Write =>
    ({ digest, acknowledged: { index } }) as Write;

  it('has every acknowledged record in its place', () => {
    expect(lost([record(0), record(1)], [write(1)])).toEqual([]);
    expect(lost([record(0)], [write(1)])).toEqual(['record 1 is not there']);
    expect(lost([record(0), record(1)], [write(1, 'other')])).toHaveLength(1);
  });
  it('is cosigned by its members', () => {
    const note = 'demo\n1\nAA=\n\n— demo AAA\n— demo/110000 AAAA\n— demo/120000 BBBB\n';
    expect(cosignedBy(note, ['130000'])).toEqual([]);
    expect(cosignedBy(note, ['120000', '130000'])).toEqual(['120000 cosigned']);
  });
});
