import { describe, expect, it } from 'vitest';
import { makeReceipt, seed, testChain, testEntry } from '../../fixtures/builder.ts';
import type { LedgerRecord, Read, Write } from '../load/operations.ts';
import {
  falselyAccused,
  finalWithoutQuorum,
  forks,
  type Head,
  idleness,
  logFlaws,
  onRecordFlaws,
  receiptFlaws,
  signedBy,
} from './verdicts.ts';

const head: Head = { seat: 0, height: 9, size: 3, root: 'r', stateRoot: 's', blockHash: 'b' };

describe('forks', () => {
  it('finds none among equals', () => {
    expect(forks([head, { ...head, seat: 1 }])).toEqual([]);
  });
  it.each(['height', 'size', 'root', 'stateRoot', 'blockHash'] as const)('finds another %s', key => {
    const other = { ...head, seat: 2, [key]: typeof head[key] === 'number' ? 1 : 'x' };
    expect(forks([head, { ...head, seat: 1 }, other])).toHaveLength(1);
  });
});

const record = (index: number, over: Partial<LedgerRecord> = {}): LedgerRecord => ({
  index,
  height: index + 1,
  submission: `id ${index}`,
  subject: 's',
  digest: `d${index}`,
  version: index + 1,
  action: 'amend',
  subjectPrev: index === 0 ? null : index - 1,
  ...over,
});

describe('the log', () => {
  const log = [record(0), record(1), record(2)];

  it('is whole', () => {
    expect(logFlaws(log)).toEqual([]);
  });
  it.each([
    ['a submission twice', record(2, { submission: 'id 0' })],
    ['a record at another place', record(2, { index: 3 })],
    ['an earlier block', record(2, { height: 1 })],
    ['a version left out', record(2, { version: 4 })],
    ['two acts upon one version', record(2, { version: 2, subjectPrev: 0 })],
    ['a history begun twice', record(2, { version: 1, subjectPrev: null })],
  ])('does not hold %s', (_, wrong) => {
    expect(logFlaws([record(0), record(1), wrong])).toHaveLength(1);
  });
});

describe('without a quorum', () => {
  it('nobody goes on; who does not answer says nothing', () => {
    expect(finalWithoutQuorum([4, 5, null, 7], [4, 5, 9, null])).toEqual([]);
    expect(finalWithoutQuorum([4, 5], [4, 6])).toEqual([
      'node 1 went from final height 5 to 6 without a quorum',
    ]);
  });
});

describe('evidence', () => {
  it('is against liars alone', () => {
    expect(falselyAccused(['110000', '110000'], ['110000', '130000'])).toEqual([]);
    expect(falselyAccused(['110000', '120000', '120000'], ['110000', '130000'])).toHaveLength(1);
    expect(falselyAccused(['110000'], [])).toHaveLength(1);
  });

  const accused = (code: string, at: number | null, evidence: string | null = 'aa') => ({
    code,
    record: at,
    evidence,
  });
  const accusing = (...indexes: number[]) =>
    indexes.map(index => ({ ...record(index), action: 'accuse-member' }));
  const [one, other] = [accused('110000', 3), accused('130000', 2)];
  const liars = ['110000', '130000'];

  it('is on record once, and alike everywhere', () => {
    const records = [record(1), ...accusing(2, 3)];
    expect(
      onRecordFlaws(
        [
          [one, other],
          [one, other],
        ],
        records,
        liars,
      ),
    ).toEqual([]);
  });

  it.each([
    ['another answer', [[one, other], [one]], accusing(2, 3)],
    ['an honest one', [[one, accused('120000', 2)]], accusing(2, 3)],
    ['a liar left out', [[one]], accusing(3)],
    ['no record', [[one, accused('130000', null)]], accusing(3)],
    ['no evidence', [[one, accused('130000', 2, null)]], accusing(2, 3)],
    ['a record twice', [[one, other]], accusing(2, 3, 4)],
    ['another record', [[one, other]], accusing(2, 4)],
  ])('%s is found', (_, told, records) => {
    expect(onRecordFlaws(told, records, liars)).not.toEqual([]);
  });
});

describe('idleness', () => {
  const told = { acknowledged: {} } as Write;
  const lost = { acknowledged: null } as Write;
  it('is a run without work', () => {
    expect(idleness([told, told], [{} as Read, {} as Read], 2)).toEqual([]);
    expect(idleness([told, lost], [{} as Read, {} as Read], 2)).toHaveLength(1);
    expect(idleness([told, told], [], 2)).toHaveLength(1);
  });
});

describe('receipts', () => {
  const chain = testChain();
  const document = seed('document', 32);
  const entry = testEntry('1', document);
  const bytes = makeReceipt(chain, { entries: [entry], at: 0, before: 3 });
  const proof = new TextDecoder().decode(bytes);
  const acknowledged = { seat: 0, disk: 0, height: 1, index: 3, proof };
  const write: Write = {
    type: 'write',
    subject: 's',
    digest: Buffer.from(entry.digest!.hash).toString('hex'),
    invoked: 10,
    ended: 11,
    acknowledged,
  };

  it('verify with the genesis alone', () => {
    expect(receiptFlaws(chain, [write, { ...write, acknowledged: null }])).toEqual([]);
  });
  it.each([
    ['of another document', { ...write, digest: '00'.repeat(32) }],
    ['of another record', { ...write, acknowledged: { ...acknowledged, index: 4 } }],
    ['of another block', { ...write, acknowledged: { ...acknowledged, height: 2 } }],
    [
      'with a letter changed',
      { ...write, acknowledged: { ...acknowledged, proof: proof.replace('1', '2') } },
    ],
  ])('do not verify %s', (_, wrong) => {
    expect(receiptFlaws(chain, [wrong])).toHaveLength(1);
  });
  it('show who signed after losing its memory', () => {
    const [first, , , last] = chain.validators;
    expect(signedBy(chain, first!.code, [write], 5)).toHaveLength(1);
    expect(signedBy(chain, first!.code, [write], 15)).toEqual([]);
    expect(signedBy(chain, last!.code, [write], 5)).toEqual([]);
  });
});
