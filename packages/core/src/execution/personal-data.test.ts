import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { personalIn } from './personal-data.ts';

// 11010519491231002X is the example of GB 11643-1999.
describe('data of persons in a text', () => {
  it.each([
    '11010519491231002X',
    '11010519491231002x',
    '证件号：11010519491231002X。',
    '１１０１０５１９４９１２３１００２Ｘ',
    'no11010519491231002Xz',
    '440524188001010014',
  ])('an identity number: %s', text => expect(personalIn(text)).toBe('an identity number'));

  it.each([
    '13812345678',
    '电话13812345678转2',
    '138-1234-5678',
    '138 1234 5678',
    '+86 13812345678',
    '+8619912345678',
    '008613812345678',
    '8613812345678',
    'tel13812345678',
    '１３８１２３４５６７８',
  ])('a mobile number: %s', text => expect(personalIn(text)).toBe('a mobile number'));

  it.each([
    ['a wrong check character', '110105194912310021'],
    ['no date', '110105194913310021'],
    ['no provincial unit', '990105194912310026'],
    ['a longer number', '111010519491231002X'],
    ['a longer number after it', '4405241880010100140'],
    ['a unified social credit code', '91350100M000100Y43'],
    ['another', '11100000000013338W'],
    ['a certificate', '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U'],
    ['a bill', '11060120 1234567890'],
    ['a fixed line', '010-12345678'],
    ['no mobile prefix', '12812345678'],
    ['twelve digits', '138123456789'],
    ['ten digits', '1381234567'],
    ['eleven digits at the end of more', '9913812345678'],
    ['a document number', '国办发〔2020〕13812345号'],
    ['an index number', '000014349/2020-00046'],
  ])('neither: %s', (_, text) => expect(personalIn(text)).toBeNull());

  it('a check character fits one number in eleven, and no digest in hex holds any', () => {
    const found = Array.from({ length: 10 }, (_, i) =>
      personalIn(`11010519491231${String(i).padStart(3, '0')}0`),
    );
    expect(found.filter(what => what !== null).length).toBeLessThanOrEqual(2);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), hash => {
        expect(personalIn(toHex(hash))).toBeNull();
      }),
      { numRuns: 2000 },
    );
    // Eleven digits in a row, as one hash in twenty has.
    expect(personalIn(`a${'13812345678'}b${'0'.repeat(51)}`)).toBeNull();
  });
});
