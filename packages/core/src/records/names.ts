import { type Codec, recurring, refined, text } from '../encoding/codec.ts';
import { isUscc, USCC_LENGTH } from './uscc.ts';

/** A name in a profile: `policy`, `publish`, `in-force`. Lowercase ASCII so that it is one thing in paths and keys. */
export const identifier: Codec<string> = recurring(
  refined(text(32, 1), value =>
    /^[a-z][a-z0-9-]*$/.test(value) ? null : `not a lowercase identifier: ${JSON.stringify(value)}`,
  ),
);

/** An organisation's 统一社会信用代码 with a right check character. */
export const uscc: Codec<string> = recurring(
  refined(text(USCC_LENGTH, USCC_LENGTH), value =>
    isUscc(value) ? null : `not a unified social credit code: ${JSON.stringify(value)}`,
  ),
);

/** A member's GB/T 2260 provincial code: six digits, the last four zero. */
export const memberCode: Codec<string> = refined(text(6, 6), value =>
  /^[1-9][0-9]0000$/.test(value) ? null : `not a provincial code: ${JSON.stringify(value)}`,
);

const REGION = /^[1-9][0-9]{5}$/;

/**
 * Whether a code is an observer's: a GB/T 2260 region code below a province, or a 统一社会信用代码. No member has such a code, as the
 * last four digits of a province's are zero.
 */
export function isObserverCode(code: string): boolean {
  return (REGION.test(code) && !code.endsWith('0000')) || isUscc(code);
}

/** An observer's code: its city or county, or its 统一社会信用代码. */
export const observerCode: Codec<string> = refined(text(USCC_LENGTH, 6), value =>
  isObserverCode(value)
    ? null
    : `neither a region code below a province nor a unified social credit code: ${JSON.stringify(value)}`,
);

/** Text for people, without control characters (C0, DEL, C1), up to `max` UTF-8 bytes. */
export function plainText(max: number, min = 0): Codec<string> {
  return refined(text(max, min), value =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    /[\u0000-\u001f\u007f-\u009f]/.test(value) ? 'text with a control character' : null,
  );
}
