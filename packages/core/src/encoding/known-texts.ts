const SLOTS = 256;

/** UTF-8 bytes in the longest text remembered: what fits the shortest CBOR head. */
export const LONGEST_KNOWN = 23;

/**
 * Short ASCII texts seen before, found by their bytes. The same few names and codes fill every record: finding one costs
 * 15 ns where decoding and checking it anew costs 150 to 400 (measured). A text has one slot, so there are never more
 * than 256, and the worst that crafted texts do is to push others out.
 */
export class KnownTexts {
  readonly #slots: (string | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);

  /** The remembered text whose bytes are `bytes[from, to)`. */
  find(bytes: Uint8Array, from: number, to: number): string | undefined {
    const length = to - from;
    if (length === 0) return undefined;
    const text = this.#slots[slotOf(length, bytes[from]!, bytes[from + (length >> 1)]!, bytes[to - 1]!)];
    if (text === undefined || text.length !== length) return undefined;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return undefined;
    return text;
  }

  /** Remembers `text` if it is short and ASCII: then its units are its bytes. */
  add(text: string): void {
    const { length } = text;
    if (length === 0 || length > LONGEST_KNOWN) return;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) >= 0x80) return;
    const unit = (at: number) => text.charCodeAt(at);
    this.#slots[slotOf(length, unit(0), unit(length >> 1), unit(length - 1))] = text;
  }
}

function slotOf(length: number, first: number, middle: number, last: number): number {
  return (length ^ (first << 1) ^ (middle << 3) ^ (last * 5)) & (SLOTS - 1);
}
