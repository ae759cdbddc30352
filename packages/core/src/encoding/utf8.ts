import { ok, type Result, refuse } from './result.ts';

// Both classes exist in every browser and in Node; declaring the two members used keeps this project free of
// platform types.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of `text`. A lone surrogate would silently become U+FFFD, so it throws. */
export function toUtf8(text: string): Uint8Array {
  if (!isWellFormed(text)) throw new RangeError('text has a lone surrogate and has no UTF-8 form');
  return encoder.encode(text);
}

/** Text of valid UTF-8 bytes (RFC 3629: no overlong forms, no surrogates); a byte order mark is kept. */
export function fromUtf8(bytes: Uint8Array): Result<string> {
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return refuse('bad-utf8', 'not valid UTF-8');
  }
}

/** True iff every surrogate in `text` is paired. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
