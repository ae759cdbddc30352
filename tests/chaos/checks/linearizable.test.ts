import { describe, expect, it } from 'vitest';
import type { LedgerRecord, Read, Write } from '../load/operations.ts';
import { linearizabilityFlaws } from './linearizable.ts';

const record = (index: number, height: number, action: string, subject = 's'): LedgerRecord => ({
  index,
  height,
  submission: `${index}`,
  subject,
  digest: `d${index}`,
  version: index + 1,
  action,
  subjectPrev: index === 0 ? null : index - 1,
});
/** Record i was sent at 10 i and acknowledged at 10 i + 5 by node i. */
const write = ({ index, height, digest, subject }: LedgerRecord, over: Partial<Write> = {}): Write => ({
  type: 'write',
  subject,
  digest,
  invoked: 10 * index,
  ended: 10 * index + 5,
  acknowledged: { seat: index, disk: 0, height, index, proof: '' },
  ...over,
});
const read = (height: number, head: number, state: string, over: Partial<Read> = {}): Read => ({
  type: 'read',
  subject: 's',
  invoked: 100,
  ended: 101,
  seat: 0,
  disk: 0,
  height,
  value: { head, version: head + 1, state },
  ...over,
});

const records = [record(0, 3, 'publish'), record(1, 5, 'amend'), record(2, 9, 'repeal')];
const writes = records.map(one => write(one));
const flaws = (reads: readonly Read[], sent: readonly Write[] = writes) =>
  linearizabilityFlaws(records, sent, reads);

describe('the promise of status reads', () => {
  it('holds for reads that are as old as their height', () => {
    const reads = [
      read(3, 0, 'in-force', { invoked: 20, ended: 21 }),
      read(4, 0, 'in-force', { invoked: 22, ended: 23 }),
      read(5, 1, 'amended', { invoked: 24, ended: 25 }),
      read(12, 2, 'repealed'),
      // Another node may be behind, and says so.
      read(4, 0, 'in-force', { seat: 3, invoked: 110, ended: 111 }),
    ];
    expect(flaws(reads)).toEqual([]);
  });

  it('holds though answers come in another order than their questions', () => {
    const reads = [
      read(9, 2, 'repealed', { invoked: 50, ended: 60 }),
      read(5, 1, 'amended', { invoked: 55, ended: 70 }),
    ];
    expect(flaws(reads)).toEqual([]);
  });

  it.each([
    ['an old value at a new height', read(9, 1, 'amended')],
    ['a new value at an old height', read(8, 2, 'repealed')],
    ['the wrong state', read(9, 2, 'in-force')],
    ['the wrong version', read(9, 2, 'repealed', { value: { head: 2, version: 2, state: 'repealed' } })],
    ['a record of nobody', read(9, 7, 'amended')],
    ['a subject without a record', read(9, 2, 'repealed', { subject: 'other' })],
    ['a value before there is any', read(2, 0, 'in-force', { seat: 3 })],
  ])('is broken by %s', (_, wrong) => {
    expect(flaws([wrong])).toHaveLength(1);
  });

  it('is broken by a node that steps back', () => {
    const later = read(5, 1, 'amended', { invoked: 200, ended: 201 });
    expect(flaws([read(9, 2, 'repealed'), later])).toEqual(['node 0, disk 0: answered at height 5 after 9']);
    // With another disk it begins anew.
    expect(flaws([read(9, 2, 'repealed'), { ...later, disk: 1 }])).toEqual([]);
  });

  it('is broken by a node that forgets what it acknowledged', () => {
    const behind = read(5, 1, 'amended', { seat: 2 });
    expect(flaws([behind])).toEqual(['node 2, disk 0: answered at height 5 after 9']);
    expect(flaws([behind], writes.slice(0, 2))).toEqual([]);
  });

  it('is broken by writes against the order of time', () => {
    const [first, second, third] = writes as [Write, Write, Write];
    const late = { ...first, invoked: 60, ended: 65 };
    expect(flaws([], [late, second, third])).toEqual(['record 0 was sent after record 2 was acknowledged']);
    // Sent before the others were acknowledged, it may stand anywhere.
    expect(flaws([], [{ ...late, invoked: 12 }, second, third])).toEqual([]);
  });

  it('is broken by an acknowledgement that the ledger does not bear out', () => {
    const [first] = writes as [Write];
    const told = first.acknowledged!;
    for (const wrong of [{ index: 1 }, { height: 4 }, { index: 9 }])
      expect(flaws([], [{ ...first, acknowledged: { ...told, ...wrong } }])).toHaveLength(1);
  });

  it('is broken by an answer from the future', () => {
    const soon = read(9, 2, 'repealed', { invoked: 1, ended: 2 });
    expect(flaws([soon])).toEqual(['s: node 0 told of record 2 before it was sent']);
  });
});
