import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLISHER, testEntry } from '../../../../tests/fixtures/builder.ts';
import { publisherValue, subjectValue } from '../../../../tests/fixtures/ledger-state.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import type { Leaf } from '../records/leaf.ts';
import type { Asked, StatusKind, StatusValues } from './asked.ts';
import { type ProvenRecord, verifyComplete } from './complete.ts';
import type { VerifiedStatus } from './verify-status.ts';

const PUBLISHERS = [PUBLISHER, '11430000006122244L'];

/** A log by the rules of execution: which publisher and subject each record is of; a subject's name is its file's content. */
function logOf(plan: readonly (readonly [publisher: number, subject: number])[]): ProvenRecord[] {
  const records: ProvenRecord[] = [];
  for (const [index, [by, about]] of plan.entries()) {
    const publisher = PUBLISHERS[by]!;
    const id = `s${about}`;
    const own = records.filter(({ leaf }) => leaf.publisher === publisher);
    const same = records.filter(({ leaf }) => leaf.entry.value.subject.id === id);
    const leaf = {
      publisher,
      seq: own.length + 1,
      publisherPrev: own.at(-1)?.index ?? null,
      version: same.length + 1,
      subjectPrev: same.at(-1)?.index ?? null,
      entry: { value: testEntry(id, toUtf8(id)), bytes: new Uint8Array() },
    };
    records.push({ index, leaf: leaf as unknown as Leaf });
  }
  return records;
}

function statusOf<K extends StatusKind>(asked: Asked<K>, value: StatusValues[K] | null): VerifiedStatus<K> {
  return { asked, value } as unknown as VerifiedStatus<K>;
}

/** The three kinds of question about subject 0 and the first publisher, each with all its records. */
function questions(log: readonly ProvenRecord[]): (readonly [VerifiedStatus, readonly ProvenRecord[]])[] {
  const first = testEntry('s0', toUtf8('s0'));
  const mine = log.filter(({ leaf }) => leaf.entry.value.subject.id === 's0');
  const ours = log.filter(({ leaf }) => leaf.publisher === PUBLISHER);
  const [head, ourHead] = [mine.at(-1)?.index ?? null, ours.at(-1)?.index ?? null];
  const subject = { kind: 'subject', profile: 'policy', subject: first.subject } as const;
  const digest = { kind: 'digest', ...first.digest! } as const;
  const count = { first: mine[0]?.index ?? 0, last: head ?? 0, count: mine.length };
  return [
    [statusOf<'subject'>(subject, head === null ? null : subjectValue({ head, version: mine.length })), mine],
    [statusOf<'digest'>(digest, head === null ? null : count), mine],
    [
      statusOf<'publisher'>(
        { kind: 'publisher', id: PUBLISHER },
        publisherValue({ seq: ours.length, head: ourHead }),
      ),
      ours,
    ],
  ];
}

const plan = fc.array(fc.tuple(fc.nat(1), fc.nat(2)), { maxLength: 12 });
const codeOf = (status: VerifiedStatus, records: readonly ProvenRecord[]) => {
  const verdict = verifyComplete(status, records);
  return verdict.ok ? 'ok' : verdict.fault.code;
};

describe('a history', () => {
  it('is complete with all its records in any order, and only with them', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (drawn, pick) => {
        const log = logOf(drawn);
        for (const [status, all] of questions(log)) {
          expect(codeOf(status, all)).toBe('ok');
          expect(codeOf(status, all.toReversed())).toBe('ok');
          if (all.length > 0) {
            expect(codeOf(status, all.toSpliced(pick % all.length, 1))).toBe('history-gap');
            expect(codeOf(status, [...all, all[pick % all.length]!])).toBe('history-stray');
          }
          const others = log.filter(record => !all.includes(record));
          if (others.length === 0) continue;
          const other = others[pick % others.length]!;
          expect(codeOf(status, [...all, other])).toMatch(/^history-(stray|other)$/);
          if (all.length > 0)
            expect(codeOf(status, all.with(pick % all.length, other))).toMatch(/^history-(gap|other)$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has each record in its place', () => {
    const log = logOf([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const [[status, all], , [ours]] = questions(log) as [
      [VerifiedStatus, ProvenRecord[]],
      unknown,
      [VerifiedStatus],
    ];
    const changed = (at: number, change: Partial<Leaf>) =>
      all.with(at, { ...all[at]!, leaf: { ...all[at]!.leaf, ...change } });
    expect(codeOf(status, changed(0, { subjectPrev: 7 }))).toBe('history-other');
    expect(codeOf(status, changed(1, { version: 1 }))).toBe('history-other');
    expect(codeOf(status, changed(2, { subjectPrev: null }))).toBe('history-gap');
    expect(codeOf(ours, changed(1, { publisher: PUBLISHERS[1]! }))).toBe('history-other');
    expect(codeOf(ours, changed(1, { seq: 3 }))).toBe('history-other');
  });
});
