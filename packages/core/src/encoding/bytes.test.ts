import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, concat, equalBytes, fromHex, toHex, u32, u64 } from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

describe('hex', () => {
  it('is that of node, and is read back', () => {
    fc.assert(
      fc.property(bytes, value => {
        expect(toHex(value)).toBe(Buffer.from(value).toString('hex'));
        expect(fromHex(toHex(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each(['0', '0g', 'AB', 'aB', ' a', '0x', '0\n', '００', '000'])('%j is refused', text => {
    expect(fromHex(text)).toMatchObject({ ok: false, fault: { code: 'bad-hex' } });
  });
});

describe('bytes', () => {
  it('are joined in order into a fresh array', () => {
    fc.assert(
      fc.property(fc.array(bytes), parts => {
        expect(toHex(concat(...parts))).toBe(parts.map(toHex).join(''));
      }),
    );
    const part = Uint8Array.of(1);
    const whole = concat(part);
    part[0] = 2;
    expect(whole).toEqual(Uint8Array.of(1));
  });

  it('are ordered as node orders them, a prefix before what it prefixes', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.nat(40), (a, b, cut) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(equalBytes(a, a.slice())).toBe(true);
        const head = a.subarray(0, cut);
        expect(Math.sign(compareBytes(head, a))).toBe(head.length < a.length ? -1 : 0);
      }),
    );
  });

  it('write numbers big-endian', () => {
    expect(toHex(u32(0))).toBe('00000000');
    expect(toHex(u32(0x01020304))).toBe('01020304');
    expect(toHex(u32(0xffffffff))).toBe('ffffffff');
    expect(toHex(u64(0))).toBe('0000000000000000');
    expect(toHex(u64(1_600_000_003))).toBe('000000005f5e1003');
    expect(toHex(u64(Number.MAX_SAFE_INTEGER))).toBe('001fffffffffffff');
    fc.assert(fc.property(fc.maxSafeNat(), n => BigInt(`0x${toHex(u64(n))}`) === BigInt(n)));
  });
});
