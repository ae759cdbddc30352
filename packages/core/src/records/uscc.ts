const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Characters in a unified social credit code. */
export const USCC_LENGTH = 18;

/**
 * The check character for the first 17 characters of a 统一社会信用代码 (GB 32100-2015), or null if one of them is
 * not of its alphabet.
 */
export function usccCheckCharacter(first17: string): string | null {
  if (first17.length !== 17) return null;
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const value = ALPHABET.indexOf(first17[i]!);
    if (value < 0) return null;
    sum += value * WEIGHTS[i]!;
  }
  return ALPHABET[(31 - (sum % 31)) % 31]!;
}

/** True iff `code` is a well-formed 统一社会信用代码 with the right check character. */
export function isUscc(code: string): boolean {
  return code.length === USCC_LENGTH && usccCheckCharacter(code.slice(0, 17)) === code[17];
}
