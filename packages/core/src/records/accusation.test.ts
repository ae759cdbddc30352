import { describe, expect, it } from 'vitest';
import { twoHeads, twoVotes } from '../../../../tests/fixtures/accusations.ts';
import { PUBLISHER, testEntry, testKey } from '../../../../tests/fixtures/builder.ts';
import { concat } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { accusationCodec, accusationEntry } from './accusation.ts';
import { entryCodec, MAX_ENTRY_BYTES } from './entry.ts';
import { isGovernance } from './governance.ts';
import { type Loose, looseCbor } from './testing/loose.ts';

const GENESIS = new Uint8Array(32).fill(7);
const key = testKey('validator 110000');
/** As long as an origin can be. */
const origin = `${'o'.repeat(128)}/${'0'.repeat(32)}`;
const votes = twoVotes(GENESIS, '110000', key, { epoch: 3, view: 9, height: 77 });
const heads = twoHeads({ origin }, '110000', key, { epoch: 3, height: 77 });

const [a, b] = votes.votes!.statements.map(({ hash, signature }) => [
  hash,
  signature,
]) as unknown as readonly [Loose, Loose];
const [c, d] = heads.checkpoints!.map(({ text, time, signature }) => [
  text,
  time,
  signature,
]) as unknown as readonly [Loose, Loose];
/** The bytes of an accusation of anything. */
const bytesOf = (ofVotes: Loose, ofHeads: Loose, code = '110000') =>
  looseCbor([1, 3, code, ofVotes, ofHeads]);
const slot = (first: Loose, second: Loose, kind = 'commit', height = 77): Loose => [
  kind,
  9,
  height,
  [first, second],
];

describe('an accusation', () => {
  it.each([
    ['of votes', votes, bytesOf(slot(a, b), null)],
    ['of checkpoints', heads, bytesOf(null, [c, d])],
  ])('%s has one encoding', (_, accusation, bytes) => {
    expect(encode(accusationCodec, accusation)).toEqual(bytes);
    expect(decode(accusationCodec, bytes)).toEqual({ ok: true, value: accusation });
  });

  it.each([
    ['the other way round', bytesOf(slot(b, a), null), 'cbor-value'],
    ['with one vote twice', bytesOf(slot(a, a), null), 'cbor-value'],
    ['of checkpoints the other way round', bytesOf(null, [d, c]), 'cbor-value'],
    ['with one checkpoint twice', bytesOf(null, [c, c]), 'cbor-value'],
    ['of nothing', bytesOf(null, null), 'cbor-value'],
    ['of both', bytesOf(slot(a, b), [c, d]), 'cbor-value'],
    ['at height 0', bytesOf(slot(a, b, 'commit', 0), null), 'cbor-value'],
    ['of another kind of vote', bytesOf(slot(a, b, 'view-change'), null), 'cbor-value'],
    ['of nobody', bytesOf(slot(a, b), null, '110108'), 'cbor-value'],
    ['with more after it', concat(bytesOf(slot(a, b), null), new Uint8Array(1)), 'cbor-trailing'],
  ])('%s is none', (_, bytes, code) => {
    expect(decode(accusationCodec, bytes)).toMatchObject({ fault: { code } });
  });

  it('at its longest fits an entry of its carrier', () => {
    for (const accusation of [votes, heads]) {
      const entry = accusationEntry(PUBLISHER, accusation);
      expect(entry.subject).toEqual({ issuer: PUBLISHER, id: 'accused 110000 epoch 3' });
      expect(encode(entryCodec, entry).length).toBeLessThan(MAX_ENTRY_BYTES / 8);
    }
  });

  it('makes no barrier, and is no cover for what does', () => {
    const accusing = accusationEntry(PUBLISHER, votes);
    const other = testEntry('a', GENESIS);
    expect(isGovernance({ entries: [accusing, other] })).toBe(false);
    expect(isGovernance({ entries: [accusing, { ...accusing, action: 'change-members' }] })).toBe(true);
    expect(isGovernance({ entries: [{ ...accusing, profile: 'policy' }] })).toBe(false);
  });
});
