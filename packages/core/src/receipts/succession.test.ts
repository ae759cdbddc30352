import { describe, expect, it } from 'vitest';
import type { Leaf } from '../records/leaf.ts';
import type { ProvenRecord } from './complete.ts';
import { issuersOf, signersOf } from './succession.ts';

const [A, B, C] = ['A', 'B', 'C'];

/** The record of this version of a document, by its publisher; its index is ten times that. */
function record(
  version: number,
  publisher: string,
  action: string,
  file: number | null = 1,
  id = 'x',
): ProvenRecord {
  const digest = file === null ? null : { alg: 'sha256', hash: new Uint8Array(32).fill(file) };
  const value = { profile: 'policy', action, subject: { issuer: A, id }, digest };
  return { index: 10 * version, leaf: { version, publisher, entry: { value } } as unknown as Leaf };
}

describe('who issued a subject', () => {
  it('is its issuer, who countersigned, and who has yet to', () => {
    const records = [record(1, A, 'publish'), record(2, B, 'countersign'), record(3, C, 'comment')];
    expect([...issuersOf(records, [])]).toEqual([A, B]);
    expect([...issuersOf(records, ['D'])]).toEqual([A, B, 'D']);
    expect([...issuersOf(records.slice(1, 2), [])]).toEqual([A, B]);
  });
});

describe('who signed what a record says', () => {
  const first = record(1, A, 'publish');
  const signers = (...others: ProvenRecord[]) => [...signersOf(first, others)];
  it('is its publisher and who countersigned its file right after it', () => {
    expect(signers()).toEqual([A]);
    expect(signers(record(3, C, 'countersign'), record(2, B, 'countersign'))).toEqual([A, B, C]);
  });

  it.each([
    ['after another record', [record(2, A, 'publish'), record(3, B, 'countersign')]],
    ['after one that is not shown', [record(3, B, 'countersign')]],
    ['before it', [record(0, B, 'countersign')]],
    ['another file', [record(2, B, 'countersign', 2)]],
    ['no file', [record(2, B, 'countersign', null)]],
    ['another subject', [record(2, B, 'countersign', 1, 'y')]],
    ['by another action', [record(2, B, 'comment')]],
  ])('and nobody who signed %s', (_, others) => {
    expect(signers(...others)).toEqual([A]);
  });
});
