import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { nativeHasher } from '../native/native-hasher.ts';
import {
  count,
  damage,
  damaged,
  hash32,
  memberCodeArb,
  positiveArb,
} from '../records/testing/arbitraries.ts';
import { type Loose, looseCbor } from '../records/testing/loose.ts';
import { blockHash, type Header, headerCodec, MAX_BATCHES } from './block.ts';

const headerArb: fc.Arbitrary<Header> = fc.record({
  v: fc.constant(1 as const),
  genesis: hash32,
  height: positiveArb,
  parent: hash32,
  proposer: memberCodeArb,
  epoch: fc.nat(0xffff_ffff),
  timestamp: count,
  batches: fc.array(hash32, { maxLength: 8 }),
  barrier: fc.boolean(),
});
const H = new Uint8Array(32);
const FIELDS: readonly Loose[] = [1, H, 5, H, '110000', 0, 1_600_000_000_000, [H], false];

describe('block headers', () => {
  it('are read back, and their hash is that of their bytes', () => {
    fc.assert(
      fc.property(headerArb, header => {
        const bytes = encode(headerCodec, header);
        expect(decode(headerCodec, bytes)).toEqual({ ok: true, value: header });
        expect(toHex(blockHash(header, nativeHasher))).toBe(toHex(nativeHasher.digest(bytes)));
      }),
      { numRuns: 100 },
    );
  });

  it('have one encoding: damage gives another hash or a fault, and never throws', () => {
    fc.assert(
      fc.property(headerArb, damage, (header, how) => {
        const changed = damaged(encode(headerCodec, header), how);
        const read = decode(headerCodec, changed);
        if (!read.ok) expect(read.fault.code).toMatch(/^cbor-/);
        else {
          expect(toHex(blockHash(read.value, nativeHasher))).toBe(toHex(nativeHasher.digest(changed)));
          expect(toHex(blockHash(read.value, nativeHasher))).not.toBe(toHex(blockHash(header, nativeHasher)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, number, Loose, string]>([
    ['another version', 0, 2, 'cbor-value'],
    ['a short genesis hash', 1, H.subarray(1), 'cbor-value'],
    ['a negative height', 2, -1, 'cbor-value'],
    ['the height of the genesis', 2, 0, 'cbor-value'],
    ['a long parent hash', 3, new Uint8Array(33), 'cbor-limit'],
    ['a proposer that is no province', 4, '110100', 'cbor-value'],
    ['a proposer with a leading zero', 4, '010000', 'cbor-value'],
    ['an epoch of more than 32 bits', 5, 2 ** 32, 'cbor-value'],
    ['too many batches', 7, Array(MAX_BATCHES + 1).fill(H), 'cbor-limit'],
    ['a batch that is no digest', 7, [H.subarray(1)], 'cbor-value'],
    ['a barrier flag that is a number', 8, 1, 'cbor-type'],
  ])('with %s are refused', (_, at, value, code) => {
    expect(decode(headerCodec, looseCbor(FIELDS))).toMatchObject({ ok: true });
    expect(decode(headerCodec, looseCbor(FIELDS.with(at, value)))).toMatchObject({
      ok: false,
      fault: { code },
    });
  });

  it('may name as many batches as the bound', () => {
    const full = looseCbor(FIELDS.with(7, Array(MAX_BATCHES).fill(H)));
    expect(decode(headerCodec, full)).toMatchObject({ ok: true });
  });
});
