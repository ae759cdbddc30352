import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { personalIn } from './personal-data.ts';
import { usccCheckCharacter } from './uscc.ts';

// 11010519491231002X is the example of GB 11643-1999.
describe('data of persons in a text', () => {
  it.each([
    '11010519491231002X',
    '11010519491231002x',
    '证件号：11010519491231002X。',
    '１１０１０５１９４９１２３１００２Ｘ',
    'no11010519491231002Xz',
    'ID11010519491231002X',
    'a11010519491231002X',
    'c440524188001010014f',
    '1c440524188001010014f',
    '440524188001010014',
    '身份证 110105 19491231 002X',
    '110105-19491231-002X',
    '110105－19491231－002×',
    '110105.19491231.002Х',
    '1101 0519 4912 3100 2X',
    '110105\u300019491231\u3000002X',
    '110105\u200b19491231\u2060002X',
    '𝟏𝟏𝟎𝟏𝟎𝟓𝟏𝟗𝟒𝟗𝟏𝟐𝟑𝟏𝟎𝟎𝟐𝐗'.replace('𝐗', 'Ⅹ'),
    '①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X',
    'https://example.org/?id=110105%2019491231%20002X',
    'https://example.org/?id=110105%252019491231%2520002X',
    'https://example.org/?id=110105+19491231+002X',
    'https://example.org/%31%31%30%31%30%35%31%39%34%39%31%32%33%31%30%30%32%58',
    '%ff110105%e3%80%8019491231%00002X',
    '110105491231002',
    '身份证110105 491231 002号',
    '电子票据 11010126-0000000001，经办人 110105 19491231 002X',
  ])('an identity number: %s', text => expect(personalIn(text)).toBe('an identity number'));

  it.each([
    '13812345678',
    '电话13812345678转2',
    '138-1234-5678',
    '138 1234 5678',
    '+86 13812345678',
    '+8619912345678',
    '+86-138-1234-5678',
    '008613812345678',
    '8613812345678',
    '86138 1234 5678',
    'tel13812345678',
    'fade13812345678f',
    'bc2026-13812345678',
    'ab1cd2 13812345678',
    '7a87d17660253512x13812345678',
    '0x13812345678',
    '2024E13800138000',
    '20240115A13812345678',
    '0x2024e13800138000',
    '7a87d17660253512 13812345678',
    '联系Phone13800138000',
    '１３８１２３４５６７８',
    '138.0013.8000',
    '138　0013　8000',
    '138\u200d0013\ufeff8000',
    '1 3 8 0 0 1 3 8 0 0 0',
    '138-00138000',
    '138 001 38000',
    '（138）0013-8000',
    'https://example.org/?tel=138%2D0013%2D8000',
    '2026年11月2日 13800138000',
  ])('a mobile number: %s', text => expect(personalIn(text)).toBe('a mobile number'));

  it.each([
    ['a wrong check character', '110105194912310021'],
    ['a wrong check character, apart', '110105 19491231 0021'],
    ['no date', '110105194913310021'],
    ['no provincial unit', '990105194912310026'],
    ['a longer number', '111010519491231002X'],
    ['a longer number after it', '4405241880010100140'],
    ['a unified social credit code', '91350100M000100Y43'],
    ['another', '11100000000013338W'],
    [
      'one that begins as a mobile number',
      `1311000012300000${'A'}${usccCheckCharacter('1311000012300000A')}`,
    ],
    ['a demonstration code', '统一社会信用代码 11110000DEM000003J'],
    ['a certificate', '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U'],
    ['a bill', '11060120 1234567890'],
    ['a bill in one name', '11010126-0000000001'],
    ['a bill that a person could have as a number', '44010120-0001010017'],
    ['an invoice of twenty digits', '26112000000012345678'],
    ['a fixed line', '010-12345678'],
    ['a fixed line of seven', '0931 8960123'],
    ['no mobile prefix', '12812345678'],
    ['twelve digits', '138123456789'],
    ['ten digits', '1381234567'],
    ['eleven digits at the end of more', '9913812345678'],
    ['a document number', '国办发〔2020〕13812345号'],
    ['an index number', '000014349/2020-00046'],
    ['a serial number with a year', '15-2020-00046'],
    ['another', '1520-2020-001'],
    ['a longitude', '东经 131.12345678'],
    ['a date and a time', '2026-11-02 13:45:07.123'],
    ['a date in digits', '20261102134507123'],
    ['an amount', '¥1,380,013,800.00 元'],
    ['a parcel', '110101001001GB00001F00010001'],
    ['a parcel, apart', '110101 001001 GB00001 F00010001'],
    ['a parcel of digits alone', '1101010010010000113800010001'],
    ['goods', 'ECG-0001 批号 20260815'],
    ['a GTIN', '06901234567892'],
    ['fifteen digits without a date', '110105991331002'],
    ['a digest', 'sha256:13812345678a0000000000000000000000000000000000000000000000000000'],
    ['a UUID', 'a1b2c3d4-0000-4000-8000-a13812345678'],
    ['a digest as programs write it', '0x7a87d17660253512000000000000000000000000000000000000000000000000'],
    ['a number of 64 bits in hex', '7a87d17660253512'],
    ['another as programs write it', '0X7A87D17660253512'],
    ['a number of 96 bits in hex', 'no 5f0c13812345678a9b00c1d2'],
    ['the plan of three years', '湖南省区块链产业发展三年行动计划（2020—2022年）'],
    ['a percent sign', '增长 15% 至 2022'],
  ])('neither: %s', (_, text) => expect(personalIn(text)).toBeNull());

  it('of numbers of 64 bits in hex few are taken for a person’s', () => {
    const texts = Array.from({ length: 100_000 }, (_, i) =>
      createHash('sha256').update(`${i}`).digest('hex').slice(0, 16),
    ).filter(text => /[a-f]/.test(text));
    const like = texts.filter(text => /(?<![0-9])1[3-9][0-9]{9}(?![0-9])/.test(text));
    const found = texts.filter(text => personalIn(text) === 'a mobile number');
    expect(found.filter(text => !like.includes(text))).toEqual([]);
    expect(found.length).toBeLessThan(like.length / 3);
  });

  it('a check character fits one number in eleven', () => {
    const found = Array.from({ length: 10 }, (_, i) =>
      personalIn(`11010519491231${String(i).padStart(3, '0')}0`),
    );
    expect(found.filter(what => what !== null).length).toBeLessThanOrEqual(2);
  });
});

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const digits = (count: number) =>
  fc.array(digit, { minLength: count, maxLength: count }).map(all => all.join(''));
const birth = fc
  .date({ min: new Date('1930-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10).replaceAll('-', ''));
const region = fc.constantFrom('110105', '441900', '310115', '653101', '540102', '820000');

/** By the other form of GB 11643: the whole number is 1 modulo 11 in powers of two. */
function withCheck(seventeen: string): string {
  let rest = 0;
  for (const one of seventeen) rest = ((rest + Number(one)) * 2) % 11;
  const check = (12 - rest) % 11;
  return seventeen + (check === 10 ? 'X' : check);
}

const identity = fc.tuple(region, birth, digits(3)).map(parts => withCheck(parts.join('')));
const mobile = fc.tuple(fc.integer({ min: 13, max: 19 }), digits(9)).map(([head, rest]) => `${head}${rest}`);
const gap = fc.constantFrom('', ' ', '-', '－', '　', '\u200b', '\u00a0', ' - ', '/', '·');
const cut = (number: string, at: readonly number[], joint: string) =>
  at.map((from, i) => number.slice(from, at[i + 1])).join(joint);
const personal = fc.oneof(
  fc.tuple(identity, gap, fc.constantFrom([0], [0, 6, 14], [0, 4, 8, 12, 16], [0, 3, 6, 10, 14])),
  fc.tuple(mobile, gap, fc.constantFrom([0], [0, 3, 7], [0, 3], [0, 3, 6])),
);
const form = fc.constantFrom<(text: string) => string>(
  text => text,
  text => text.replace(/[0-9]/g, one => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
  text => text.replace(/[0-9]/g, one => String.fromCodePoint(one.charCodeAt(0) - 0x30 + 0x1d7d8)),
  text => encodeURIComponent(text),
  text => text.replace(/[0-9]/g, one => `%3${one}`),
);
// What is beside a number is no digit, nor an X that would be its check character.
const around = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter(text => !/[\p{N}%X×ХΧ]/iu.test(text.normalize('NFKC')));

describe('of numbers at random', () => {
  it('those of persons are found in any text', () => {
    fc.assert(
      fc.property(around, personal, form, around, (before, [number, joint, at], write, after) => {
        expect(personalIn(before + write(cut(number, at, joint)) + after)).not.toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it('codes of organisations are not, unless they are a number of a person as well', () => {
    const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
    const organisation = fc.array(
      fc.constantFrom(...alphabet, ...alphabet.slice(0, 10), ...alphabet.slice(0, 10)),
      {
        minLength: 9,
        maxLength: 9,
      },
    );
    const kind = fc.constantFrom('11', '12', '13', '51', '91', '92', '93', 'A1', 'N1');
    fc.assert(
      fc.property(kind, region, organisation, around, (type, of, own, before) => {
        const body = type + of + own.join('');
        const code = body + usccCheckCharacter(body)!;
        fc.pre(withCheck(code.slice(0, 17).replace(/[^0-9]/g, '0')) !== code);
        expect(personalIn(`${before.replace(/[0-9A-Za-z]$/, '')} ${code}，甲`)).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it('digests are not, in hex of either case', () => {
    const hash = fc
      .constantFrom(16, 20, 32, 64)
      .chain(size => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(hash, fc.boolean(), (bytes, upper) => {
        const hex = toHex(bytes);
        expect(personalIn(`sha256:${upper ? hex.toUpperCase() : hex}`)).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it('however long a text is', () => {
    for (const part of ['1 ', '1.', '9 8', '%31', '1   ', '%25', '1X ', 'a1', '0', '110105 19491231 0021 '])
      expect(personalIn(part.repeat(50_000))).toBeNull();
  });
});
