import type { Entry, Leaf } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import { A, entry } from '../../../core/src/execution/testing/ledger.ts';
import { dayOf, documentOf, textsOf } from './document.ts';
import { addTerms, fold, partsOf } from './words.ts';

const leafOf = (over: Partial<Entry>): Leaf => ({
  v: 1,
  height: 1,
  time: 1_600_000_000_000,
  submission: new Uint8Array(32),
  i: 0,
  publisher: A,
  seq: 1,
  publisherPrev: null,
  version: 1,
  subjectPrev: null,
  entry: { value: entry('id', over), bytes: new Uint8Array() },
});
const termsOf = (text: string): number[] => {
  const terms: number[] = [];
  addTerms(text, terms);
  return terms;
};

describe('the terms of a text', () => {
  it('are pairs of ideographs and whole words, whatever their width and case', () => {
    expect(termsOf('区块链')).toEqual([...termsOf('区块'), ...termsOf('块链')]);
    expect(termsOf('ＡＰＩ 接口（ＩＳＯ９００１）')).toEqual(termsOf('api 接口 iso9001'));
    expect(termsOf('链区')).not.toEqual(termsOf('区链'));
    expect(termsOf('链 区')).toEqual([]);
    expect(termsOf('open-data')).toEqual([...termsOf('open'), ...termsOf('data')]);
    expect(termsOf('𠮷野家')).toEqual([...termsOf('𠮷'), ...termsOf('\udfb7野'), ...termsOf('野家')]);
  });

  it('are there for every part that a question asks for', () => {
    expect(partsOf('国办发〔2020〕1号 API')).toEqual({ words: ['2020', '1', 'api'], runs: ['国办发', '号'] });
    expect(fold('ＡＢｃ（１）、。')).toBe('abc(1)、。');
  });

  it('of distinct texts are distinct but for chance', () => {
    const pairs = Array.from({ length: 20_000 }, (_, i) =>
      String.fromCharCode(0x4e00 + (i % 200), 0x4e00 + Math.floor(i / 200) * 3),
    );
    expect(new Set(pairs.flatMap(termsOf)).size).toBeGreaterThan(19_990);
  });
});

describe('what is indexed of a record', () => {
  it('of a sealed one is what anybody can see, and nothing of its commitments', () => {
    const hidden = new Map([
      ['title', new Uint8Array(32).fill(1)],
      ['number', new Uint8Array(32).fill(2)],
    ]);
    const sealed = leafOf({ profile: 'sealed', subject: { issuer: A, id: 'ab'.repeat(32) }, meta: hidden });
    const bare = leafOf({ profile: 'sealed', subject: { issuer: A, id: 'cd'.repeat(32) } });
    const open = { state: 'open', validFrom: null, validTo: null };
    expect(documentOf(3, sealed, open, null)).toEqual(documentOf(3, bare, open, null));
    expect(textsOf(sealed.entry.value)).toEqual([]);
  });

  it('has a bound, however long its texts are', () => {
    const meta = new Map<string, string>([
      ['note', '文'.repeat(4000)],
      ['title', '题目'],
    ]);
    const texts = textsOf(leafOf({ meta }).entry.value);
    expect([texts[0], texts.join('').length]).toEqual(['题目', 256]);
    expect(
      documentOf(0, leafOf({ meta }), { state: '', validFrom: null, validTo: null }, null).terms.length,
    ).toBeLessThan(280);
  });

  it('has the days of dates in their order, those that 16 bits do not hold at the ends', () => {
    const dates = [
      '0001-01-01',
      '1900-01-02',
      '1970-01-01',
      '2020-02-29',
      '2020-03-01',
      '2079-06-05',
      '9999-12-31',
    ];
    const days = dates.map(dayOf);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect([days[0], days[2], days[4]! - days[3]!, days.at(-1)]).toEqual([1, 25_568, 1, 0xffff]);
  });
});
