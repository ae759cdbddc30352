import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureFiles } from '../../../../tests/fixtures/make-fixture.ts';
import { toBase64 } from '../encoding/base64.ts';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { bytesOf, damage, damaged, hash32, plain } from '../records/testing/arbitraries.ts';
import { type Loose, looseCbor } from '../records/testing/loose.ts';
import { extraCodec, formatReceipt, parseReceipt, type ReceiptExtra } from './receipt.ts';
import { formatTlogProof } from './tlog-proof.ts';

const fixture = fixtureFiles().get('notice.md.tlog-proof')!;
const H = new Uint8Array(32);

const mapProofArb = fc.record({
  other: fc.option(fc.tuple(hash32, hash32)),
  bitmap: fc.uint8Array({ maxLength: 32 }),
  siblings: fc.array(hash32, { maxLength: 4 }),
});
const extraArb: fc.Arbitrary<ReceiptExtra> = fc.record({
  leaf: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  header: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  signature: bytesOf(64),
  path: fc.array(hash32, { maxLength: 10 }),
  opening: fc.option(
    fc
      .array(fc.tuple(plain(64), fc.record({ salt: hash32, value: fc.uint8Array({ minLength: 1 }) })), {
        minLength: 1,
        maxLength: 4,
      })
      .map(pairs => new Map(pairs)),
  ),
  handovers: fc.option(
    fc.array(
      fc.record({
        checkpoint: fc.uint8Array({ minLength: 1, maxLength: 100 }),
        epoch: fc.uint8Array({ minLength: 1, maxLength: 100 }),
        proof: mapProofArb,
      }),
      { maxLength: 2 },
    ),
  ),
});
const receiptArb = fc.record({
  extra: extraArb,
  index: fc.maxSafeNat(),
  path: fc.array(hash32, { maxLength: 10 }),
  note: plain(30, 1).map(toUtf8),
});

const keys: ReadonlyMap<string, Loose> = new Map<string, Loose>([
  ['leaf', H],
  ['path', [H]],
  ['header', H],
  ['opening', null],
  ['handovers', null],
  ['signature', new Uint8Array(64)],
]);
const withExtra = (extra: Uint8Array | null) =>
  formatTlogProof({ extra, index: 0, path: [], note: toUtf8('n') });
function verdict(change: (pairs: [string, Loose][]) => [string, Loose][]): string {
  const read = parseReceipt(withExtra(looseCbor(new Map(change([...keys])))));
  return read.ok ? 'ok' : read.fault.code;
}
const replaced = (name: string, value: Loose) =>
  verdict(pairs => pairs.map(pair => (pair[0] === name ? [name, value] : pair)));

describe('receipts', () => {
  it('are read back from their text, and have one text', () => {
    fc.assert(
      fc.property(receiptArb, receipt => {
        const bytes = formatReceipt(receipt);
        const read = parseReceipt(bytes);
        if (!read.ok) throw new Error(read.fault.detail);
        const { proof, ...rest } = read.value;
        expect(rest).toEqual(receipt);
        expect(proof.extra).toEqual(encode(extraCodec, receipt.extra));
        expect(toHex(formatReceipt(read.value))).toBe(toHex(bytes));
      }),
      { numRuns: 100 },
    );
  });

  it('are never read from damaged bytes as what they were, and nothing throws', () => {
    fc.assert(
      fc.property(damage, how => {
        const changed = damaged(fixture, how);
        const read = parseReceipt(changed);
        if (read.ok) expect(toHex(formatReceipt(read.value))).toBe(toHex(changed));
        else expect(read.fault.code).toMatch(/^(proof-.*|receipt-extra)$/);
      }),
      { numRuns: 1500 },
    );
  });

  it('without extra data, or with those of another application, say receipt-extra and the line', () => {
    for (const extra of [null, toUtf8('other'), Uint8Array.of(0xf6), looseCbor([H]), looseCbor(new Map())])
      expect(parseReceipt(withExtra(extra))).toMatchObject({
        ok: false,
        fault: { code: 'receipt-extra', detail: expect.stringMatching(/^line 2: /) },
      });
  });

  it('carry exactly the six keys in their order', () => {
    expect(verdict(pairs => pairs)).toBe('ok');
    expect(verdict(pairs => pairs.slice(1))).toBe('receipt-extra');
    expect(verdict(pairs => pairs.toReversed())).toBe('receipt-extra');
    expect(verdict(pairs => [...pairs, ['signatures', null]])).toBe('receipt-extra');
    expect(verdict(pairs => pairs.with(3, ['openinG', null]))).toBe('receipt-extra');
  });

  it.each<[string, Loose]>([
    ['leaf', new Uint8Array(0)],
    ['leaf', new Uint8Array(65_536)],
    ['leaf', null],
    ['header', new Uint8Array(0)],
    ['header', new Uint8Array(1025)],
    ['signature', new Uint8Array(63)],
    ['signature', new Uint8Array(65)],
    ['path', [H.subarray(1)]],
    ['path', Array(17).fill(H)],
    ['path', null],
    ['opening', new Map([['title', [H.subarray(1), H]]])],
    ['opening', new Map([['title', [H, new Uint8Array(0)]]])],
    ['opening', new Map([['title', [H, new Uint8Array(9217)]]])],
    ['opening', new Map([['title', H]])],
    ['opening', new Map()],
    ['opening', []],
    ['handovers', [[H, H]]],
    ['handovers', [[H, H, [null, new Uint8Array(33), []]]]],
    ['handovers', [[H, H, [[H], H, []]]]],
    ['handovers', new Map()],
  ])('refuse a bad %s (%#)', (name, value) => {
    expect(replaced(name, value)).toBe('receipt-extra');
  });

  it.each<[string, Loose]>([
    ['leaf', new Uint8Array(65_535)],
    ['header', new Uint8Array(1024)],
    ['path', []],
    ['path', Array(16).fill(H)],
    ['opening', new Map([['title', [H, H]]])],
    ['handovers', []],
    ['handovers', [[H, H, [[H, H], H, [H]]]]],
  ])('take a good %s (%#)', (name, value) => {
    expect(replaced(name, value)).toBe('ok');
  });

  it('are the committed one', () => {
    const read = parseReceipt(fixture);
    if (!read.ok) throw new Error(read.fault.detail);
    expect(read.value).toMatchObject({ index: 1, extra: { opening: null, handovers: null } });
    expect(toHex(formatReceipt(read.value))).toBe(toHex(fixture));
    const line = new TextDecoder().decode(fixture).split('\n')[1];
    expect(line).toBe(`extra ${toBase64(encode(extraCodec, read.value.extra))}`);
    expect(decode(extraCodec, read.value.proof.extra!)).toEqual({ ok: true, value: read.value.extra });
  });
});
