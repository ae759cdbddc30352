import { describe, expect, it } from 'vitest';
import { isUscc, usccCheckCharacter } from './uscc.ts';

// Codes of real organs, from public registers.
const VALID = [
  '91350100M000100Y43',
  '11100000000013338W',
  '11430000006122244L',
  '11110000000021135M',
  '91110108551385082Q',
];

describe('统一社会信用代码 (GB 32100-2015)', () => {
  it.each(VALID)('accepts %s', code => expect(isUscc(code)).toBe(true));

  it('refuses a wrong check character and names the right one', () => {
    expect(isUscc('91350211M000100Y43')).toBe(false);
    expect(usccCheckCharacter('91350211M000100Y4')).toBe('6');
  });

  it('refuses every single changed character', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    for (const code of VALID) {
      for (let i = 0; i < 18; i++) {
        for (const other of alphabet) {
          if (other !== code[i]) expect(isUscc(code.slice(0, i) + other + code.slice(i + 1))).toBe(false);
        }
      }
    }
  });

  it.each(['', '91350100M000100Y4', '91350100M000100Y433', '91350100m000100y43', '91350100O000100Y43'])(
    'refuses %j',
    code => expect(isUscc(code)).toBe(false),
  );
});
